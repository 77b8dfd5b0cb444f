//! The codebook as a value: titles, phrases, word groups and rules. The desk edits it, so nothing here is a constant of
//! the program but the copy that is shipped. Must not look at comments: that is [`super::matcher`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The text of the codebook that comes with the program; the narrative model is made with its phrases.
pub const SHIPPED: &str = include_str!("codebook.json");

/// Narratives, classes and flags with everything their rules need.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Codebook {
    /// Goes on every tag that this codebook sets.
    pub version: String,
    /// Section 4.
    pub narratives: Vec<Entry>,
    /// Section 5.
    pub classes: Vec<Entry>,
    /// Section 6, without the number rule, which is code.
    pub flags: Vec<Entry>,
    /// Word groups that rules name. `*` at an end of a word leaves that end open.
    pub groups: BTreeMap<String, Vec<String>>,
}

/// One narrative, class or flag.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Stable key; titles change, keys do not.
    pub key: String,
    /// Title by language of the interface.
    pub titles: BTreeMap<String, String>,
    /// Phrases that carry the tag alone, by language, dialect or script (`ar-IQ`, `ar-Latn`).
    #[serde(default)]
    pub phrases: BTreeMap<String, Vec<String>>,
    /// Phrases that only suggest it.
    #[serde(default)]
    pub hints: BTreeMap<String, Vec<String>>,
    /// Word groups that carry it together.
    #[serde(default)]
    pub rules: Vec<Rule>,
}

/// Word groups that must all occur close to each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Names of groups.
    pub all: Vec<String>,
    /// Greatest distance in words from the first hit to the last.
    pub within: usize,
    /// 0–1.
    pub score: f32,
    /// Groups that must not occur in the comment.
    #[serde(default)]
    pub unless: Vec<String>,
}

/// A codebook that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text is not JSON of the right shape.
    #[error("the codebook cannot be read")]
    Shape(#[from] serde_json::Error),
    /// A rule names a group that does not exist.
    #[error("'{key}' names the unknown group '{group}'")]
    UnknownGroup {
        /// The entry.
        key: String,
        /// The group it names.
        group: String,
    },
    /// More groups than the matcher has bits for.
    #[error("{0} groups; 128 at most")]
    TooManyGroups(usize),
    /// The phrases together are too large to search for.
    #[error("the phrases cannot be compiled")]
    Phrases(#[from] aho_corasick::BuildError),
}

impl Codebook {
    /// Reads a codebook from its JSON text.
    ///
    /// # Errors
    /// [`Error::Shape`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        Ok(serde_json::from_str(text)?)
    }

    /// The codebook that comes with the program.
    ///
    /// # Errors
    /// None in a program whose tests pass.
    pub fn shipped() -> Result<Self, Error> {
        Self::parse(SHIPPED)
    }

    /// A codebook that knows nothing; every comment stays without narrative, class and flag by phrase.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            version: "empty".to_owned(),
            narratives: Vec::new(),
            classes: Vec::new(),
            flags: Vec::new(),
            groups: BTreeMap::new(),
        }
    }
}
