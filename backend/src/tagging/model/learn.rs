//! What one desk has taught the model: a fit around the shipped weights on people's corrections, and labels of its own
//! from a few examples. Every correction can be taken back; the same corrections in the same order give the same desk.
//! Learns only from what people said, never from tags that nobody looked at.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::super::normal::Normal;
use super::linear::{Example, Weights};
use super::train::Labelled;
use super::{LABELS, Model, Seen, calibrate};

/// Weight of a correction's error against staying with the shipped model.
const COST: f32 = 2.0;
/// Part of it that counts for labels of which model and person are at one: nothing is to be learnt there but to stay.
const AGREED: f32 = 0.15;
/// The same for labels of the desk's own, which have nothing to stay with; the few that have the label count more.
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
pub const OWN_SUGGEST: f32 = 0.1;

/// What a person said of one comment: all that is true of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Number that stays with it, to take it back by.
    pub id: i64,
    /// The comment.
    pub text: String,
    /// Keys of narratives, classes and flags that hold; those not named do not.
    pub keys: Vec<String>,
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
    held: Vec<(i64, Example)>,
    weights: Sparse,
    bias: [f32; LABELS],
    own: Own,
}

/// Labels that only this desk has.
#[derive(Debug, Clone, Default)]
struct Own {
    keys: Vec<String>,
    /// For each correction, as bits of `keys`.
    truths: HashMap<i64, u32>,
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

static BACKGROUND: LazyLock<Vec<String>> = LazyLock::new(|| {
    let files = [
        include_str!("../data/narratives-sv.jsonl"),
        include_str!("../data/narratives-ar.jsonl"),
        include_str!("../data/narratives-mix.jsonl"),
    ];
    let lines = files.iter().flat_map(|file| file.lines()).step_by(EVERY);
    lines
        .filter_map(|line| serde_json::from_str::<Labelled>(line).ok())
        .map(|labelled| labelled.text)
        .collect()
});

impl Desk {
    /// The desk that `corrections` make, in their order. This is also how a desk is loaded and how it is fitted nightly.
    #[must_use]
    pub fn of(model: &Model, corrections: &[Correction]) -> Self {
        let mut made = Self::default();
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
        let mut scores = model.scores(seen);
        let mut own = [0.0; LABELS];
        if !self.held.is_empty() {
            let example = Example::new(model.rare_vector(seen), 0, scores);
            if !self.own.keys.is_empty() {
                own = self
                    .own
                    .example(model, &example, 0)
                    .scores(&self.own.weights, &self.own.bias);
            }
            scores = example.scores(&self.weights, &self.bias);
        }
        let named = self.own.keys.iter().zip(own).zip(&self.own.level);
        Probabilities {
            shipped: std::array::from_fn(|label| model.probability(label, scores[label])),
            own: named
                .map(|((key, score), level)| (key.clone(), probability(score, *level)))
                .collect(),
        }
    }

    /// Adds a correction without fitting; gives whether it speaks of the desk's own labels.
    fn hold(&mut self, model: &Model, correction: &Correction) -> bool {
        let normal = Normal::of(&correction.text);
        let seen = Seen::of(&correction.text, &normal);
        let (mut truth, mut own) = (0, 0);
        for key in &correction.keys {
            if let Some(label) = model.label(key) {
                truth |= 1 << label;
            } else if key != crate::domain::tag::Flag::PersonalData.as_str()
                && let Some(label) = self.own.label(key)
            {
                own |= 1 << label;
            }
        }
        let example = Example::new(model.rare_vector(&seen), truth, model.scores(&seen));
        self.held.push((correction.id, example));
        self.own.truths.insert(correction.id, own);
        own != 0
    }

    fn drop_held(&mut self, id: i64) -> bool {
        let Some(at) = self.held.iter().position(|(known, _)| *known == id) else {
            return false;
        };
        let (_, mut example) = self.held.remove(at);
        example.take_back(&mut self.weights, &mut self.bias);
        self.own.truths.remove(&id);
        true
    }

    fn go_over(&mut self, model: &Model, from: usize) {
        for (_, example) in self.held.iter_mut().skip(from).rev() {
            let cost = costs(model, example);
            example.step(&mut self.weights, &mut self.bias, &cost);
        }
    }

    /// Fits the desk's own labels anew, against its other corrections and the shipped background.
    fn fit_own(&mut self, model: &Model) {
        self.own.weights = Sparse::default();
        self.own.bias = [0.0; LABELS];
        if self.own.truths.values().all(|truth| *truth == 0) {
            return;
        }
        let mut examples: Vec<Example> = self
            .held
            .iter()
            .map(|(id, example)| {
                let truth = self.own.truths.get(id).copied().unwrap_or(0);
                self.own.example(model, example, truth)
            })
            .collect();
        let unlike = BACKGROUND.iter().map(|text| {
            let seen = Seen::of(text, &Normal::of(text));
            let example = Example::new(model.rare_vector(&seen), 0, model.scores(&seen));
            self.own.example(model, &example, 0)
        });
        // Half of the unlike comments are fitted against, the other half says what a score is worth.
        let (even, odd): (Vec<_>, Vec<_>) = unlike.enumerate().partition(|(index, _)| index % 2 == 0);
        examples.extend(even.into_iter().map(|(_, example)| example));
        for _ in 0..ROUNDS {
            for example in &mut examples {
                let cost = std::array::from_fn(|label| match (label < self.own.keys.len(), example.has(label)) {
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

/// What each label of a correction counts: fully where the shipped model was wrong.
fn costs(model: &Model, example: &Example) -> [f32; LABELS] {
    std::array::from_fn(|label| {
        let probability = model.probability(label, example.prior[label]);
        let shown = model.labels().get(label).is_some_and(|known| probability >= known.auto);
        if shown == example.has(label) {
            COST * AGREED
        } else {
            COST
        }
    })
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

    /// The number of a label of the desk's own; a new one is made while there is room.
    fn label(&mut self, key: &str) -> Option<usize> {
        let known = self.keys.iter().position(|known| known == key);
        if known.is_none() && self.keys.len() < LABELS {
            self.keys.push(key.to_owned());
            return Some(self.keys.len() - 1);
        }
        known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Seen {
        Seen::of(text, &Normal::of(text))
    }

    fn correction(id: i64, text: &str, keys: &[&str]) -> Correction {
        Correction {
            id,
            text: text.to_owned(),
            keys: keys.iter().map(|&key| key.to_owned()).collect(),
        }
    }

    const TAXI: [&str; 10] = [
        "taxibolagen styr kommunen",
        "kommunen ägs av taxi",
        "taxi bestämmer allt i kommunen",
        "taxiägarna har köpt kommunen",
        "taxi och kommunen är samma sak",
        "the taxi firms own the council",
        "taxi runs this town and the council",
        "council bought by taxi companies",
        "الكومون بيد شركات التكسي",
        "التكسي يحكم البلدية",
    ];

    fn taxi() -> Vec<Correction> {
        (0..)
            .zip(TAXI)
            .map(|(id, text)| correction(id, text, &["taxi-rule"]))
            .collect()
    }

    #[test]
    fn a_correction_is_known_at_once_and_gone_when_taken_back() {
        let model = Model::shipped().unwrap();
        let text = "glassbilen kommer alltid på torsdagar";
        let label = model.label("west-islamophobic").unwrap();
        let before = model.probabilities(&seen(text))[label];
        let mut desk = Desk::default();
        for id in 0..3 {
            desk.learn(&model, &correction(id, text, &["west-islamophobic"]));
        }
        let after = desk.probabilities(&model, &seen(text)).shipped[label];
        assert!(before < 0.2 && after > 0.5, "{before} {after}");
        for id in 0..3 {
            assert!(desk.forget(&model, id));
        }
        assert!(!desk.forget(&model, 0));
        let back = desk.probabilities(&model, &seen(text)).shipped[label];
        assert!((back - before).abs() < 0.001, "{before} {back}");
    }

    #[test]
    fn a_new_narrative_is_told_from_ten_examples() {
        let model = Model::shipped().unwrap();
        let desk = Desk::of(&model, &taxi());
        let own = |text: &str| desk.probabilities(&model, &seen(text)).own[0].1;
        let told = own("taxi äger kommunen, alla vet det").min(own("who does the council belong to? taxi firms"));
        assert!(told > OWN_SUGGEST, "{told}");
        for other in [
            "tack för bra information",
            "socialtjänsten kidnappar barn",
            "hur överklagar jag?",
        ] {
            assert!(own(other) < told / 2.0, "{other}: {} {told}", own(other));
        }
    }

    #[test]
    fn same_corrections_make_the_same_desk() {
        let model = Model::shipped().unwrap();
        let (first, second) = (Desk::of(&model, &taxi()), Desk::of(&model, &taxi()));
        for text in TAXI {
            assert_eq!(
                first.probabilities(&model, &seen(text)),
                second.probabilities(&model, &seen(text))
            );
        }
        assert_eq!(first.len(), 10);
        assert!(Desk::default().is_empty());
    }

    #[test]
    fn a_desk_that_learnt_nothing_says_what_the_model_says() {
        let model = Model::shipped().unwrap();
        let said = Desk::default().probabilities(&model, &seen("kidnappar barn"));
        assert_eq!(said.shipped, model.probabilities(&seen("kidnappar barn")));
        assert!(said.own.is_empty());
    }
}
