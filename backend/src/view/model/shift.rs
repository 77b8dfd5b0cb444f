//! The roster of a week: `pages/shifts`. Cells are the same for every viewer; whose a cell is shows in the browser.

use chrono::Datelike;
use serde::Serialize;

use super::Owner;
use super::composer::Fault;
use super::coverage::Coverage;
use super::desk::Empty;
use super::roster::Side;
use super::shell::Shell;
use crate::clock;
use crate::config;
use crate::domain::id::{PersonId, ShiftId};
use crate::domain::lane::Lane;
use crate::domain::shift::ShiftState;
use crate::person::people::People;
use crate::shift::breaks;
use crate::shift::roster::can_be_worked;
use crate::shift::warn::{Warning, warnings};
use crate::shift::week::{Day, Week};
use crate::store::entity::shift;

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
    pub drawn: Vec<Drawn>,
    pub empty: Empty,
    pub can_plan: bool,
    pub errors: Vec<Fault>,
    pub people: Vec<Owner>,
    pub lanes: &'static [Lane],
    pub plan: Plan,
    /// The day that a narrow screen shows, 1 is Monday.
    pub chosen: u32,
    /// Shifts of the week that wait to be published.
    pub drafts: usize,
    /// Lanes that nobody can work.
    pub unstaffed: Vec<Lane>,
    pub on_break: bool,
    pub side: Side,
}

/// What ads draw to a lane: the most comments an hour of each day; none where nothing is drawn or known.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Drawn {
    pub lane: Lane,
    pub days: Vec<Option<i64>>,
}

/// The form for a new shift, with what was filled in.
#[derive(Debug, Clone, Default, Serialize)]
#[expect(missing_docs, reason = "fields are those of the form")]
pub struct Plan {
    pub person: String,
    pub lane: String,
    pub start: String,
    pub end: String,
    pub break_from: String,
    pub break_to: String,
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
    pub chosen: bool,
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
        /// Its person is away: nobody works it.
        Absent = "absent",
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
    pub draft: bool,
    pub breaks: Vec<Times>,
    pub warnings: Vec<&'static str>,
    pub can_check_in: bool,
    pub can_check_out: bool,
    pub can_cancel: bool,
}

/// From when until when.
#[derive(Debug, Clone, Copy, Serialize)]
#[expect(missing_docs, reason = "milliseconds")]
pub struct Times {
    pub from: i64,
    pub to: i64,
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

/// A shift on the roster; `near` are the shifts that bear on what is warned of.
#[must_use]
pub fn cell(row: &shift::Model, near: &[shift::Model], people: &People, config: &config::Shift, now: i64) -> Cell {
    let state = match row.state {
        ShiftState::Planned if row.ends_at <= now => CellState::Missed,
        ShiftState::Planned => CellState::Planned,
        ShiftState::Started => CellState::On,
        ShiftState::Ended => CellState::Ended,
        ShiftState::Cancelled => CellState::Cancelled,
        ShiftState::Absent => CellState::Absent,
    };
    let mut warned: Vec<&'static str> = Vec::new();
    if state == CellState::Planned {
        warned.extend(warnings(config, row, near).iter().map(|warning| match warning {
            Warning::Rest => "rest",
            Warning::Unbroken => "long",
            Warning::Alone => "alone",
            Warning::Severe => "severe",
        }));
        warned.extend((!can_be_worked(row, people)).then_some("gone"));
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
        draft: row.published_at.is_none(),
        breaks: breaks::of(row)
            .into_iter()
            .map(|(from, to)| Times { from, to })
            .collect(),
        warnings: warned,
        can_check_in: opens(config, row, now),
        can_check_out: state == CellState::On,
        can_cancel: matches!(state, CellState::Planned | CellState::Absent),
    }
}

/// The columns of a week.
#[must_use]
pub fn heads(week: Week, chosen: u32, now: i64) -> Vec<Head> {
    let today = Day::of(clock::from_ms(now));
    week.days()
        .iter()
        .map(|day| Head {
            weekday: day.date.weekday().number_from_monday(),
            chosen: day.date.weekday().number_from_monday() == chosen,
            day: day.date.day(),
            month: day.date.month(),
            today: *day == today,
            hours: day.hours(),
            odd: day.hours() != 24,
        })
        .collect()
}

/// The rows of a week, by pseudonym. A shift that began before Monday stands on Monday. `near` are those that bear on what is
/// warned of, also of the weeks before and after.
#[must_use]
pub fn rows(
    shifts: &[shift::Model],
    near: &[shift::Model],
    week: Week,
    people: &People,
    config: &config::Shift,
    now: i64,
) -> Vec<Row> {
    let mut who: Vec<PersonId> = shifts.iter().map(|row| row.person_id).collect();
    who.sort_unstable();
    who.dedup();
    let days = week.days();
    let mut rows: Vec<Row> = who
        .into_iter()
        .map(|person| {
            let mut cells: Vec<Vec<Cell>> = vec![Vec::new(); days.len()];
            for row in shifts.iter().filter(|row| row.person_id == person) {
                let begins = Day::of(clock::from_ms(row.starts_at));
                let place = days.iter().position(|day| *day == begins).unwrap_or(0);
                if let Some(day) = cells.get_mut(place) {
                    day.push(cell(row, near, people, config, now));
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
