//! `klarsvar bench quota`: made-up days of a channel whose videos must be read one by one, planned by [`budget`] as the desk
//! plans them. Prints the plan, the units spent, and how long comments waited.

use crate::cli::Failed;
use crate::connector::reading::Daily;
use crate::intake::budget::{self, Want};

use super::dice::Dice;

/// Seconds of a day.
const DAY: usize = 86_400;
/// Units of a sweep over the channel's list, and how often it may be.
const SWEEP: (f64, f64) = (5.0, 3_600.0);
/// Known comments that one call looks after; those of seven days are, once a day.
const CHECKED: usize = 50;

/// The day to make up.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Quota {
    /// Videos, none of which the channel's own list shows
    #[arg(long, default_value_t = 20)]
    videos: usize,
    /// Comments a day, on all videos together
    #[arg(long, default_value_t = 500)]
    comments: usize,
    /// Answers a day
    #[arg(long, default_value_t = 150)]
    answers: u32,
    /// Seed of chance
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// One thing that is read.
struct Errand {
    name: String,
    cost: f64,
    floor: f64,
    activity: i64,
    every: f64,
    due: f64,
    last: f64,
    reads: u32,
}

/// Runs three days, the last of which is measured.
///
/// # Errors
/// When the plan spends more than there is.
pub fn run(ask: Quota, json: bool) -> Result<(), Failed> {
    let daily = Daily {
        units: 10_000,
        per_action: 50,
        reserved_actions: ask.answers,
        zone: chrono_tz::America::Los_Angeles,
    };
    let mut dice = Dice::new(ask.seed);
    let mut errands = errands(ask.videos);
    let mut waits = Vec::new();
    let mut units = 0.0;
    for day in 0..3 {
        let mut arrivals = arrivals(&ask, &mut dice);
        // Looking after the comments of seven days.
        units = (7 * ask.comments).div_ceil(CHECKED) as f64;
        waits.clear();
        for errand in &mut errands {
            (errand.due, errand.last, errand.reads) = (errand.due.min(errand.every), errand.last - DAY as f64, 0);
        }
        if day == 0 {
            errands.iter_mut().for_each(|errand| errand.last = 0.0);
        }
        let mut answered = 0_u32;
        for second in 0..DAY {
            let now = second as f64;
            // Answers are written while people work, evenly.
            while f64::from(answered) < f64::from(ask.answers) * now / DAY as f64 {
                answered += 1;
                units += f64::from(daily.per_action);
            }
            for at in 0..errands.len() {
                if errands[at].due > now {
                    continue;
                }
                #[expect(clippy::cast_possible_truncation, reason = "units of a day are few")]
                let left = budget::left(&daily, units as i64, i64::from(answered)).reading as f64;
                if left < errands[at].cost {
                    errands[at].due = now + 60.0;
                    continue;
                }
                units += errands[at].cost;
                let new = match arrivals.get_mut(at) {
                    Some(waiting) => {
                        let seen: Vec<f64> = waiting.extract_if(.., |came| *came <= now).collect();
                        waits.extend(seen.iter().map(|came| now - came));
                        seen.len()
                    }
                    None => 0,
                };
                let errand = &mut errands[at];
                errand.activity = budget::of_late(errand.activity, new, (now - errand.last) / 3_600.0);
                (errand.last, errand.reads) = (now, errand.reads + 1);
                let every = planned(&errands, left, DAY as f64 - now)[at];
                (errands[at].every, errands[at].due) = (every, now + every);
            }
        }
    }
    tell(&ask, &errands, &mut waits, units, json);
    if units > f64::from(daily.units) {
        return Err(Failed::Work("the plan spends more than there is".to_owned()));
    }
    Ok(())
}

fn errands(videos: usize) -> Vec<Errand> {
    let errand = |name: String, cost: f64, floor: f64| Errand {
        name,
        cost,
        floor,
        activity: 0,
        every: floor,
        due: 0.0,
        last: 0.0,
        reads: 0,
    };
    let mut all: Vec<Errand> = (1..=videos)
        .map(|video| errand(format!("video/{video}"), 1.0, 60.0))
        .collect();
    all.push(errand("threads/published".to_owned(), 1.0, 60.0));
    all.push(errand("threads/heldForReview".to_owned(), 1.0, 600.0));
    all.push(errand("threads/likelySpam".to_owned(), 1.0, 600.0));
    all.push(errand("sweep/published".to_owned(), SWEEP.0, SWEEP.1));
    all
}

fn planned(errands: &[Errand], left: f64, seconds: f64) -> Vec<f64> {
    let wants: Vec<Want> = errands
        .iter()
        .map(|errand| Want {
            cost: errand.cost,
            activity: errand.activity as f64 / 1_000.0,
            floor: errand.floor,
        })
        .collect();
    budget::intervals(&wants, left, seconds)
}

/// When comments come, by video: few videos have most (Zipf), and evenings have more than nights.
fn arrivals(ask: &Quota, dice: &mut Dice) -> Vec<Vec<f64>> {
    let mut all = vec![Vec::new(); ask.videos];
    let sum: f64 = (1..=ask.videos).map(|video| 1.0 / video as f64).sum();
    for _ in 0..ask.comments {
        let mut left = dice.unit() * sum;
        let video = (1..ask.videos).find(|video| {
            left -= 1.0 / *video as f64;
            left < 0.0
        });
        let at = loop {
            let at = dice.unit();
            // Midnight on the Pacific coast is nine in the morning in Sweden; the peak is eleven hours later.
            let busy = 0.55 - 0.45 * (std::f64::consts::TAU * (at - 11.0 / 24.0 + 0.5)).cos();
            if dice.unit() < busy {
                break at * DAY as f64;
            }
        };
        all[video.unwrap_or(ask.videos) - 1].push(at);
    }
    all
}

#[expect(clippy::print_stdout, reason = "the figures are what the command is for")]
fn tell(ask: &Quota, errands: &[Errand], waits: &mut [f64], units: f64, json: bool) {
    waits.sort_by(f64::total_cmp);
    let at = |share: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place in the list"
        )]
        let place = (waits.len() as f64 * share) as usize;
        waits.get(place).copied().unwrap_or(0.0)
    };
    let reads: u32 = errands.iter().map(|errand| errand.reads).sum();
    if json {
        println!(
            "{}",
            serde_json::json!({
                "videos": ask.videos, "comments": ask.comments, "answers": ask.answers, "units": units, "reads": reads,
                "median_wait_s": at(0.5), "p90_wait_s": at(0.9), "found": waits.len(),
            })
        );
        return;
    }
    println!("{:<24} {:>12} {:>10} {:>8}", "read", "comments/h", "every s", "reads");
    for errand in errands {
        println!(
            "{:<24} {:>12.2} {:>10.0} {:>8}",
            errand.name,
            errand.activity as f64 / 1_000.0,
            errand.every,
            errand.reads
        );
    }
    println!(
        "{} videos, {} comments, {} answers: {units:.0} of 10,000 units, {} found, wait median {:.0} s, 90 % {:.0} s",
        ask.videos,
        ask.comments,
        ask.answers,
        waits.len(),
        at(0.5),
        at(0.9)
    );
}
