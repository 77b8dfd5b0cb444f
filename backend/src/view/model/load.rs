//! The load wall: `pages/load`. Its tiles are those that are pushed; nothing here knows the viewer.

use serde::Serialize;

use super::channel::Channel;
use super::chart::Chart;
use super::named;
use super::narrative::{Label, labels};
use super::need::whole;
use super::shell::Shell;
use crate::domain::id::WaveId;
use crate::domain::lane::Lane;
use crate::domain::platform::Platform;
use crate::forecast::Expected;
use crate::load::Tile;
use crate::wave::note::times;
use crate::wave::show::Told;

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
    pub ahead: Vec<Ahead>,
    pub charts: Vec<Chart>,
    pub waves: Waves,
}

/// `parts/waves`: every open wave.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Waves {
    pub waves: Vec<Wave>,
}

/// One wave.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Wave {
    pub id: WaveId,
    pub lane: Lane,
    pub label: Label,
    pub platform: Option<Platform>,
    pub times: Option<f64>,
    pub since: i64,
    pub came: i32,
    pub has_reply: bool,
    pub examples: Vec<Example>,
}

/// A comment of a wave, masked.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Example {
    pub text: String,
    pub lang: String,
}

/// Waves as they are shown.
#[must_use]
pub fn waves(told: Vec<Told>) -> Waves {
    let wave = |told: Told| {
        let label = labels(vec![told.row.narrative.clone()]).pop()?;
        Some(Wave {
            id: told.row.id,
            lane: told.row.lane,
            label,
            platform: told.row.platform,
            times: times(&told.row),
            since: told.row.since,
            came: told.row.came,
            has_reply: told.has_reply,
            examples: told
                .examples
                .into_iter()
                .map(|one| Example {
                    text: one.text,
                    lang: named(&one.language).to_owned(),
                })
                .collect(),
        })
    };
    Waves {
        waves: told.into_iter().filter_map(wave).collect(),
    }
}

/// One hour ahead, by lane.
#[derive(Debug, Clone, Serialize)]
pub struct Ahead {
    /// When it begins, in milliseconds.
    pub at: i64,
    /// By lane; none while nobody can tell.
    pub lanes: Vec<Option<Due>>,
}

/// What is due in one lane in one hour: its first half hour's people for the whole of it.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Due {
    pub expected: i64,
    pub low: i64,
    pub high: i64,
    pub needed: u32,
    pub planned: usize,
    pub short: bool,
}

/// What is due in an hour.
#[must_use]
pub fn due(expected: &Expected, needed: u32, planned: usize) -> Due {
    Due {
        expected: whole(expected.mean),
        low: whole(expected.low80),
        high: whole(expected.high80),
        needed,
        planned,
        short: u32::try_from(planned).unwrap_or(u32::MAX) < needed,
    }
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
