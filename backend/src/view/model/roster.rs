//! What stands beside the roster of a week: exchanges and absences. Knows the viewer.

use serde::Serialize;

use super::Owner;
use crate::domain::id::{AbsenceId, ExchangeId, PersonId, ShiftId};
use crate::domain::lane::Lane;
use crate::domain::shift::{AbsenceKind, ExchangeState};
use crate::person::people::People;
use crate::store::entity::{absence, exchange, shift};

/// Exchanges and absences, and the forms for new ones.
#[derive(Debug, Clone, Default, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Side {
    /// The viewer's shifts to come.
    pub own: Vec<Line>,
    /// Shifts to come of others in the week.
    pub others: Vec<Line>,
    /// Who can be asked.
    pub colleagues: Vec<Owner>,
    pub exchanges: Vec<Exchange>,
    pub absences: Vec<Absence>,
    /// What the form of a new absence begins with, as wall-clock times.
    pub absent_from: String,
    pub absent_to: String,
}

/// A shift in a list.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Line {
    pub id: ShiftId,
    pub who: String,
    pub lane: Lane,
    pub from: i64,
    pub to: i64,
}

/// An exchange that waits.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Exchange {
    pub id: ExchangeId,
    pub by: String,
    pub of: String,
    pub shift: Line,
    pub in_return: Option<Line>,
    pub state: ExchangeState,
    pub can_answer: bool,
    pub can_withdraw: bool,
    pub can_decide: bool,
}

/// Time in which somebody is away.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Absence {
    pub id: AbsenceId,
    pub who: String,
    pub from: i64,
    pub to: i64,
    /// Why, for the person and those who plan.
    pub kind: Option<AbsenceKind>,
    pub can_take_back: bool,
}

/// A shift in a list.
#[must_use]
pub fn line(row: &shift::Model, people: &People) -> Line {
    Line {
        id: row.id,
        who: people.pseudonym(row.person_id),
        lane: row.lane,
        from: row.starts_at,
        to: row.ends_at,
    }
}

/// An exchange as somebody sees it; none once its shift is gone.
#[must_use]
pub fn exchange(
    row: &exchange::Model,
    shifts: &[shift::Model],
    viewer: PersonId,
    plans: bool,
    people: &People,
) -> Option<Exchange> {
    let of = |id: ShiftId| {
        shifts
            .iter()
            .find(|shift| shift.id == id)
            .map(|shift| line(shift, people))
    };
    let is_part = [row.asked_by, row.asked_of].contains(&viewer);
    Some(Exchange {
        id: row.id,
        by: people.pseudonym(row.asked_by),
        of: people.pseudonym(row.asked_of),
        shift: of(row.shift_id)?,
        in_return: row.in_return.and_then(of),
        state: row.state,
        can_answer: row.state == ExchangeState::Asked && row.asked_of == viewer,
        can_withdraw: row.state.is_open() && row.asked_by == viewer,
        can_decide: row.state == ExchangeState::Accepted && plans && !is_part,
    })
}

/// An absence as somebody sees it.
#[must_use]
pub fn absence(row: &absence::Model, viewer: PersonId, plans: bool, people: &People) -> Absence {
    let tells = plans || row.person_id == viewer;
    Absence {
        id: row.id,
        who: people.pseudonym(row.person_id),
        from: row.from_at,
        to: row.to_at,
        kind: tells.then_some(row.kind),
        can_take_back: tells,
    }
}
