//! The hours that figures are of, and how they are cut: the last days, a week by ISO 8601, a month.

use std::ops::Range;

use chrono::{DateTime, Datelike, Days, IsoWeek, Months, NaiveDate, Utc, Weekday};
use chrono_tz::Europe::Stockholm;

use crate::hourly::HOUR_MS;
use crate::hourly::daily::{date, day_of, hours_of, number};

/// Days that are shown hour by hour.
const BY_HOUR_DAYS: i64 = 2;
/// Days that are shown day by day; longer spans are shown by weeks.
const BY_DAY_DAYS: i64 = 100;

/// Hours from the first to before the last, counted from 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first hour.
    pub from: i64,
    /// The hour after the last.
    pub to: i64,
}

/// How a span is cut for a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bucket {
    /// By the hour.
    Hour,
    /// By so many local days.
    Days(i64),
}

/// Where the hours of a span are counted together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Whole local days.
    Days(Range<i64>),
    /// Hours of one local day.
    Hours(Range<i64>),
}

impl Span {
    /// The last days with today, as far as it has come; the days before are those that came as far.
    #[must_use]
    pub fn last_days(now: DateTime<Utc>, days: i64) -> Self {
        let hour = now.timestamp_millis().div_euclid(HOUR_MS);
        Self {
            from: hours_of(day_of(hour) - days + 1).start,
            to: hour + 1,
        }
    }

    /// Whole days from the first to before the last.
    #[must_use]
    pub fn days(from: NaiveDate, to: NaiveDate) -> Self {
        Self {
            from: hours_of(number(from)).start,
            to: hours_of(number(to)).start,
        }
    }

    /// The first local day.
    #[must_use]
    pub fn first_day(&self) -> NaiveDate {
        date(day_of(self.from))
    }

    /// The last local day, which may not be over.
    #[must_use]
    pub fn last_day(&self) -> NaiveDate {
        date(day_of(self.to - 1))
    }

    /// The instants, in milliseconds, at which it begins and ends.
    #[must_use]
    pub const fn instants(&self) -> Range<i64> {
        self.from * HOUR_MS..self.to * HOUR_MS
    }

    /// The hours it has.
    #[must_use]
    pub const fn hours(&self) -> i64 {
        self.to - self.from
    }

    /// The span as long as this one that so many local days earlier began.
    #[must_use]
    pub fn earlier(&self, days: i64) -> Self {
        let from = hours_of(day_of(self.from) - days).start;
        Self {
            from,
            to: from + self.hours(),
        }
    }

    /// How it is cut for a picture.
    #[must_use]
    pub fn bucket(&self) -> Bucket {
        match self.hours() {
            hours if hours <= BY_HOUR_DAYS * 24 + 1 => Bucket::Hour,
            hours if hours <= BY_DAY_DAYS * 24 => Bucket::Days(1),
            _ => Bucket::Days(7),
        }
    }

    /// How many buckets it has.
    #[must_use]
    pub fn buckets(&self) -> usize {
        let count = match self.bucket() {
            Bucket::Hour => self.hours(),
            Bucket::Days(days) => (day_of(self.to - 1) - day_of(self.from)).div_euclid(days) + 1,
        };
        usize::try_from(count).unwrap_or(0)
    }

    /// The instant, in milliseconds, at which a bucket begins.
    #[must_use]
    pub fn begins(&self, bucket: usize) -> i64 {
        let nth = i64::try_from(bucket).unwrap_or(0);
        let hour = match self.bucket() {
            Bucket::Hour => self.from + nth,
            Bucket::Days(days) => hours_of(day_of(self.from) + nth * days).start,
        };
        hour * HOUR_MS
    }

    /// Whole days where they are summed, hours where they are not.
    pub(super) fn parts(&self) -> Vec<Part> {
        if self.bucket() == Bucket::Hour {
            return vec![Part::Hours(self.from..self.to)];
        }
        let (first, last) = (day_of(self.from), day_of(self.to - 1));
        let begins_whole = hours_of(first).start == self.from;
        let ends_whole = hours_of(last).end == self.to;
        let days = first + i64::from(!begins_whole)..last + i64::from(ends_whole);
        let head = (!begins_whole).then(|| Part::Hours(self.from..hours_of(first).end));
        let tail = (!ends_whole).then(|| Part::Hours(hours_of(last).start..self.to));
        let whole = Some(Part::Days(days)).into_iter();
        head.into_iter().chain(whole).chain(tail).collect()
    }
}

/// A period that a report is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// A week, Monday to Sunday.
    Week(IsoWeek),
    /// A month, by its first day.
    Month(NaiveDate),
}

impl Period {
    /// The week or month before the one of this instant: the last that is over.
    #[must_use]
    pub fn last(kind: &str, now: DateTime<Utc>) -> Option<Self> {
        let today = now.with_timezone(&Stockholm).date_naive();
        Self::with(kind, today).map(|period| period.before())
    }

    /// The week or month of a date; none for another kind.
    #[must_use]
    pub fn with(kind: &str, day: NaiveDate) -> Option<Self> {
        match kind {
            "week" => Some(Self::Week(day.iso_week())),
            "month" => day.with_day(1).map(Self::Month),
            _ => None,
        }
    }

    /// The period of this kind and name: `week` and `2026-W47`, `month` and `2026-11`.
    #[must_use]
    pub fn named(kind: &str, name: &str) -> Option<Self> {
        let (year, rest) = name.split_once('-')?;
        let year: i32 = year.parse().ok().filter(|year| (2000..2200).contains(year))?;
        let day = match kind {
            "week" => NaiveDate::from_isoywd_opt(year, rest.strip_prefix('W')?.parse().ok()?, Weekday::Mon)?,
            "month" => NaiveDate::from_ymd_opt(year, rest.parse().ok()?, 1)?,
            _ => return None,
        };
        Self::with(kind, day)
    }

    /// `week` or `month`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Week(_) => "week",
            Self::Month(_) => "month",
        }
    }

    /// `2026-W47` or `2026-11`.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Week(week) => format!("{}-W{:02}", week.year(), week.week()),
            Self::Month(first) => first.format("%Y-%m").to_string(),
        }
    }

    fn first(&self) -> NaiveDate {
        match self {
            Self::Week(week) => {
                NaiveDate::from_isoywd_opt(week.year(), week.week(), Weekday::Mon).unwrap_or(NaiveDate::MIN)
            }
            Self::Month(first) => *first,
        }
    }

    fn after_last(&self) -> NaiveDate {
        let next = match self {
            Self::Week(_) => self.first().checked_add_days(Days::new(7)),
            Self::Month(first) => first.checked_add_months(Months::new(1)),
        };
        next.unwrap_or(NaiveDate::MAX)
    }

    /// Its hours.
    #[must_use]
    pub fn span(&self) -> Span {
        Span::days(self.first(), self.after_last())
    }

    /// The one before.
    #[must_use]
    pub fn before(&self) -> Self {
        let day = self.first().pred_opt().unwrap_or(NaiveDate::MIN);
        Self::with(self.kind(), day).unwrap_or(*self)
    }

    /// The one after.
    #[must_use]
    pub fn after(&self) -> Self {
        Self::with(self.kind(), self.after_last()).unwrap_or(*self)
    }
}

#[cfg(test)]
mod tests {
    use super::{Bucket, Part, Period, Span};

    fn instant(at: &str) -> chrono::DateTime<chrono::Utc> {
        at.parse().expect("an instant")
    }

    #[test]
    fn the_last_days_are_compared_with_days_that_came_as_far() {
        let span = Span::last_days(instant("2026-11-24T13:20:00Z"), 7);
        assert_eq!(span.first_day().to_string(), "2026-11-18");
        assert_eq!(span.hours(), 6 * 24 + 15);
        let before = span.earlier(7);
        assert_eq!(
            (before.hours(), before.first_day().to_string()),
            (span.hours(), "2026-11-11".to_owned())
        );
        assert_eq!(span.buckets(), 7);
        let Part::Days(days) = &span.parts()[0] else {
            panic!("whole days first")
        };
        assert_eq!(days.end - days.start, 6);
        assert_eq!(span.parts()[1], Part::Hours(span.to - 15..span.to));
    }

    #[test]
    fn the_parts_of_a_span_are_its_hours_each_once() {
        let now = instant("2026-10-26T05:00:00Z");
        for days in [1, 2, 3, 30, 365] {
            let span = Span::last_days(now, days);
            let hours: i64 = span
                .parts()
                .into_iter()
                .map(|part| match part {
                    Part::Hours(hours) => hours.end - hours.start,
                    Part::Days(days) => days.map(super::hours_of).map(|of| of.end - of.start).sum(),
                })
                .sum();
            assert_eq!(hours, span.hours(), "{days}");
        }
        assert_eq!(Span::last_days(now, 2).bucket(), Bucket::Hour);
        assert_eq!(Span::last_days(now, 365).bucket(), Bucket::Days(7));
    }

    #[test]
    fn a_period_is_known_by_its_name_and_none_other() {
        for (kind, name, days) in [
            ("week", "2026-W44", 7),
            ("month", "2026-02", 28),
            ("week", "2026-W53", 7),
        ] {
            let period = Period::named(kind, name).expect("a period");
            assert_eq!((period.kind(), period.name().as_str()), (kind, name));
            assert_eq!(period.span().hours(), days * 24, "{name}");
            assert_eq!(period.before().after(), period);
        }
        assert_eq!(
            Period::named("week", "2026-W43").map(|week| week.span().hours()),
            Some(169)
        );
        for (kind, name) in [
            ("week", "2026-W54"),
            ("week", "2026-10"),
            ("month", "2026-13"),
            ("month", "26-1"),
            ("day", "2026-11"),
            ("week", ""),
        ] {
            assert_eq!(Period::named(kind, name), None, "{kind} {name}");
        }
        let last = Period::last("month", instant("2026-11-30T23:30:00Z")).expect("a month");
        assert_eq!(last.name(), "2026-11", "it is December in Stockholm");
    }
}
