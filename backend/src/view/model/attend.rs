//! Checking in and out: `pages/check-in`, `pages/check-out`.

use serde::Serialize;

use super::Choice;
use super::composer::Fault;
use super::shell::Shell;
use super::shift::Times;
use crate::domain::id::{CommentId, HandoverId, ShiftId};
use crate::domain::lane::Lane;
use crate::person::people::People;
use crate::shift::facts::Facts;
use crate::store::entity::{handover, handover_read};

/// `pages/check-in`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct InPage {
    pub shell: Shell,
    pub planned: Option<Times>,
    /// Checked in, and on a break.
    pub on_break: bool,
    pub errors: Vec<Fault>,
    pub checkin: CheckIn,
}

/// `parts/checkin`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct CheckIn {
    pub action: String,
    pub lanes: Vec<Choice>,
    /// The handovers shown, as the form sends them back.
    pub shown: String,
    pub handovers: Vec<Handover>,
}

/// What a shift left.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Handover {
    pub id: HandoverId,
    pub lane: Lane,
    pub by: String,
    pub at: i64,
    pub going_on: String,
    pub waits: String,
    pub watch: String,
    pub facts: Facts,
    pub read_by: Vec<Read>,
}

/// Who has signed it as read.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Read {
    pub by: String,
    pub at: i64,
}

/// `pages/check-out`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct OutPage {
    pub shell: Shell,
    pub id: ShiftId,
    pub errors: Vec<Fault>,
    /// Whether the shift is still on; after the bell only a note can be left.
    pub on: bool,
    pub on_break: bool,
    pub until: i64,
    pub can_prolong: bool,
    pub claims: Vec<Held>,
    pub claims_count: usize,
    /// What the handover will say by itself.
    pub facts: Facts,
    pub going_on: String,
    pub waits: String,
    pub watch: String,
}

/// A comment that goes back to its lane at check-out.
#[derive(Debug, Clone, Serialize)]
pub struct Held {
    /// Which.
    pub id: CommentId,
    /// Its number.
    #[serde(rename = "ref")]
    pub number: String,
    /// Whether something is typed.
    pub draft: bool,
}

/// What was left, as it is read at check-in.
#[must_use]
pub fn handover(row: &handover::Model, reads: &[handover_read::Model], people: &People) -> Handover {
    let read_by = reads.iter().filter(|read| read.handover_id == row.id).map(|read| Read {
        by: people.pseudonym(read.person_id),
        at: read.read_at,
    });
    Handover {
        id: row.id,
        lane: row.lane,
        by: people.pseudonym(row.person_id),
        at: row.written_at,
        going_on: row.going_on.clone(),
        waits: row.waits.clone(),
        watch: row.watch.clone(),
        facts: Facts::of(row),
        read_by: read_by.collect(),
    }
}
