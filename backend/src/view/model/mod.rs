//! What templates are given, made from rows. Pure: nothing here asks a database or knows who looks, except where a
//! function says so; a part pushed to everybody and the same part on a page come from the same function.

pub mod attend;
pub mod campaign;
pub mod card;
pub mod channel;
pub mod chart;
pub mod composer;
pub mod coverage;
pub mod desk;
pub mod enter;
pub mod escalation;
pub mod hand;
pub mod insight;
pub mod item;
pub mod load;
pub mod me;
pub mod narrative;
pub mod need;
pub mod outbox;
pub mod person;
pub mod roster;
pub mod shell;
pub mod shift;
pub mod template;

use serde::Serialize;

use crate::domain::id::PersonId;
use crate::domain::tag::{Flag, Tag, Tags};
use crate::person::people::People;
use crate::store::entity::comment;

/// Who has a comment, as everybody sees it.
#[derive(Debug, Clone, Serialize)]
pub struct Owner {
    /// Compared with the viewer in the browser.
    pub id: PersonId,
    /// What colleagues see.
    pub pseudonym: String,
}

impl Owner {
    /// The holder of a comment.
    #[must_use]
    pub fn of(row: &comment::Model, people: &People) -> Option<Self> {
        row.claimed_by.map(|id| Self {
            id,
            pseudonym: people.pseudonym(id),
        })
    }
}

crate::words! {
    /// How pressing a comment is, in words instead of numbers.
    pub enum Band {
        /// Carries an urgent flag.
        Urgent = "urgent",
        /// Severe without one.
        High = "high",
        /// Asks something or tells a narrative.
        Normal = "normal",
        /// Nothing in particular.
        Low = "low",
    }
}

impl Band {
    /// The band of a comment.
    #[must_use]
    pub const fn of(row: &comment::Model) -> Self {
        match (row.urgent, row.severity) {
            (true, _) => Self::Urgent,
            (false, 2..) => Self::High,
            (false, 1) => Self::Normal,
            (false, _) => Self::Low,
        }
    }
}

crate::words! {
    /// How sure a tag is. People read words better than figures.
    pub enum Confidence {
        /// From 0.8.
        High = "high",
        /// From 0.5.
        Medium = "medium",
        /// Below.
        Low = "low",
    }
}

impl Confidence {
    /// The word for a score of 0–1.
    #[must_use]
    pub fn of(score: f32) -> Self {
        if score >= 0.8 {
            Self::High
        } else if score >= 0.5 {
            Self::Medium
        } else {
            Self::Low
        }
    }
}

/// A choice of a form.
#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    /// Its word.
    pub key: String,
    /// Whether it is chosen.
    pub on: bool,
}

/// Choices from words, with the chosen one marked.
pub fn choices<'a>(words: impl IntoIterator<Item = &'a str>, chosen: impl Fn(&str) -> bool) -> Vec<Choice> {
    words
        .into_iter()
        .map(|word| Choice {
            key: word.to_owned(),
            on: chosen(word),
        })
        .collect()
}

/// The likely flag that makes a text heavy to read, so that it is shown only on request. Personal data alone does not: its
/// places are covered one by one.
#[must_use]
pub fn heavy(tags: Option<&Tags>) -> Option<Flag> {
    tags?
        .flags
        .iter()
        .filter(|tag| tag.is_likely())
        .filter_map(|tag| tag.key.parse().ok())
        .find(|flag| *flag != Flag::PersonalData)
}

/// The flags the desk has words for.
#[must_use]
pub fn flags(tags: Option<&Tags>) -> Vec<Flag> {
    known(tags.map_or(&[], |tags| &tags.flags))
}

/// Tags as one kind of the codebook; keys it does not know have no words to show.
fn known<T: std::str::FromStr>(tags: &[Tag]) -> Vec<T> {
    tags.iter().filter_map(|tag| tag.key.parse().ok()).collect()
}

/// The languages the desk has names for, besides `other` and `und`.
const NAMED: &[&str] = &[
    "ar", "sv", "en", "fa", "so", "tr", "ckb", "kmr", "ku", "ti", "prs", "ps", "ur", "ru", "uk", "de", "fr", "es",
    "pl", "fi", "da", "no", "und",
];

/// A language code that has a name in the desk's texts.
#[must_use]
pub fn named(code: &str) -> &'static str {
    NAMED.iter().find(|named| **named == code).copied().unwrap_or("other")
}

/// The language of a comment's text; `und` while nothing is known.
#[must_use]
pub fn language(tags: Option<&Tags>) -> &'static str {
    tags.map_or("und", |tags| named(&tags.language.code))
}

/// The author by the best name there is.
#[must_use]
pub fn author(row: &comment::Model) -> String {
    [&row.author_name, &row.author_handle, &row.author_id]
        .into_iter()
        .flatten()
        .find(|name| !name.trim().is_empty())
        .cloned()
        .unwrap_or_else(|| "–".to_owned())
}
