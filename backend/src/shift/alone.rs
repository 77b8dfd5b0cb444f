//! Being alone in a lane at night: a hateful comment is not to be read without anybody to talk to. A warning, no refusal.

use chrono::{Days, NaiveTime};

use super::plan::Span;
use super::week::Day;
use crate::clock;

/// Whether a shift has any night time, 22 to 6 in Sweden, in which none of the other shifts of its lane is on. Times are
/// in milliseconds; `others` may be in any order and overlap.
#[must_use]
pub fn alone_at_night(shift: Span, others: &[Span]) -> bool {
    nights(shift).into_iter().any(|night| !covered(night, others))
}

/// The parts of a shift that are night.
fn nights((from, to): Span) -> Vec<Span> {
    let (Some(ten), Some(six)) = (NaiveTime::from_hms_opt(22, 0, 0), NaiveTime::from_hms_opt(6, 0, 0)) else {
        return Vec::new();
    };
    let first = Day::of(clock::from_ms(from));
    // The night of the day before reaches into the first day; a shift lasts a day at most and so touches two.
    [
        first.date.checked_sub_days(Days::new(1)),
        Some(first.date),
        first.date.checked_add_days(Days::new(1)),
    ]
    .into_iter()
    .flatten()
    .filter_map(|date| {
        let next = date.checked_add_days(Days::new(1))?;
        let start = clock::ms(Day { date }.at(ten)).max(from);
        let end = clock::ms(Day { date: next }.at(six)).min(to);
        (start < end).then_some((start, end))
    })
    .collect()
}

fn covered((from, to): Span, others: &[Span]) -> bool {
    let mut others = others.to_vec();
    others.sort_unstable();
    let mut until = from;
    for (start, end) in others {
        if start > until {
            break;
        }
        until = until.max(end);
    }
    until >= to
}

#[cfg(test)]
mod tests {
    use super::{Span, alone_at_night};
    use crate::clock;

    fn span((from, to): (&str, &str)) -> Span {
        let ms = |text: &str| clock::ms(format!("2026-{text}:00Z").parse().expect("an instant"));
        (ms(from), ms(to))
    }

    fn alone(shift: (&str, &str), others: &[(&str, &str)]) -> bool {
        let others: Vec<Span> = others.iter().copied().map(span).collect();
        alone_at_night(span(shift), &others)
    }

    #[test]
    fn the_day_needs_no_company_and_the_night_does() {
        assert!(!alone(("11-23T05:00", "11-23T21:00"), &[]), "6 to 22 in Sweden");
        assert!(alone(("11-23T13:00", "11-23T21:01"), &[]));
        assert!(alone(("11-23T04:59", "11-23T12:00"), &[]));
    }

    #[test]
    fn company_must_last_the_whole_night_and_may_change() {
        let night = ("11-23T20:00", "11-24T06:00");
        assert!(!alone(night, &[("11-23T21:00", "11-24T05:00")]));
        assert!(alone(night, &[("11-23T21:00", "11-24T04:00")]));
        assert!(!alone(
            night,
            &[("11-24T01:00", "11-24T05:00"), ("11-23T18:00", "11-24T01:00")]
        ));
        assert!(alone(
            night,
            &[("11-24T01:01", "11-24T05:00"), ("11-23T18:00", "11-24T01:00")]
        ));
    }

    #[test]
    fn the_night_the_clocks_go_back_is_nine_hours_long() {
        let night = ("10-24T20:00", "10-25T05:00");
        assert!(alone(night, &[("10-24T20:00", "10-25T04:00")]));
        assert!(!alone(night, &[("10-24T20:00", "10-25T05:00")]));
    }
}
