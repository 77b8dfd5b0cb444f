//! What happens when, drawn from the seed: the public writes, platforms fail, the desk loses its power.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::support::random::Random;

/// Something that happens. Channels are told by their place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The public writes this many comments.
    Write(usize, u64),
    /// An author changes a text.
    Edit(usize),
    /// An author removes a comment.
    Remove(usize),
    /// The platform refuses calls as too many.
    Limit(usize),
    /// Calls take effect, and their answers are lost.
    LoseAnswers(usize),
    /// The token runs out.
    VoidToken(usize),
    /// An administrator signs in again.
    SignIn(usize),
    /// The platform is away.
    Down(usize),
    /// By now the desk has told that it is blind there.
    MustBeBlind(usize),
    /// The platform is back.
    Up(usize),
    /// The desk loses its power.
    Crash,
}

/// What is still to happen, in order.
pub struct Plan {
    acts: BTreeMap<(DateTime<Utc>, u64), Act>,
    number: u64,
}

/// Times a day that somebody writes on a channel.
const VISITS: u64 = 10;

impl Plan {
    /// Draws what happens on `channels` channels from `start` on.
    pub fn draw(start: DateTime<Utc>, days: u64, channels: usize, random: &mut Random) -> Self {
        let mut plan = Self {
            acts: BTreeMap::new(),
            number: 0,
        };
        for day in 0..days {
            let begins = start + TimeDelta::days(i64::try_from(day).expect("a small number"));
            let at = |random: &mut Random| begins + seconds(random.below(86_400));
            for channel in 0..channels {
                for _ in 0..VISITS {
                    let comments = 1 + random.below(4);
                    plan.add(at(random), Act::Write(channel, comments));
                }
                for _ in 0..2 {
                    plan.add(at(random), Act::Edit(channel));
                    plan.add(at(random), Act::Remove(channel));
                }
                for _ in 0..2 {
                    plan.add(at(random), Act::Limit(channel));
                    plan.add(at(random), Act::LoseAnswers(channel));
                }
            }
            let burst = random.below(channels as u64);
            plan.add(at(random), Act::Write(usize::try_from(burst).expect("a channel"), 12));
            plan.add(at(random), Act::Crash);
            plan.trouble(day, begins, channels, random);
        }
        plan
    }

    /// The token of each channel runs out once a day; each day one channel is away for two hours, when its token is good.
    fn trouble(&mut self, day: u64, begins: DateTime<Utc>, channels: usize, random: &mut Random) {
        for channel in 0..channels {
            let at = begins + seconds(random.below(6 * 3_600));
            self.add(at, Act::VoidToken(channel));
        }
        let away = usize::try_from(day + random.below(2)).expect("a small number") % channels;
        let from = begins + TimeDelta::hours(10) + seconds(random.below(6 * 3_600));
        self.add(from, Act::Down(away));
        self.add(from + TimeDelta::hours(2), Act::Up(away));
    }

    /// Something happens besides.
    pub fn add(&mut self, at: DateTime<Utc>, act: Act) {
        self.number += 1;
        self.acts.insert((at, self.number), act);
    }

    /// When something happens next.
    pub fn next(&self) -> Option<DateTime<Utc>> {
        self.acts.keys().next().map(|(at, _)| *at)
    }

    /// Takes out what has happened by now.
    pub fn due(&mut self, now: DateTime<Utc>) -> Vec<Act> {
        let later = self.acts.split_off(&(now, u64::MAX));
        std::mem::replace(&mut self.acts, later).into_values().collect()
    }
}

fn seconds(seconds: u64) -> TimeDelta {
    TimeDelta::seconds(i64::try_from(seconds).expect("a day at most"))
}
