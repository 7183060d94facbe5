//! Key files: outside the database and outside its backup, readable by their owner only. Whoever has a backup without
//! them has ciphertext; whoever loses them has lost what is sealed, so they are copied once, by hand, to a safe place.

use crate::error::{Fault, Result};
use crate::id::{hex, random};
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use zeroize::Zeroizing;

/// A key. `Debug` prints `***`; it is wiped when dropped.
#[derive(Clone)]
pub(crate) struct Key(Zeroizing<[u8; 32]>);

impl Key {
    pub(crate) fn new(bytes: [u8; 32]) -> Key {
        Key(Zeroizing::new(bytes))
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(self.bytes()).expect("a key of any length");
        for part in parts {
            mac.update(&u64::try_from(part.len()).expect("a length").to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// What a blind index is for. Each has a key of its own, so that two leaked tables cannot be joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blind {
    /// Finding a person by number or phone.
    Person,
    /// Comparing relatives of staff with the members of cases.
    Kin,
    /// Exchanging keyed hashes with a partner.
    Partner,
}

/// The key files of a deployment.
pub(crate) const FILES: [&str; 7] = [
    "envelope.key",
    "journal.key",
    "signing.key",
    "files.key",
    "blind-person.key",
    "blind-kin.key",
    "blind-partner.key",
];

/// All keys of a deployment.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Wraps the data keys.
    pub(crate) envelope: Key,
    /// Row hashes, seals of events, payload hashes, request keys.
    pub(crate) journal: Key,
    signing: Key,
    pub(crate) files: Key,
    blind: [Key; 3],
}

impl Keys {
    /// Writes new key files into a folder, each readable by its owner only. Never overwrites one.
    ///
    /// # Errors
    /// A key file exists, or the folder cannot be written.
    pub fn create(folder: &Path) -> Result<Keys> {
        std::fs::create_dir_all(folder)?;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
        if let Some(name) = FILES.iter().find(|name| folder.join(name).exists()) {
            return Err(Fault::KeyExists(folder.join(name)).into());
        }
        for name in FILES {
            let path = folder.join(name);
            let mut file =
                std::fs::OpenOptions::new().write(true).create_new(true).mode(0o400).open(&path)?;
            file.write_all(&random::<32>())?;
            file.sync_all()?;
        }
        std::fs::File::open(folder)?.sync_all()?;
        Keys::open(folder)
    }

    /// Reads the key files of a folder.
    ///
    /// # Errors
    /// One is missing, can be read by others, or is not a key.
    pub fn open(folder: &Path) -> Result<Keys> {
        let [envelope, journal, signing, files, person, kin, partner] = FILES;
        let read = |name: &str| read_key(&folder.join(name));
        Ok(Keys {
            envelope: read(envelope)?,
            journal: read(journal)?,
            signing: read(signing)?,
            files: read(files)?,
            blind: [read(person)?, read(kin)?, read(partner)?],
        })
    }

    /// The index under which something can be found without being stored: a keyed hash of what it is (`id18`, `phone`)
    /// and its normalised text. A number has little entropy; the key is the protection, so asking is rate-limited.
    pub fn blind(&self, purpose: Blind, what: &str, normalised: &str) -> String {
        let key = match purpose {
            Blind::Person => &self.blind[0],
            Blind::Kin => &self.blind[1],
            Blind::Partner => &self.blind[2],
        };
        hex(&key.mac(&[what.as_bytes(), normalised.as_bytes()]))
    }

    /// The key that checks the signatures of checkpoints; not secret.
    pub fn public(&self) -> [u8; 32] {
        VerifyingKey::from(&SigningKey::from_bytes(self.signing.bytes())).to_bytes()
    }

    pub(crate) fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        SigningKey::from_bytes(self.signing.bytes()).sign(bytes).to_bytes()
    }

    /// What a database remembers of its keys, to tell at once that others were given.
    pub(crate) fn check(&self, deployment: &str) -> String {
        let all: [&Key; 6] =
            [&self.envelope, &self.journal, &self.files, &self.blind[0], &self.blind[1], &self.blind[2]];
        let marks = all.map(|key| key.mac(&[b"check", deployment.as_bytes()]));
        let marks: Vec<&[u8]> = marks.iter().map(<[u8; 32]>::as_slice).collect();
        hex(&self.journal.mac(&marks))
    }
}

fn read_key(path: &Path) -> Result<Key> {
    let facts = match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Fault::KeyMissing(path.into()).into());
        }
        facts => facts?,
    };
    let mode = facts.permissions().mode() & 0o7777;
    if mode & 0o377 != 0 {
        return Err(Fault::KeyOpen { path: path.into(), mode }.into());
    }
    let bytes = Zeroizing::new(std::fs::read(path)?);
    let bytes = bytes.as_slice().try_into().map_err(|_| Fault::KeyWrong(path.into()))?;
    Ok(Key::new(bytes))
}

/// Whether this signature over these bytes was made with the key that belongs to this public one.
pub(crate) fn signed(public: &[u8; 32], bytes: &[u8], signature: &[u8; 64]) -> bool {
    let signature = ed25519_dalek::Signature::from_bytes(signature);
    VerifyingKey::from_bytes(public).is_ok_and(|key| key.verify_strict(bytes, &signature).is_ok())
}
