//! How far off a forecast is, measured on the last weeks.
//!
//! Forecasts as they would have been made are compared with what came. Errors are taken in deviations of a count that
//! varies more than by chance alone (variance `m + spread x m^2`, the negative binomial's), and the band's edges are
//! quantiles of those (split conformal prediction, Vovk, Gammerman and Shafer, "Algorithmic Learning in a Random World",
//! 2005), evened out with the normal distribution's while there are few.

use super::level::{Level, SOON, TRIED_EVERY};
use super::shape::Shape;
use super::{AHEAD, Expected, Past, WEEK, number};

/// The quantiles that bound the bands, from low to high.
const QUANTILES: [f64; 4] = [0.10, 0.25, 0.75, 0.90];
/// The same of a normal distribution.
const NORMAL: [f64; 4] = [-1.281_55, -0.674_49, 0.674_49, 1.281_55];
/// The normal distribution weighs as much as so many errors.
const NORMAL_WEIGHS: f64 = 60.0;
/// Weeks over which errors are measured.
const MEASURED_WEEKS: usize = 4;
/// Variance beyond chance assumed without any errors to measure it on.
const SPREAD_ASSUMED: f64 = 0.25;
/// Ads of the same reach draw unequally: the deviation of what one draws, as a share of what it is expected to.
const ADS_VARY: f64 = 0.4;
/// Hours ahead at which one kind of band ends and the next begins.
const ENDS: [usize; 3] = [SOON, 48, AHEAD];

#[derive(Debug, Clone, Copy)]
struct Band {
    spread: f64,
    quantiles: [f64; 4],
}

/// The bands for the next hours, the next two days, and the days after.
#[derive(Debug, Clone)]
pub struct Bands {
    bands: [Band; 3],
    /// Variance of counts over their mean in the next hours.
    pub dispersion: f64,
}

impl Bands {
    /// Measured on the hours known.
    pub fn of(past: &[Past], shape: &Shape, level: &Level) -> Self {
        let mut from = 0;
        let mut dispersion = 1.0;
        // The shape has seen these hours: what is really ahead will be off by a little more, the less it has seen the more.
        let seen = shape.weeks.max(0.5) + 1.0;
        let unseen = ((seen + 1.0) / (seen - 1.0)).sqrt();
        let bands = ENDS.map(|end| {
            let errors = errors(past, shape, level, from..end);
            if from == 0 {
                dispersion = varied(&errors);
            }
            from = end;
            band(&errors, unseen)
        });
        Self { bands, dispersion }
    }

    /// The bands around a mean, `ahead` hours after the last hour known.
    /// Of the mean, ads are expected to draw `drawn`.
    pub fn around(&self, ahead: usize, mean: f64, drawn: f64) -> Expected {
        let nth = ENDS.iter().position(|end| ahead < *end).unwrap_or(ENDS.len() - 1);
        let band = self.bands[nth];
        let deviation = deviation(mean, drawn, band.spread);
        let edges = band.quantiles.map(|quantile| (mean + quantile * deviation).max(0.0));
        Expected {
            mean,
            low80: edges[0],
            low50: edges[1].max(edges[0]),
            high50: edges[2].max(edges[1]),
            high80: edges[3].max(edges[2]),
            drawn,
        }
    }
}

/// What a count with this mean varies by.
fn deviation(mean: f64, drawn: f64, spread: f64) -> f64 {
    (mean + spread * mean * mean + (ADS_VARY * drawn).powi(2))
        .max(0.0)
        .sqrt()
}

/// A forecast as it would have been, and what came.
struct Tried {
    mean: f64,
    drawn: f64,
    came: f64,
}

fn errors(past: &[Past], shape: &Shape, level: &Level, ahead: std::ops::Range<usize>) -> Vec<Tried> {
    let mut errors = Vec::new();
    let mut known = past.len().saturating_sub(MEASURED_WEEKS * WEEK).max(24);
    let step = if ahead.len() > 24 { 5 } else { 1 };
    while known < past.len() {
        for ahead in ahead.clone().step_by(step) {
            let Some(hour) = past.get(known + 1 + ahead) else { break };
            if let (Some(count), Some(level)) = (hour.count, level.as_of(known, ahead)) {
                errors.push(Tried {
                    mean: shape.expected(hour.of_week, level, hour.reach),
                    drawn: shape.expected(hour.of_week, 0.0, hour.reach),
                    came: f64::from(count),
                });
            }
        }
        known += TRIED_EVERY;
    }
    errors
}

/// Variance of counts over their mean.
fn varied(errors: &[Tried]) -> f64 {
    let squares: f64 = errors.iter().map(|one| (one.came - one.mean).powi(2)).sum();
    let means: f64 = errors.iter().map(|one| one.mean).sum();
    if means > 1e-9 { squares / means } else { 1.0 }
}

fn band(errors: &[Tried], unseen: f64) -> Band {
    let count = number(errors.len());
    let (mut beyond, mut squares) = (0.0, 0.0);
    for Tried { mean, drawn, came } in errors {
        beyond += (came - mean).powi(2) - mean - (ADS_VARY * drawn).powi(2);
        squares += mean * mean;
    }
    let measured = if squares > 0.0 {
        (beyond / squares).max(0.0)
    } else {
        0.0
    };
    let spread = (measured * count + SPREAD_ASSUMED * NORMAL_WEIGHS) / (count + NORMAL_WEIGHS);
    let mut off: Vec<f64> = errors
        .iter()
        .filter(|one| one.mean > 0.0)
        .map(|one| (one.came - one.mean) / deviation(one.mean, one.drawn, spread))
        .collect();
    off.sort_unstable_by(f64::total_cmp);
    let mut quantiles = [0.0; 4];
    for ((edge, share), normal) in quantiles.iter_mut().zip(QUANTILES).zip(NORMAL) {
        let found = quantile(&off, share).unwrap_or(normal) * unseen;
        let count = number(off.len());
        *edge = (found * count + normal * NORMAL_WEIGHS) / (count + NORMAL_WEIGHS);
    }
    Band { spread, quantiles }
}

/// The value below which `share` of the sorted values lie.
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let wanted = share * number(sorted.len());
    let at = (0..sorted.len()).find(|at| number(at + 1) >= wanted)?;
    sorted.get(at).copied()
}
