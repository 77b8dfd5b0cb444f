//! Erlang C: how many people answer a given share within a given time when comments come by chance and wait in order.
//!
//! Formulas: A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic
//! telephone exchanges", 1917; in today's words R. B. Cooper, "Introduction to Queueing Theory", 2nd edition 1981,
//! chapter 3, equations 3.3 (loss), 4.8 (delay) and 4.24 (waiting longer than t). Nothing is taken to a power or a
//! factorial, so it holds for any number of people: the delay formula is reached from the loss formula's recurrence.

use super::{Absurd, MOST_PEOPLE, amount, positive, share, whole};

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ask {
    /// Comments that come in a period.
    pub arrivals: f64,
    /// Length of that period, in seconds.
    pub per_s: f64,
    /// Handling time of one comment, in seconds.
    pub handling_s: f64,
    /// Share to be begun in time, for example 0.8.
    pub target: f64,
    /// In time means within so many seconds.
    pub within_s: f64,
    /// Share of paid time in which a person is not at the lane.
    pub shrinkage: f64,
}

/// What is needed, and how it goes with that.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Need {
    /// People at work at once.
    pub agents: u32,
    /// People on the roster, so that so many are at work.
    pub rostered: u32,
    /// Share begun in time.
    pub service_level: f64,
    /// Share of their time in which those at work are busy.
    pub occupancy: f64,
    /// Mean wait of all comments, in seconds.
    pub mean_wait_s: f64,
    /// Share of comments that wait at all.
    pub p_wait: f64,
}

/// The loss formula with one person more: from `B(n - 1, a)` to `B(n, a)`.
fn one_more(loss: f64, people: u32, load: f64) -> f64 {
    let busy = load * loss;
    busy / (f64::from(people) + busy)
}

/// The delay formula from the loss formula, for fewer erlangs than people.
fn delay(loss: f64, people: u32, load: f64) -> f64 {
    let people = f64::from(people);
    people * loss / (people - load * (1.0 - loss))
}

/// Erlang B: the share that finds everybody busy when nobody waits, at `load` erlangs.
///
/// # Errors
/// [`Absurd`] when the load is no amount.
pub fn loss(people: u32, load: f64) -> Result<f64, Absurd> {
    let load = amount("the load", load)?;
    if people > MOST_PEOPLE {
        return Err(Absurd::TooMany);
    }
    Ok((1..=people).fold(1.0, |loss, people| one_more(loss, people, load)))
}

/// Erlang C: the share that has to wait, at `load` erlangs. Where there are not more people than erlangs all wait.
///
/// # Errors
/// [`Absurd`] when the load is no amount.
pub fn waiting(people: u32, load: f64) -> Result<f64, Absurd> {
    let loss = loss(people, load)?;
    Ok(if load >= f64::from(people) {
        if load > 0.0 { 1.0 } else { 0.0 }
    } else {
        delay(loss, people, load)
    })
}

/// The fewest people with whom the target is met.
///
/// # Errors
/// [`Absurd`] when an input is none that can be calculated with, or more than [`MOST_PEOPLE`] would be needed.
pub fn need(ask: &Ask) -> Result<Need, Absurd> {
    let arrivals = amount("arrivals", ask.arrivals)?;
    let per_s = positive("the period", ask.per_s)?;
    let handling_s = positive("the handling time", ask.handling_s)?;
    let within_s = amount("the target time", ask.within_s)?;
    let target = share("the target share", ask.target)?;
    let shrinkage = share("shrinkage", ask.shrinkage)?;
    let load = arrivals / per_s * handling_s;
    if !load.is_finite() || load >= f64::from(MOST_PEOPLE) {
        return Err(Absurd::TooMany);
    }
    if load == 0.0 {
        return Ok(Need {
            agents: 0,
            rostered: 0,
            service_level: 1.0,
            occupancy: 0.0,
            mean_wait_s: 0.0,
            p_wait: 0.0,
        });
    }
    let mut loss = 1.0;
    for agents in 1..=MOST_PEOPLE {
        loss = one_more(loss, agents, load);
        let spare = f64::from(agents) - load;
        if spare <= 0.0 {
            continue;
        }
        let p_wait = delay(loss, agents, load);
        let service_level = 1.0 - p_wait * (-spare * within_s / handling_s).exp();
        if service_level >= target {
            return Ok(Need {
                agents,
                rostered: whole(f64::from(agents) / (1.0 - shrinkage), MOST_PEOPLE)?,
                service_level,
                occupancy: load / f64::from(agents),
                mean_wait_s: p_wait * handling_s / spare,
                p_wait,
            });
        }
    }
    Err(Absurd::TooMany)
}

#[cfg(test)]
mod tests {
    use super::{Absurd, Ask, loss, need, waiting};

    const ASK: Ask = Ask {
        arrivals: 100.0,
        per_s: 1_800.0,
        handling_s: 180.0,
        target: 0.8,
        within_s: 20.0,
        shrinkage: 0.3,
    };

    /// The load at which `people` lose so much, by halving.
    fn load_at(people: u32, wanted: f64) -> f64 {
        let (mut low, mut high) = (0.0, 2.0 * f64::from(people));
        for _ in 0..200 {
            let middle = (low + high) / 2.0;
            if loss(people, middle).expect("a load") < wanted {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The load that the traffic tables print for a number of lines and a loss, as in T. Frankel, "ABC of the
    /// Telephone: Tables for Traffic Management and Design", 1976, or any other extended Erlang B table.
    const LOSS_TABLE: [(u32, f64, f64); 20] = [
        (2, 0.01, 0.1526),
        (5, 0.01, 1.361),
        (10, 0.01, 4.461),
        (20, 0.01, 12.03),
        (30, 0.01, 20.34),
        (50, 0.01, 37.90),
        (100, 0.01, 84.06),
        (5, 0.001, 0.7621),
        (10, 0.001, 3.092),
        (20, 0.001, 9.412),
        (50, 0.001, 32.51),
        (100, 0.001, 75.24),
        (5, 0.02, 1.657),
        (10, 0.02, 5.084),
        (20, 0.02, 13.18),
        (50, 0.02, 40.26),
        (100, 0.02, 87.97),
        (10, 0.05, 6.216),
        (20, 0.05, 15.25),
        (50, 0.05, 44.53),
    ];

    #[test]
    fn the_loss_formula_gives_the_printed_traffic_tables() {
        for (people, lost, load) in LOSS_TABLE {
            let found = load_at(people, lost);
            assert!(
                (found / load - 1.0).abs() < 0.001,
                "{people} at {lost}: {found}, printed {load}"
            );
        }
    }

    /// Delay probability of M/M/c queues, as printed in H. C. Tijms, "A First Course in Stochastic Models", 2003,
    /// and as fractions where they are short.
    const DELAY_TABLE: [(u32, f64, f64); 9] = [
        (1, 0.5, 0.5),
        (2, 1.0, 1.0 / 3.0),
        (3, 2.0, 4.0 / 9.0),
        (2, 1.6, 0.711_111_111),
        (5, 4.0, 0.554_112_554),
        (2, 1.8, 0.852_631_579),
        (5, 4.5, 0.762_492_8),
        (10, 9.0, 0.668_732),
        (25, 20.0, 0.209_2),
    ];

    #[test]
    fn the_delay_formula_gives_the_printed_delay_probabilities() {
        for (people, load, printed) in DELAY_TABLE {
            let found = waiting(people, load).expect("a load");
            assert!(
                (found / printed - 1.0).abs() < 0.001,
                "{people} at {load}: {found}, printed {printed}"
            );
        }
    }

    #[test]
    fn the_worked_examples_of_call_centre_handbooks_come_out_to_the_printed_digit() {
        // 360 calls of 4 minutes in half an hour, 55 people: 23.9 % wait, 8.2 s on average.
        let p_wait = waiting(55, 48.0).expect("a load");
        assert!((p_wait - 0.239).abs() < 0.000_5, "{p_wait}");
        assert!((p_wait * 240.0 / 7.0 - 8.2).abs() < 0.05);
        // 100 calls of 3 minutes in half an hour, 80 % within 20 s: 14 people, 17.4 % wait, 88.8 %, 7.8 s, 71.4 % busy.
        let need = need(&ASK).expect("a need");
        assert_eq!((need.agents, need.rostered), (14, 20));
        assert!((need.p_wait - 0.174).abs() < 0.000_5, "{need:?}");
        assert!((need.service_level - 0.888).abs() < 0.000_5, "{need:?}");
        assert!((need.mean_wait_s - 7.8).abs() < 0.05, "{need:?}");
        assert!((need.occupancy - 0.714).abs() < 0.000_5, "{need:?}");
    }

    /// The delay formula as it is printed, by sums of logarithms: slow, and made in another way than ours.
    fn by_sums(people: u32, load: f64) -> f64 {
        let mut terms = vec![0.0];
        for k in 1..=people {
            let last = terms[terms.len() - 1];
            terms.push(last + load.ln() - f64::from(k).ln());
        }
        let all_busy = terms[terms.len() - 1] + (f64::from(people) / (f64::from(people) - load)).ln();
        let below: f64 = terms[..terms.len() - 1]
            .iter()
            .map(|term| (term - all_busy).exp())
            .sum();
        1.0 / (1.0 + below)
    }

    #[test]
    fn the_recurrence_is_stable_up_to_ten_thousand_people() {
        for people in [1, 7, 60, 500, 3_000, 10_000] {
            for busy in [0.05, 0.5, 0.9, 0.99, 0.999] {
                let load = f64::from(people) * busy;
                let (ours, sums) = (waiting(people, load).expect("a load"), by_sums(people, load));
                let same = (ours - sums).abs() <= sums * 1e-7 + 1e-290;
                assert!(same, "{people} at {busy}: {ours} and {sums}");
            }
        }
    }

    #[test]
    fn the_fewest_people_are_found_and_no_fewer_would_do() {
        for arrivals in [1.0, 7.0, 55.0, 400.0, 9_000.0, 60_000.0] {
            let ask = Ask { arrivals, ..ASK };
            let found = need(&ask).expect("a need");
            assert!(found.service_level >= ask.target && found.occupancy < 1.0, "{found:?}");
            let load = arrivals / ask.per_s * ask.handling_s;
            let fewer = found.agents - 1;
            if f64::from(fewer) > load {
                let p_wait = waiting(fewer, load).expect("a load");
                let level = 1.0 - p_wait * (-(f64::from(fewer) - load) * ask.within_s / ask.handling_s).exp();
                assert!(level < ask.target, "{fewer} would do for {arrivals}");
            }
        }
    }

    #[test]
    fn absurd_inputs_are_refused_with_a_sentence() {
        let refused = |ask: Ask| need(&ask).expect_err("refused");
        assert_eq!(refused(Ask { arrivals: -1.0, ..ASK }), Absurd::Negative("arrivals"));
        assert_eq!(
            refused(Ask {
                arrivals: f64::NAN,
                ..ASK
            }),
            Absurd::NoNumber("arrivals")
        );
        assert_eq!(refused(Ask { per_s: 0.0, ..ASK }), Absurd::NotPositive("the period"));
        assert_eq!(
            refused(Ask { handling_s: 0.0, ..ASK }),
            Absurd::NotPositive("the handling time")
        );
        assert_eq!(
            refused(Ask {
                handling_s: f64::INFINITY,
                ..ASK
            }),
            Absurd::NoNumber("the handling time")
        );
        assert_eq!(refused(Ask { target: 1.0, ..ASK }), Absurd::NoShare("the target share"));
        assert_eq!(
            refused(Ask { within_s: -5.0, ..ASK }),
            Absurd::Negative("the target time")
        );
        assert_eq!(refused(Ask { shrinkage: 1.0, ..ASK }), Absurd::NoShare("shrinkage"));
        assert_eq!(
            refused(Ask {
                arrivals: 1e300,
                handling_s: 1e300,
                ..ASK
            }),
            Absurd::TooMany
        );
        assert_eq!(
            refused(Ask {
                arrivals: 100_000.0,
                ..ASK
            }),
            Absurd::TooMany
        );
        assert_eq!(
            refused(Ask {
                per_s: f64::MIN_POSITIVE,
                ..ASK
            }),
            Absurd::TooMany
        );
        assert_eq!(
            refused(Ask { arrivals: -1.0, ..ASK }).to_string(),
            "arrivals must not be below zero"
        );
        assert!(waiting(3, f64::NAN).is_err() && loss(20_000, 1.0).is_err());
    }

    #[test]
    fn no_arrivals_need_nobody_and_everybody_waits_where_nobody_is() {
        let nobody = need(&Ask { arrivals: 0.0, ..ASK }).expect("a need");
        assert_eq!((nobody.agents, nobody.rostered), (0, 0));
        assert_eq!(waiting(0, 1.0), Ok(1.0));
        assert_eq!(waiting(0, 0.0), Ok(0.0));
        assert_eq!(waiting(4, 9.0), Ok(1.0), "more work than people");
    }
}
