//! Makes a model from labelled comments: cross-validated calibration and thresholds, one fit on all, small weights.
//! Same files, same seed: same bytes. Reads no file and no clock; must never see the comments it is measured on.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::dense::{self, Dense, Sense};
use super::linear::{Example, Order};
use super::table::Table;
use super::{CLASSES, Error, FLAGS, Head, LABELS, Label, Model, NARRATIVES, RARE_STEPS, Seen, calibrate, hash};
use crate::domain::tag::{Class, Flag, Narrative};
use crate::tagging::normal::Normal;

/// Weight of an example's error against the size of the weights.
const COST: f32 = 3.0;
const EPOCHS: usize = 12;
const FOLDS: u64 = 5;
/// A feature must occur in this many comments.
const OCCURS: u32 = 3;
/// What is shown as a tag shall be right this often in cross-validation.
const AUTO_PRECISION: f32 = 0.8;
/// A narrative shall be suggested for this share of the comments that have it.
const SUGGEST_RECALL: f32 = 0.88;

/// Version of a model that is made by these rules; goes on the tags.
pub const VERSION: &str = "narratives-2";

/// The words of one meaning that the model is built on; part of what a model is made from.
pub const CONCEPTS: &str = include_str!("../data/concepts.txt");

/// How many times more recall weighs than precision where a flag begins: more for those that alert somebody, but less for
/// what its words tell well.
fn recall_weighs(key: &str) -> f32 {
    if key == Flag::ChildAtRisk.as_str() || key == Flag::ThreatToStaff.as_str() {
        3.3
    } else {
        2.5
    }
}

/// A labelled comment, as a line of the files.
#[derive(Debug, Clone, Deserialize)]
pub struct Labelled {
    /// The comment.
    pub text: String,
    /// Keys of narratives and classes.
    pub labels: Vec<String>,
    /// Keys of flags.
    pub flags: Vec<String>,
}

/// The keys of a model's labels, in order.
#[must_use]
pub fn keys() -> Vec<&'static str> {
    let narratives = Narrative::ALL.iter().map(|narrative| narrative.as_str());
    let classes = Class::ALL.iter().map(|class| class.as_str());
    let flags = Flag::ALL.iter().filter(|flag| **flag != Flag::PersonalData);
    narratives
        .chain(classes)
        .chain(flags.map(|flag| flag.as_str()))
        .collect()
}

/// Trains a model on `comments`; `digests` of their files go into its head.
///
/// # Errors
/// None but a table of a wrong size, which would be a fault of the program.
pub fn train(comments: &[Labelled], seed: u64, version: &str, digests: Vec<String>) -> Result<Model, Error> {
    let keys = keys();
    let (mut examples, senses): (Vec<Example>, Vec<Sense>) =
        comments.iter().map(|comment| example(comment, &keys)).unzip();
    let (rare, steps) = weigh(&mut examples);
    let rows = dense::join(&mut examples, &senses);
    let folds: Vec<u64> = groups(comments).into_iter().map(|group| group % FOLDS).collect();
    let mut scores = vec![[0.0; LABELS]; examples.len()];
    for fold in 0..FOLDS {
        let within: Vec<usize> = (0..examples.len()).filter(|&index| folds[index] != fold).collect();
        let (weights, bias) = fit(&mut examples, within, rows, seed);
        for index in (0..examples.len()).filter(|&index| folds[index] == fold) {
            scores[index] = examples[index].scores(&weights, &bias);
        }
    }
    let whole = (0..examples.len()).collect();
    let (weights, bias) = fit(&mut examples, whole, rows, seed);
    let mut labels = Vec::with_capacity(LABELS);
    for (label, key) in keys.iter().enumerate() {
        let scored: Vec<(f32, bool)> = examples
            .iter()
            .zip(&scores)
            .map(|(example, scores)| (scores[label], example.has(label)))
            .collect();
        labels.push(describe(key, label, &scored, bias[label]));
    }
    let encoder = Dense::of(&weights);
    let small = shrink(&weights, &rare, &mut labels);
    let table = Table::of(&small, &steps)?;
    let head = Head {
        version: version.to_owned(),
        seed,
        digests,
        examples: examples.len(),
        labels,
        encoder,
    };
    Model::read(Cow::Owned(Model { head, table }.write()?))
}

fn example(comment: &Labelled, keys: &[&str]) -> (Example, Sense) {
    let normal = Normal::of(&comment.text);
    let said = comment.labels.iter().chain(&comment.flags);
    let truth = said
        .filter_map(|said| keys.iter().position(|key| key == said))
        .fold(0, |bits, label| bits | 1 << label);
    let seen = Seen::of(&comment.text, &normal);
    (Example::new(seen.vector(), truth, [0.0; LABELS]), seen.sense)
}

/// Multiplies every feature by how rare it is, drops the rarest; gives the factor of each row,
/// and the rarity of all rows, dropped or not, in steps.
fn weigh(examples: &mut [Example]) -> (Vec<f32>, Vec<u8>) {
    let mut occurs = vec![0_u32; hash::ROWS];
    for (row, _) in examples.iter().flat_map(|example| &example.vector) {
        if let Some(count) = usize::try_from(*row).ok().and_then(|row| occurs.get_mut(row)) {
            *count += 1;
        }
    }
    let all = examples.len() as f32;
    let rare: Vec<f32> = occurs
        .iter()
        .map(|&count| if count < OCCURS { 0.0 } else { (all / count as f32).ln() })
        .collect();
    let factor = |row: u32| {
        usize::try_from(row)
            .ok()
            .and_then(|row| rare.get(row))
            .copied()
            .unwrap_or(0.0)
    };
    for example in examples {
        for (row, value) in &mut example.vector {
            *value *= factor(*row);
        }
        example.vector.retain(|&(_, value)| value > 0.0);
    }
    let steps = occurs.iter().map(|&count| {
        let rarity = (all / count.max(1) as f32).ln().max(0.0);
        (0..u8::MAX)
            .take_while(|&step| f32::from(step) < rarity * RARE_STEPS)
            .fold(0, |_, step| step + 1)
    });
    let steps = steps.collect();
    (rare, steps)
}

fn fit(examples: &mut [Example], mut order: Vec<usize>, rows: usize, seed: u64) -> (Vec<[f32; LABELS]>, [f32; LABELS]) {
    let mut weights = vec![[0.0; LABELS]; rows];
    let mut bias = [0.0; LABELS];
    for example in &mut *examples {
        example.alpha = [0.0; LABELS];
    }
    let mut chance = Order::new(seed);
    for _ in 0..EPOCHS {
        chance.shuffle(&mut order);
        for &index in &order {
            if let Some(example) = examples.get_mut(index) {
                example.step(&mut weights, &mut bias, &[COST; LABELS]);
            }
        }
    }
    (weights, bias)
}

/// Comments that share much of their wording get one number, so that folds do not see each other's copies.
fn groups(comments: &[Labelled]) -> Vec<u64> {
    let grams: Vec<Vec<u32>> = comments.iter().map(|comment| five_letters(&comment.text)).collect();
    let mut whose: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut parent: Vec<usize> = (0..comments.len()).collect();
    for (index, own) in grams.iter().enumerate() {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for gram in own {
            let others = whose.entry(*gram).or_default();
            // What very many share says nothing.
            if others.len() < 60 {
                for &other in others.iter() {
                    *shared.entry(other).or_default() += 1;
                }
            }
            others.push(index);
        }
        for (other, count) in shared {
            if count > 6 && count * 20 > 7 * own.len().min(grams[other].len()) {
                let (from, to) = (root(&parent, index), root(&parent, other));
                parent[from] = to;
            }
        }
    }
    (0..comments.len())
        .map(|index| {
            u64::try_from(root(&parent, index))
                .unwrap_or(0)
                .wrapping_mul(2_654_435_761)
                >> 8
        })
        .collect()
}

fn five_letters(text: &str) -> Vec<u32> {
    let letters: Vec<char> = Normal::of(text).text.chars().collect();
    let mut grams: Vec<u32> = letters
        .windows(5)
        .map(|gram| {
            let hash = gram.iter().fold(3, |hash, &letter| hash::mix(hash, u64::from(letter)));
            u32::try_from(hash >> 32).unwrap_or(0)
        })
        .collect();
    grams.sort_unstable();
    grams.dedup();
    grams
}

fn root(parent: &[usize], mut index: usize) -> usize {
    while parent[index] != index {
        index = parent[index];
    }
    index
}

/// Calibration and thresholds of a label from its cross-validated scores.
fn describe(key: &str, label: usize, scored: &[(f32, bool)], bias: f32) -> Label {
    let (slope, offset) = calibrate::platt(scored);
    let probable: Vec<(f32, bool)> = scored
        .iter()
        .map(|&(score, truth)| (calibrate::sigmoid(slope * score + offset), truth))
        .collect();
    let best = calibrate::best_threshold(&probable, 1.0);
    let (auto, suggest) = if NARRATIVES.contains(&label) {
        let auto = calibrate::precise_threshold(&probable, AUTO_PRECISION);
        let suggest = calibrate::complete_threshold(&probable, SUGGEST_RECALL);
        (auto, suggest.min(auto))
    } else if CLASSES.contains(&label) {
        (best, best)
    } else {
        // A flag that is missed costs more than one looked at in vain.
        debug_assert!(FLAGS.contains(&label));
        let flag = calibrate::steady_threshold(&probable, recall_weighs(key));
        (flag, flag)
    };
    let kept = |value: f32| (value * 1000.0).floor() / 1000.0;
    Label {
        key: key.to_owned(),
        scale: 1.0,
        bias: (bias * 10_000.0).round() / 10_000.0,
        slope,
        offset,
        auto: kept(auto),
        suggest: kept(suggest),
    }
}

/// Weights times rarity as one signed byte each; sets the labels' scales.
fn shrink(weights: &[[f32; LABELS]], rare: &[f32], labels: &mut [Label]) -> Vec<[i8; LABELS]> {
    for (label, known) in labels.iter_mut().enumerate() {
        let largest = weights
            .iter()
            .zip(rare)
            .map(|(row, rare)| (row[label] * rare).abs())
            .fold(0.0, f32::max);
        known.scale = largest.max(1e-6) / 127.0;
    }
    weights
        .iter()
        .zip(rare)
        .map(|(row, rare)| {
            std::array::from_fn(|label| {
                labels
                    .get(label)
                    .map_or(0, |known| step(row[label] * rare / known.scale))
            })
        })
        .collect()
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to the range just before")]
fn step(value: f32) -> i8 {
    value.round().clamp(-127.0, 127.0) as i8
}
