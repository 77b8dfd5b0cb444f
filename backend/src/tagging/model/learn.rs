//! What one desk has taught the model: a fit around the shipped weights on people's corrections, and labels of its own
//! from a few examples. Every correction can be taken back; the same corrections in the same order give the same desk.
//! Learns only from what people said, never from tags that nobody looked at.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::super::normal::Normal;
use super::explain::strongest;
use super::linear::{Example, Weights};
use super::train::Labelled;
use super::{LABELS, Model, Seen, calibrate};
use cost::Costs;

mod cost;

/// Weight of an error on a label of the desk's own, which has nothing to stay with; the few that have the label count more.
const OWN_COST: f32 = 3.0;
const OWN_HAS: f32 = 12.0;
/// What the shipped labels' probabilities weigh as features of the desk's own labels.
const HINT: f32 = 2.0;
/// Share of unlike comments that may look like a label of the desk's own.
const UNLIKE: f32 = 0.08;
/// Rounds over all corrections when a desk is built anew.
const ROUNDS: usize = 8;
/// Earlier corrections that are gone over with each new one.
const LATELY: usize = 48;
/// Every so many-th shipped comment stands for "none of the desk's own labels".
const EVERY: usize = 5;
/// A label of the desk's own is suggested from this probability.
pub const OWN_SUGGEST: f32 = 0.15;

/// What a person said of one comment: all that is true of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Number that stays with it, to take it back by.
    pub id: i64,
    /// The comment.
    pub text: String,
    /// Keys of narratives, classes and flags that hold.
    pub keys: Vec<String>,
    /// Keys that the person looked at, so that one of these that is not among `keys` does not hold; none: every key.
    #[serde(default)]
    pub looked_at: Option<Vec<String>>,
}

impl Correction {
    fn speaks_of(&self, key: &str) -> bool {
        let looked_at = |keys: &Vec<String>| keys.iter().any(|known| known == key);
        self.looked_at.as_ref().is_none_or(looked_at) || self.keys.iter().any(|known| known == key)
    }
}

/// A correction as it is fitted.
#[derive(Debug, Clone)]
struct Held {
    id: i64,
    example: Example,
    /// Labels that it speaks of, as bits.
    spoken: u32,
    /// The same for the desk's own labels: which hold, and of which it speaks.
    own_truth: u32,
    own_spoken: u32,
}

/// Weights that are zero where nothing was learnt.
#[derive(Debug, Clone, Default)]
struct Sparse(HashMap<u32, [f32; LABELS]>);

impl Weights for Sparse {
    fn get(&self, row: u32) -> [f32; LABELS] {
        self.0.get(&row).copied().unwrap_or([0.0; LABELS])
    }

    fn add(&mut self, row: u32, change: &[f32; LABELS], value: f32) {
        let row = self.0.entry(row).or_insert([0.0; LABELS]);
        for (weight, change) in row.iter_mut().zip(change) {
            *weight += change * value;
        }
    }
}

/// What a desk has learnt on top of a shipped model.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    held: Vec<Held>,
    weights: Sparse,
    own: Own,
}

/// Labels that only this desk has.
#[derive(Debug, Clone, Default)]
struct Own {
    keys: Vec<String>,
    weights: Sparse,
    bias: [f32; LABELS],
    /// Score at which a comment is suggested, and the distance to where it is as good as sure.
    level: [(f32, f32); LABELS],
}

/// Probabilities as a desk sees them.
#[derive(Debug, Clone, PartialEq)]
pub struct Probabilities {
    /// Of the shipped labels, in their order.
    pub shipped: [f32; LABELS],
    /// Of the desk's own labels, by key.
    pub own: Vec<(String, f32)>,
}

/// What the shipped model was trained on.
static FILES: [&str; 3] = [
    include_str!("../data/narratives-sv.jsonl"),
    include_str!("../data/narratives-ar.jsonl"),
    include_str!("../data/narratives-mix.jsonl"),
];

static BACKGROUND: LazyLock<Vec<String>> = LazyLock::new(|| {
    let lines = FILES.iter().flat_map(|file| file.lines()).step_by(EVERY);
    lines
        .filter_map(|line| serde_json::from_str::<Labelled>(line).ok())
        .map(|labelled| labelled.text)
        .collect()
});

/// Every third comment that the shipped model was trained on, with what people said of it.
#[must_use]
pub fn shipped_examples() -> Vec<(String, Vec<String>)> {
    let lines = FILES.iter().flat_map(|file| file.lines()).step_by(3);
    lines
        .filter_map(|line| serde_json::from_str::<Labelled>(line).ok())
        .map(|labelled| {
            (
                labelled.text,
                labelled.labels.into_iter().chain(labelled.flags).collect(),
            )
        })
        .collect()
}

impl Desk {
    /// The desk that `corrections` make, in their order. This is also how a desk is loaded and how it is fitted nightly.
    #[must_use]
    pub fn of(model: &Model, corrections: &[Correction]) -> Self {
        let mut made = Self::default();
        for correction in corrections {
            made.own.know(model, correction);
        }
        for correction in corrections {
            made.hold(model, correction);
        }
        for _ in 0..ROUNDS {
            made.go_over(model, 0);
        }
        made.fit_own(model);
        made
    }

    /// Takes in a correction at once; one with the same number is replaced.
    pub fn learn(&mut self, model: &Model, correction: &Correction) {
        self.drop_held(correction.id);
        let own = self.hold(model, correction);
        let from = self.held.len().saturating_sub(LATELY);
        for _ in 0..2 {
            self.go_over(model, from);
        }
        if own {
            self.fit_own(model);
        }
    }

    /// Takes a correction back; gives whether it was known. Rounding apart, what it taught is gone.
    pub fn forget(&mut self, model: &Model, id: i64) -> bool {
        let known = self.drop_held(id);
        if known {
            self.go_over(model, 0);
            self.fit_own(model);
        }
        known
    }

    /// Corrections held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether nothing was learnt.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// What the desk makes of a comment.
    #[must_use]
    pub fn probabilities(&self, model: &Model, seen: &Seen) -> Probabilities {
        self.beside(model, seen, model.scores(seen))
    }

    /// See [`Self::probabilities`].
    pub(in crate::tagging) fn probable(&self, model: &Model, seen: &Seen, held: &super::Held) -> Probabilities {
        self.beside(model, seen, model.scored(held))
    }

    fn beside(&self, model: &Model, seen: &Seen, mut scores: [f32; LABELS]) -> Probabilities {
        let mut own = [0.0; LABELS];
        if !self.held.is_empty() {
            let example = Example::new(model.rare_vector(seen), 0, scores);
            if !self.own.keys.is_empty() {
                own = self
                    .own
                    .example(model, &example, 0)
                    .scores(&self.own.weights, &self.own.bias);
            }
            scores = example.scores(&self.weights, &[0.0; LABELS]);
        }
        let named = self.own.keys.iter().zip(own).zip(&self.own.level);
        Probabilities {
            shipped: std::array::from_fn(|label| model.probability(label, scores[label])),
            own: named
                .map(|((key, score), level)| (key.clone(), probability(score, *level)))
                .collect(),
        }
    }

    /// The places in the normal text that speak most for a label of the desk's own, strongest first.
    #[must_use]
    pub(in crate::tagging) fn places(&self, seen: &Seen, normal: &Normal, key: &str) -> Vec<Range<usize>> {
        let Some(label) = self.own.keys.iter().position(|known| known == key) else {
            return Vec::new();
        };
        let mut carried = vec![0.0_f32; normal.words.len()];
        for feature in &seen.features.all {
            let Some((_, last)) = feature.words() else { continue };
            if let Some(sum) = carried.get_mut(last) {
                *sum += self.own.weights.get(feature.row())[label];
            }
        }
        strongest(&carried, normal)
    }

    /// Adds a correction without fitting; gives whether it speaks of the desk's own labels.
    fn hold(&mut self, model: &Model, correction: &Correction) -> bool {
        let normal = Normal::of(&correction.text);
        let seen = Seen::of(&correction.text, &normal);
        let truth = bits(model, |key| correction.keys.iter().any(|known| known == key));
        self.own.know(model, correction);
        let (mut own_truth, mut own_spoken) = (0, 0);
        for (label, key) in self.own.keys.iter().enumerate() {
            own_truth |= u32::from(correction.keys.contains(key)) << label;
            own_spoken |= u32::from(correction.speaks_of(key)) << label;
        }
        self.held.push(Held {
            id: correction.id,
            example: Example::new(model.rare_vector(&seen), truth, model.scores(&seen)),
            spoken: bits(model, |key| correction.speaks_of(key)),
            own_truth,
            own_spoken,
        });
        own_spoken != 0
    }

    fn drop_held(&mut self, id: i64) -> bool {
        let Some(at) = self.held.iter().position(|held| held.id == id) else {
            return false;
        };
        let mut held = self.held.remove(at);
        held.example.take_back(&mut self.weights, &mut [0.0; LABELS]);
        true
    }

    fn go_over(&mut self, model: &Model, from: usize) {
        let costs = Costs::of(model, &self.held);
        for held in self.held.iter_mut().skip(from).rev() {
            let cost = costs.of_one(model, held);
            // A bias of all comments is not for corrections to move: they are no sample of what comes in.
            held.example.step(&mut self.weights, &mut [0.0; LABELS], &cost);
        }
    }

    /// Fits the desk's own labels anew, against its other corrections and the shipped background.
    fn fit_own(&mut self, model: &Model) {
        self.own.weights = Sparse::default();
        self.own.bias = [0.0; LABELS];
        if self.held.iter().all(|held| held.own_truth == 0) {
            return;
        }
        let mut examples: Vec<(Example, u32)> = self
            .held
            .iter()
            .filter(|held| held.own_spoken != 0)
            .map(|held| (self.own.example(model, &held.example, held.own_truth), held.own_spoken))
            .collect();
        let unlike = BACKGROUND.iter().map(|text| {
            let seen = Seen::of(text, &Normal::of(text));
            let example = Example::new(model.rare_vector(&seen), 0, model.scores(&seen));
            self.own.example(model, &example, 0)
        });
        // Half of the unlike comments are fitted against, the other half says what a score is worth.
        let (even, odd): (Vec<_>, Vec<_>) = unlike.enumerate().partition(|(index, _)| index % 2 == 0);
        examples.extend(even.into_iter().map(|(_, example)| (example, u32::MAX)));
        for _ in 0..ROUNDS {
            for (example, spoken) in &mut examples {
                let known = |label: usize| label < self.own.keys.len() && *spoken >> label & 1 == 1;
                let cost = std::array::from_fn(|label| match (known(label), example.has(label)) {
                    (false, _) => 0.0,
                    (true, false) => OWN_COST,
                    (true, true) => OWN_COST * OWN_HAS,
                });
                example.step(&mut self.own.weights, &mut self.own.bias, &cost);
            }
        }
        let unlike: Vec<[f32; LABELS]> = odd
            .iter()
            .map(|(_, example)| example.scores(&self.own.weights, &self.own.bias))
            .collect();
        self.own.level = std::array::from_fn(|label| level(unlike.iter().map(|scores| scores[label]).collect()));
    }
}

fn bits(model: &Model, of: impl Fn(&str) -> bool) -> u32 {
    let labels = model.labels().iter().enumerate();
    labels.fold(0, |bits, (label, known)| bits | u32::from(of(&known.key)) << label)
}

/// The score that only few unlike comments reach, and their spread.
fn level(mut unlike: Vec<f32>) -> (f32, f32) {
    unlike.sort_by(f32::total_cmp);
    let at = |share: f32| {
        let place = unlike
            .iter()
            .enumerate()
            .find(|(index, _)| *index as f32 >= share * unlike.len() as f32);
        place.map_or(0.0, |(_, score)| *score)
    };
    let few = at(1.0 - UNLIKE);
    (few, (few - at(0.5)).max(0.05))
}

fn probability(score: f32, (few, spread): (f32, f32)) -> f32 {
    calibrate::sigmoid(2.0 * (score - few) / spread - 1.1)
}

impl Own {
    /// The comment as the desk's own labels see it: its features and what the shipped model makes of it.
    fn example(&self, model: &Model, seen: &Example, truth: u32) -> Example {
        let mut vector = seen.vector.clone();
        let rows = super::hash::ROWS;
        vector.extend((0..LABELS).filter_map(|label| {
            let row = u32::try_from(rows + label).ok()?;
            Some((row, HINT * model.probability(label, seen.prior[label])))
        }));
        Example::new(vector, truth, [0.0; LABELS])
    }

    /// Makes labels of the keys that the model does not know, while there is room.
    fn know(&mut self, model: &Model, correction: &Correction) {
        for key in &correction.keys {
            let by_rule = key == crate::domain::tag::Flag::PersonalData.as_str();
            if !by_rule && model.label(key).is_none() && !self.keys.contains(key) && self.keys.len() < LABELS {
                self.keys.push(key.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests;
