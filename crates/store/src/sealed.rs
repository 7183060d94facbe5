//! Sealed values: `format | suite | data key | nonce | ciphertext | tag`. A data key per table and year encrypts; the
//! envelope key wraps it. The place (table, column, row, deployment) is bound in, so that a value moved elsewhere does
//! not open. Suite 1 is AES-256-GCM; the byte leaves room for the national algorithms. Format 2 is deflated before it is
//! sealed: what explains a decision in two languages says much the same again and again, and nobody from outside chooses
//! what is compressed beside it and sees the length.

use crate::error::{Fault, Result};
use crate::id::random;
use crate::keys::Key;
use crate::record::Secret;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use std::borrow::Cow;
use std::io::{Read, Write};

/// As it is.
const PLAIN: u8 = 1;
/// Deflated (RFC 1951).
const DEFLATED: u8 = 2;
/// What is shorter is not worth deflating.
const SHORT: usize = 512;
/// What is longer is not deflated.
const MOST: usize = 64 << 20;
const SUITE: u8 = 1;
/// Format, suite, key number, nonce.
const HEAD: usize = 1 + 1 + 4 + 12;

/// Encrypts for one place. Random nonces are safe for 2^32 values a key, far more than a table gets in a year.
pub(crate) fn seal(key: &Key, number: u32, place: &str, plain: &[u8]) -> Vec<u8> {
    let nonce: [u8; 12] = random();
    let cipher = Aes256Gcm::new_from_slice(key.bytes()).expect("32 bytes");
    let (format, msg) = deflated(plain);
    let bound = bound(format, place);
    let sealed = cipher.encrypt(&Nonce::from(nonce), Payload { msg: &msg, aad: bound.as_bytes() });
    let sealed = sealed.expect("AES-GCM takes 64 GB, a value is at most 10 MB");
    let mut bytes = Vec::with_capacity(HEAD + sealed.len());
    bytes.push(format);
    bytes.push(SUITE);
    bytes.extend_from_slice(&number.to_be_bytes());
    bytes.extend_from_slice(&nonce);
    bytes.extend_from_slice(&sealed);
    bytes
}

/// Which data key a value was sealed with.
pub(crate) fn key_number(place: &str, bytes: &[u8]) -> Result<u32> {
    match bytes {
        [PLAIN | DEFLATED, SUITE, a, b, c, d, ..] if bytes.len() >= HEAD + 16 => {
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
    let bound = bound(bytes[0], place);
    let opened = cipher.decrypt(&Nonce::from(nonce), Payload { msg: &bytes[HEAD..], aad: bound.as_bytes() });
    let broken = || Fault::Sealed { place: place.into() };
    let opened = Secret::new(opened.map_err(|_| broken())?);
    if bytes[0] == PLAIN {
        return Ok(opened);
    }
    inflated(opened.reveal()).ok_or_else(|| broken().into())
}

/// The length it had comes first, so that it is read into its place at once and no copy stays behind.
fn inflated(bytes: &[u8]) -> Option<Secret> {
    let (length, rest) = bytes.split_first_chunk()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok().filter(|length| *length <= MOST)?;
    let mut plain = vec![0; length];
    let read = DeflateDecoder::new(rest).read_exact(&mut plain);
    let plain = Secret::new(plain);
    read.ok().map(|()| plain)
}

/// What is sealed, and its format: deflated where that makes it shorter.
fn deflated(plain: &[u8]) -> (u8, Cow<'_, [u8]>) {
    if plain.len() < SHORT {
        return (PLAIN, Cow::Borrowed(plain));
    }
    let Some(length) = u32::try_from(plain.len()).ok().filter(|_| plain.len() <= MOST) else {
        return (PLAIN, Cow::Borrowed(plain));
    };
    let mut encoder = DeflateEncoder::new(length.to_be_bytes().to_vec(), Compression::default());
    let shorter = encoder.write_all(plain).and_then(|()| encoder.finish());
    match shorter {
        Ok(shorter) if shorter.len() < plain.len() => (DEFLATED, Cow::Owned(shorter)),
        _ => (PLAIN, Cow::Borrowed(plain)),
    }
}

/// What the tag vouches for besides the value: its place, and that it is to be inflated.
fn bound(format: u8, place: &str) -> Cow<'_, str> {
    if format == PLAIN { Cow::Borrowed(place) } else { Cow::Owned(format!("{place}|deflated")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repeats_itself_is_sealed_shorter_and_opens_as_it_was() {
        let key = Key::new([7; 32]);
        for plain in [
            &b""[..],
            &[1; SHORT - 1],
            &[1; SHORT],
            "低保标准每人每月".repeat(4_000).as_bytes(),
            &random::<4096>(),
        ] {
            let sealed = seal(&key, 3, "decision|payload|1|d", plain);
            assert_eq!(open(&key, "decision|payload|1|d", &sealed).unwrap().reveal(), plain);
            assert!(sealed.len() <= plain.len() + HEAD + 16);
        }
        let mut sealed = seal(&key, 3, "p", &[1; 100_000]);
        assert!(sealed.len() < 1_000);
        sealed[0] = PLAIN;
        assert!(open(&key, "p", &sealed).is_err(), "called plain");
        let mut sealed = seal(&key, 3, "p", &[1; 100]);
        sealed[0] = DEFLATED;
        assert!(open(&key, "p", &sealed).is_err(), "called deflated");
    }

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
