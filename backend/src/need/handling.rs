//! How long one comment takes, from how long claims lasted. A tab left open is not work.
//!
//! Work times are skewed to the right, so their spread is taken on the logarithm: a claim further than 2.5 robust
//! deviations above the median (median and median absolute deviation, F. R. Hampel, "The Influence Curve and Its Role
//! in Robust Estimation", 1974) is taken for an open tab and left out; the mean of the others is the handling time.
//! Of true lognormal work that leaves out less than one claim in a hundred. Few claims are evened out with what is
//! assumed without any.

/// Claims shorter than this are a slip of the hand, in seconds.
const SHORTEST_S: f64 = 2.0;
/// Robust deviations above the median where an open tab begins.
const FURTHEST: f64 = 2.5;
/// The median absolute deviation of a normal distribution is its standard deviation over this.
const MAD_TO_DEVIATION: f64 = 1.482_6;
/// The least spread believed: claims of equal length must not make the next longer one an open tab.
const LEAST_DEVIATION: f64 = 0.35;
/// What is assumed weighs as much as so many claims.
const ASSUMED_WEIGHS: f64 = 20.0;

/// A handling time and what it stands on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Handling {
    /// Seconds for one comment.
    pub seconds: f64,
    /// Claims it was measured on.
    pub measured: usize,
    /// Claims left out: slips of the hand and tabs left open.
    pub left_out: usize,
}

/// The handling time from how long claims that ended in a decision lasted, in seconds. `assumed_s` stands where there are none, and evens out few.
#[must_use]
pub fn handling(claims_s: &[f64], assumed_s: f64) -> Handling {
    let mut logs: Vec<f64> = claims_s
        .iter()
        .filter(|one| one.is_finite() && **one >= SHORTEST_S)
        .map(|one| one.ln())
        .collect();
    let assumed_s = if assumed_s.is_finite() {
        assumed_s.max(SHORTEST_S)
    } else {
        SHORTEST_S
    };
    let Some(middle) = median(&mut logs) else {
        return Handling {
            seconds: assumed_s,
            measured: 0,
            left_out: claims_s.len(),
        };
    };
    let mut away: Vec<f64> = logs.iter().map(|one| (one - middle).abs()).collect();
    let deviation = median(&mut away).unwrap_or_default() * MAD_TO_DEVIATION;
    let limit = middle + FURTHEST * deviation.max(LEAST_DEVIATION);
    let kept: Vec<f64> = logs.iter().filter(|one| **one <= limit).map(|one| one.exp()).collect();
    let measured = kept.len();
    let weight = f64::from(u32::try_from(measured).unwrap_or(u32::MAX));
    let seconds = (kept.iter().sum::<f64>() + assumed_s * ASSUMED_WEIGHS) / (weight + ASSUMED_WEIGHS);
    Handling {
        seconds,
        measured,
        left_out: claims_s.len() - measured,
    }
}

/// The middle of `values`, which are reordered; none of none.
fn median(values: &mut [f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let odd = !values.len().is_multiple_of(2);
    let middle = values.len() / 2;
    let (below, &mut above, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    if odd {
        return Some(above);
    }
    let below = below.iter().copied().max_by(f64::total_cmp)?;
    Some(f64::midpoint(below, above))
}

#[cfg(test)]
mod tests {
    use super::handling;

    /// A small generator (Knuth's MMIX constants), so that a failing seed can be run again.
    struct Dice(u64);

    impl Dice {
        fn unit(&mut self) -> f64 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (f64::from(u32::try_from(self.0 >> 32).expect("32 bits")) + 0.5) / 4_294_967_296.0
        }

        /// Of a normal distribution (Box and Muller, 1958).
        fn normal(&mut self) -> f64 {
            (-2.0 * self.unit().ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
        }
    }

    /// Lognormal work of `mean` seconds; one claim in ten is a tab left open for up to half an hour more.
    fn claims(seed: u64, count: usize, mean: f64, spread: f64, open_tabs: bool) -> Vec<f64> {
        let mut dice = Dice(seed);
        let middle = mean.ln() - spread * spread / 2.0;
        let claim = |_| {
            let work = (middle + spread * dice.normal()).exp();
            if open_tabs && dice.unit() < 0.1 {
                work + 900.0 + 1_800.0 * dice.unit()
            } else {
                work
            }
        };
        (0..count).map(claim).collect()
    }

    #[test]
    fn a_tab_left_open_does_not_move_the_handling_time() {
        for seed in 0..40 {
            let claims = claims(seed, 400, 90.0, 0.6, true);
            let raw = claims.iter().sum::<f64>() / 400.0;
            let found = handling(&claims, 120.0);
            assert!(raw > 200.0, "the plain mean is of no use: {raw}");
            assert!((found.seconds / 90.0 - 1.0).abs() < 0.15, "seed {seed}: {found:?}");
            assert!(found.left_out >= 20, "{found:?}");
        }
    }

    #[test]
    fn honest_work_is_hardly_trimmed() {
        for seed in 0..40 {
            let found = handling(&claims(seed, 1_000, 90.0, 0.6, false), 90.0);
            assert!((found.seconds / 90.0 - 1.0).abs() < 0.08, "seed {seed}: {found:?}");
            assert!(found.left_out < 30, "{found:?}");
        }
    }

    #[test]
    fn without_claims_what_is_assumed_stands_and_few_are_evened_out_with_it() {
        assert!((handling(&[], 120.0).seconds - 120.0).abs() < 1e-9);
        let few = handling(&[30.0, 30.0], 120.0);
        assert!(few.seconds > 100.0 && few.seconds < 120.0, "{few:?}");
        let many = handling(&[30.0; 500], 120.0);
        assert!((many.seconds - 30.0).abs() < 5.0, "{many:?}");
    }

    #[test]
    fn claims_without_sense_are_left_out() {
        let found = handling(&[f64::NAN, f64::INFINITY, -4.0, 0.0, 60.0], 60.0);
        assert_eq!((found.measured, found.left_out), (1, 4));
        assert!((found.seconds - 60.0).abs() < 1e-9);
        assert!(handling(&[f64::NAN], f64::NAN).seconds.is_finite());
    }
}
