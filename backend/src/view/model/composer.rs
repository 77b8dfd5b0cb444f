//! What the viewer may do with a comment: `parts/claim` and `parts/composer`. Depend on the viewer and are never pushed.

use serde::Serialize;

use super::{Choice, choices};
use crate::connector;
use crate::decision::rule;
use crate::domain::comment::CommentState;
use crate::domain::decision::{DecisionKind, Ground};
use crate::domain::id::{CommentId, PersonId, VersionId};
use crate::domain::platform::Platform;
use crate::domain::tag::{Class, Flag, Tags, Tier};
use crate::store::entity::comment;

/// Reasons for needing no answer.
const LEAVE: &[&str] = &["no-question", "answered", "quarrel", "off-topic", "support"];
/// Languages a comment can be put under.
const LANGUAGES: &[&str] = &["ar", "sv", "en", "other"];
/// Intents a supervisor can set.
const INTENTS: &[&str] = &["none", "disinformation", "misinformation", "unclear"];

crate::words! {
    /// What the viewer can do with the comment.
    pub enum Mode {
        /// Take it.
        Free = "free",
        /// Answer it.
        Mine = "mine",
        /// Somebody else has it.
        Other = "other",
        /// Nothing before checking in.
        NotCheckedIn = "not-checked-in",
        /// It is lifted.
        Escalated = "escalated",
        /// It is decided.
        Decided = "decided",
        /// It is gone.
        Withdrawn = "withdrawn",
        /// Read.
        ReadOnly = "read-only",
    }
}

impl Mode {
    /// What `viewer` can do. `works`: has the right to work a lane; `on_duty`: is checked in to this comment's.
    #[must_use]
    pub fn of(row: &comment::Model, viewer: Option<PersonId>, works: bool, on_duty: bool) -> Self {
        match row.state {
            CommentState::Claimed if row.claimed_by.is_some() && row.claimed_by == viewer => Self::Mine,
            CommentState::Claimed => Self::Other,
            CommentState::Escalated => Self::Escalated,
            CommentState::Decided => Self::Decided,
            CommentState::Withdrawn => Self::Withdrawn,
            CommentState::Open if !works => Self::ReadOnly,
            CommentState::Open if !on_duty => Self::NotCheckedIn,
            CommentState::Open => Self::Free,
        }
    }
}

/// `parts/claim`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Claim {
    pub id: CommentId,
    pub state: Mode,
    pub until: Option<i64>,
    pub by: Option<String>,
    pub since: Option<i64>,
    pub decision: Option<DecisionKind>,
}

/// `parts/composer`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Composer {
    pub id: CommentId,
    pub mode: Mode,
    pub lang: String,
    pub revision: i32,
    pub template: String,
    pub template_title: Option<String>,
    pub version: String,
    pub variant: String,
    pub slots: Vec<Slot>,
    pub text: String,
    pub length: usize,
    pub limit: usize,
    pub count_by: &'static str,
    pub can_hide: bool,
    pub hide_means: &'static str,
    pub platform: Platform,
    pub saved_at: Option<i64>,
    pub guard: Guard,
    pub pick: Pick,
    pub errors: Vec<Fault>,
    pub preview: Option<Preview>,
    pub leave_reasons: &'static [&'static str],
    pub grounds: &'static [Ground],
    pub proposals: Vec<DecisionKind>,
    pub more_kinds: Vec<DecisionKind>,
    pub tags: TagForm,
    pub by: Option<String>,
}

/// A place in a template that a person fills.
#[derive(Debug, Clone, Serialize)]
pub struct Slot {
    /// Its name.
    pub name: String,
    /// As it stands in the text.
    pub token: String,
    /// What it is filled with.
    pub value: String,
}

/// `parts/guard`.
#[derive(Debug, Clone, Serialize)]
pub struct Guard {
    /// Whose.
    pub id: CommentId,
    /// The gravest of the checks: `clear`, `note`, `confirm`, `block`.
    pub level: &'static str,
    /// What was found.
    pub checks: Vec<Check>,
}

/// One thing found.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Check {
    pub level: &'static str,
    pub code: String,
    pub n: usize,
    pub word: String,
    pub slot: String,
    pub platform: String,
}

/// `parts/pick`.
#[derive(Debug, Clone, Serialize)]
pub struct Pick {
    /// Whose.
    pub id: CommentId,
    /// What was searched for.
    pub find: String,
    /// Best first.
    pub suggestions: Vec<Suggestion>,
}

/// A template that fits.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Suggestion {
    pub n: usize,
    pub key: String,
    pub href: String,
    pub template: String,
    pub version: VersionId,
    pub version_no: String,
    pub variant: String,
    pub lang: String,
    pub length: &'static str,
    pub title: String,
    pub chars: usize,
    pub text: String,
    pub slots: Vec<Slot>,
}

/// An error beside a form.
#[derive(Debug, Clone, Serialize)]
pub struct Fault {
    /// The field's id.
    pub field: Option<String>,
    /// Stable code.
    pub code: String,
    /// What else to say.
    pub detail: Option<String>,
}

impl Fault {
    /// An error of the form as a whole.
    #[must_use]
    pub fn of(code: &str) -> Self {
        Self {
            field: None,
            code: code.to_owned(),
            detail: None,
        }
    }

    /// An error of one field.
    #[must_use]
    pub fn at(field: &str, code: &str) -> Self {
        Self {
            field: Some(field.to_owned()),
            ..Self::of(code)
        }
    }
}

/// `parts/preview`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Preview {
    pub id: CommentId,
    pub platform: Platform,
    pub signed_by: String,
    pub text: String,
    pub lang: String,
    pub length: usize,
    pub limit: usize,
}

/// `parts/tags`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct TagForm {
    pub id: CommentId,
    pub languages: Vec<Choice>,
    pub narratives: Vec<TagChoice>,
    pub classes: Vec<Choice>,
    pub flags: Vec<Choice>,
    pub can_intent: bool,
    pub intents: Vec<Choice>,
}

/// A narrative to choose.
#[derive(Debug, Clone, Serialize)]
pub struct TagChoice {
    key: String,
    on: bool,
    /// The machine thinks it possible.
    suggested: bool,
}

fn suggested(tags: &Tags, key: &str) -> bool {
    let mut narratives = tags.narratives.iter();
    narratives.any(|tag| tag.key == key && tag.tier == Some(Tier::Suggest))
}

impl TagForm {
    /// The form with what is set now.
    #[must_use]
    pub fn of(id: CommentId, tags: Option<&Tags>, narratives: &[String], can_intent: bool) -> Self {
        // A suggestion is not ticked: what is saved is what a person said, and is learnt from.
        let has = |word: &str| tags.is_some_and(|tags| tags.keys().any(|key| key == word) && !suggested(tags, word));
        let code = tags.map_or("other", |tags| tags.language.code.as_str());
        let intent = tags
            .and_then(|tags| tags.intent)
            .map_or("none", |intent| intent.as_str());
        let code = if LANGUAGES.contains(&code) { code } else { "other" };
        Self {
            id,
            languages: choices(LANGUAGES.iter().copied(), |word| word == code),
            narratives: narratives
                .iter()
                .map(|key| TagChoice {
                    key: key.clone(),
                    on: has(key),
                    suggested: tags.is_some_and(|tags| suggested(tags, key)),
                })
                .collect(),
            classes: choices(Class::ALL.iter().map(|key| key.as_str()), has),
            flags: choices(Flag::ALL.iter().map(|key| key.as_str()), has),
            can_intent,
            intents: choices(INTENTS.iter().copied(), |word| word == intent),
        }
    }
}

/// What a person may propose when asking a supervisor.
const PROPOSALS: &[DecisionKind] = &[
    DecisionKind::Hide,
    DecisionKind::Reply,
    DecisionKind::Delete,
    DecisionKind::Leave,
];
/// Decisions that are seldom made.
const MORE: &[DecisionKind] = &[
    DecisionKind::Like,
    DecisionKind::Duplicate,
    DecisionKind::PrivateReply,
    DecisionKind::Delete,
];

fn can(platform: Platform, kind: DecisionKind) -> bool {
    rule::way(platform, kind).is_ok()
}

/// Those of the decisions that the platform lets the desk carry out: nothing else is offered.
pub(super) fn possible(platform: Platform, kinds: &[DecisionKind]) -> Vec<DecisionKind> {
    let kinds = kinds.iter().copied();
    kinds.filter(|kind| can(platform, *kind)).collect()
}

impl Composer {
    /// A composer in which nothing can be written: who may not, or not yet.
    #[must_use]
    pub fn closed(
        row: &comment::Model,
        mode: Mode,
        tags: Option<&Tags>,
        narratives: &[String],
        can_intent: bool,
    ) -> Self {
        Self {
            id: row.id,
            mode,
            lang: row.lane.as_str().replace("other", ""),
            revision: row.revision,
            template: String::new(),
            template_title: None,
            version: String::new(),
            variant: String::new(),
            slots: Vec::new(),
            text: String::new(),
            length: 0,
            limit: 0,
            count_by: "code-points",
            can_hide: can(row.platform, DecisionKind::Hide),
            hide_means: connector::of(row.platform)
                .map_or("hide-by-hand", |protocol| protocol.capabilities().hide_means),
            platform: row.platform,
            saved_at: None,
            guard: Guard {
                id: row.id,
                level: "clear",
                checks: Vec::new(),
            },
            pick: Pick {
                id: row.id,
                find: String::new(),
                suggestions: Vec::new(),
            },
            errors: Vec::new(),
            preview: None,
            leave_reasons: LEAVE,
            grounds: Ground::ALL,
            proposals: possible(row.platform, PROPOSALS),
            more_kinds: possible(row.platform, MORE),
            tags: TagForm::of(row.id, tags, narratives, can_intent),
            by: None,
        }
    }
}
