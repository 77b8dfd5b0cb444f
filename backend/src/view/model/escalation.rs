//! Questions to supervisors: `pages/esc` and its parts. Rows and questions are the same for every viewer; the form to
//! answer with is the viewer's and is never pushed.

use serde::Serialize;

use super::composer::{Fault, Guard, possible};
use super::desk::{Empty, Hold, Pager};
use super::item::Item;
use super::shell::Shell;
use super::{Band, Choice, Owner, choices, flags};
use crate::domain::decision::{DecisionKind, Ground};
use crate::domain::escalation::{EscalationState, Resolution};
use crate::domain::id::{EscalationId, PersonId};
use crate::domain::lane::Lane;
use crate::domain::tag::Flag;
use crate::escalation::resolve::proposal_of;
use crate::escalation::{Proposal, Question};
use crate::lane::item::tags_of;
use crate::person::people::People;
use crate::store::entity::{decision, escalation};

/// The page.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Page {
    pub shell: Shell,
    pub view: &'static str,
    pub waiting: usize,
    pub two: usize,
    pub tabs: Vec<Tab>,
    pub hold: Hold,
    pub seq: i64,
    pub rows: Vec<Row>,
    pub empty: Empty,
    pub pager: Pager,
    pub esc: Option<Asked>,
    pub item: Option<Item>,
    pub item_seq: i64,
    pub proposal: Option<Proposed>,
    pub resolve: Option<Answering>,
}

/// One selection of the list.
#[derive(Debug, Clone, Serialize)]
pub struct Tab {
    /// Its word.
    pub key: Show,
    /// How many questions are in it.
    pub count: usize,
    /// Whether it is shown.
    pub on: bool,
}

crate::words! {
    /// Which questions are shown.
    pub enum Show {
        /// Those that wait.
        Waiting = "waiting",
        /// The viewer's own that wait.
        Mine = "mine",
        /// Those that need a second person.
        Two = "two",
        /// Those answered.
        Done = "done",
    }
}

/// How a question stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nobody has answered.
    Waiting,
    /// Answered.
    Done,
}

impl State {
    const fn of(state: EscalationState) -> Self {
        match state {
            EscalationState::Open => Self::Waiting,
            EscalationState::Resolved => Self::Done,
        }
    }
}

/// `parts/esc-row`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Row {
    pub id: EscalationId,
    #[serde(rename = "ref")]
    pub number: String,
    pub state: State,
    pub band: Band,
    pub at: i64,
    pub proposal: DecisionKind,
    pub question: String,
    pub question_lang: &'static str,
    pub lane: Lane,
    pub two: bool,
    pub flags: Vec<Flag>,
    pub proposer: Owner,
    pub owner: Option<Owner>,
    pub gone: Option<&'static str>,
}

/// `parts/esc`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Asked {
    pub id: EscalationId,
    #[serde(rename = "ref")]
    pub number: String,
    pub state: State,
    pub at: i64,
    pub due: Option<i64>,
    pub question: String,
    pub question_lang: &'static str,
    pub proposer: Owner,
}

/// `parts/esc-proposal`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Proposed {
    pub id: EscalationId,
    pub kind: DecisionKind,
    pub ground: Option<Ground>,
    pub text: Option<String>,
    pub text_lang: &'static str,
    pub similar: Vec<Similar>,
    pub similar_count: usize,
}

/// How a like comment was decided.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Similar {
    pub at: i64,
    pub kind: DecisionKind,
    pub reason: Option<String>,
}

crate::words! {
    /// What the viewer can do with a question.
    pub enum Mode {
        /// Answer it.
        Open = "open",
        /// Nothing: it is the viewer's own.
        Own = "own",
        /// Nothing: it is answered.
        Done = "done",
        /// Read it.
        ReadOnly = "read-only",
    }
}

/// `parts/esc-resolve`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Answering {
    pub id: EscalationId,
    pub mode: Mode,
    pub revision: i32,
    pub can_approve: bool,
    pub reason: String,
    pub advice: String,
    pub text: String,
    pub kinds: Vec<Choice>,
    pub grounds: Vec<Choice>,
    pub guard: Option<Guard>,
    pub resolved: Option<Resolved>,
    pub errors: Vec<Fault>,
}

/// How a question was answered.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Resolved {
    pub kind: Resolution,
    pub by: String,
    pub at: i64,
    pub reason: Option<String>,
    pub advice: Option<String>,
}

/// The language of what colleagues write to each other is not asked.
const STAFF_LANG: &str = "und";
/// Kinds a supervisor can decide instead.
const KINDS: &[DecisionKind] = &[
    DecisionKind::Reply,
    DecisionKind::Hide,
    DecisionKind::Unhide,
    DecisionKind::Delete,
    DecisionKind::Leave,
    DecisionKind::Like,
    DecisionKind::PrivateReply,
    DecisionKind::Duplicate,
];
/// Characters of a question that a row shows.
const SHOWN: usize = 240;

fn owner(id: PersonId, people: &People) -> Owner {
    Owner {
        id,
        pseudonym: people.pseudonym(id),
    }
}

/// A line of the list; as a ghost when it was answered while somebody looked.
#[must_use]
pub fn row(question: &Question, people: &People) -> Row {
    let asked = &question.escalation;
    let on = &question.comment;
    let tags = tags_of(on);
    Row {
        id: asked.id,
        number: on.number.to_string(),
        state: State::of(asked.state),
        band: Band::of(on),
        at: asked.opened_at,
        proposal: proposal_of(asked).map_or(DecisionKind::Escalate, |proposal| proposal.kind),
        question: asked.question.chars().take(SHOWN).collect(),
        question_lang: STAFF_LANG,
        lane: on.lane,
        two: asked.two_person,
        flags: flags(tags.as_ref()),
        proposer: owner(asked.asked_by, people),
        owner: None,
        gone: None,
    }
}

/// What stays of a line that left the list.
#[must_use]
pub fn ghost(question: &Question, people: &People) -> Row {
    Row {
        gone: Some("decided"),
        ..row(question, people)
    }
}

/// The question.
#[must_use]
pub fn asked(question: &Question, people: &People) -> Asked {
    let asked = &question.escalation;
    Asked {
        id: asked.id,
        number: question.comment.number.to_string(),
        state: State::of(asked.state),
        at: asked.opened_at,
        due: (asked.state == EscalationState::Open).then_some(asked.due_at),
        question: asked.question.clone(),
        question_lang: STAFF_LANG,
        proposer: owner(asked.asked_by, people),
    }
}

/// What was proposed, with decisions on like comments, newest first. None if nothing was proposed.
#[must_use]
pub fn proposed(question: &escalation::Model, similar: &[decision::Model], most: usize) -> Option<Proposed> {
    let Proposal {
        kind,
        ground,
        text,
        variant,
        ..
    } = proposal_of(question)?;
    Some(Proposed {
        id: question.id,
        kind,
        ground,
        text,
        text_lang: variant.map_or(STAFF_LANG, |variant| variant.as_str()),
        similar: similar
            .iter()
            .take(most)
            .map(|row| Similar {
                at: row.made_at,
                kind: row.kind,
                reason: row.reason.clone().filter(|reason| !reason.is_empty()),
            })
            .collect(),
        similar_count: similar.len(),
    })
}

/// What a supervisor filled in, to be shown again when it was refused.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "fields are those of the form")]
pub struct Given {
    pub reason: String,
    pub advice: String,
    pub text: Option<String>,
    pub decision: Option<DecisionKind>,
    pub ground: Option<Ground>,
    pub errors: Vec<Fault>,
    pub guard: Option<Guard>,
}

/// The form of a viewer.
#[must_use]
pub fn answering(question: &Question, viewer: Option<PersonId>, given: Given, people: &People) -> Answering {
    let row = &question.escalation;
    let mode = match row.state {
        EscalationState::Resolved => Mode::Done,
        EscalationState::Open if viewer.is_none() => Mode::ReadOnly,
        EscalationState::Open if viewer == Some(row.asked_by) => Mode::Own,
        EscalationState::Open => Mode::Open,
    };
    let proposal = proposal_of(row);
    let kind = given.decision.or(proposal.as_ref().map(|proposal| proposal.kind));
    let ground = given.ground.or(proposal.as_ref().and_then(|proposal| proposal.ground));
    Answering {
        id: row.id,
        mode,
        revision: question.comment.revision,
        can_approve: proposal.is_some(),
        reason: given.reason,
        advice: given.advice,
        text: given
            .text
            .or_else(|| proposal.and_then(|proposal| proposal.text))
            .unwrap_or_default(),
        kinds: choices(
            possible(question.comment.platform, KINDS)
                .iter()
                .map(|kind| kind.as_str()),
            |word| kind.is_some_and(|kind| kind.as_str() == word),
        ),
        grounds: choices(Ground::ALL.iter().map(|ground| ground.as_str()), |word| {
            ground.is_some_and(|ground| ground.as_str() == word)
        }),
        guard: given.guard,
        resolved: row.resolution.zip(row.resolved_at).map(|(kind, at)| Resolved {
            kind,
            by: row
                .resolved_by
                .map_or_else(|| "–".to_owned(), |by| people.pseudonym(by)),
            at,
            reason: row.reason.clone().filter(|text| !text.is_empty()),
            advice: row.advice.clone().filter(|text| !text.is_empty()),
        }),
        errors: given.errors,
    }
}
