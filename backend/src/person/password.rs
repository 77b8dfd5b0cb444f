//! Passwords: what is taken, and Argon2id with the parameters of RFC 9106's memory-constrained choice as the crate has them.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

/// The hash to keep, as a PHC string.
///
/// # Errors
/// The password is longer than Argon2 takes, or there is no randomness.
pub fn hash(password: &str) -> Result<String, argon2::password_hash::Error> {
    let hash: PasswordHash = Argon2::default().hash_password(password.as_bytes())?;
    Ok(hash.to_string())
}

/// Whether a password fits a kept hash.
#[must_use]
pub fn fits(password: &str, kept: &str) -> bool {
    PasswordHash::new(kept).is_ok_and(|kept| Argon2::default().verify_password(password.as_bytes(), &kept).is_ok())
}

/// Shortest password a person may choose, in characters.
pub const SHORTEST: usize = 12;
/// Longest password taken, in characters: hashing must stay bounded.
pub const LONGEST: usize = 200;

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Fewer characters than [`SHORTEST`].
    #[error("the password needs at least 12 characters")]
    Short,
    /// More characters than [`LONGEST`].
    #[error("the password may have at most 200 characters")]
    Long,
    /// It is the address the person signs in with.
    #[error("the password must not be the address")]
    IsAddress,
    /// It is the one that is to be replaced.
    #[error("choose another password than the present one")]
    Same,
}

/// Whether a person may choose a password. Length is all that is asked; rules about kinds of characters make passwords
/// worse (NIST SP 800-63B, section 3.1.1.2).
///
/// # Errors
/// [`Unfit`].
pub fn may_be_chosen(password: &str, email: &str, present: &str) -> Result<(), Unfit> {
    let length = password.chars().count();
    let name = email.split('@').next().unwrap_or_default();
    let plain = password.trim().to_lowercase();
    if length < SHORTEST {
        Err(Unfit::Short)
    } else if length > LONGEST {
        Err(Unfit::Long)
    } else if plain == email.to_lowercase() || (!name.is_empty() && plain == name.to_lowercase()) {
        Err(Unfit::IsAddress)
    } else if password == present {
        Err(Unfit::Same)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Unfit, fits, hash, may_be_chosen};

    #[test]
    fn length_counts_characters_and_not_bytes() {
        assert_eq!(may_be_chosen("åäöåäöåäöåä", "a@b.se", ""), Err(Unfit::Short));
        assert_eq!(may_be_chosen("åäöåäöåäöåäö", "a@b.se", ""), Ok(()));
        assert_eq!(may_be_chosen(&"x".repeat(201), "a@b.se", ""), Err(Unfit::Long));
    }

    #[test]
    fn the_address_and_the_present_password_are_refused() {
        assert_eq!(
            may_be_chosen("Amal.Exempel@Example.se", "amal.exempel@example.se", ""),
            Err(Unfit::IsAddress)
        );
        assert_eq!(
            may_be_chosen("amal.exempel", "amal.exempel@example.se", ""),
            Err(Unfit::IsAddress)
        );
        assert_eq!(
            may_be_chosen("lugn sten visa regn", "a@b.se", "lugn sten visa regn"),
            Err(Unfit::Same)
        );
    }

    #[test]
    fn only_the_password_itself_fits_its_hash() {
        let kept = hash("lugn sten visa regn").expect("a hash");
        assert!(fits("lugn sten visa regn", &kept));
        assert!(!fits("lugn sten visa regn ", &kept));
        assert!(!fits("", &kept));
        assert!(!fits("lugn sten visa regn", "not a hash"));
    }
}
