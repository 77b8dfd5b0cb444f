//! Whether more comes than is expected, minute by minute, in one series of counts.
//!
//! A cumulative sum of log-likelihood ratios (E. S. Page, "Continuous Inspection Schemes", 1954; for counts J. M. Lucas,
//! "Counted Data CUSUM's", 1985): arrivals as expected against three times as many. It asks for no window, is made for
//! small counts, and its false alarms can be stated beforehand: an excursion from zero reaches the limit `h` by chance
//! with a probability below `e^-h` (G. Lorden, "Procedures for Reacting to a Change in Distribution", 1971), and there
//! are no more excursions than arrivals. Counts that vary beyond chance weigh less by their dispersion, as in C. P.
//! Farrington et al., "A Statistical Algorithm for the Early Detection of Outbreaks of Infectious Disease", 1996.

use std::collections::VecDeque;

/// How many times the expected rate a wave is looked for at.
const RATIO: f64 = 3.0;
/// Of the excursions that Lorden's bound allows, those that reach the limit, as counted on histories without waves: the
/// sum overshoots the limit by a part of one arrival's step.
const REACHES: f64 = 0.85;
/// A series is never expected to bring less than this an hour: two comments on a new subject are no wave.
pub const LEAST_PER_H: f64 = 0.1;
/// Fewest comments of a wave.
pub const FEWEST: u32 = 4;
/// The limit never falls below this, however rare arrivals are.
const LEAST_LIMIT: f64 = 3.0;
/// A wave is over when so many minutes brought no more than [`OVER`] times what is expected.
const QUIET_MIN: usize = 120;
/// The same where at least [`MANY`] are expected in it.
const QUIET_SOON_MIN: usize = 60;
/// Comments expected in [`QUIET_SOON_MIN`] from which on that is long enough to tell.
const MANY: f64 = 10.0;
/// See [`QUIET_MIN`].
const OVER: f64 = 1.5;

/// The sum at which a series that is expected to bring `per_week` comments opens a wave, so that it does so by chance
/// no more than `alarms` times a week.
#[must_use]
pub fn limit(per_week: f64, alarms: f64) -> f64 {
    let per_week = per_week.max(LEAST_PER_H * 168.0);
    (REACHES * per_week / alarms.max(1e-9)).ln().max(LEAST_LIMIT)
}

/// How many of the `alarms` a week that a lane may give by chance each of its series may give, when they are expected
/// to bring so many comments a week. By the cube root: a wave of what comes often is worth more than one of what
/// comes seldom, and is sooner found.
#[must_use]
pub fn shares(per_week: &[f64], alarms: f64) -> Vec<f64> {
    let roots: Vec<f64> = per_week
        .iter()
        .map(|one| plain(*one).max(LEAST_PER_H * 168.0).cbrt())
        .collect();
    let sum: f64 = roots.iter().sum();
    roots.iter().map(|root| alarms * root / sum).collect()
}

/// What came in one minute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Minute {
    /// When it began, in milliseconds.
    pub at: i64,
    /// Comments that came.
    pub came: u32,
    /// Comments expected.
    pub expected: f64,
    /// Variance of counts over their mean; 1 by chance alone.
    pub dispersion: f64,
    /// The sum that opens a wave; see [`limit`].
    pub limit: f64,
}

/// A stretch in which more came than expected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// When it most likely began, in milliseconds.
    pub since: i64,
    /// Comments since then.
    pub came: u32,
    /// Comments expected since then.
    pub expected: f64,
}

/// What a minute turned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Turn {
    /// A wave has begun.
    Opened(Stretch),
    /// It is over.
    Closed(Stretch),
}

/// The watch over one series.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    sum: f64,
    stretch: Option<Stretch>,
    open: bool,
    recent: VecDeque<(u32, f64)>,
}

impl Watch {
    /// A watch that takes over a wave that is known to be open.
    #[must_use]
    pub fn resumed(stretch: Stretch) -> Self {
        Self {
            stretch: Some(stretch),
            open: true,
            ..Self::default()
        }
    }

    /// The open wave.
    #[must_use]
    pub fn wave(&self) -> Option<Stretch> {
        self.stretch.filter(|_| self.open)
    }

    /// Whether nothing is remembered that a new watch would not know.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        !self.open && self.sum <= 0.0
    }

    /// Takes a minute. Minutes must come in order; those of which nothing is known are left out.
    pub fn minute(&mut self, minute: &Minute) -> Option<Turn> {
        let expected = plain(minute.expected).max(LEAST_PER_H / 60.0);
        let came = f64::from(minute.came);
        self.recent.push_back((minute.came, expected));
        if self.recent.len() > QUIET_MIN {
            self.recent.pop_front();
        }
        let dispersion = plain(minute.dispersion).max(1.0);
        let before = self.sum;
        self.sum = (self.sum + (came * RATIO.ln() - (RATIO - 1.0) * expected) / dispersion).max(0.0);
        if self.open {
            if let Some(stretch) = &mut self.stretch {
                stretch.came = stretch.came.saturating_add(minute.came);
                stretch.expected += expected;
            }
            return self.over();
        }
        if self.sum <= 0.0 {
            self.stretch = None;
            return None;
        }
        let fresh = Stretch {
            since: minute.at,
            came: 0,
            expected: 0.0,
        };
        let stretch = self.stretch.filter(|_| before > 0.0).unwrap_or(fresh);
        let stretch = Stretch {
            came: stretch.came.saturating_add(minute.came),
            expected: stretch.expected + expected,
            ..stretch
        };
        self.stretch = Some(stretch);
        if self.sum >= minute.limit && stretch.came >= FEWEST {
            self.open = true;
            return Some(Turn::Opened(stretch));
        }
        None
    }

    /// Closes the wave if it is over.
    fn over(&mut self) -> Option<Turn> {
        let last = |minutes: usize| {
            let taken = self.recent.iter().rev().take(minutes);
            let (came, expected) = taken.fold((0.0, 0.0), |(came, expected), one| {
                (came + f64::from(one.0), expected + one.1)
            });
            (self.recent.len() >= minutes, came, expected)
        };
        let (known, came, expected) = match last(QUIET_SOON_MIN) {
            soon @ (_, _, expected) if expected >= MANY => soon,
            _ => last(QUIET_MIN),
        };
        if !known || came > (OVER * expected).max(1.0) {
            return None;
        }
        self.open = false;
        self.sum = 0.0;
        self.stretch.take().map(Turn::Closed)
    }
}

fn plain(value: f64) -> f64 {
    if value.is_finite() { value.max(0.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::{Minute, Stretch, Turn, Watch, limit};

    const MINUTE_MS: i64 = 60_000;

    fn minute(at: i64, came: u32, per_h: f64) -> Minute {
        Minute {
            at: at * MINUTE_MS,
            came,
            expected: per_h / 60.0,
            dispersion: 1.0,
            limit: limit(per_h * 168.0, 1.0),
        }
    }

    /// Minutes that bring `every`th a comment, and the turns among them.
    fn turns(watch: &mut Watch, minutes: std::ops::Range<i64>, every: i64, per_h: f64) -> Vec<(i64, Turn)> {
        let mut turns = Vec::new();
        for at in minutes {
            let came = u32::from(at % every == 0);
            turns.extend(watch.minute(&minute(at, came, per_h)).map(|turn| (at, turn)));
        }
        turns
    }

    #[test]
    fn three_times_the_expected_opens_a_wave_and_the_expected_closes_it() {
        let mut watch = Watch::default();
        // 12 an hour are expected and come: nothing.
        assert_eq!(turns(&mut watch, 0..600, 5, 12.0), []);
        // 60 an hour.
        let opened = turns(&mut watch, 600..660, 1, 12.0);
        let [(at, Turn::Opened(stretch))] = opened[..] else {
            panic!("{opened:?}")
        };
        assert!((605..620).contains(&at), "{at}");
        assert!((595..=601).contains(&(stretch.since / MINUTE_MS)), "{stretch:?}");
        assert!(f64::from(stretch.came) > 3.0 * stretch.expected, "{stretch:?}");
        let closed = turns(&mut watch, 660..900, 5, 12.0);
        let [(at, Turn::Closed(whole))] = closed[..] else {
            panic!("{closed:?}")
        };
        assert!((690..=720).contains(&at), "{at}");
        assert!(whole.since == stretch.since && whole.came > 60, "{whole:?}");
        assert!(watch.wave().is_none() && watch.is_idle());
    }

    #[test]
    fn a_few_comments_on_a_new_subject_are_no_wave_but_a_stream_of_them_is() {
        let mut watch = Watch::default();
        let few = [3, 40].map(|at| watch.minute(&minute(at, 1, 0.0)));
        assert_eq!(few, [None, None]);
        let turns = turns(&mut Watch::default(), 0..60, 3, 0.0);
        assert!(
            matches!(turns[..], [(_, Turn::Opened(stretch))] if stretch.came >= super::FEWEST),
            "{turns:?}"
        );
    }

    #[test]
    fn counts_that_vary_much_open_later() {
        let after = |dispersion: f64| {
            let mut watch = Watch::default();
            (0..200).find(|at| {
                let minute = Minute {
                    dispersion,
                    ..minute(*at, 1, 12.0)
                };
                watch.minute(&minute).is_some()
            })
        };
        let (plain, varied) = (after(1.0), after(3.0));
        assert!(plain.is_some() && varied > plain, "{plain:?} {varied:?}");
    }

    #[test]
    fn a_wave_known_from_before_goes_on_and_closes() {
        let stretch = Stretch {
            since: 0,
            came: 40,
            expected: 10.0,
        };
        let mut watch = Watch::resumed(stretch);
        assert_eq!(watch.wave(), Some(stretch));
        let turns = turns(&mut watch, 0..300, 20, 12.0);
        assert!(matches!(turns[..], [(at, Turn::Closed(_))] if at >= 59), "{turns:?}");
    }

    #[test]
    fn fewer_alarms_and_more_comments_ask_for_a_higher_sum() {
        assert!(limit(840.0, 1.0) < limit(840.0, 0.1) && limit(840.0, 1.0) < limit(8_400.0, 1.0));
        assert!(limit(0.0, 1e9).is_finite() && limit(f64::INFINITY, 1.0) > 1e9);
    }

    #[test]
    fn absurd_minutes_do_no_harm() {
        let mut watch = Watch::default();
        for (came, expected, dispersion) in [
            (u32::MAX, f64::NAN, f64::NAN),
            (u32::MAX, -1.0, 0.0),
            (0, f64::INFINITY, 1.0),
        ] {
            let _ = watch.minute(&Minute {
                at: 0,
                came,
                expected,
                dispersion,
                limit: 5.0,
            });
        }
        assert!(watch.wave().is_some_and(|stretch| stretch.expected.is_finite()));
    }
}
