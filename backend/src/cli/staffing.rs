//! `klarsvar staffing`: how many people hold an answering time, by Erlang C.

use super::Failed;
use crate::need::erlang::{Ask, need};

/// The work, and what is to be held.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Staffing {
    /// Comments that come in the period
    #[arg(long, allow_negative_numbers = true)]
    arrivals: f64,
    /// The period, in seconds
    #[arg(long, allow_negative_numbers = true)]
    per_s: f64,
    /// Handling time of one comment, in seconds
    #[arg(long, allow_negative_numbers = true)]
    aht_s: f64,
    /// Share to be begun in time
    #[arg(long, allow_negative_numbers = true)]
    target: f64,
    /// In time means within so many seconds
    #[arg(long, allow_negative_numbers = true)]
    within_s: f64,
    /// Share of paid time in which a person is not at the lane
    #[arg(long, default_value_t = 0.3, allow_negative_numbers = true)]
    shrinkage: f64,
}

/// Prints the need as one line of JSON.
///
/// # Errors
/// [`Failed::Input`] with a sentence when an input is none that can be calculated with.
#[expect(clippy::print_stdout, reason = "the result is what the command is for")]
pub fn run(staffing: Staffing) -> Result<(), Failed> {
    println!("{}", answer(staffing)?);
    Ok(())
}

fn answer(staffing: Staffing) -> Result<serde_json::Value, Failed> {
    let need = need(&Ask {
        arrivals: staffing.arrivals,
        per_s: staffing.per_s,
        handling_s: staffing.aht_s,
        target: staffing.target,
        within_s: staffing.within_s,
        shrinkage: staffing.shrinkage,
    })
    .map_err(|absurd| Failed::Input(absurd.to_string()))?;
    Ok(serde_json::json!({
        "agents": need.agents,
        "rostered": need.rostered,
        "service_level": need.service_level,
        "occupancy": need.occupancy,
        "asa_s": need.mean_wait_s,
        "p_wait": need.p_wait,
    }))
}

#[cfg(test)]
mod tests {
    use super::{Staffing, answer};
    use crate::cli::Failed;

    const ASK: Staffing = Staffing {
        arrivals: 100.0,
        per_s: 1_800.0,
        aht_s: 180.0,
        target: 0.8,
        within_s: 20.0,
        shrinkage: 0.3,
    };

    #[test]
    fn the_need_is_told_with_every_figure_of_the_contract() {
        let told = answer(ASK).expect("a need");
        assert_eq!(
            (told["agents"].as_u64(), told["rostered"].as_u64()),
            (Some(14), Some(20))
        );
        for figure in ["service_level", "occupancy", "asa_s", "p_wait"] {
            assert!(told[figure].as_f64().is_some_and(f64::is_finite), "{figure}");
        }
    }

    #[test]
    fn absurd_input_ends_with_a_sentence() {
        let refused = answer(Staffing { aht_s: 0.0, ..ASK });
        assert!(matches!(refused, Err(Failed::Input(why)) if why == "the handling time must be above zero"));
    }
}
