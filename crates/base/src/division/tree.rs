//! The tree of divisions, of any depth, built once from nodes and their parents.
//!
//! Nodes are numbered in preorder, so "is this village within that city" compares two numbers.
//! The tree does not change; history is several trees.

use super::DivisionCode;
use std::fmt;

/// Divisions and the divisions above them. The key is the code, or any other small key where units
/// have no code (grids, zones).
#[derive(Clone, Debug)]
pub struct DivisionTree<K = DivisionCode> {
    /// All keys, sorted; the other columns go by the same index.
    keys: Vec<K>,
    parent: Vec<Option<u32>>,
    /// The place of each node in `preorder`, and the end of its subtree there.
    enter: Vec<u32>,
    leave: Vec<u32>,
    preorder: Vec<u32>,
}

/// Why nodes do not form a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TreeError<K = DivisionCode> {
    /// A node is given more than once.
    Duplicate {
        /// The node.
        node: K,
    },
    /// A parent is not itself a node.
    UnknownParent {
        /// The node.
        node: K,
        /// Its parent.
        parent: K,
    },
    /// Nodes that stand above each other in a circle.
    Cycle {
        /// The circle, from its smallest key upwards.
        nodes: Vec<K>,
    },
}

impl<K: Copy + Ord> DivisionTree<K> {
    /// Builds the tree from nodes with their parents, in any order; all that is wrong is reported.
    pub fn new(nodes: impl IntoIterator<Item = (K, Option<K>)>) -> Result<Self, Vec<TreeError<K>>> {
        let mut nodes: Vec<(K, Option<K>)> = nodes.into_iter().collect();
        nodes.sort_by_key(|(node, _)| *node);
        let mut errors = duplicates(&nodes);
        nodes.dedup_by_key(|(node, _)| *node);

        let keys: Vec<K> = nodes.iter().map(|(node, _)| *node).collect();
        let mut parent = Vec::with_capacity(nodes.len());
        for (node, above) in nodes {
            let found = above.and_then(|above| keys.binary_search(&above).ok());
            if let (Some(above), None) = (above, found) {
                errors.push(TreeError::UnknownParent { node, parent: above });
            }
            parent.push(found.map(|index| index as u32));
        }
        let mut tree = DivisionTree {
            enter: vec![u32::MAX; keys.len()],
            leave: vec![0; keys.len()],
            preorder: Vec::with_capacity(keys.len()),
            keys,
            parent,
        };
        tree.number_in_preorder();
        errors.extend(tree.cycles());
        if errors.is_empty() { Ok(tree) } else { Err(errors) }
    }

    fn number_in_preorder(&mut self) {
        let mut children: Vec<Vec<u32>> = vec![Vec::new(); self.keys.len()];
        let mut roots = Vec::new();
        // Backwards, because the stack hands out the last one first: siblings end up in key order.
        for node in (0..self.keys.len() as u32).rev() {
            match self.parent[node as usize] {
                Some(parent) => children[parent as usize].push(node),
                None => roots.push(node),
            }
        }
        let mut stack = roots;
        while let Some(node) = stack.pop() {
            self.enter[node as usize] = self.preorder.len() as u32;
            self.preorder.push(node);
            stack.append(&mut children[node as usize]);
        }
        // A subtree ends where its last child's ends, so ends are filled from the back.
        for place in (0..self.preorder.len()).rev() {
            let node = self.preorder[place] as usize;
            self.leave[node] = self.leave[node].max(place as u32 + 1);
            if let Some(parent) = self.parent[node] {
                let parent = parent as usize;
                self.leave[parent] = self.leave[parent].max(self.leave[node]);
            }
        }
    }

    /// The circles among nodes that no root reaches.
    fn cycles(&self) -> Vec<TreeError<K>> {
        let mut errors = Vec::new();
        let mut seen: Vec<bool> = self.enter.iter().map(|place| *place != u32::MAX).collect();
        for start in 0..self.keys.len() {
            let mut path = Vec::new();
            let mut node = start;
            while !seen[node] {
                seen[node] = true;
                path.push(node);
                // Only roots have no parent, and roots have been seen.
                node = self.parent[node].map_or(node, |parent| parent as usize);
            }
            if let Some(at) = path.iter().position(|on_path| *on_path == node) {
                let circle = &mut path[at..];
                let smallest = (0..circle.len()).min_by_key(|i| circle[*i]).unwrap_or(0);
                circle.rotate_left(smallest);
                let nodes = circle.iter().map(|node| self.keys[*node]).collect();
                errors.push(TreeError::Cycle { nodes });
            }
        }
        errors
    }

    fn index(&self, node: K) -> Option<usize> {
        self.keys.binary_search(&node).ok()
    }

    /// The number of nodes.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// No nodes at all.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether the node is there.
    pub fn contains(&self, node: K) -> bool {
        self.index(node).is_some()
    }

    /// The node directly above; none for a root or a node that is not there.
    pub fn parent(&self, node: K) -> Option<K> {
        self.ancestors(node).next()
    }

    /// The nodes above, the nearest first.
    pub fn ancestors(&self, node: K) -> impl Iterator<Item = K> {
        let above = |index: usize| self.parent[index].map(|parent| parent as usize);
        std::iter::successors(self.index(node).and_then(above), move |index| above(*index))
            .map(|index| self.keys[index])
    }

    /// Whether the node is `area` or somewhere below it. False if either is not there.
    pub fn is_within(&self, node: K, area: K) -> bool {
        let (Some(node), Some(area)) = (self.index(node), self.index(area)) else {
            return false;
        };
        (self.enter[area]..self.leave[area]).contains(&self.enter[node])
    }

    /// The nodes directly below, in the order of their keys.
    pub fn children(&self, node: K) -> impl Iterator<Item = K> {
        let index = self.index(node);
        let end = index.map_or(0, |index| self.leave[index] as usize);
        let first = index.map_or(0, |index| self.enter[index] as usize + 1);
        let next = |place: &usize| self.leave[self.preorder[*place] as usize] as usize;
        std::iter::successors(Some(first), move |place| (*place < end).then(|| next(place)))
            .take_while(move |place| *place < end)
            .map(|place| self.keys[self.preorder[place] as usize])
    }
}

fn duplicates<K: Copy + Ord>(sorted: &[(K, Option<K>)]) -> Vec<TreeError<K>> {
    let mut errors: Vec<TreeError<K>> = Vec::new();
    for pair in sorted.windows(2) {
        let error = TreeError::Duplicate { node: pair[0].0 };
        if pair[0].0 == pair[1].0 && errors.last() != Some(&error) {
            errors.push(error);
        }
    }
    errors
}

impl<K: fmt::Display> TreeError<K> {
    /// What is wrong and what is allowed, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            TreeError::Duplicate { node } => format!("区划 {node} 出现了不止一次，只能有一行。"),
            TreeError::UnknownParent { node, parent } => {
                format!("区划 {node} 的上级 {parent} 不在表中，请补上该上级或改正。")
            }
            TreeError::Cycle { nodes } => {
                format!("区划的上下级关系成了圈：{}，请改正其中一个的上级。", chain(nodes))
            }
        }
    }

    /// What is wrong and what is allowed, in English.
    pub fn en(&self) -> String {
        match self {
            TreeError::Duplicate { node } => {
                format!("Division {node} is given more than once; one row is allowed.")
            }
            TreeError::UnknownParent { node, parent } => {
                format!("Division {node} stands below {parent}, which is not given.")
            }
            TreeError::Cycle { nodes } => {
                format!("Divisions stand above each other in a circle: {}.", chain(nodes))
            }
        }
    }
}

fn chain<K: fmt::Display>(nodes: &[K]) -> String {
    nodes.iter().chain(nodes.first()).map(K::to_string).collect::<Vec<_>>().join(" → ")
}

impl<K: fmt::Display> fmt::Display for TreeError<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en())
    }
}

impl<K: fmt::Display + fmt::Debug> std::error::Error for TreeError<K> {}

#[cfg(test)]
mod tests;
