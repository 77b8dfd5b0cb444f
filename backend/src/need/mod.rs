//! How many people a lane needs: to hold the answering time of what is urgent, and to be level with the rest.
//!
//! Pure calculations: what came, what is expected and who is there is given by the caller. Absurd inputs are refused
//! with a sentence; no figure is ever "not a number".

pub mod backlog;
pub mod erlang;
pub mod handling;

use crate::need::backlog::Slot;

/// Most people any calculation answers with; what needs more is refused, not rounded.
pub const MOST_PEOPLE: u32 = 10_000;

/// Why no figure can be given. Each is a sentence for the person who gave the input.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum Absurd {
    /// A number that is none, or has no end.
    #[error("{0} must be a plain number")]
    NoNumber(&'static str),
    /// A negative amount.
    #[error("{0} must not be below zero")]
    Negative(&'static str),
    /// Nothing where something is divided by.
    #[error("{0} must be above zero")]
    NotPositive(&'static str),
    /// A share outside of 0 to 1 (1 itself excluded).
    #[error("{0} must be a share from 0 up to, but not including, 1")]
    NoShare(&'static str),
    /// More people than anybody could call in.
    #[error("more than {MOST_PEOPLE} people would be needed: check the arrivals and the handling time")]
    TooMany,
    /// The instant to be level by is not ahead.
    #[error("the time to be level by has already passed")]
    Passed,
}

/// `value` if it is a number of at least zero.
fn amount(name: &'static str, value: f64) -> Result<f64, Absurd> {
    if !value.is_finite() {
        Err(Absurd::NoNumber(name))
    } else if value < 0.0 {
        Err(Absurd::Negative(name))
    } else {
        Ok(value)
    }
}

/// `value` if it is a number above zero.
fn positive(name: &'static str, value: f64) -> Result<f64, Absurd> {
    match amount(name, value)? {
        0.0 => Err(Absurd::NotPositive(name)),
        value => Ok(value),
    }
}

/// `value` if it is a share from 0 up to, but not including, 1.
fn share(name: &'static str, value: f64) -> Result<f64, Absurd> {
    if !value.is_finite() {
        Err(Absurd::NoNumber(name))
    } else if (0.0..1.0).contains(&value) {
        Ok(value)
    } else {
        Err(Absurd::NoShare(name))
    }
}

/// The smallest whole number that is not below `value`, forgiving the last digits; refused above `most`.
fn whole(value: f64, most: u32) -> Result<u32, Absurd> {
    let wanted = value - 1e-9;
    if !wanted.is_finite() || wanted > f64::from(most) {
        return Err(Absurd::TooMany);
    }
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = low + (high - low) / 2;
        if f64::from(middle) >= wanted {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(low)
}

/// What is assumed of the work in one lane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assumed {
    /// Handling time of one comment, in seconds.
    pub handling_s: f64,
    /// Share of urgent comments that are to be begun in time, for example 0.8.
    pub target: f64,
    /// Seconds within which an urgent comment is to be begun.
    pub within_s: f64,
    /// Share of paid time in which a person is not at the lane: breaks, meetings, coaching.
    pub shrinkage: f64,
}

/// One lane over the half hours to come.
#[derive(Debug, Clone, PartialEq)]
pub struct Coming {
    /// What is assumed of the work.
    pub assumed: Assumed,
    /// Comments that wait now.
    pub waiting: u32,
    /// Comments expected in each half hour, the first one beginning now.
    pub arrivals: Vec<f64>,
    /// The part of the arrivals that is urgent, 0 to 1.
    pub urgent: f64,
    /// In how many of the half hours the lane has to be level; 0 asks for no figure.
    pub level_in: usize,
}

/// Both figures of one half hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// People on the roster to hold the answering time of urgent comments (Erlang C).
    pub to_hold: u32,
    /// People on the roster to be level at the instant asked for, from the first half hour on.
    pub to_be_level: u32,
}

impl Figures {
    /// People needed so that both hold.
    #[must_use]
    pub fn needed(self) -> u32 {
        self.to_hold.max(self.to_be_level)
    }
}

/// Length of a half hour, in seconds.
pub const HALF_HOUR_S: f64 = 1_800.0;

/// Both figures of each half hour of a lane.
///
/// # Errors
/// [`Absurd`] when an input is none that can be calculated with.
pub fn figures(coming: &Coming) -> Result<Vec<Figures>, Absurd> {
    let assumed = &coming.assumed;
    let urgent = amount("the urgent share", coming.urgent)?.min(1.0);
    let slots: Vec<Slot> = coming
        .arrivals
        .iter()
        .take(coming.level_in)
        .map(|&arrivals| Slot {
            arrivals,
            lasts_s: HALF_HOUR_S,
        })
        .collect();
    let level = if slots.is_empty() {
        0
    } else {
        backlog::level(coming.waiting, &slots, assumed.handling_s, assumed.shrinkage)?.rostered
    };
    let figure = |(at, &arrivals): (usize, &f64)| {
        let ask = erlang::Ask {
            arrivals: arrivals * urgent,
            per_s: HALF_HOUR_S,
            handling_s: assumed.handling_s,
            target: assumed.target,
            within_s: assumed.within_s,
            shrinkage: assumed.shrinkage,
        };
        Ok(Figures {
            to_hold: erlang::need(&ask)?.rostered,
            to_be_level: if at < coming.level_in { level } else { 0 },
        })
    };
    coming.arrivals.iter().enumerate().map(figure).collect()
}

#[cfg(test)]
mod tests {
    use super::{Absurd, Assumed, Coming, figures, whole};

    const ASSUMED: Assumed = Assumed {
        handling_s: 180.0,
        target: 0.8,
        within_s: 600.0,
        shrinkage: 0.3,
    };

    #[test]
    fn a_lane_needs_the_larger_of_both_figures() {
        let mut coming = Coming {
            assumed: ASSUMED,
            waiting: 0,
            arrivals: vec![40.0; 6],
            urgent: 0.1,
            level_in: 4,
        };
        let calm = figures(&coming).expect("figures");
        assert_eq!(calm.len(), 6);
        // 40 comments of 180 s in 1,800 s are 4 people's work, 0.4 of it urgent.
        assert_eq!((calm[0].to_hold, calm[0].to_be_level), (2, 6));
        assert_eq!(
            (calm[5].to_be_level, calm[5].needed()),
            (0, 2),
            "after the instant to be level by"
        );
        coming.waiting = 80;
        let piled = figures(&coming).expect("figures");
        assert_eq!(
            piled[0].needed(),
            9,
            "6 people's work of 240 comments in two hours, and shrinkage"
        );
    }

    #[test]
    fn a_lane_without_anything_needs_nobody() {
        let coming = Coming {
            assumed: ASSUMED,
            waiting: 0,
            arrivals: vec![0.0; 2],
            urgent: 0.1,
            level_in: 2,
        };
        assert!(figures(&coming).expect("figures").iter().all(|one| one.needed() == 0));
    }

    #[test]
    fn whole_numbers_are_rounded_up_but_not_for_the_last_digit() {
        assert_eq!(whole(0.0, 9), Ok(0));
        assert_eq!(whole(2.0 + 1e-12, 9), Ok(2));
        assert_eq!(whole(2.1, 9), Ok(3));
        assert_eq!(whole(9.0, 9), Ok(9));
        assert_eq!(whole(9.1, 9), Err(Absurd::TooMany));
        assert_eq!(whole(f64::INFINITY, 9), Err(Absurd::TooMany));
        assert_eq!(whole(f64::NAN, 9), Err(Absurd::TooMany));
    }
}
