//! How many comments come to a lane in the hours ahead, with bands.
//!
//! Expected arrivals of an hour are `shape(hour of the week) x (level + pull x reach)`: a weekly shape, the recent level,
//! and what ads that run in that hour draw per thousand people reached. The shape comes from up to eight weeks
//! ([`shape`]), the level from how well slow and quick averages would have done lately ([`level`]), the bands from how
//! far such forecasts were off ([`bands`]): they are measured, not assumed.
//!
//! Pure: hours are given with their place in the week in the desk's time zone, so days of 23 and 25 hours come right
//! without being known here. Hours of which nothing is known (the desk was down) are left out, not counted as none.

mod bands;
mod level;
mod shape;

use self::bands::Bands;
use self::level::Level;
use self::shape::Shape;

/// Hours in a week.
pub const WEEK: usize = 168;
/// Hours of the past that are looked at, the last ones.
pub const LOOKED_AT: usize = 8 * WEEK;
/// Hours that can be forecast, the next ones.
pub const AHEAD: usize = WEEK;

/// An hour that has passed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Past {
    /// Place in the local week: 0 is Monday, midnight to one.
    pub of_week: usize,
    /// Comments that came; none when nobody can know.
    pub count: Option<u32>,
    /// Thousands of people whom the ads running in this hour reach per day.
    pub reach: f64,
}

/// An hour to come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ahead {
    /// Place in the local week.
    pub of_week: usize,
    /// Thousands of people whom the ads planned for this hour reach per day.
    pub reach: f64,
}

/// What is expected of an hour, in comments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expected {
    /// On average.
    pub mean: f64,
    /// Half of the hours end at or above this and at or below [`high50`](Self::high50).
    pub low50: f64,
    /// Upper end of the same band.
    pub high50: f64,
    /// Four of five hours end at or above this and at or below [`high80`](Self::high80).
    pub low80: f64,
    /// Upper end of the same band.
    pub high80: f64,
    /// The part of the mean that ads draw.
    pub drawn: f64,
}

/// The hours ahead, and how counts have varied.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// Hour by hour.
    pub hours: Vec<Expected>,
    /// Variance of counts over their mean, as measured on the next hours' forecasts: 1 where they come by chance alone.
    pub dispersion: f64,
}

/// The hours ahead, at most [`AHEAD`], from the hours that have passed, oldest first and without gaps in the sequence.
#[must_use]
pub fn forecast(past: &[Past], ahead: &[Ahead]) -> Vec<Expected> {
    outlook(past, ahead).hours
}

/// The same, and how counts have varied.
#[must_use]
pub fn outlook(past: &[Past], ahead: &[Ahead]) -> Outlook {
    let past = &past[past.len().saturating_sub(LOOKED_AT)..];
    let past: Vec<Past> = past.iter().map(sane).collect();
    let shape = Shape::of(&past);
    let level = Level::of(&past, &shape);
    let bands = Bands::of(&past, &shape, &level);
    let hours = ahead
        .iter()
        .take(AHEAD)
        .enumerate()
        .map(|(at, hour)| {
            let drawn = shape.expected(hour.of_week, 0.0, plain(hour.reach));
            let mean = shape.expected(hour.of_week, level.at(at), plain(hour.reach));
            bands.around(at, mean, drawn)
        })
        .collect();
    Outlook {
        hours,
        dispersion: bands.dispersion,
    }
}

/// What outside figures must not do: be no number, be below zero, lie outside the week.
fn sane(hour: &Past) -> Past {
    Past {
        of_week: hour.of_week % WEEK,
        count: hour.count,
        reach: plain(hour.reach),
    }
}

fn plain(reach: f64) -> f64 {
    if reach.is_finite() { reach.max(0.0) } else { 0.0 }
}

/// A count as a number to calculate with.
fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::{Ahead, Expected, Past, WEEK, forecast};

    fn week(reach: f64) -> Vec<Ahead> {
        (0..WEEK).map(|of_week| Ahead { of_week, reach }).collect()
    }

    /// So many weeks of hours by a rule.
    fn past(weeks: usize, count: impl Fn(usize) -> Option<u32>) -> Vec<Past> {
        (0..weeks * WEEK)
            .map(|at| Past {
                of_week: at % WEEK,
                count: count(at),
                reach: 0.0,
            })
            .collect()
    }

    fn sums(expected: &[Expected]) -> f64 {
        expected.iter().map(|hour| hour.mean).sum()
    }

    fn all_plain(expected: &[Expected]) -> bool {
        expected.iter().all(|hour| {
            let order = [0.0, hour.low80, hour.low50, hour.high50, hour.high80];
            order.iter().all(|edge| edge.is_finite()) && order.is_sorted() && hour.mean.is_finite()
        })
    }

    #[test]
    fn a_weekly_pattern_is_continued() {
        let by_day = |at: usize| if at % 24 < 8 { 2 } else { 20 };
        let ahead = forecast(&past(6, |at| Some(by_day(at))), &week(0.0));
        assert_eq!(ahead.len(), WEEK);
        assert!((ahead[3].mean - 2.0).abs() < 1.0, "{:?}", ahead[3]);
        assert!((ahead[12].mean - 20.0).abs() < 2.0, "{:?}", ahead[12]);
        assert!(all_plain(&ahead));
    }

    #[test]
    fn one_day_of_history_starts_with_its_own_level() {
        let day: Vec<Past> = past(1, |_| Some(12)).into_iter().take(24).collect();
        let ahead = forecast(&day, &week(0.0));
        let sum = sums(&ahead[..24]);
        assert!((200.0..400.0).contains(&sum), "288 came in the day known: {sum}");
        assert!(all_plain(&ahead));
        assert!(
            ahead[30].high80 - ahead[30].low80 > 6.0,
            "little is known, the band is wide: {:?}",
            ahead[30]
        );
    }

    #[test]
    fn without_any_history_nothing_is_expected_and_nothing_breaks() {
        for past in [vec![], past(1, |_| None)] {
            let ahead = forecast(&past, &week(0.0));
            assert!(all_plain(&ahead) && sums(&ahead) < 1e-9);
        }
        let advertised = forecast(&[], &week(100.0));
        assert!(
            all_plain(&advertised) && sums(&advertised) > 1.0,
            "an ad draws comments on the first day"
        );
        assert!(forecast(&[], &[]).is_empty());
    }

    #[test]
    fn a_hole_is_left_out_and_not_counted_as_none() {
        let holes = past(6, |at| if at > 500 && at < 700 { None } else { Some(10) });
        let ahead = forecast(&holes, &week(0.0));
        assert!(
            (sums(&ahead) / number_of(ahead.len()) - 10.0).abs() < 0.5,
            "{}",
            sums(&ahead)
        );
        let just_now = past(6, |at| if at >= 6 * WEEK - 30 { None } else { Some(10) });
        let ahead = forecast(&just_now, &week(0.0));
        assert!(
            (sums(&ahead) / number_of(ahead.len()) - 10.0).abs() < 0.5,
            "{}",
            sums(&ahead)
        );
    }

    fn number_of(count: usize) -> f64 {
        super::number(count)
    }

    #[test]
    fn what_ads_drew_before_is_expected_of_the_next() {
        let mut hours = past(8, |_| Some(10));
        for hour in &mut hours[700..800] {
            hour.reach = 50.0;
            hour.count = Some(30);
        }
        let (with, without) = (forecast(&hours, &week(50.0)), forecast(&hours, &week(0.0)));
        let more = (sums(&with) - sums(&without)) / number_of(WEEK);
        assert!((12.0..24.0).contains(&more), "20 more an hour were drawn: {more}");
        assert!((sums(&without) / number_of(WEEK) - 10.0).abs() < 1.5);
    }

    #[test]
    fn a_new_level_is_followed_within_a_day() {
        let ahead = forecast(
            &past(6, |at| Some(if at < 6 * WEEK - 24 { 10 } else { 40 })),
            &week(0.0),
        );
        assert!(ahead[0].mean > 25.0, "{:?}", ahead[0]);
    }

    #[test]
    fn absurd_hours_do_no_harm() {
        let mut hours = past(2, |_| Some(u32::MAX));
        hours[3].reach = f64::NAN;
        hours[4].reach = -1e300;
        hours[5].of_week = 99_999;
        let odd = [Ahead {
            of_week: 7_777,
            reach: f64::INFINITY,
        }];
        assert!(all_plain(&forecast(&hours, &odd)));
    }
}
