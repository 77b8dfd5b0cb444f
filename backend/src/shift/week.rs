//! Weeks and days as the roster shows them: ISO 8601 weeks in Swedish time. A day has 23, 24 or 25 hours.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Europe::Stockholm;

/// An ISO 8601 week, written `2026-W48`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Week {
    /// Its Monday.
    monday: NaiveDate,
}

/// The word is no week.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no week; write it like 2026-W48")]
pub struct NoWeek(pub String);

impl Week {
    /// The week in Sweden at an instant.
    #[must_use]
    pub fn of(at: DateTime<Utc>) -> Self {
        let day = at.with_timezone(&Stockholm).date_naive();
        let back = u64::from(day.weekday().num_days_from_monday());
        Self {
            monday: day.checked_sub_days(Days::new(back)).unwrap_or(day),
        }
    }

    /// Its number, 1–53.
    #[must_use]
    pub fn number(self) -> u32 {
        self.monday.iso_week().week()
    }

    /// The week before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self {
            monday: self.monday.checked_sub_days(Days::new(7)).unwrap_or(self.monday),
        }
    }

    /// The week after.
    #[must_use]
    pub fn next(self) -> Self {
        Self {
            monday: self.monday.checked_add_days(Days::new(7)).unwrap_or(self.monday),
        }
    }

    /// Its seven days, Monday first.
    #[must_use]
    pub fn days(self) -> [Day; 7] {
        [0, 1, 2, 3, 4, 5, 6].map(|number| Day {
            date: self.monday.checked_add_days(Days::new(number)).unwrap_or(self.monday),
        })
    }

    /// Its first instant.
    #[must_use]
    pub fn start(self) -> DateTime<Utc> {
        midnight(self.monday)
    }

    /// The first instant after it.
    #[must_use]
    pub fn end(self) -> DateTime<Utc> {
        self.next().start()
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let week = self.monday.iso_week();
        write!(f, "{:04}-W{:02}", week.year(), week.week())
    }
}

impl FromStr for Week {
    type Err = NoWeek;

    fn from_str(word: &str) -> Result<Self, NoWeek> {
        let no = || NoWeek(word.chars().take(20).collect());
        let (year, number) = word.split_once("-W").ok_or_else(no)?;
        let digits = |part: &str| part.bytes().all(|sign| sign.is_ascii_digit());
        if year.len() != 4 || number.len() != 2 || !digits(year) || !digits(number) {
            return Err(no());
        }
        let year: u16 = year.parse().map_err(|_| no())?;
        let number: u8 = number.parse().map_err(|_| no())?;
        let monday = NaiveDate::from_isoywd_opt(year.into(), number.into(), Weekday::Mon).ok_or_else(no)?;
        Ok(Self { monday })
    }
}

/// A day in Sweden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// Its date.
    pub date: NaiveDate,
}

impl Day {
    /// The day in Sweden at an instant.
    #[must_use]
    pub fn of(at: DateTime<Utc>) -> Self {
        Self {
            date: at.with_timezone(&Stockholm).date_naive(),
        }
    }

    /// Its first instant.
    #[must_use]
    pub fn start(self) -> DateTime<Utc> {
        midnight(self.date)
    }

    /// The first instant after it.
    #[must_use]
    pub fn end(self) -> DateTime<Utc> {
        midnight(self.date.checked_add_days(Days::new(1)).unwrap_or(self.date))
    }

    /// How many hours it has: 23 and 25 when the clocks change.
    #[must_use]
    pub fn hours(self) -> i64 {
        (self.end() - self.start()).num_hours()
    }

    /// The instant at a wall-clock time of this day: the first of the two in the hour that comes twice, the first
    /// instant after the hour that does not exist.
    #[must_use]
    pub fn at(self, time: NaiveTime) -> DateTime<Utc> {
        let mut local = self.date.and_time(time);
        // The gap is one hour; the second step is for a time zone rule nobody has made yet.
        for _ in 0..2 {
            match Stockholm.from_local_datetime(&local) {
                chrono::LocalResult::Single(at) | chrono::LocalResult::Ambiguous(at, _) => {
                    return at.with_timezone(&Utc);
                }
                chrono::LocalResult::None => local += TimeDelta::hours(1),
            }
        }
        local.and_utc()
    }
}

fn midnight(date: NaiveDate) -> DateTime<Utc> {
    Day { date }.at(NaiveTime::MIN)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveTime, Utc};

    use super::{Day, Week};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn week(word: &str) -> Week {
        word.parse().expect("a week")
    }

    #[test]
    fn a_week_reads_as_it_is_written_and_begins_on_monday_in_sweden() {
        let week = week("2026-W48");
        assert_eq!(week.to_string(), "2026-W48");
        assert_eq!(week.start(), at("2026-11-22T23:00:00Z"));
        assert_eq!(week.end(), at("2026-11-29T23:00:00Z"));
        assert_eq!(Week::of(at("2026-11-22T22:59:59Z")), week.previous());
        assert_eq!(Week::of(at("2026-11-22T23:00:00Z")), week);
    }

    #[test]
    fn a_year_of_53_weeks_has_its_last_one() {
        assert_eq!(week("2026-W53").start(), at("2026-12-27T23:00:00Z"));
        assert_eq!(week("2026-W53").next().to_string(), "2027-W01");
        for word in [
            "2027-W53", "2026-W54", "2026-W00", "2026-48", "26-W48", "2026-W5", "+026-W48", "",
        ] {
            assert!(word.parse::<Week>().is_err(), "{word}");
        }
    }

    #[test]
    fn the_week_of_29_march_2026_lacks_an_hour() {
        let week = week("2026-W13");
        assert_eq!((week.end() - week.start()).num_hours(), 167);
        assert_eq!(week.days().map(Day::hours), [24, 24, 24, 24, 24, 24, 23]);
        let sunday = week.days()[6];
        let two = NaiveTime::from_hms_opt(2, 30, 0).expect("a time");
        let three = NaiveTime::from_hms_opt(3, 30, 0).expect("a time");
        assert_eq!(sunday.at(two), sunday.at(three));
        assert_eq!(sunday.at(three), at("2026-03-29T01:30:00Z"));
    }

    #[test]
    fn the_week_of_25_october_2026_has_an_hour_twice() {
        let week = week("2026-W43");
        assert_eq!((week.end() - week.start()).num_hours(), 169);
        assert_eq!(week.days().map(Day::hours), [24, 24, 24, 24, 24, 24, 25]);
        let sunday = week.days()[6];
        let twice = NaiveTime::from_hms_opt(2, 30, 0).expect("a time");
        assert_eq!(sunday.at(twice), at("2026-10-25T00:30:00Z"));
        assert_eq!(Day::of(at("2026-10-25T01:30:00Z")), sunday);
    }
}
