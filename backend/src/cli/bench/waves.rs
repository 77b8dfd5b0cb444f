//! How soon waves are found and how often by chance, on made-up histories: `klarsvar bench waves`.
//!
//! A history is a lane with three narratives, of which 20, 5 and one comment come in an hour on average, by chance,
//! along a day and a week, on levels that drift. After eight weeks of history a week is watched in which nothing happens:
//! every wave opened is a false alarm. Then, in an hour in which about as much is due as on average, each narrative comes
//! three times as often for six hours: it counts as found if a wave opens within them, and the delay is from the first minute.

use super::dice::Dice;
use crate::cli::Failed;
use crate::forecast::{Ahead, Past, WEEK, outlook};
use crate::wave::detect::{Minute, Turn, Watch, limit, shares};

/// Mean arrivals of each narrative, an hour.
const RATES: [f64; 3] = [20.0, 5.0, 1.0];
/// Weeks of history.
const HISTORY: usize = 8;
/// Hours for which one forecast stands.
const FORECAST_H: usize = 3;
/// Hours that a wave lasts.
const LASTS_H: usize = 6;
/// False alarms a lane may give in a week.
const ALARMS: f64 = 1.0;

/// What to make.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Waves {
    /// Histories
    #[arg(long, default_value_t = 200)]
    histories: u64,
    /// Seed of the first
    #[arg(long, default_value_t = 7)]
    seed: u64,
}

/// What was found in many histories.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Lanes watched for a week.
    pub lane_weeks: u32,
    /// Waves opened where there was none.
    pub false_alarms: u32,
    /// For each narrative, minutes until its wave was found; none for those not found.
    pub delays: [Vec<Option<u32>>; 3],
}

impl Found {
    /// Share found of the waves of a narrative.
    pub fn share(&self, narrative: usize) -> f64 {
        let all = &self.delays[narrative];
        let count = |found: usize| f64::from(u32::try_from(found).unwrap_or(u32::MAX));
        count(all.iter().flatten().count()) / count(all.len().max(1))
    }

    /// Minutes within which `percent` of the waves of a narrative were found.
    pub fn within(&self, narrative: usize, percent: usize) -> Option<u32> {
        let mut all = self.delays[narrative].clone();
        all.sort_unstable_by_key(|delay| delay.unwrap_or(u32::MAX));
        all.get((all.len() * percent / 100).min(all.len().saturating_sub(1)))
            .copied()
            .flatten()
    }
}

/// True rates of one narrative, hour by hour.
fn rates(mean: f64, hours: usize, dice: &mut Dice) -> Vec<f64> {
    let peak = 16.0 + 5.0 * dice.unit();
    let days: Vec<f64> = (0..7).map(|_| 0.8 + 0.4 * dice.unit()).collect();
    let mut drift = 0.0;
    (0_u32..)
        .take(hours)
        .map(|hour| {
            if hour % 24 == 0 {
                drift = 0.8 * drift + 0.05 * dice.normal();
            }
            let wave = ((f64::from(hour % 24) - peak) * std::f64::consts::TAU / 24.0).cos();
            let day = days
                .get(usize::try_from(hour / 24 % 7).unwrap_or(0))
                .copied()
                .unwrap_or(1.0);
            mean * day * (1.0 + 0.5 * wave) * f64::exp(drift)
        })
        .collect()
}

/// One narrative and what is known of it.
struct Series {
    alarms: f64,
    rates: Vec<f64>,
    past: Vec<Past>,
}

impl Series {
    fn new(mean: f64, alarms: f64, dice: &mut Dice) -> Self {
        let rates = rates(mean, (HISTORY + 2) * WEEK, dice);
        let past = rates[..HISTORY * WEEK]
            .iter()
            .enumerate()
            .map(|(hour, rate)| Past {
                of_week: hour % WEEK,
                count: Some(dice.poisson(*rate)),
                reach: 0.0,
            })
            .collect();
        Self { alarms, rates, past }
    }

    /// The first hour of watching, from `after` on, whose rate is about the mean.
    fn begins(&self, mean: f64, after: usize) -> usize {
        let watched = &self.rates[HISTORY * WEEK..];
        let about = |hour: &usize| (0.85..1.15).contains(&(watched[*hour] / mean));
        (after..after + 24).find(about).unwrap_or(after)
    }

    /// Minutes from now at which waves open in the hours that follow, of `times` the rate.
    fn watch(&mut self, watch: &mut Watch, hours: usize, times: f64, dice: &mut Dice) -> Vec<u32> {
        let mut opened = Vec::new();
        let (mut expected, mut dispersion, mut h) = (Vec::new(), 1.0, 0.0);
        for hour in 0..hours {
            if hour % FORECAST_H == 0 {
                let ahead: Vec<Ahead> = (0..WEEK)
                    .map(|ahead| Ahead {
                        of_week: (self.past.len() + ahead) % WEEK,
                        reach: 0.0,
                    })
                    .collect();
                let outlook = outlook(&self.past, &ahead);
                h = limit(outlook.hours.iter().map(|hour| hour.mean).sum(), self.alarms);
                dispersion = outlook.dispersion;
                expected = outlook.hours;
            }
            let rate = self.rates[self.past.len()] * times;
            let mut count = 0;
            for minute in 0_u32..60 {
                let came = dice.poisson(rate / 60.0);
                count += came;
                let turn = watch.minute(&Minute {
                    at: 0,
                    came,
                    expected: expected[hour % FORECAST_H].mean / 60.0,
                    dispersion,
                    limit: h,
                });
                if matches!(turn, Some(Turn::Opened(_))) {
                    opened.push(u32::try_from(hour).unwrap_or(0) * 60 + minute + 1);
                }
            }
            // As the desk does: what came in a wave teaches nothing of what is usual.
            let usual = watch.wave().is_none();
            self.past.push(Past {
                of_week: self.past.len() % WEEK,
                count: usual.then_some(count),
                reach: 0.0,
            });
        }
        opened
    }
}

/// Watches many histories.
pub fn find(histories: u64, seed: u64) -> Found {
    let per_week = RATES.map(|rate| 168.0 * rate);
    let mut found = Found::default();
    for history in 0..histories {
        let mut dice = Dice::new(seed.wrapping_mul(1_000_003).wrapping_add(history));
        found.lane_weeks += 1;
        for ((delays, mean), alarms) in found.delays.iter_mut().zip(RATES).zip(shares(&per_week, ALARMS)) {
            let mut series = Series::new(mean, alarms, &mut dice);
            let quiet = series.begins(mean, WEEK + dice.below(24));
            let mut watch = Watch::default();
            let opened = series.watch(&mut watch, quiet, 1.0, &mut dice).len();
            found.false_alarms += u32::try_from(opened).unwrap_or(u32::MAX);
            if watch.wave().is_some() {
                // A false alarm is still on: what follows could not be told apart.
                watch = Watch::default();
            }
            let opened = series.watch(&mut watch, LASTS_H, 3.0, &mut dice);
            delays.push(opened.first().copied());
        }
    }
    found
}

/// W
///
/// # Errors
/// None at present; commands give them.
#[expect(clippy::print_stdout, reason = "the figures are what the command is for")]
pub fn run(ask: Waves, json: bool) -> Result<(), Failed> {
    let found = find(ask.histories, ask.seed);
    let alarms = f64::from(found.false_alarms) / f64::from(found.lane_weeks.max(1));
    if json {
        let series: Vec<serde_json::Value> = (0..3)
            .map(|at| {
                serde_json::json!({
                    "per_hour": RATES[at], "found": found.share(at),
                    "median_delay_min": found.within(at, 50), "delay_90_min": found.within(at, 90),
                })
            })
            .collect();
        println!(
            "{}",
            serde_json::json!({ "false_alarms_per_lane_and_week": alarms, "series": series })
        );
        return Ok(());
    }
    println!(
        "{} lanes watched for a week: {alarms:.2} false alarms per lane and week",
        found.lane_weeks
    );
    println!("comments/h   found    median delay   nine of ten within");
    let minutes = |delay: Option<u32>| delay.map_or("-".to_owned(), |min| format!("{min} min"));
    for (at, rate) in RATES.iter().enumerate() {
        println!(
            "{rate:>10}   {:>5.1} %  {:>12}   {:>12}",
            100.0 * found.share(at),
            minutes(found.within(at, 50)),
            minutes(found.within(at, 90))
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn tripled_rates_are_found_soon_and_false_alarms_are_rare() {
        let found = find(5, 3);
        assert!(found.false_alarms <= 5 + 5, "{found:?}");
        assert!(found.share(0) > 0.9 && found.share(1) > 0.8, "{found:?}");
        assert!(found.within(0, 50).is_some_and(|delay| delay <= 30), "{found:?}");
    }
}
