//! A comment in a list: `parts/card`. The same for every viewer.

use serde::Serialize;

use super::{Band, Confidence, Owner, flags, heavy, language};
use crate::domain::comment::CommentState;
use crate::domain::id::CommentId;
use crate::domain::platform::Platform;
use crate::domain::tag::{Flag, Tier};
use crate::lane::item::tags_of;
use crate::person::people::People;
use crate::store::entity::comment;
use crate::tagging;
use crate::teaching::blind::is_chosen;

/// Characters of a text that a card shows; the rest is one press away.
const SHOWN: usize = 240;

/// A narrative on a card.
#[derive(Debug, Clone, Serialize)]
pub struct NarrativeChip {
    /// Which.
    pub key: String,
    /// How sure.
    pub band: Confidence,
}

crate::words! {
    /// Why a comment left a list.
    pub enum Gone {
        /// Somebody took it.
        Claimed = "claimed",
        /// Somebody decided.
        Decided = "decided",
        /// Lifted to supervisors.
        Escalated = "escalated",
        /// Removed on the platform.
        Withdrawn = "withdrawn",
        /// It is in another lane now.
        Moved = "moved",
    }
}

/// A card.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Card {
    pub id: CommentId,
    #[serde(rename = "ref")]
    pub number: String,
    pub platform: Platform,
    pub band: Band,
    pub state: CommentState,
    pub owner: Option<Owner>,
    pub at: i64,
    pub near_limit: bool,
    pub masked: Option<Flag>,
    pub text: Option<String>,
    pub lang: &'static str,
    pub flags: Vec<Flag>,
    pub narratives: Vec<NarrativeChip>,
    pub copies: u32,
    pub gone: Option<Gone>,
}

/// When a comment counts as near its deadline: the present instant and the margin, both in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Near {
    /// Now.
    pub now: i64,
    /// How long before.
    pub margin: i64,
    /// Of a hundred comments, how many are tagged by a person first: their cards name no narrative.
    pub blind_percent: u32,
}

/// The card of a comment; its text is masked, and absent when it is heavy.
#[must_use]
pub fn card(row: &comment::Model, people: &People, near: Near) -> Card {
    let tags = tags_of(row);
    let tags = tags.as_ref();
    let masked = heavy(tags);
    let waits = matches!(row.state, CommentState::Open | CommentState::Claimed);
    let text = match (masked, row.text.as_deref()) {
        (Some(_), _) => None,
        (None, Some(text)) => Some(beginning(
            &tags.map_or_else(|| text.to_owned(), |tags| tagging::mask(text, tags)),
        )),
        (None, None) => Some(String::new()),
    };
    Card {
        id: row.id,
        number: row.number.to_string(),
        platform: row.platform,
        band: Band::of(row),
        state: row.state,
        owner: Owner::of(row, people),
        at: row.opened_at,
        near_limit: waits && row.due_at <= near.now.saturating_add(near.margin),
        masked,
        text,
        lang: language(tags),
        flags: flags(tags),
        narratives: tags
            .filter(|_| !is_chosen(row, near.blind_percent))
            .map_or(&[][..], |tags| &tags.narratives)
            .iter()
            // What is only suggested is shown where somebody can take it up.
            .filter(|tag| tag.tier != Some(Tier::Suggest))
            .map(|tag| NarrativeChip {
                key: tag.key.clone(),
                band: Confidence::of(tag.score),
            })
            .collect(),
        copies: 0,
        gone: None,
    }
}

/// The card of a comment that left: what remains in the list until nobody looks at it.
#[must_use]
pub fn ghost(row: &comment::Model, people: &People, near: Near, gone: Gone) -> Card {
    Card {
        text: None,
        gone: Some(gone),
        ..card(row, people, near)
    }
}

fn beginning(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
        None => text.to_owned(),
    }
}
