//! What is ahead of each lane: arrivals as they are forecast, handling time as it is measured, people as they are needed.
//!
//! Made every few minutes from the hourly counts and the event table and kept in memory; what waits is read when it is
//! asked. Figures that have grown old are none: nobody is told that enough people are there by a forecast of yesterday.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Days, TimeDelta, TimeZone, Timelike};
use chrono_tz::Europe::Stockholm;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::claims;
use crate::app::App;
use crate::campaign::plan::Plans;
use crate::domain::lane::Lane;
use crate::forecast::{AHEAD, Ahead, Expected, LOOKED_AT, Past, forecast};
use crate::hourly::{ALL, HOUR_MS, of_week};
use crate::need::handling::{Handling, handling};
use crate::need::{Absurd, Assumed, Coming, Figures, figures};
use crate::store::Error;
use crate::store::entity::hourly;

/// Half an hour in milliseconds.
pub const HALF_MS: i64 = HOUR_MS / 2;
/// How long an outlook stands before it is made again, in milliseconds.
const STANDS_MS: i64 = 5 * 60_000;
/// After this long without a new one an outlook is none, in milliseconds.
const OLD_MS: i64 = 30 * 60_000;
/// Hours without a single comment in any lane that are taken for a desk that did not see, not for silence.
const BLIND_H: i64 = 12;
/// What is assumed of the urgent share weighs as much as so many comments.
const URGENT_WEIGHS: f64 = 50.0;
/// Share of comments assumed urgent without any.
const URGENT_ASSUMED: f64 = 0.05;
/// Half hours calculated ahead when only the present ones are asked for.
pub const NEAR: usize = 48;

/// What is ahead of one lane.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// The lane.
    pub lane: Lane,
    /// When it was made, in milliseconds.
    pub made_at: i64,
    /// The first hour forecast, counted from 1970: the one it was made in.
    pub hour: i64,
    /// Hour by hour.
    pub hours: Vec<Expected>,
    /// Hours of the past that it stands on.
    pub known_h: usize,
    /// How long a comment takes.
    pub handling: Handling,
    /// The part of the comments that is urgent.
    pub urgent: f64,
}

/// The outlook of every lane, kept.
#[derive(Debug, Default)]
pub struct Outlooks(RwLock<Option<Arc<Vec<Outlook>>>>);

impl Outlooks {
    /// The outlook of a lane; none before the first was made, none when it has grown old, and none in a desk's first hour:
    /// nothing known is not nothing to come.
    #[must_use]
    pub fn of(&self, lane: Lane, now: i64) -> Option<Outlook> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner).clone()?;
        kept.iter()
            .find(|one| one.lane == lane && now - one.made_at <= OLD_MS && one.made_at <= now && one.known_h > 0)
            .cloned()
    }

    fn stands(&self, now: i64) -> bool {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let made = kept.as_ref().and_then(|kept| kept.first()).map(|one| one.made_at);
        made.is_some_and(|made| (0..STANDS_MS).contains(&(now - made)) && made / HOUR_MS == now / HOUR_MS)
    }
}

/// Makes the outlooks anew, if they have stood long enough.
///
/// # Errors
/// Any [`Error`]; the old ones stand until they are too old.
pub async fn look_ahead(app: &App) -> Result<(), Error> {
    let now = app.now_ms();
    if app.outlooks.stands(now) {
        return Ok(());
    }
    let hour = now.div_euclid(HOUR_MS);
    let first = hour - i64::try_from(LOOKED_AT).unwrap_or(0);
    let counted: Vec<(Lane, i64, i64, i64)> = hourly::Entity::find()
        .select_only()
        .column(hourly::Column::Lane)
        .column(hourly::Column::Hour)
        .column_as(Expr::cust("CAST(SUM(\"arrived\") AS BIGINT)"), "arrived")
        .column_as(Expr::cust("CAST(SUM(\"urgent\") AS BIGINT)"), "pressing")
        .filter(hourly::Column::Narrative.eq(ALL))
        .filter(hourly::Column::Hour.gte(first))
        .filter(hourly::Column::Hour.lt(hour))
        .group_by(hourly::Column::Lane)
        .group_by(hourly::Column::Hour)
        .into_tuple()
        .all(app.db.reader())
        .await?;
    let lasted = claims::lasted(app).await?;
    let plans = Plans::read(app.db.reader()).await?;
    let assumed_s = f64::from(app.config.need.handling_s);
    let made = tokio::task::spawn_blocking(move || {
        let seen = seen(counted.iter().map(|(_, hour, _, _)| *hour), hour);
        let of = |lane: &Lane| {
            let known = Known {
                counted: &counted,
                seen: &seen,
                lasted: &lasted[lane.index()],
                plans: &plans,
            };
            of_lane(*lane, &known, assumed_s, now)
        };
        Lane::ALL.iter().map(of).collect::<Vec<_>>()
    })
    .await
    .map_err(|_| Error::inconsistent("the outlook could not be made"))?;
    *app.outlooks.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(made));
    Ok(())
}

/// Every hour from the first with a comment to the last before `hour`, and whether the desk saw in it.
fn seen(with_comments: impl Iterator<Item = i64>, hour: i64) -> Vec<(i64, bool)> {
    let mut heard: Vec<i64> = with_comments.collect();
    heard.sort_unstable();
    heard.dedup();
    let Some(first) = heard.first().copied() else {
        return Vec::new();
    };
    let mut seen: Vec<(i64, bool)> = (first..hour).map(|hour| (hour, true)).collect();
    heard.push(hour);
    for pair in heard.windows(2) {
        if pair[1] - pair[0] > BLIND_H {
            for (at, saw) in &mut seen {
                *saw &= *at <= pair[0] || *at >= pair[1];
            }
        }
    }
    seen
}

/// What is known of the past and planned.
struct Known<'a> {
    counted: &'a [(Lane, i64, i64, i64)],
    seen: &'a [(i64, bool)],
    lasted: &'a [f64],
    plans: &'a Plans,
}

fn of_lane(lane: Lane, known: &Known<'_>, assumed_s: f64, now: i64) -> Outlook {
    let hour = now.div_euclid(HOUR_MS);
    let mine: std::collections::HashMap<i64, (i64, i64)> = known
        .counted
        .iter()
        .filter(|(of, _, _, _)| *of == lane)
        .map(|(_, hour, arrived, urgent)| (*hour, (*arrived, *urgent)))
        .collect();
    let past: Vec<Past> = known
        .seen
        .iter()
        .map(|(hour, saw)| Past {
            of_week: of_week(*hour),
            count: saw.then(|| {
                mine.get(hour)
                    .map_or(0, |(arrived, _)| u32::try_from(*arrived).unwrap_or(u32::MAX))
            }),
            reach: known.plans.thousands(lane, *hour),
        })
        .collect();
    let ahead: Vec<Ahead> = (hour..)
        .take(AHEAD)
        .map(|hour| Ahead {
            of_week: of_week(hour),
            reach: known.plans.thousands(lane, hour),
        })
        .collect();
    let sum = |of: fn(&(i64, i64)) -> i64| {
        let sum: i64 = mine.values().map(of).sum();
        f64::from(u32::try_from(sum).unwrap_or(u32::MAX))
    };
    let (arrived, urgent) = (sum(|one| one.0), sum(|one| one.1));
    Outlook {
        lane,
        made_at: now,
        hour,
        hours: forecast(&past, &ahead),
        known_h: past.iter().filter(|hour| hour.count.is_some()).count(),
        handling: handling(known.lasted, assumed_s),
        urgent: (urgent + URGENT_ASSUMED * URGENT_WEIGHS) / (arrived + URGENT_WEIGHS),
    }
}

/// When the rest is to be worked off, in milliseconds: the next time the clock in Stockholm shows the hour of the settings.
#[must_use]
pub fn level_by(app: &App, now: i64) -> i64 {
    let hour = app.config.need.level_by_hour.min(23);
    let local = DateTime::from_timestamp_millis(now)
        .unwrap_or_default()
        .with_timezone(&Stockholm);
    let day = if local.hour() < hour {
        local.date_naive()
    } else {
        local
            .date_naive()
            .checked_add_days(Days::new(1))
            .unwrap_or(local.date_naive())
    };
    let wanted = day.and_hms_opt(hour, 0, 0).unwrap_or_default();
    // An hour that the clock skips is the one after it.
    let at = Stockholm.from_local_datetime(&wanted).earliest().or_else(|| {
        Stockholm
            .from_local_datetime(&(wanted + TimeDelta::hours(1)))
            .earliest()
    });
    at.map_or(now + 24 * HOUR_MS, |at| at.timestamp_millis())
}

/// What is assumed of the work in a lane.
#[must_use]
pub fn assumed(app: &App, outlook: &Outlook) -> Assumed {
    let need = &app.config.need;
    Assumed {
        handling_s: outlook.handling.seconds,
        target: f64::from(need.target_percent) / 100.0,
        within_s: f64::from(app.config.lane.sla_urgent_min) * 60.0,
        shrinkage: f64::from(need.shrinkage_percent) / 100.0,
    }
}

/// One half hour ahead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Half {
    /// When it begins, in milliseconds.
    pub at: i64,
    /// Comments expected in it.
    pub expected: Expected,
    /// People needed.
    pub need: Figures,
}

/// The half hours from the present one on, at most so many, and why there are none.
///
/// # Errors
/// [`Absurd`] when the settings or what was measured cannot be calculated with.
pub fn halves(app: &App, outlook: &Outlook, waiting: u32, now: i64, most: usize) -> Result<Vec<Half>, Absurd> {
    let first = now.div_euclid(HALF_MS);
    let expected: Vec<(i64, Expected)> = (first..)
        .take(most)
        .map_while(|half| {
            let after = usize::try_from(half * HALF_MS / HOUR_MS - outlook.hour).ok()?;
            Some((half * HALF_MS, halved(outlook.hours.get(after)?)))
        })
        .collect();
    let until = level_by(app, now);
    let coming = Coming {
        assumed: assumed(app, outlook),
        waiting,
        arrivals: expected.iter().map(|(_, expected)| expected.mean).collect(),
        urgent: outlook.urgent,
        level_in: expected.iter().take_while(|(at, _)| *at < until).count(),
    };
    let needs = figures(&coming)?;
    Ok(expected
        .into_iter()
        .zip(needs)
        .map(|((at, expected), need)| Half { at, expected, need })
        .collect())
}

/// What is expected of half the hour. Bands of half an hour are wider for their size: chance evens out less.
fn halved(hour: &Expected) -> Expected {
    let mean = hour.mean / 2.0;
    let edge = |edge: f64| (mean + (edge - hour.mean) / std::f64::consts::SQRT_2).max(0.0);
    Expected {
        mean,
        low50: edge(hour.low50),
        high50: edge(hour.high50),
        low80: edge(hour.low80),
        high80: edge(hour.high80),
        drawn: hour.drawn / 2.0,
    }
}

/// People needed in a lane now; none while nobody can tell.
#[must_use]
pub fn needed_now(app: &App, lane: Lane, waiting: u32, now: i64) -> Option<Figures> {
    let outlook = app.outlooks.of(lane, now)?;
    let halves = halves(app, &outlook, waiting, now, NEAR).ok()?;
    halves.first().map(|half| half.need)
}

#[cfg(test)]
mod tests {
    use super::{halves, level_by, look_ahead, needed_now, seen};
    use crate::domain::lane::Lane;
    use crate::hourly::HOUR_MS;
    use crate::practice::Practice;

    #[test]
    fn a_silent_night_is_silence_and_a_silent_day_is_a_desk_that_did_not_see() {
        let night = seen([100, 101, 110].into_iter(), 112);
        assert!(night.len() == 12 && night.iter().all(|(_, saw)| *saw), "{night:?}");
        let blind = seen([100, 101, 130].into_iter(), 132);
        let unseen: Vec<i64> = blind.iter().filter(|(_, saw)| !saw).map(|(hour, _)| *hour).collect();
        assert_eq!(unseen, (102..130).collect::<Vec<_>>());
        assert!(seen([].into_iter(), 5).is_empty());
    }

    #[actix_web::test]
    async fn the_lane_is_to_be_level_at_the_next_evening_in_stockholm_also_when_clocks_change() {
        let desk = Practice::start().await;
        let at = |text: &str| {
            text.parse::<chrono::DateTime<chrono::Utc>>()
                .expect("an instant")
                .timestamp_millis()
        };
        let by = |now: &str| level_by(&desk.app, at(now));
        assert_eq!(by("2026-11-23T07:00:00Z"), at("2026-11-23T19:00:00Z"));
        assert_eq!(by("2026-11-23T19:00:00Z"), at("2026-11-24T19:00:00Z"));
        assert_eq!(
            by("2026-10-24T18:30:00Z"),
            at("2026-10-25T19:00:00Z"),
            "the night of 25 hours"
        );
        assert_eq!(
            by("2026-03-28T20:00:00Z"),
            at("2026-03-29T18:00:00Z"),
            "the night of 23 hours"
        );
    }

    #[actix_web::test]
    async fn people_are_needed_for_what_waits_and_nobody_is_told_by_an_old_outlook() {
        let desk = Practice::start().await;
        let app = &desk.app;
        assert_eq!(needed_now(app, Lane::Ar, 5, app.now_ms()), None, "nothing was made yet");
        for number in 0..30 {
            desk.comment(&number.to_string()).await;
        }
        desk.advance_min(60);
        crate::hourly::keep::keep(app).await.expect("counted");
        look_ahead(app).await.expect("made");
        let now = app.now_ms();
        let few = needed_now(app, Lane::Ar, 30, now).expect("figures");
        let many = needed_now(app, Lane::Ar, 3_000, now).expect("figures");
        assert!(
            few.needed() >= 1 && many.to_be_level > few.to_be_level,
            "{few:?} {many:?}"
        );
        let outlook = app.outlooks.of(Lane::Ar, now).expect("an outlook");
        assert_eq!((outlook.known_h, outlook.handling.measured), (1, 0));
        let ahead = halves(app, &outlook, 30, now, 16).expect("half hours");
        assert_eq!(ahead.len(), 16);
        assert!(ahead[0].expected.mean > 1.0, "{:?}", ahead[0]);
        desk.advance_min(31);
        assert_eq!(needed_now(app, Lane::Ar, 30, app.now_ms()), None, "too old");
        assert!(
            app.outlooks.of(Lane::Ar, now - HOUR_MS).is_none(),
            "the clock was moved back"
        );
    }
}
