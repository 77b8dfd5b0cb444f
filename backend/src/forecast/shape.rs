//! The shape of the week, and what ads draw.
//!
//! Ratios of sums, as in the ratio-to-moving-average method: an hour's place is what came in it over what the level and
//! the ads around it would give with no shape. Few weeks are evened out with hours of the day times days of the week,
//! and those with a plain day, so that a desk with one day of history already knows night from day.

use super::{Past, WEEK, number};

/// Rounds in which shape, level and pull of ads settle.
const ROUNDS: usize = 4;
/// The finer shape is evened out with the coarser as if that had been seen so many times.
const COARSE_WEIGHS: f64 = 4.0;
/// The plain day and the plain week weigh as much as so many days and weeks.
const PLAIN_WEIGHS: f64 = 1.0;
/// Comments an hour that an ad draws per thousand people reached, until this desk knows better.
const PULL_ASSUMED: f64 = 0.05;
/// What is assumed of ads weighs as much as so many thousand people reached for an hour.
const PULL_WEIGHS: f64 = 500.0;
/// Half the window of the level that the shape is measured against, in hours: together one week, so that every day of
/// the week is in it once.
const HALF_WINDOW: usize = WEEK / 2;

/// A plain day, hour by hour, 1 on average: few at night, most in the evening.
const PLAIN_DAY: [f64; 24] = [
    0.45, 0.30, 0.22, 0.18, 0.18, 0.25, 0.45, 0.75, 0.95, 1.05, 1.15, 1.25, 1.30, 1.25, 1.20, 1.20, 1.25, 1.35, 1.50,
    1.65, 1.70, 1.60, 1.25, 0.77,
];

/// The shape of the week and the pull of ads.
#[derive(Debug, Clone)]
pub struct Shape {
    weights: Vec<f64>,
    /// Comments an hour per thousand people reached.
    pull: f64,
    /// Weeks of known hours it was made from.
    pub weeks: f64,
}

impl Shape {
    /// Made from the hours known.
    pub fn of(past: &[Past]) -> Self {
        let mean_of_plain = PLAIN_DAY.iter().sum::<f64>() / 24.0;
        let plain = |of_week: usize| PLAIN_DAY[of_week % 24] / mean_of_plain;
        let known = past.iter().filter(|hour| hour.count.is_some()).count();
        let mut shape = Self {
            weights: (0..WEEK).map(plain).collect(),
            pull: PULL_ASSUMED,
            weeks: number(known) / number(WEEK),
        };
        if known > 0 {
            for _ in 0..ROUNDS {
                let level = shape.level_around(past);
                shape.weights = shape.measured(past, &level);
                shape.pull = shape.drawn(past, &level);
            }
        }
        shape
    }

    /// Comments expected in an hour at this level, with ads that reach so many thousands.
    pub fn expected(&self, of_week: usize, level: f64, reach: f64) -> f64 {
        self.weight(of_week) * (level + self.pull * reach)
    }

    /// The hour's place in the shape; 1 on average.
    pub fn weight(&self, of_week: usize) -> f64 {
        self.weights.get(of_week % WEEK).copied().unwrap_or(1.0)
    }

    /// What an hour says of the level: its comments without those that ads drew.
    pub fn without_ads(&self, hour: &Past) -> Option<f64> {
        let count = f64::from(hour.count?);
        Some((count - self.expected(hour.of_week, 0.0, hour.reach)).max(0.0))
    }

    /// The level in the week around each hour.
    fn level_around(&self, past: &[Past]) -> Vec<f64> {
        let mut counted = vec![(0.0, 0.0)];
        for hour in past {
            let (mut came, mut weight) = counted[counted.len() - 1];
            if let Some(count) = hour.count {
                came += f64::from(count) - self.expected(hour.of_week, 0.0, hour.reach);
                weight += self.weight(hour.of_week);
            }
            counted.push((came, weight));
        }
        (0..past.len())
            .map(|at| {
                let (from, to) = (at.saturating_sub(HALF_WINDOW), (at + HALF_WINDOW).min(past.len()));
                let (before, after) = (counted[from], counted[to]);
                let weight = after.1 - before.1;
                if weight > 1e-9 {
                    ((after.0 - before.0) / weight).max(0.0)
                } else {
                    0.0
                }
            })
            .collect()
    }

    fn measured(&self, past: &[Past], level: &[f64]) -> Vec<f64> {
        let (mut day, mut days, mut week) = ([(0.0, 0.0); 24], [(0.0, 0.0); 7], vec![(0.0, 0.0); WEEK]);
        let (mut total, mut hours) = (0.0, 0.0);
        let known = |hour: &Past, level: f64| {
            let count = f64::from(hour.count?);
            Some((count, level + self.pull * hour.reach))
        };
        for (hour, level) in past.iter().zip(level) {
            if let Some((_, base)) = known(hour, *level) {
                total += base;
                hours += 1.0;
            }
        }
        let usual = if hours > 0.0 { total / hours } else { 0.0 };
        if usual <= 0.0 {
            return self.weights.clone();
        }
        let mean_of_plain = PLAIN_DAY.iter().sum::<f64>() / 24.0;
        for (hour, level) in past.iter().zip(level) {
            if let Some((count, base)) = known(hour, *level) {
                add(&mut day[hour.of_week % 24], count, base);
            }
        }
        let by_hour = |at: usize| {
            let plain = PLAIN_DAY[at % 24] / mean_of_plain;
            let (came, base) = day[at % 24];
            (came + PLAIN_WEIGHS * usual * plain) / (base + PLAIN_WEIGHS * usual)
        };
        for (hour, level) in past.iter().zip(level) {
            if let Some((count, base)) = known(hour, *level) {
                add(&mut days[hour.of_week / 24 % 7], count, base * by_hour(hour.of_week));
                add(&mut week[hour.of_week % WEEK], count, base);
            }
        }
        let by_day = |at: usize| {
            let (came, base) = days[at / 24 % 7];
            let weigh = 24.0 * PLAIN_WEIGHS * usual;
            (came + weigh) / (base + weigh)
        };
        let mut weights: Vec<f64> = (0..WEEK)
            .map(|at| {
                let coarse = by_hour(at) * by_day(at);
                let (came, base) = week[at];
                (came + COARSE_WEIGHS * usual * coarse) / (base + COARSE_WEIGHS * usual)
            })
            .collect();
        let mean = weights.iter().sum::<f64>() / number(WEEK);
        if mean > 1e-9 {
            weights.iter_mut().for_each(|weight| *weight /= mean);
        }
        weights
    }

    /// What ads drew, per thousand people reached.
    fn drawn(&self, past: &[Past], level: &[f64]) -> f64 {
        let (mut more, mut reached) = (PULL_ASSUMED * PULL_WEIGHS, PULL_WEIGHS);
        for (hour, level) in past.iter().zip(level) {
            if let (Some(count), true) = (hour.count, hour.reach > 0.0) {
                more += f64::from(count) - self.weight(hour.of_week) * level;
                reached += self.weight(hour.of_week) * hour.reach;
            }
        }
        (more / reached).max(0.0)
    }
}

fn add(sums: &mut (f64, f64), came: f64, base: f64) {
    sums.0 += came;
    sums.1 += base;
}
