//! Load per lane, live: kept from committed events, so that reading it costs nothing however long the lanes are.

use serde::Serialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::clock;
use crate::domain::lane::Lane;
use crate::lane::item::rfc3339;

pub mod board;
pub mod claims;
pub mod drawn;
pub mod outlook;
pub mod planned;
pub mod push;
pub mod puts;
pub mod watch;

pub use watch::LoadState;

/// The load of one lane, as pages and API show it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tile {
    /// The lane.
    pub lane: Lane,
    /// How it stands against the thresholds.
    pub state: LoadState,
    /// Since when it calls for action or attention, in milliseconds; none while it is balanced or idle.
    pub since: Option<i64>,
    /// Open comments.
    pub backlog: u32,
    /// Claimed comments.
    pub claimed: u32,
    /// Escalated comments.
    pub escalated: u32,
    /// Seconds the oldest open comment has waited.
    pub oldest_s: Option<i64>,
    /// Comments per minute over the last five minutes.
    pub arrivals_per_min: f64,
    /// Open comments close to their deadline.
    pub near_limit: u32,
    /// Open comments past their deadline.
    pub overdue: u32,
    /// People checked in.
    pub on_shift: usize,
    /// People needed, the larger of the two figures that follow; none while the desk cannot tell.
    pub needed: Option<u32>,
    /// People needed to hold the answering time of urgent comments.
    pub to_hold: Option<u32>,
    /// People needed to be level in the evening.
    pub to_be_level: Option<u32>,
    /// When that is, in milliseconds.
    pub level_by: i64,
    /// People missing.
    pub missing: u32,
    /// When this was so, in milliseconds.
    pub at: i64,
}

/// The load of every lane now.
#[must_use]
pub fn tiles(app: &App) -> Vec<Tile> {
    let now = clock::ms(app.clock.now());
    let level_by = outlook::level_by(app, now);
    Lane::ALL
        .iter()
        .map(|lane| {
            let load = app.board.load(*lane, now, app.config.lane.near_min);
            let on_shift = app.duty.in_lane(*lane).len();
            let waiting = load.backlog + load.claimed;
            let need = outlook::needed_now(app, *lane, waiting, now);
            let missing = need.map_or(0, |need| {
                need.needed()
                    .saturating_sub(u32::try_from(on_shift).unwrap_or(u32::MAX))
            });
            let state = watch::state(&app.config.load, &load, on_shift).with_missing(missing);
            let since = app.watch.since(*lane, state, now);
            Tile {
                lane: *lane,
                state,
                since: matches!(state, LoadState::Act | LoadState::Watch).then_some(since),
                backlog: load.backlog,
                claimed: load.claimed,
                escalated: load.escalated,
                oldest_s: load.oldest_wait_ms.map(|ms| ms / 1000),
                arrivals_per_min: load.arrivals_per_min,
                near_limit: load.near,
                overdue: load.overdue,
                on_shift,
                needed: need.map(|need| need.needed()),
                to_hold: need.map(|need| need.to_hold),
                to_be_level: need.map(|need| need.to_be_level),
                level_by,
                missing,
                at: now,
            }
        })
        .collect()
}

/// The load of every lane as the API and the stream tell it.
#[must_use]
pub fn view(app: &App) -> Value {
    view_of(app, &tiles(app))
}

fn view_of(app: &App, tiles: &[Tile]) -> Value {
    let lanes: Vec<Value> = tiles
        .iter()
        .map(|tile| {
            json!({
                "lane": tile.lane,
                "state": tile.state,
                "since": tile.since.map(rfc3339),
                "arrivals_per_min": tile.arrivals_per_min,
                "backlog": tile.backlog,
                "claimed": tile.claimed,
                "escalated": tile.escalated,
                "oldest_wait_s": tile.oldest_s,
                "near_sla": tile.near_limit,
                "overdue": tile.overdue,
                "on_shift": tile.on_shift,
                "needed": tile.needed,
                "to_hold": tile.to_hold,
                "to_be_level": tile.to_be_level,
            })
        })
        .collect();
    let at = tiles.first().map(|tile| rfc3339(tile.at));
    json!({ "at": at, "near_min": app.config.lane.near_min, "lanes": lanes })
}
