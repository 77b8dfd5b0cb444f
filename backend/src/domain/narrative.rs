//! Narratives of the codebook as controlled documents: keys, and where a version stands.

crate::words! {
    /// Where a version of a narrative stands.
    pub enum NarrativeState {
        /// Being written; has no effect.
        Draft = "draft",
        /// What the desk tags by, until a later version is published.
        Published = "published",
        /// A draft that was put aside or written anew; kept to be read.
        PutAside = "put-aside",
    }
}

/// Longest key, in bytes.
const LONGEST: usize = 60;

/// Whether a word can be the key of a narrative: small letters, digits and single hyphens, a letter first.
#[must_use]
pub fn is_key(word: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    word.len() <= LONGEST && word.starts_with(|c: char| c.is_ascii_lowercase()) && word.split('-').all(plain)
}

#[cfg(test)]
mod tests {
    use super::is_key;

    #[test]
    fn keys_are_words_with_hyphens() {
        for good in ["taxi-rule", "west-islamophobic", "a1"] {
            assert!(is_key(good), "{good}");
        }
        for bad in ["", "-a", "a-", "a--b", "Taxi", "1a", "a b", "a|b", "å", &"a".repeat(61)] {
            assert!(!is_key(bad), "{bad}");
        }
    }
}
