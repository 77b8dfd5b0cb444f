//! What the need of all lanes costs to calculate: `klarsvar bench need`.

use std::time::{Duration, Instant};

use crate::cli::Failed;
use crate::domain::lane::Lane;
use crate::need::{Assumed, Coming, figures};

/// Half hours calculated ahead.
const HALF_HOURS: usize = 48;
/// Times it is done; the middle one counts.
const ROUNDS: usize = 201;

/// Calculates 48 half hours of four lanes again and again and prints the middle time.
///
/// # Errors
/// When the made-up lanes cannot be calculated with.
#[expect(clippy::print_stdout, reason = "the figures are what the command is for")]
pub fn run(json: bool) -> Result<(), Failed> {
    let lanes: Vec<Coming> = Lane::ALL.iter().map(|lane| lane_of(lane.index())).collect();
    let mut took = Vec::with_capacity(ROUNDS);
    let mut people = 0;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        people = 0;
        for lane in &lanes {
            people += figures(lane)?.iter().map(|one| one.needed()).max().unwrap_or_default();
        }
        took.push(begun.elapsed());
    }
    took.sort_unstable();
    let (middle, last) = (at(&took, ROUNDS / 2), at(&took, ROUNDS - 1));
    if json {
        println!(
            "{}",
            serde_json::json!({
                "half_hours": HALF_HOURS, "lanes": lanes.len(), "people_at_most": people,
                "median_us": middle.as_micros(), "slowest_us": last.as_micros(),
            })
        );
    } else {
        println!(
            "{HALF_HOURS} half hours of {} lanes: {} us, slowest of {ROUNDS} rounds {} us",
            lanes.len(),
            middle.as_micros(),
            last.as_micros()
        );
    }
    Ok(())
}

fn at(took: &[Duration], place: usize) -> Duration {
    took.get(place).copied().unwrap_or_default()
}

/// A day in one lane, the busiest first: 400, 200, 100 and 50 comments in the busiest half hour.
fn lane_of(index: usize) -> Coming {
    let busiest = [400.0, 200.0, 100.0, 50.0].get(index).copied().unwrap_or(50.0);
    let arrivals = (0_u32..)
        .take(HALF_HOURS)
        .map(|slot| busiest * (1.0 - (f64::from(slot) / 24.0 - 1.0).abs()).max(0.05))
        .collect();
    Coming {
        assumed: Assumed {
            handling_s: 120.0,
            target: 0.8,
            within_s: 900.0,
            shrinkage: 0.3,
        },
        waiting: 80,
        arrivals,
        urgent: 1.0,
        level_in: 12,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_lanes_of_the_measurement_can_be_calculated() {
        for lane in 0..4 {
            let found = crate::need::figures(&super::lane_of(lane)).expect("figures");
            assert_eq!(found.len(), super::HALF_HOURS);
        }
    }
}
