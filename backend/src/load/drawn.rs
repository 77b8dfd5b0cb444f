//! What ads are expected to draw: the part of the forecast that is theirs, by campaign and by day.

use super::outlook::{HALF_MS, halves};
use super::planned;
use crate::app::App;
use crate::campaign::plan::Plans;
use crate::domain::lane::Lane;
use crate::forecast::AHEAD;
use crate::hourly::HOUR_MS;
use crate::store::Error;
use crate::store::entity::ad;

/// Fewer comments an hour than this are not worth telling.
const LEAST: f64 = 0.5;

/// The busiest hour that the ads of a campaign give a lane in the seven days ahead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak {
    /// The lane.
    pub lane: Lane,
    /// When the hour begins, in milliseconds.
    pub at: i64,
    /// Comments that the ads draw in it.
    pub comments: f64,
    /// People missing in it; none while nobody can tell.
    pub missing: Option<usize>,
}

/// The busiest hour of each lane that these ads draw comments to; nothing while there is no forecast.
///
/// # Errors
/// Any [`Error`].
pub async fn peaks(app: &App, ads: &[ad::Model], all: &Plans) -> Result<Vec<Peak>, Error> {
    let (now, own) = (app.now_ms(), Plans::of(ads.iter().cloned()));
    let mut peaks = Vec::new();
    for lane in Lane::ALL {
        let Some(outlook) = app.outlooks.of(*lane, now) else {
            continue;
        };
        let hours = outlook
            .hours
            .iter()
            .zip(outlook.hour..)
            .filter(|(_, hour)| (hour + 1) * HOUR_MS > now);
        let drawn = hours.filter_map(|(expected, hour)| {
            let reach = all.thousands(*lane, hour);
            let share = if reach > 0.0 {
                own.thousands(*lane, hour) / reach
            } else {
                0.0
            };
            let comments = expected.drawn * share;
            (comments >= LEAST).then_some((hour, comments))
        });
        let Some((hour, comments)) = drawn.max_by(|a, b| a.1.total_cmp(&b.1)) else {
            continue;
        };
        let at = hour * HOUR_MS;
        let load = app.board.load(*lane, now, app.config.lane.near_min);
        let needed = halves(app, &outlook, load.backlog + load.claimed, now, 2 * AHEAD)
            .ok()
            .and_then(|halves| {
                halves
                    .iter()
                    .filter(|half| half.at / HOUR_MS == hour)
                    .map(|half| half.need.needed())
                    .max()
            });
        let there = planned::people(app, *lane, &[at, at + HALF_MS])
            .await?
            .into_iter()
            .min()
            .unwrap_or(0);
        let missing = needed.map(|needed| usize::try_from(needed).unwrap_or(usize::MAX).saturating_sub(there));
        peaks.push(Peak {
            lane: *lane,
            at,
            comments,
            missing,
        });
    }
    Ok(peaks)
}

/// The most comments an hour that ads draw to a lane between two instants (milliseconds); none where nothing is drawn or known.
#[must_use]
pub fn most(app: &App, lane: Lane, from: i64, to: i64) -> Option<f64> {
    let outlook = app.outlooks.of(lane, app.now_ms())?;
    let hours = outlook.hours.iter().zip(outlook.hour..);
    let within = hours.filter(|(_, hour)| (from..to).contains(&(hour * HOUR_MS)));
    let most = within.map(|(expected, _)| expected.drawn).max_by(f64::total_cmp)?;
    (most >= LEAST).then_some(most)
}
