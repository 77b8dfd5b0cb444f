//! The level that the next hours begin from.
//!
//! Averages of the past without shape and ads, from quick to slow (simple exponential smoothing, R. G. Brown 1956).
//! Which of them to believe, for the next hours and for the days after, is told by how far each would have been off
//! lately; they are mixed by that (J. M. Bates and C. W. J. Granger, "The Combination of Forecasts", 1969).

use super::shape::Shape;
use super::{Past, WEEK};

/// How long each average remembers, in hours.
const REMEMBERS: [f64; 6] = [6.0, 18.0, 48.0, 120.0, 336.0, 1_000.0];
/// Hours ahead that the quick mix is for; those after have their own.
pub const SOON: usize = 8;
/// How often the averages are tried on the past, in hours.
pub const TRIED_EVERY: usize = 6;
/// How long errors count, in hours.
const ERRORS_REMEMBERED: f64 = 336.0;
/// How sharply the better average is preferred.
const SHARPNESS: i32 = 4;

/// Averages and how they are mixed.
#[derive(Debug, Clone)]
pub struct Level {
    /// After each hour of the past, each average.
    averages: Vec<[f64; 6]>,
    soon: [f64; 6],
    later: [f64; 6],
}

impl Level {
    /// Made from the hours known.
    pub fn of(past: &[Past], shape: &Shape) -> Self {
        let averages = averages(past, shape);
        let (soon, later) = mixes(past, shape, &averages);
        Self { averages, soon, later }
    }

    /// The level for the hour that lies `ahead` hours after the last, 0 for the next.
    pub fn at(&self, ahead: usize) -> f64 {
        self.averages.last().map_or(0.0, |last| self.mixed(last, ahead))
    }

    /// The same, as it would have been after hour `known` of the past.
    pub fn as_of(&self, known: usize, ahead: usize) -> Option<f64> {
        self.averages.get(known).map(|averages| self.mixed(averages, ahead))
    }

    fn mixed(&self, averages: &[f64; 6], ahead: usize) -> f64 {
        let mix = if ahead < SOON { &self.soon } else { &self.later };
        averages.iter().zip(mix).map(|(average, weight)| average * weight).sum()
    }
}

fn averages(past: &[Past], shape: &Shape) -> Vec<[f64; 6]> {
    let mut sums = [(0.0, 0.0); 6];
    let mut all = (0.0, 0.0);
    let mut after = Vec::with_capacity(past.len());
    for hour in past {
        if let Some(came) = shape.without_ads(hour) {
            let weight = shape.weight(hour.of_week);
            all = (all.0 + came, all.1 + weight);
            for (sum, remembers) in sums.iter_mut().zip(REMEMBERS) {
                let keep = (-1.0 / remembers).exp();
                *sum = (sum.0 * keep + came, sum.1 * keep + weight);
            }
        }
        let plain = if all.1 > 0.0 { all.0 / all.1 } else { 0.0 };
        // At night an average over few comments is steadied by two hours of the plain one.
        after.push(sums.map(|(came, weight)| (came + plain) / (weight + 1.0)));
    }
    after
}

/// The weights of the averages for the next hours and for later ones.
fn mixes(past: &[Past], shape: &Shape, averages: &[[f64; 6]]) -> ([f64; 6], [f64; 6]) {
    let mut came = vec![0.0];
    let mut weights = vec![0.0];
    for hour in past {
        let known = shape.without_ads(hour);
        came.push(came[came.len() - 1] + known.unwrap_or(0.0));
        let weight = if known.is_some() {
            shape.weight(hour.of_week)
        } else {
            0.0
        };
        weights.push(weights[weights.len() - 1] + weight);
    }
    let mut errors = [[0.0; 6]; 2];
    // The first days teach the averages themselves.
    let mut at = averages.len().saturating_sub(4 * WEEK).max(24);
    while at < averages.len() {
        let age = super::number(averages.len() - at);
        let counts = (-age / ERRORS_REMEMBERED).exp();
        for (errors, (from, to)) in errors
            .iter_mut()
            .zip([(at + 1, at + 1 + SOON), (at + 1 + SOON, at + 1 + 3 * 24)])
        {
            let to = to.min(past.len());
            if from >= to || weights[to] - weights[from] < 1e-9 {
                continue;
            }
            for (error, average) in errors.iter_mut().zip(averages[at]) {
                let off = came[to] - came[from] - average * (weights[to] - weights[from]);
                *error += counts * off.abs();
            }
        }
        at += TRIED_EVERY;
    }
    (mix(&errors[0]), mix(&errors[1]))
}

/// Weights by how small the errors are; without any, the middle ones share.
fn mix(errors: &[f64; 6]) -> [f64; 6] {
    let least = errors.iter().copied().fold(f64::INFINITY, f64::min);
    if least <= 1e-9 || !least.is_finite() {
        return [0.0, 0.25, 0.25, 0.25, 0.25, 0.0];
    }
    let weights = errors.map(|error| (least / error).powi(SHARPNESS));
    let sum: f64 = weights.iter().sum();
    weights.map(|weight| weight / sum)
}
