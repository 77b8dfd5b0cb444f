//! From scores to probabilities that mean what they say, and from probabilities to thresholds. Looks only at scores and
//! truths; knows no text.

/// The logistic function.
#[must_use]
pub fn sigmoid(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// Slope and offset that make `scores` the log-odds of `truths` (Platt 1999), by Newton's method with halved steps where
/// a whole one would overshoot.
#[must_use]
pub fn platt(scored: &[(f32, bool)]) -> (f32, f32) {
    let (mut slope, mut offset) = (0.0_f64, 0.0_f64);
    let mut loss = surprise(scored, slope, offset);
    for _ in 0..50 {
        let (mut by_slope, mut by_offset) = (0.0, 0.0);
        let (mut both, mut slopes, mut offsets) = (0.0, 1e-6, 1e-6);
        for &(score, truth) in scored {
            let score = f64::from(score);
            let probability = 1.0 / (1.0 + (-(slope * score + offset)).exp());
            let error = probability - f64::from(u8::from(truth));
            let spread = probability * (1.0 - probability);
            by_slope += error * score;
            by_offset += error;
            slopes += spread * score * score;
            both += spread * score;
            offsets += spread;
        }
        let area = slopes * offsets - both * both;
        if area.abs() < 1e-12 || !area.is_finite() {
            break;
        }
        let steps = (
            (offsets * by_slope - both * by_offset) / area,
            (slopes * by_offset - both * by_slope) / area,
        );
        let mut part = 1.0;
        let next = loop {
            let tried = (slope - part * steps.0, offset - part * steps.1);
            let now = surprise(scored, tried.0, tried.1);
            if now <= loss {
                break Some((tried, now));
            }
            part /= 2.0;
            if part < 1e-6 {
                break None;
            }
        };
        let Some((tried, now)) = next else { break };
        (slope, offset) = tried;
        if loss - now < 1e-9 * loss {
            break;
        }
        loss = now;
    }
    (rounded(slope), rounded(offset))
}

/// Sum of the negative log-likelihoods.
fn surprise(scored: &[(f32, bool)], slope: f64, offset: f64) -> f64 {
    let one = |&(score, truth): &(f32, bool)| {
        let odds = slope * f64::from(score) + offset;
        let wrong = if truth { -odds } else { odds };
        wrong.max(0.0) + (-wrong.abs()).exp().ln_1p()
    };
    scored.iter().map(one).sum()
}

/// Few enough digits that the last bit of a sum does not matter for a model's bytes.
#[expect(clippy::cast_possible_truncation, reason = "a parameter is kept with four decimals")]
fn rounded(value: f64) -> f32 {
    let kept = (value.clamp(-100.0, 100.0) * 10_000.0).round() / 10_000.0;
    if kept.is_finite() { kept as f32 } else { 0.0 }
}

/// The probability from which on the F-measure is best, F1 for `beta` 1; greater `beta` asks for recall.
#[must_use]
pub fn best_threshold(scored: &[(f32, bool)], beta: f32) -> f32 {
    let (mut best, mut at) = (0.0, 0.5);
    walk(scored, |probability, right, said, all| {
        let weight = beta * beta;
        let measure = (1.0 + weight) * right / (weight * all + said);
        if measure > best {
            (best, at) = (measure, probability);
        }
    });
    at
}

/// The middle, by ratio, of the probabilities from which on the F-measure is within two hundredths of its best. Where few
/// comments have a label the best single place is chance; the middle of the good ones is less so.
#[must_use]
pub fn steady_threshold(scored: &[(f32, bool)], beta: f32) -> f32 {
    let weight = beta * beta;
    let measure = |right: f32, said: f32, all: f32| (1.0 + weight) * right / (weight * all + said);
    let mut best = 0.0_f32;
    walk(scored, |_, right, said, all| best = best.max(measure(right, said, all)));
    let mut good: Option<(f32, f32)> = None;
    walk(scored, |probability, right, said, all| {
        if measure(right, said, all) >= best * 0.98 {
            let (low, high) = good.unwrap_or((probability, probability));
            good = Some((low.min(probability), high.max(probability)));
        }
    });
    good.map_or(0.5, |(low, high)| (low * high).sqrt())
}

/// The lowest probability from which on at least `precision` of what is said is right.
#[must_use]
pub fn precise_threshold(scored: &[(f32, bool)], precision: f32) -> f32 {
    let mut at = 0.95;
    walk(scored, |probability, right, said, _| {
        if said >= 10.0 && right >= precision * said {
            at = probability;
        }
    });
    at
}

/// The highest probability from which on at least `recall` of what is true is said.
#[must_use]
pub fn complete_threshold(scored: &[(f32, bool)], recall: f32) -> f32 {
    let mut at = None;
    walk(scored, |probability, right, _, all| {
        if at.is_none() && right >= recall * all {
            at = Some(probability);
        }
    });
    at.unwrap_or(0.5)
}

/// Mean distance between what is promised and what comes true, in ten bands of equal width, weighted by their size.
#[must_use]
pub fn calibration_error(scored: &[(f32, bool)]) -> f32 {
    let mut bands = [(0.0_f32, 0.0_f32, 0.0_f32); 10];
    for &(probability, truth) in scored {
        let band = (1..10).filter(|&tenth| probability * 10.0 >= tenth as f32).count();
        bands[band].0 += probability;
        bands[band].1 += f32::from(u8::from(truth));
        bands[band].2 += 1.0;
    }
    let apart: f32 = bands.iter().map(|&(promised, came, _)| (promised - came).abs()).sum();
    apart / scored.len().max(1) as f32
}

/// Goes down the probabilities; at each tells the right, the said, and all that is true.
fn walk(scored: &[(f32, bool)], mut at: impl FnMut(f32, f32, f32, f32)) {
    let mut ordered = scored.to_vec();
    ordered.sort_by(|a, b| b.0.total_cmp(&a.0));
    let all = ordered.iter().filter(|pair| pair.1).count() as f32;
    let mut right = 0.0;
    for (index, &(probability, truth)) in ordered.iter().enumerate() {
        right += f32::from(u8::from(truth));
        if ordered.get(index + 1).is_none_or(|next| next.0 < probability) {
            at(probability, right, (index + 1) as f32, all);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calibrated_scores_come_true_as_often_as_they_say() {
        // Scores three times too bold; of each band of 100 alike, as many are true as the odds say.
        let scored: Vec<(f32, bool)> = (0..4_000_u16)
            .map(|index| {
                let odds = f32::from(index % 40) / 10.0 - 2.0;
                (odds * 3.0, sigmoid(odds) > (f32::from(index / 40) + 0.5) / 100.0)
            })
            .collect();
        let (slope, offset) = platt(&scored);
        assert!((slope - 1.0 / 3.0).abs() < 0.05, "{slope}");
        let said: Vec<(f32, bool)> = scored
            .iter()
            .map(|&(score, truth)| (sigmoid(slope * score + offset), truth))
            .collect();
        assert!(calibration_error(&said) < 0.01, "{}", calibration_error(&said));
    }

    #[test]
    fn thresholds_keep_what_they_promise() {
        let scored: Vec<(f32, bool)> = (0..100_u16)
            .map(|index| (f32::from(index) / 100.0, index >= 80 || index % 10 == 0))
            .collect();
        let kept = |threshold: f32| {
            let said: Vec<bool> = scored
                .iter()
                .filter(|pair| pair.0 >= threshold)
                .map(|pair| pair.1)
                .collect();
            (said.iter().filter(|&&truth| truth).count(), said.len())
        };
        let (right, said) = kept(precise_threshold(&scored, 0.9));
        assert!(right * 10 >= said * 9 && said >= 20, "{right} of {said}");
        let (right, _) = kept(complete_threshold(&scored, 0.9));
        assert!(right * 10 >= 28 * 9, "{right}");
        assert!((best_threshold(&scored, 1.0) - 0.8).abs() < 0.001);
    }

    #[test]
    fn nothing_to_look_at_gives_finite_answers() {
        let (slope, offset) = platt(&[]);
        assert!(slope.is_finite() && offset.is_finite());
        assert!(platt(&[(f32::MAX, true), (f32::MIN, false)]).0.is_finite());
        assert_eq!(best_threshold(&[], 1.0), 0.5);
        assert_eq!(calibration_error(&[]), 0.0);
    }
}
