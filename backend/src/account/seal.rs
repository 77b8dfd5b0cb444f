//! Secrets of accounts lie sealed in the database; the key lies in a file beside it and never in it.
//!
//! ChaCha20-Poly1305 (RFC 8439) with a random nonce for each text; a text opens only in the place it was sealed for.
//! Kept as `sealed:1:<first bytes of the key's digest>:<nonce and text in base64>`. What lacks that form was kept by an
//! older version and is read as it is.

use std::io::Write;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest, Sha256};

use crate::store::Error;

/// What a sealed text begins with.
const PREFIX: &str = "sealed:1:";
/// Bytes of a key.
const KEY_LEN: usize = 32;

/// The key of this desk.
pub struct Seal {
    key: LessSafeKey,
    digest: String,
}

/// There is no key to seal with.
#[derive(Debug, thiserror::Error)]
pub enum NoKey {
    /// The file cannot be read or made.
    #[error("the key file {} cannot be used: {error}", path.display())]
    File {
        /// Where it should be.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// The file holds something else.
    #[error("the key file {} does not hold a key of 32 bytes in base64; put the right file back", path.display())]
    Foreign {
        /// Where it is.
        path: PathBuf,
    },
    /// The system has no randomness to give.
    #[error("the system gives no randomness to make a key from")]
    Randomness,
}

/// The text was sealed with another key, in another place, or was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("sealed with another key than this desk has")]
pub struct Unopened;

impl From<NoKey> for Error {
    fn from(error: NoKey) -> Self {
        Self::Unavailable(error.to_string().into())
    }
}

impl Seal {
    /// The key in a file, which is made, readable by its owner only, if there is none.
    ///
    /// # Errors
    /// [`NoKey`].
    pub fn at(path: &Path) -> Result<Self, NoKey> {
        let file = |error| NoKey::File {
            path: path.to_owned(),
            error,
        };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                make(path)?;
                // Another instance may have been first: what lies there now is the key.
                std::fs::read_to_string(path).map_err(file)?
            }
            Err(error) => return Err(file(error)),
        };
        let foreign = || NoKey::Foreign { path: path.to_owned() };
        let bytes = STANDARD_NO_PAD.decode(text.trim()).map_err(|_| foreign())?;
        Self::of(&bytes).ok_or_else(foreign)
    }

    fn of(bytes: &[u8]) -> Option<Self> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, bytes).ok()?;
        Some(Self {
            key: LessSafeKey::new(key),
            digest: hex::encode(&Sha256::digest(bytes)[..4]),
        })
    }

    /// Seals a text for a place. Nothing stays nothing, and what is sealed already stays as it is.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub fn close(&self, text: &str, place: &str) -> Result<String, NoKey> {
        if text.is_empty() || is_sealed(text) {
            return Ok(text.to_owned());
        }
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(|_| NoKey::Randomness)?;
        let mut body = text.as_bytes().to_vec();
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place), &mut body)
            .map_err(|_| NoKey::Randomness)?;
        let body = STANDARD_NO_PAD.encode([&nonce[..], &body].concat());
        Ok(format!("{PREFIX}{}:{body}", self.digest))
    }

    /// Opens a text that was sealed for a place.
    ///
    /// # Errors
    /// [`Unopened`].
    pub fn open(&self, kept: &str, place: &str) -> Result<String, Unopened> {
        let Some(rest) = kept.strip_prefix(PREFIX) else {
            return Ok(kept.to_owned());
        };
        let body = rest.strip_prefix(&*self.digest).and_then(|rest| rest.strip_prefix(':'));
        let mut body = body
            .and_then(|body| STANDARD_NO_PAD.decode(body).ok())
            .ok_or(Unopened)?;
        let (nonce, sealed) = body.split_at_mut_checked(NONCE_LEN).ok_or(Unopened)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Unopened)?;
        let text = self
            .key
            .open_in_place(nonce, Aad::from(place), sealed)
            .map_err(|_| Unopened)?;
        String::from_utf8(text.to_vec()).map_err(|_| Unopened)
    }
}

/// Whether a kept text is sealed.
#[must_use]
pub fn is_sealed(kept: &str) -> bool {
    kept.starts_with(PREFIX)
}

/// Makes a key file as a whole or not at all; leaves one that is there.
fn make(path: &Path) -> Result<(), NoKey> {
    let mut bytes = [0; KEY_LEN];
    getrandom::fill(&mut bytes).map_err(|_| NoKey::Randomness)?;
    let file = |error| NoKey::File {
        path: path.to_owned(),
        error,
    };
    let mut draft = path.as_os_str().to_owned();
    draft.push(format!(".{}", std::process::id()));
    let draft = PathBuf::from(draft);
    let written = write(&draft, &STANDARD_NO_PAD.encode(bytes)).and_then(|()| std::fs::hard_link(&draft, path));
    // Gone or not, it is not the key.
    let _ = std::fs::remove_file(&draft);
    match written {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        written => written.map_err(file),
    }
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{text}")?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desk() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("desk.key");
        (dir, path)
    }

    #[test]
    fn what_is_sealed_opens_with_the_same_key_in_the_same_place_only() {
        let (_dir, path) = desk();
        let seal = Seal::at(&path).unwrap();
        let kept = seal.close("EAAB-token", "facebook/access_token").unwrap();
        assert!(is_sealed(&kept) && !kept.contains("EAAB"));
        assert_ne!(
            kept,
            seal.close("EAAB-token", "facebook/access_token").unwrap(),
            "a nonce of its own"
        );
        let again = Seal::at(&path).unwrap();
        assert_eq!(again.open(&kept, "facebook/access_token").as_deref(), Ok("EAAB-token"));
        assert_eq!(again.open(&kept, "facebook/app_secret"), Err(Unopened));
        let (_other, elsewhere) = desk();
        let other = Seal::at(&elsewhere).unwrap();
        assert_eq!(other.open(&kept, "facebook/access_token"), Err(Unopened));
    }

    #[test]
    fn what_was_changed_or_cut_short_does_not_open_and_does_not_panic() {
        let (_dir, path) = desk();
        let seal = Seal::at(&path).unwrap();
        let kept = seal.close("token", "x").unwrap();
        for end in PREFIX.len()..kept.len() {
            assert_eq!(seal.open(&kept[..end], "x"), Err(Unopened), "{end}");
        }
        let last = if kept.ends_with('A') { 'B' } else { 'A' };
        let changed = format!("{}{last}", &kept[..kept.len() - 1]);
        assert_eq!(seal.open(&changed, "x"), Err(Unopened));
    }

    #[test]
    fn nothing_stays_nothing_and_an_older_version_s_text_is_read_as_it_is() {
        let (_dir, path) = desk();
        let seal = Seal::at(&path).unwrap();
        assert_eq!(seal.close("", "x").unwrap(), "");
        assert_eq!(seal.open("plain-token", "x").as_deref(), Ok("plain-token"));
        let kept = seal.close("token", "x").unwrap();
        assert_eq!(seal.close(&kept, "x").unwrap(), kept, "not sealed twice");
    }

    #[cfg(unix)]
    #[test]
    fn the_key_file_is_its_owner_s_alone_and_a_foreign_one_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let (_dir, path) = desk();
        Seal::at(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::write(&path, "not a key").unwrap();
        assert!(matches!(Seal::at(&path), Err(NoKey::Foreign { .. })));
        assert!(matches!(
            Seal::at(Path::new("/nowhere/at/all/desk.key")),
            Err(NoKey::File { .. })
        ));
    }
}
