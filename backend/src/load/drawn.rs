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

#[cfg(test)]
mod tests {
    use super::{most, peaks};
    use crate::campaign::plan::{Plans, Run};
    use crate::campaign::save::{SaveAd, SaveCampaign, list, save};
    use crate::change::Actor;
    use crate::domain::lane::Lane;
    use crate::hourly::HOUR_MS;
    use crate::load::outlook::look_ahead;
    use crate::practice::Practice;

    /// A campaign with one ad of the practice's account.
    async fn campaign(desk: &Practice, name: &str, language: &str, reach: i64) {
        let from = desk.app.now_ms() + 3 * HOUR_MS;
        let ad = SaveAd {
            connector: "hand".to_owned(),
            external_id: name.to_owned(),
            title: None,
            language: Some(language.to_owned()),
            owner: None,
            run: Some(Run {
                starts_at: from,
                ends_at: from + 24 * HOUR_MS,
                reach,
            }),
        };
        let step = SaveCampaign {
            id: None,
            name: name.to_owned(),
            ads: vec![ad],
            posts: Vec::new(),
            by: Actor::Desk,
        };
        save(&desk.app, step).await.expect("a campaign");
    }

    #[actix_web::test]
    async fn what_ads_draw_is_shared_by_their_reach_told_per_lane_and_only_while_they_run() {
        let desk = Practice::start().await;
        let app = &desk.app;
        for number in 0..30 {
            desk.comment(&number.to_string()).await;
        }
        desk.advance_min(60);
        crate::hourly::keep::keep(app).await.expect("counted");
        campaign(&desk, "large", "ar", 3_000_000).await;
        campaign(&desk, "small", "ar", 1_000_000).await;
        assert!(most(app, Lane::Ar, 0, i64::MAX).is_none(), "nothing is known yet");
        look_ahead(app).await.expect("made");
        let all = Plans::read(app.db.reader()).await.expect("plans");
        let mut drawn = Vec::new();
        for campaign in list(app, 10, None).await.expect("campaigns") {
            let told = peaks(app, &campaign.ads, &all).await.expect("peaks");
            assert_eq!(told.len(), 1, "{told:?}");
            assert_eq!(told[0].lane, Lane::Ar);
            assert!(told[0].at >= app.now_ms() + 2 * HOUR_MS, "{told:?}");
            assert!(
                told[0].missing.is_some_and(|missing| missing > 0),
                "nobody is planned: {told:?}"
            );
            drawn.push(told[0].comments);
        }
        assert!(
            (drawn[1] / drawn[0] - 3.0).abs() < 1e-6,
            "the large one came first: {drawn:?}"
        );
        let now = app.now_ms();
        assert!(most(app, Lane::Ar, now, now + 2 * HOUR_MS).is_none(), "before they run");
        let together = most(app, Lane::Ar, now, now + 48 * HOUR_MS).expect("figures");
        assert!(together >= drawn[0] + drawn[1] - 1e-6, "{together} {drawn:?}");
        assert!(most(app, Lane::Sv, now, now + 48 * HOUR_MS).is_none(), "in Arabic only");
        assert!(peaks(app, &[], &all).await.expect("peaks").is_empty());
    }
}
