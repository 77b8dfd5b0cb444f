//! When a tile is put to the pages: a change after a quiet while at once, under a flood every five seconds, and without any
//! change often enough for a wall to know that its figures live.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::Tile;
use crate::domain::lane::Lane;

/// Least time between two changes of a tile that are put, in milliseconds.
const CHANGES_MS: i64 = 5_000;
/// A tile without a change is put after so long, in milliseconds. A page takes one of a minute for stale.
const ALIVE_MS: i64 = 15_000;

#[derive(Debug)]
struct Put {
    changed_at: i64,
    at: i64,
    tile: Tile,
}

/// What was put last, and when.
#[derive(Debug, Default)]
pub struct Puts(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    tiles: HashMap<Lane, Put>,
    beat_at: Option<i64>,
}

/// The tile without what time alone changes: were the rate's fading put as a change, the next comment would wait for five
/// seconds behind it.
fn still(tile: &Tile) -> Tile {
    Tile {
        at: 0,
        oldest_s: tile.oldest_s.map(|_| 0),
        arrivals_per_min: 0.0,
        ..tile.clone()
    }
}

impl Puts {
    /// The tiles that are to be put now; they are remembered as put. Also whether five seconds have passed since what
    /// stands beside the tiles was put.
    pub fn due(&self, now: i64, tiles: Vec<Tile>) -> (Vec<Tile>, bool) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was moved back must not silence the wall.
        let passed = |since: i64, ms: i64| now < since || now - since >= ms;
        let mut due = Vec::new();
        for tile in tiles {
            let known = kept.tiles.get(&tile.lane);
            let changed =
                known.is_none_or(|put| passed(put.changed_at, CHANGES_MS) && still(&put.tile) != still(&tile));
            if !changed && known.is_some_and(|put| !passed(put.at, ALIVE_MS)) {
                continue;
            }
            let changed_at = known.filter(|_| !changed).map_or(now, |put| put.changed_at);
            let put = Put {
                changed_at,
                at: now,
                tile: tile.clone(),
            };
            kept.tiles.insert(tile.lane, put);
            due.push(tile);
        }
        let beat = kept.beat_at.is_none_or(|at| passed(at, CHANGES_MS));
        if beat {
            kept.beat_at = Some(now);
        }
        (due, beat)
    }
}

#[cfg(test)]
mod tests {
    use super::Puts;
    use crate::domain::lane::Lane;
    use crate::load::{LoadState, Tile};

    fn tile(backlog: u32, at: i64) -> Tile {
        Tile {
            lane: Lane::Ar,
            state: LoadState::Ok,
            since: None,
            backlog,
            claimed: 0,
            escalated: 0,
            oldest_s: Some(at / 1_000),
            arrivals_per_min: 0.0,
            near_limit: 0,
            overdue: 0,
            on_shift: 1,
            needed: None,
            to_hold: None,
            to_be_level: None,
            level_by: 0,
            missing: 0,
            at,
        }
    }

    fn put_at(puts: &Puts, now: i64, backlog: u32) -> usize {
        puts.due(now, vec![tile(backlog, now)]).0.len()
    }

    #[test]
    fn a_change_after_a_quiet_while_is_put_at_once_also_right_after_a_sign_of_life() {
        let puts = Puts::default();
        assert_eq!(put_at(&puts, 0, 1), 1, "the first");
        let quiet: usize = (1..=40).map(|half| put_at(&puts, half * 500, 1)).sum();
        assert_eq!(quiet, 1, "one sign of life in twenty seconds");
        assert_eq!(put_at(&puts, 20_500, 2), 1, "a comment came");
    }

    #[test]
    fn a_fading_rate_does_not_hold_the_next_change_back() {
        let puts = Puts::default();
        assert_eq!(put_at(&puts, 0, 1), 1, "the first");
        let faded = Tile {
            arrivals_per_min: 0.2,
            ..tile(1, 9_000)
        };
        assert_eq!(
            puts.due(9_000, vec![faded]).0.len(),
            0,
            "it comes with the next sign of life"
        );
        assert_eq!(put_at(&puts, 9_500, 2), 1, "a comment came");
    }

    #[test]
    fn under_a_flood_a_tile_is_put_every_five_seconds() {
        let puts = Puts::default();
        let flood: usize = (0..600_u32)
            .map(|tenth| put_at(&puts, i64::from(tenth) * 100, tenth))
            .sum();
        assert_eq!(flood, 12, "sixty seconds");
    }

    #[test]
    fn what_stands_beside_the_tiles_is_put_every_five_seconds_and_a_clock_moved_back_silences_nothing() {
        let puts = Puts::default();
        let beats = (0..40).filter(|half| puts.due(half * 500, Vec::new()).1).count();
        assert_eq!(beats, 4);
        assert_eq!(put_at(&puts, 1_000_000, 1), 1);
        assert_eq!(put_at(&puts, 10, 1), 1);
    }
}
