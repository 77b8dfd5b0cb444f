//! Counts by the hour: what came in, and what became of it. Forecast, waves, insight and reports read them, never the
//! comments themselves.
//!
//! An hour is that in which a comment reached the desk, which its identifier tells (RFC 9562), so that it never moves to
//! another. The counts follow the event table beside intake: hours with comments that something happened to are counted
//! again, by one statement, and replaced as a whole together with the number of the last event looked at. A row is
//! therefore always what a recount of the comments gives, however the desk ended in between, and intake writes nothing.

mod count;
pub mod daily;
pub mod keep;

use chrono::{DateTime, Datelike, Timelike};
use chrono_tz::Europe::Stockholm;
use uuid::Uuid;

pub use count::{Counts, count};

use crate::domain::id::CommentId;
use crate::domain::tag::{Class, Flag};

/// Milliseconds in an hour.
pub const HOUR_MS: i64 = 3_600_000;

/// The narrative of rows that count every comment once.
pub const ALL: &str = "";

/// Upper ends of the times to answer that are counted apart, in minutes; the last kind is everything longer.
pub const WITHIN_MIN: [i64; 8] = [5, 15, 30, 60, 120, 240, 480, 1_440];

/// The instant, in milliseconds, at which a comment reached the desk.
#[must_use]
pub fn ms_of(comment: CommentId) -> i64 {
    // The first 48 bits of a version 7 identifier are milliseconds.
    i64::try_from(comment.0.as_u128() >> 80).unwrap_or(i64::MAX)
}

/// The hour, counted from 1970, in which a comment reached the desk.
#[must_use]
pub fn hour_of(comment: CommentId) -> i64 {
    ms_of(comment) / HOUR_MS
}

/// The place of an hour, counted from 1970, in the local week: 0 is Monday, midnight to one.
#[must_use]
pub fn of_week(hour: i64) -> usize {
    let local = DateTime::from_timestamp_millis(hour.saturating_mul(HOUR_MS))
        .unwrap_or_default()
        .with_timezone(&Stockholm);
    let at = local.weekday().num_days_from_monday() * 24 + local.hour();
    usize::try_from(at).unwrap_or(0)
}

/// The smallest identifier of a comment that reaches the desk at this instant (milliseconds).
#[must_use]
pub fn first_of(at: i64) -> CommentId {
    CommentId(Uuid::from_u128(u128::try_from(at).unwrap_or(0) << 80))
}

/// The narratives among the labels of a comment: what is no class and no flag.
pub fn narratives(labels: &str) -> impl Iterator<Item = &str> {
    labels
        .split('|')
        .filter(|key| !key.is_empty() && key.parse::<Class>().is_err() && key.parse::<Flag>().is_err())
}

#[cfg(test)]
mod tests {
    use super::{HOUR_MS, first_of, hour_of, narratives, of_week};
    use crate::domain::id::{CommentId, IdMaker};

    #[test]
    fn an_identifier_tells_its_hour() {
        let at: chrono::DateTime<chrono::Utc> = "2026-11-23T07:59:59.999Z".parse().expect("an instant");
        let id: CommentId = IdMaker::default().make(at);
        let hour = crate::clock::ms(at) / HOUR_MS;
        assert_eq!(hour_of(id), hour);
        assert!(id >= first_of(hour * HOUR_MS) && id < first_of((hour + 1) * HOUR_MS));
    }

    #[test]
    fn an_hour_has_its_place_in_the_local_week_also_when_the_clock_is_moved() {
        let hour = |at: &str| {
            at.parse::<chrono::DateTime<chrono::Utc>>()
                .expect("an instant")
                .timestamp()
                / 3_600
        };
        assert_eq!(of_week(hour("2026-11-23T07:00:00Z")), 8);
        assert_eq!(
            of_week(hour("2026-07-12T22:00:00Z")),
            0,
            "Monday begins two hours earlier in summer"
        );
        // 25 October 2026: the hour from two to three is twice.
        let night: Vec<usize> = (0..4)
            .map(|more| of_week(hour("2026-10-24T23:00:00Z") + more))
            .collect();
        assert_eq!(night, [145, 146, 146, 147]);
    }

    #[test]
    fn classes_and_flags_are_no_narratives() {
        let found: Vec<&str> = narratives("|abuse-in-care|spam|child-at-risk|a-new-one|").collect();
        assert_eq!(found, ["abuse-in-care", "a-new-one"]);
        assert_eq!(narratives("|").count(), 0);
    }
}
