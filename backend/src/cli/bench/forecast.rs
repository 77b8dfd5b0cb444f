//! How far off forecasts of arrivals are, on four made-up worlds: `klarsvar bench forecast`.
//!
//! Every twelve hours of nine weeks, after eight weeks of history, the next seven days are forecast. Beside it stand what
//! came in the same hour a week before, the mean of that hour in the four weeks before, and the plain mean of the last
//! four weeks. Errors are absolute errors over all comments that came. Where comments come by chance alone nobody can
//! do better than the rate itself, which is measured too.

use std::time::{Duration, Instant};

use super::dice::Dice;
use crate::cli::Failed;
use crate::forecast::{Ahead, Past, WEEK, forecast};

/// Weeks of history before the first forecast.
const HISTORY: usize = 8;
/// Weeks in which forecasts are made.
const JUDGED: usize = 9;
/// Hours between forecasts.
const EVERY: usize = 12;

/// What to make.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Forecast {
    /// Seed of the first history
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Histories of each world
    #[arg(long, default_value_t = 6)]
    histories: u64,
}

crate::words! {
    /// How comments come in a made-up world.
    pub enum World {
        /// The same day after day, by chance alone.
        Steady = "steady",
        /// A shape of the week, and days that are better or worse than others.
        Weekly = "weekly",
        /// The same with ads that run for days.
        Burst = "campaign burst",
        /// The same with a level that changes all at once.
        Regime = "regime change",
    }
}

/// A made-up history: what came, what the rate was, what was advertised.
struct Story {
    past: Vec<Past>,
    rate: Vec<f64>,
}

fn story(world: World, seed: u64) -> Story {
    let mut dice = Dice::new(seed);
    let hours = (HISTORY + JUDGED + 2) * WEEK;
    let week = shape(world, &mut dice);
    let mut day_is = 0.0;
    let mut level = 14.0 + 10.0 * dice.unit();
    let mut next_change = HISTORY * WEEK + dice.below(WEEK);
    let mut advertised = vec![0.0; hours];
    let mut pull = vec![0.0; hours];
    if matches!(world, World::Burst) {
        let mut at = dice.below(WEEK);
        while at < hours {
            let (lasts, reach) = (48 + dice.below(72), 40.0 + 160.0 * dice.unit());
            // An ad never draws quite what its reach promises.
            let draws = 0.2 * (0.25 * dice.normal()).exp();
            for hour in at..(at + lasts).min(hours) {
                advertised[hour] += reach;
                pull[hour] += reach * draws;
            }
            at += lasts + 72 + dice.below(2 * WEEK);
        }
    }
    let (mut past, mut rate) = (Vec::with_capacity(hours), Vec::with_capacity(hours));
    for hour in 0..hours {
        if matches!(world, World::Regime) && hour == next_change {
            level *= if dice.below(2) == 0 { 2.2 } else { 0.45 };
            level = level.clamp(4.0, 80.0);
            next_change += 3 * WEEK + dice.below(2 * WEEK);
        }
        if hour % 24 == 0 {
            let news = if matches!(world, World::Steady) { 0.0 } else { 0.16 };
            day_is = 0.7 * day_is + news * dice.normal();
        }
        let mean = week[hour % WEEK] * (level + pull[hour]) * f64::exp(day_is);
        past.push(Past {
            of_week: hour % WEEK,
            count: Some(dice.poisson(mean)),
            reach: advertised[hour],
        });
        rate.push(mean);
    }
    Story { past, rate }
}

/// The true shape of the week, 1 on average.
fn shape(world: World, dice: &mut Dice) -> Vec<f64> {
    let days: Vec<f64> = (0..7)
        .map(|_| {
            if matches!(world, World::Steady) {
                1.0
            } else {
                0.6 + 0.8 * dice.unit()
            }
        })
        .collect();
    let peak = 17.0 + 4.0 * dice.unit();
    let mut week: Vec<f64> = (0_u32..168)
        .map(|hour| {
            let of_day = f64::from(hour % 24);
            let wave = ((of_day - peak) * std::f64::consts::TAU / 24.0).cos();
            let day = days
                .get(usize::try_from(hour / 24).unwrap_or(0))
                .copied()
                .unwrap_or(1.0);
            day * (1.0 + 0.75 * wave)
        })
        .collect();
    let mean = week.iter().sum::<f64>() / 168.0;
    week.iter_mut().for_each(|hour| *hour /= mean);
    week
}

/// Errors and hits of one world.
#[derive(Debug, Clone, Copy, Default)]
pub struct Score {
    came: f64,
    ours: f64,
    last_week: f64,
    four_weeks: f64,
    plain: f64,
    rate: f64,
    hours: u32,
    in50: u32,
    in80: u32,
    /// The slowest forecast.
    pub slowest: Duration,
}

impl Score {
    fn add(&mut self, other: &Self) {
        self.came += other.came;
        self.ours += other.ours;
        self.last_week += other.last_week;
        self.four_weeks += other.four_weeks;
        self.plain += other.plain;
        self.rate += other.rate;
        self.hours += other.hours;
        self.in50 += other.in50;
        self.in80 += other.in80;
        self.slowest = self.slowest.max(other.slowest);
    }

    #[cfg(test)]
    /// How much smaller our error is than that of the same hour last week and of the plain four-week mean.
    pub fn better(&self) -> (f64, f64) {
        (1.0 - self.ours / self.last_week, 1.0 - self.ours / self.plain)
    }

    #[cfg(test)]
    /// The share of hours inside of the band of four in five.
    pub fn covered80(&self) -> f64 {
        f64::from(self.in80) / f64::from(self.hours.max(1))
    }
}

/// Forecasts through one history.
pub fn judge(world: World, seed: u64) -> Score {
    let Story { past, rate } = story(world, seed);
    let count = |at: usize| f64::from(past[at].count.unwrap_or(0));
    let mut score = Score::default();
    for now in (HISTORY * WEEK..(HISTORY + JUDGED) * WEEK).step_by(EVERY) {
        let ahead: Vec<Ahead> = past[now..now + WEEK]
            .iter()
            .map(|hour| Ahead {
                of_week: hour.of_week,
                reach: hour.reach,
            })
            .collect();
        let begun = Instant::now();
        let expected = forecast(&past[..now], &ahead);
        score.slowest = score.slowest.max(begun.elapsed());
        let plain = (1..=4 * WEEK).map(|back| count(now - back)).sum::<f64>() / 672.0;
        for (expected, hour) in expected.iter().zip(now..) {
            let came = count(hour);
            score.came += came;
            score.ours += (came - expected.mean).abs();
            score.last_week += (came - count(hour - WEEK)).abs();
            let four = (1..=4).map(|weeks| count(hour - weeks * WEEK)).sum::<f64>() / 4.0;
            score.four_weeks += (came - four).abs();
            score.plain += (came - plain).abs();
            score.rate += (came - rate[hour]).abs();
            score.hours += 1;
            score.in50 += u32::from((expected.low50..=expected.high50).contains(&came));
            score.in80 += u32::from((expected.low80..=expected.high80).contains(&came));
        }
    }
    score
}

/// Judges every world and prints the figures.
///
/// # Errors
/// None at present; commands give them.
#[expect(clippy::print_stdout, reason = "the figures are what the command is for")]
pub fn run(ask: Forecast, json: bool) -> Result<(), Failed> {
    let mut all = Score::default();
    for world in World::ALL {
        let mut score = Score::default();
        for history in 0..ask.histories {
            score.add(&judge(*world, ask.seed + history));
        }
        println!("{}", line(world.as_str(), &score, json));
        all.add(&score);
    }
    println!("{}", line("all four", &all, json));
    Ok(())
}

fn line(world: &str, score: &Score, json: bool) -> String {
    let of = |error: f64| error / score.came.max(1.0);
    let hours = f64::from(score.hours.max(1));
    let (in50, in80) = (f64::from(score.in50) / hours, f64::from(score.in80) / hours);
    let less = |other: f64| 100.0 * (1.0 - score.ours / other);
    if json {
        return serde_json::json!({
            "world": world, "error": of(score.ours), "error_last_week": of(score.last_week),
            "error_hour_mean_4_weeks": of(score.four_weeks), "error_plain_mean_4_weeks": of(score.plain),
            "error_of_the_rate": of(score.rate), "covered_50": in50, "covered_80": in80,
            "slowest_us": score.slowest.as_micros(),
        })
        .to_string();
    }
    format!(
        "{world}: error {:.3}; {:.1} % below last week ({:.3}), {:.1} % below the hour's mean of four weeks ({:.3}), \
         {:.1} % below the plain mean of four weeks ({:.3}); the rate itself {:.3}; bands cover {:.1} % and {:.1} %; \
         slowest {} us",
        of(score.ours),
        less(score.last_week),
        of(score.last_week),
        less(score.four_weeks),
        of(score.four_weeks),
        less(score.plain),
        of(score.plain),
        of(score.rate),
        100.0 * in50,
        100.0 * in80,
        score.slowest.as_micros()
    )
}

#[cfg(test)]
mod tests {
    use super::{World, judge};

    #[test]
    fn forecasts_beat_last_week_and_the_mean_in_every_world_and_bands_hold() {
        for world in World::ALL {
            let score = judge(*world, 11);
            let (last_week, plain) = score.better();
            assert!(last_week > 0.15 && plain > 0.15, "{world}: {score:?}");
            assert!((0.72..0.88).contains(&score.covered80()), "{world}: {score:?}");
        }
    }
}
