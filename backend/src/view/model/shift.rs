//! The roster, check-in and check-out: `pages/shifts`, `pages/check-in`, `pages/check-out`. Cells are the same for
//! every viewer; whose a cell is shows in the browser.

use chrono::Datelike;
use serde::Serialize;

use super::composer::Fault;
use super::coverage::Coverage;
use super::desk::Empty;
use super::shell::Shell;
use super::{Choice, Owner};
use crate::clock;
use crate::config;
use crate::domain::id::{CommentId, PersonId, ShiftId};
use crate::domain::lane::Lane;
use crate::domain::shift::ShiftState;
use crate::person::people::People;
use crate::shift::alone::alone_at_night;
use crate::shift::plan::{Span, Warning, warnings};
use crate::shift::week::{Day, Week};
use crate::store::entity::{handover, shift};

const MINUTE_MS: i64 = 60_000;

/// The page of a week.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Page {
    pub shell: Shell,
    pub week: String,
    pub week_no: u32,
    pub previous: String,
    pub previous_no: u32,
    pub next: String,
    pub seq: i64,
    pub mine: Option<Mine>,
    pub now: Vec<OnNow>,
    pub days: Vec<Head>,
    pub rows: Vec<Row>,
    pub coverage: Vec<Coverage>,
    pub empty: Empty,
    pub can_plan: bool,
    pub errors: Vec<Fault>,
    pub people: Vec<Owner>,
    pub lanes: &'static [Lane],
    pub plan: Plan,
}

/// The form for a new shift, with what was filled in.
#[derive(Debug, Clone, Default, Serialize)]
#[expect(missing_docs, reason = "fields are those of the form")]
pub struct Plan {
    pub person: String,
    pub lane: String,
    pub start: String,
    pub end: String,
}

/// The viewer's shift that is on or next.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Mine {
    pub id: ShiftId,
    pub from: i64,
    pub to: i64,
    pub lane: Lane,
    pub can_check_in: bool,
    pub can_check_out: bool,
}

/// Who is checked in to a lane, by pseudonym.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct OnNow {
    pub lane: Lane,
    pub people: Vec<String>,
}

/// The head of a day's column.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Head {
    pub weekday: u32,
    pub day: u32,
    pub month: u32,
    pub today: bool,
    pub hours: i64,
    pub odd: bool,
}

/// A person's week.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// Who.
    pub person: Owner,
    /// Shifts by the day on which they begin, Monday first.
    pub days: Vec<Vec<Cell>>,
}

crate::words! {
    /// How a shift stands on the roster.
    pub enum CellState {
        /// To come.
        Planned = "planned",
        /// Somebody is checked in.
        On = "on",
        /// Over.
        Ended = "ended",
        /// Taken off the roster.
        Cancelled = "cancelled",
        /// Over, and nobody checked in.
        Missed = "missed",
    }
}

/// `parts/cell`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Cell {
    pub id: ShiftId,
    pub person: Owner,
    pub from: i64,
    pub to: i64,
    pub lane: Lane,
    pub state: CellState,
    pub warnings: Vec<&'static str>,
    pub can_check_in: bool,
    pub can_check_out: bool,
    pub can_cancel: bool,
}

/// `pages/check-in`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct InPage {
    pub shell: Shell,
    pub planned: Option<Times>,
    pub errors: Vec<Fault>,
    pub checkin: CheckIn,
}

/// From when until when.
#[derive(Debug, Clone, Copy, Serialize)]
#[expect(missing_docs, reason = "milliseconds")]
pub struct Times {
    pub from: i64,
    pub to: i64,
}

/// `parts/checkin`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct CheckIn {
    pub action: String,
    pub lanes: Vec<Choice>,
    pub handovers: Vec<Handover>,
}

/// What a shift left.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Handover {
    pub lane: Lane,
    pub by: String,
    pub at: i64,
    pub going_on: String,
    pub waits: String,
    pub watch: String,
}

/// `pages/check-out`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct OutPage {
    pub shell: Shell,
    pub id: ShiftId,
    pub errors: Vec<Fault>,
    pub claims: Vec<Held>,
    pub claims_count: usize,
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
pub fn handover(row: &handover::Model, people: &People) -> Handover {
    Handover {
        lane: row.lane,
        by: people.pseudonym(row.person_id),
        at: row.written_at,
        going_on: row.going_on.clone(),
        waits: row.waits.clone(),
        watch: row.watch.clone(),
    }
}

fn opens(config: &config::Shift, row: &shift::Model, now: i64) -> bool {
    let early = row.starts_at - i64::from(config.early_min) * MINUTE_MS;
    row.state == ShiftState::Planned && early <= now && now < row.ends_at
}

/// The viewer's own shift.
#[must_use]
pub fn mine(row: &shift::Model, config: &config::Shift, now: i64) -> Mine {
    Mine {
        id: row.id,
        from: row.starts_at,
        to: row.ends_at,
        lane: row.lane,
        can_check_in: opens(config, row, now),
        can_check_out: row.state == ShiftState::Started,
    }
}

/// A shift on the roster; `others` are the same person's other shifts near it, and it may be alone at night.
#[must_use]
pub fn cell(
    row: &shift::Model,
    others: &[Span],
    is_alone: bool,
    people: &People,
    config: &config::Shift,
    now: i64,
) -> Cell {
    let state = match row.state {
        ShiftState::Planned if row.ends_at <= now => CellState::Missed,
        ShiftState::Planned => CellState::Planned,
        ShiftState::Started => CellState::On,
        ShiftState::Ended => CellState::Ended,
        ShiftState::Cancelled => CellState::Cancelled,
    };
    let mut warned: Vec<&'static str> = Vec::new();
    if state == CellState::Planned {
        let warnings = warnings(config, (row.starts_at, row.ends_at), others);
        warned.extend(warnings.iter().map(|warning| match warning {
            Warning::Rest => "rest",
            Warning::Unbroken => "long",
        }));
        warned.extend(is_alone.then_some("alone"));
    }
    Cell {
        id: row.id,
        person: Owner {
            id: row.person_id,
            pseudonym: people.pseudonym(row.person_id),
        },
        from: row.starts_at,
        to: row.ends_at,
        lane: row.lane,
        state,
        warnings: warned,
        can_check_in: opens(config, row, now),
        can_check_out: state == CellState::On,
        can_cancel: state == CellState::Planned,
    }
}

/// The columns of a week.
#[must_use]
pub fn heads(week: Week, now: i64) -> Vec<Head> {
    let today = Day::of(clock::from_ms(now));
    week.days()
        .iter()
        .map(|day| Head {
            weekday: day.date.weekday().number_from_monday(),
            day: day.date.day(),
            month: day.date.month(),
            today: *day == today,
            hours: day.hours(),
            odd: day.hours() != 24,
        })
        .collect()
}

/// The rows of a week, by pseudonym. A shift that began before Monday stands on Monday.
#[must_use]
pub fn rows(shifts: &[shift::Model], week: Week, people: &People, config: &config::Shift, now: i64) -> Vec<Row> {
    let mut who: Vec<PersonId> = shifts.iter().map(|row| row.person_id).collect();
    who.sort_unstable();
    who.dedup();
    let days = week.days();
    let mut rows: Vec<Row> = who
        .into_iter()
        .map(|person| {
            let own: Vec<&shift::Model> = shifts.iter().filter(|row| row.person_id == person).collect();
            let mut cells: Vec<Vec<Cell>> = vec![Vec::new(); days.len()];
            for row in &own {
                let others: Vec<Span> = own
                    .iter()
                    .filter(|other| other.id != row.id)
                    .map(|other| (other.starts_at, other.ends_at))
                    .collect();
                let is_alone = is_alone(row, shifts, week);
                let begins = Day::of(clock::from_ms(row.starts_at));
                let place = days.iter().position(|day| *day == begins).unwrap_or(0);
                if let Some(day) = cells.get_mut(place) {
                    day.push(cell(row, &others, is_alone, people, config, now));
                }
            }
            Row {
                person: Owner {
                    id: person,
                    pseudonym: people.pseudonym(person),
                },
                days: cells,
            }
        })
        .collect();
    rows.sort_by(|a, b| a.person.pseudonym.cmp(&b.person.pseudonym));
    rows
}

/// Whether a shift has night time without anybody else in its lane. What reaches out of the week is left to the week it
/// reaches into, whose shifts are not at hand.
fn is_alone(row: &shift::Model, shifts: &[shift::Model], week: Week) -> bool {
    let from = row.starts_at.max(clock::ms(week.start()));
    let to = row.ends_at.min(clock::ms(week.end()));
    let others: Vec<Span> = shifts
        .iter()
        .filter(|other| other.lane == row.lane && other.person_id != row.person_id)
        .map(|other| (other.starts_at, other.ends_at))
        .collect();
    alone_at_night((from, to), &others)
}
