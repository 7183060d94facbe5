//! Sealed values: `format | suite | data key | nonce | ciphertext | tag`. A data key per table and year encrypts; the
//! envelope key wraps it. The place (table, column, row, deployment) is bound in, so that a value moved elsewhere does
//! not open. Suite 1 is AES-256-GCM; the byte leaves room for the national algorithms.

use crate::error::{Fault, Result};
use crate::id::random;
use crate::keys::Key;
use crate::record::Secret;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};

const FORMAT: u8 = 1;
const SUITE: u8 = 1;
/// Format, suite, key number, nonce.
const HEAD: usize = 1 + 1 + 4 + 12;

/// Encrypts for one place. Random nonces are safe for 2^32 values a key, far more than a table gets in a year.
pub(crate) fn seal(key: &Key, number: u32, place: &str, plain: &[u8]) -> Vec<u8> {
    let nonce: [u8; 12] = random();
    let cipher = Aes256Gcm::new_from_slice(key.bytes()).expect("32 bytes");
    let sealed = cipher.encrypt(&Nonce::from(nonce), Payload { msg: plain, aad: place.as_bytes() });
    let sealed = sealed.expect("AES-GCM takes 64 GB, a value is at most 10 MB");
    let mut bytes = Vec::with_capacity(HEAD + sealed.len());
    bytes.push(FORMAT);
    bytes.push(SUITE);
    bytes.extend_from_slice(&number.to_be_bytes());
    bytes.extend_from_slice(&nonce);
    bytes.extend_from_slice(&sealed);
    bytes
}

/// Which data key a value was sealed with.
pub(crate) fn key_number(place: &str, bytes: &[u8]) -> Result<u32> {
    match bytes {
        [FORMAT, SUITE, a, b, c, d, ..] if bytes.len() >= HEAD + 16 => {
            Ok(u32::from_be_bytes([*a, *b, *c, *d]))
        }
        _ => Err(Fault::Sealed { place: place.into() }.into()),
    }
}

/// Opens what was sealed for this place with this key.
pub(crate) fn open(key: &Key, place: &str, bytes: &[u8]) -> Result<Secret> {
    key_number(place, bytes)?;
    let nonce: [u8; 12] = bytes[HEAD - 12..HEAD].try_into().expect("12 bytes");
    let cipher = Aes256Gcm::new_from_slice(key.bytes()).expect("32 bytes");
    let opened = cipher.decrypt(&Nonce::from(nonce), Payload { msg: &bytes[HEAD..], aad: place.as_bytes() });
    opened.map(Secret::new).map_err(|_| Fault::Sealed { place: place.into() }.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_only_in_its_place_unchanged_and_with_its_key() {
        let key = Key::new([7; 32]);
        let sealed = seal(&key, 3, "person|payload|1|d", b"460000");
        assert_eq!(open(&key, "person|payload|1|d", &sealed).unwrap().reveal(), b"460000");
        assert_eq!(key_number("", &sealed).unwrap(), 3);
        assert!(open(&key, "person|payload|2|d", &sealed).is_err(), "another row");
        assert!(open(&Key::new([8; 32]), "person|payload|1|d", &sealed).is_err(), "another key");
        for at in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[at] ^= 1;
            // The number of the key is not in the tag; the wrong key is.
            if !(2..6).contains(&at) {
                assert!(open(&key, "person|payload|1|d", &flipped).is_err(), "byte {at} flipped");
            }
        }
        assert!(open(&key, "", &sealed[..20]).is_err());
        assert_ne!(seal(&key, 3, "p", b"x"), seal(&key, 3, "p", b"x"), "a nonce is used once");
        assert!(!sealed.windows(6).any(|part| part == b"460000"));
        assert_eq!(format!("{key:?}"), "***");
    }
}
