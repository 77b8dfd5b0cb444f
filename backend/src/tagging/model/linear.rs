//! Logistic regression for all labels at once, by dual coordinate descent (Yu, Huang and Lin, Machine Learning 85,
//! 2011), around a prior score. One thread, fixed order from a seed: the same input gives the same bits.

use super::LABELS;

/// One example: features, the labels it has as bits, and what a model already says of it.
#[derive(Debug, Clone)]
pub(super) struct Example {
    pub(super) vector: Vec<(u32, f32)>,
    pub(super) truth: u32,
    /// Scores of the prior; zeros when there is none.
    pub(super) prior: [f32; LABELS],
    /// How far each label is held in the fit; starts at zero.
    pub(super) alpha: [f32; LABELS],
}

/// Where weights are kept.
pub(super) trait Weights {
    /// The weights of a row; zeros when there are none.
    fn get(&self, row: u32) -> [f32; LABELS];
    /// Adds to a row.
    fn add(&mut self, row: u32, change: &[f32; LABELS], value: f32);
}

/// A full table.
impl Weights for Vec<[f32; LABELS]> {
    fn get(&self, row: u32) -> [f32; LABELS] {
        usize::try_from(row)
            .ok()
            .and_then(|row| <[_]>::get(self, row))
            .copied()
            .unwrap_or([0.0; LABELS])
    }

    fn add(&mut self, row: u32, change: &[f32; LABELS], value: f32) {
        if let Some(row) = usize::try_from(row).ok().and_then(|row| self.get_mut(row)) {
            for (weight, change) in row.iter_mut().zip(change) {
                *weight += change * value;
            }
        }
    }
}

impl Example {
    pub(super) fn new(vector: Vec<(u32, f32)>, truth: u32, prior: [f32; LABELS]) -> Self {
        Self {
            vector,
            truth,
            prior,
            alpha: [0.0; LABELS],
        }
    }

    pub(super) fn has(&self, label: usize) -> bool {
        self.truth >> label & 1 == 1
    }

    /// The score of the example under weights and bias, on top of its prior.
    pub(super) fn scores(&self, weights: &impl Weights, bias: &[f32; LABELS]) -> [f32; LABELS] {
        let mut scores = self.prior;
        for (score, bias) in scores.iter_mut().zip(bias) {
            *score += bias;
        }
        for &(row, value) in &self.vector {
            for (score, weight) in scores.iter_mut().zip(weights.get(row)) {
                *score += weight * value;
            }
        }
        scores
    }

    /// Moves the weights to where this example is best explained, others held; `cost` per label, 0 to leave a label.
    pub(super) fn step(&mut self, weights: &mut impl Weights, bias: &mut [f32; LABELS], cost: &[f32; LABELS]) {
        let scores = self.scores(weights, bias);
        let size: f32 = 1.0 + self.vector.iter().map(|(_, value)| value * value).sum::<f32>();
        let mut change = [0.0; LABELS];
        for label in 0..LABELS {
            if cost[label] > 0.0 {
                let sign = if self.has(label) { 1.0 } else { -1.0 };
                let now = hold(self.alpha[label], size, sign * scores[label], cost[label]);
                change[label] = (now - self.alpha[label]) * sign;
                self.alpha[label] = now;
            }
        }
        self.apply(weights, bias, &change);
    }

    /// Takes back all that this example ever moved.
    pub(super) fn take_back(&mut self, weights: &mut impl Weights, bias: &mut [f32; LABELS]) {
        let change = std::array::from_fn(|label| {
            if self.has(label) {
                -self.alpha[label]
            } else {
                self.alpha[label]
            }
        });
        self.alpha = [0.0; LABELS];
        self.apply(weights, bias, &change);
    }

    fn apply(&self, weights: &mut impl Weights, bias: &mut [f32; LABELS], change: &[f32; LABELS]) {
        for (bias, change) in bias.iter_mut().zip(change) {
            *bias += change;
        }
        for &(row, value) in &self.vector {
            weights.add(row, change, value);
        }
    }
}

/// The best dual variable in (0, cost): the minimum of `size/2 (z-a)² + margin (z-a) + z ln z + (cost-z) ln(cost-z)`,
/// by Newton's method kept inside by bisection.
fn hold(before: f32, size: f32, margin: f32, cost: f32) -> f32 {
    let (mut low, mut high) = (cost * 1e-6, cost * (1.0 - 1e-6));
    let mut now = before.clamp(low, high);
    for _ in 0..12 {
        let slope = size * (now - before) + margin + (now / (cost - now)).ln();
        if slope > 0.0 {
            high = now;
        } else {
            low = now;
        }
        let bend = size + cost / (now * (cost - now));
        let next = now - slope / bend;
        let next = if next > low && next < high {
            next
        } else {
            (low + high) / 2.0
        };
        if (next - now).abs() < 1e-5 * cost {
            return next;
        }
        now = next;
    }
    now
}

/// A small generator (Knuth's MMIX constants): the order of examples needs no more.
pub(super) struct Order(u64);

impl Order {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Shuffles `items`.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let below = u64::try_from(last).unwrap_or(u64::MAX) + 1;
            items.swap(last, usize::try_from((self.0 >> 33) % below).unwrap_or(last));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(row: u32, truth: u32) -> Example {
        Example::new(vec![(row, 1.0), (3, 0.5)], truth, [0.0; LABELS])
    }

    #[test]
    fn a_fit_tells_apart_what_it_was_shown_and_can_be_taken_back() {
        let mut weights = vec![[0.0; LABELS]; 4];
        let mut bias = [0.0; LABELS];
        let mut examples = [example(0, 1), example(1, 2), example(2, 0)];
        for _ in 0..20 {
            for example in &mut examples {
                example.step(&mut weights, &mut bias, &[2.0; LABELS]);
            }
        }
        for (example, truth) in examples.iter().zip([1, 2, 0_u32]) {
            let scores = example.scores(&weights, &bias);
            for label in 0..2 {
                assert_eq!(
                    scores[label] > 0.0,
                    truth >> label & 1 == 1,
                    "{truth} {label} {scores:?}"
                );
            }
        }
        for example in &mut examples {
            example.take_back(&mut weights, &mut bias);
        }
        assert!(weights.iter().flatten().chain(&bias).all(|weight| weight.abs() < 1e-4));
    }

    #[test]
    fn the_dual_variable_stays_inside_for_any_margin() {
        for margin in [-1e9, -100.0, -1.0, 0.0, 1.0, 100.0, 1e9] {
            for size in [1.0, 500.0, 1e6] {
                let held = hold(0.0, size, margin, 2.0);
                assert!(held > 0.0 && held < 2.0, "{margin} {size} {held}");
            }
        }
    }
}
