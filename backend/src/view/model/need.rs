//! Why a lane needs so many people: `pages/need`.

use serde::Serialize;

use super::shell::Shell;
use crate::domain::lane::Lane;
use crate::load::outlook::{Half, Outlook};
use crate::need::Assumed;

/// The page.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Page {
    pub shell: Shell,
    pub lane: Lane,
    pub lanes: &'static [Lane],
    pub why: Option<Why>,
    pub absurd: bool,
}

/// Inputs, assumptions and figures of a lane.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Why {
    pub made_at: i64,
    pub waiting: u32,
    pub known_h: usize,
    pub urgent: f64,
    pub handling_s: i64,
    pub measured: usize,
    pub left_out: usize,
    pub target: f64,
    pub within_s: i64,
    pub shrinkage: f64,
    pub level_by: i64,
    pub to_hold: u32,
    pub to_be_level: u32,
    pub needed: u32,
    pub on_shift: usize,
    pub rows: Vec<Row>,
}

/// One half hour.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Row {
    pub at: i64,
    pub expected: f64,
    pub low: f64,
    pub high: f64,
    pub to_hold: u32,
    pub to_be_level: u32,
    pub needed: u32,
    pub planned: usize,
    pub short: bool,
}

/// One decimal is as much as anybody can act on.
fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// The nearest whole number.
#[must_use]
pub fn whole(value: f64) -> i64 {
    format!("{value:.0}").parse().unwrap_or(0)
}

/// A half hour with the people planned in it.
#[must_use]
pub fn row(half: &Half, planned: usize) -> Row {
    let needed = half.need.needed();
    Row {
        at: half.at,
        expected: tenth(half.expected.mean),
        low: tenth(half.expected.low80),
        high: tenth(half.expected.high80),
        to_hold: half.need.to_hold,
        to_be_level: half.need.to_be_level,
        needed,
        planned,
        short: u32::try_from(planned).unwrap_or(u32::MAX) < needed,
    }
}

/// What the figures of a lane stand on.
#[must_use]
pub fn why(
    outlook: &Outlook,
    assumed: &Assumed,
    (waiting, on_shift): (u32, usize),
    level_by: i64,
    halves: &[Half],
    rows: Vec<Row>,
) -> Why {
    let now = halves.first().map(|half| half.need);
    Why {
        made_at: outlook.made_at,
        waiting,
        known_h: outlook.known_h,
        urgent: outlook.urgent,
        handling_s: whole(outlook.handling.seconds),
        measured: outlook.handling.measured,
        left_out: outlook.handling.left_out,
        target: assumed.target,
        within_s: whole(assumed.within_s),
        shrinkage: assumed.shrinkage,
        level_by,
        to_hold: now.map_or(0, |need| need.to_hold),
        to_be_level: now.map_or(0, |need| need.to_be_level),
        needed: now.map_or(0, |need| need.needed()),
        on_shift,
        rows,
    }
}
