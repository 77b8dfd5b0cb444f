//! The load wall: `pages/load`. Its tiles are those that are pushed; nothing here knows the viewer.

use serde::Serialize;

use super::channel::Channel;
use super::shell::Shell;
use crate::domain::lane::Lane;
use crate::load::Tile;

/// Milliseconds of an hour.
pub const HOUR_MS: i64 = 3_600_000;
/// Shades of the table of hours.
const SHADES: i64 = 8;

/// The page.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Page {
    pub shell: Shell,
    pub wall: bool,
    pub seq: i64,
    pub tiles: Vec<Tile>,
    pub channels: Vec<Channel>,
    pub lanes: &'static [Lane],
    pub hours: Vec<Hour>,
}

/// What came in during one hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hour {
    /// When it began, in milliseconds.
    pub at: i64,
    /// By lane.
    pub arrivals: Vec<Arrivals>,
}

/// What came in to one lane in one hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Arrivals {
    /// How many comments.
    pub count: i64,
    /// How dark the cell is, 1–8; the number stands in it.
    pub heat: i64,
}

/// A tile as it is shown: nobody acts on the seconds of a wait of minutes.
#[must_use]
pub fn shown(tile: Tile) -> Tile {
    Tile {
        oldest_s: tile.oldest_s.map(|s| if s < 60 { s } else { s - s % 60 }),
        ..tile
    }
}

/// The hour of `now` and those before it, the latest first, from counts by lane and hour since 1970.
#[must_use]
pub fn hours(counted: &[(Lane, i64, i64)], now: i64, how_many: i64) -> Vec<Hour> {
    let last = now.div_euclid(HOUR_MS);
    let most = counted.iter().map(|(_, _, count)| *count).max().unwrap_or(0).max(1);
    (0..how_many)
        .map(|back| {
            let hour = last - back;
            let arrivals = Lane::ALL
                .iter()
                .map(|lane| {
                    let count = counted
                        .iter()
                        .find(|(of, at, _)| of == lane && *at == hour)
                        .map_or(0, |(_, _, count)| *count);
                    let heat = 1 + (count * (SHADES - 1) + most / 2) / most;
                    Arrivals { count, heat }
                })
                .collect();
            Hour {
                at: hour * HOUR_MS,
                arrivals,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Arrivals, HOUR_MS, hours};
    use crate::domain::lane::Lane;

    #[test]
    fn the_busiest_hour_is_the_darkest_and_an_hour_without_anything_is_there() {
        let hours = hours(&[(Lane::Ar, 10, 70), (Lane::Sv, 9, 35)], 10 * HOUR_MS + 5, 3);
        assert_eq!(
            hours.iter().map(|hour| hour.at / HOUR_MS).collect::<Vec<_>>(),
            [10, 9, 8]
        );
        assert_eq!(hours[0].arrivals[0], Arrivals { count: 70, heat: 8 });
        assert_eq!(hours[1].arrivals[1], Arrivals { count: 35, heat: 5 });
        assert!(hours[2].arrivals.iter().all(|one| one.count == 0 && one.heat == 1));
    }

    #[test]
    fn a_silent_night_is_drawn_too() {
        assert!(hours(&[], 0, 6).iter().all(|hour| hour.arrivals.len() == 4));
    }
}
