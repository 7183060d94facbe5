//! The growing Merkle tree of RFC 6962, kept as its peaks: the roots of the complete subtrees from left to right. Adding
//! a leaf costs one hash on average, and the root is folded from the peaks.

use crate::id::{hex, unhex};
use sha2::{Digest, Sha256};

type Hash = [u8; 32];

/// A tree of so many leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    peaks: Vec<Hash>,
}

impl Tree {
    /// How many leaves it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf, which is hashed already.
    pub fn push(&mut self, leaf: Hash) {
        let mut node = leaf;
        // As many subtrees are completed as the size ends in binary ones.
        for _ in 0..self.size.trailing_ones() {
            let left = self.peaks.pop().expect("a peak for each binary one of the size");
            node = join(&left, &node);
        }
        self.peaks.push(node);
        self.size += 1;
    }

    /// The root over all leaves. That of no leaves is the hash of nothing.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        match peaks.next() {
            None => Sha256::digest([]).into(),
            Some(last) => peaks.fold(*last, |right, left| join(left, &right)),
        }
    }

    /// The peaks as text, left to right.
    pub fn peaks(&self) -> String {
        self.peaks.iter().map(|peak| hex(peak)).collect::<Vec<_>>().join(" ")
    }

    /// The tree with these peaks, if there are as many as the size asks for.
    pub fn from_peaks(size: u64, text: &str) -> Option<Tree> {
        let peaks: Option<Vec<Hash>> = text.split_whitespace().map(unhex).collect();
        let peaks = peaks?;
        let fits = u32::try_from(peaks.len()).ok()? == size.count_ones();
        fits.then_some(Tree { size, peaks })
    }
}

fn join(left: &Hash, right: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update([1]);
    hash.update(left);
    hash.update(right);
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::event::leaf_hash;

    /// The definition of RFC 6962, section 2.1, by recursion.
    fn by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [one] => *one,
            many => {
                let split = many.len().next_power_of_two() / 2;
                join(&by_definition(&many[..split]), &by_definition(&many[split..]))
            }
        }
    }

    #[test]
    fn the_root_is_that_of_the_definition() {
        let mut tree = Tree::default();
        let mut leaves = Vec::new();
        for n in 0..=130_u8 {
            assert_eq!(tree.root(), by_definition(&leaves), "{n} leaves");
            assert_eq!(Tree::from_peaks(tree.size(), &tree.peaks()), Some(tree.clone()));
            let leaf = leaf_hash(&[&[n]]);
            leaves.push(leaf);
            tree.push(leaf);
        }
        assert_eq!(Tree::from_peaks(3, &Tree::default().peaks()), None);
    }

    #[test]
    fn the_vectors_of_certificate_transparency_hold() {
        // Leaves and roots of the reference implementation's test: the hashes of "" and of two leaves.
        let empty: Hash = Sha256::digest([]).into();
        assert_eq!(hex(&empty), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        let mut tree = Tree::default();
        let leaf = |bytes: &[u8]| -> Hash { Sha256::digest([&[0], bytes].concat()).into() };
        tree.push(leaf(&[]));
        assert_eq!(hex(&tree.root()), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        tree.push(leaf(&[0]));
        assert_eq!(hex(&tree.root()), "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
    }
}
