//! Trains the language model: the same files and seed give the same bytes on every machine. Runs on one core, minutes.
//! Must not read anything but the two files it is given.

mod arabizi;
mod corpus;
mod noise;
mod random;

use std::io::{self, BufRead};

use super::features::{self, Family, Words};
use super::model::{self, Class, MOST, Section, gain, softmax};
use super::{code_of, is_listed};
use arabizi::Maker;
use corpus::{ARABIZI, Classes, Corpus, Material};
use random::Chance;

/// Why no model was made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read.
    #[error("cannot read: {0}")]
    Read(#[source] io::Error),
    /// A line has not the columns it should have.
    #[error("line {number} of the {what} has not the columns it should have")]
    Line {
        /// Which file.
        what: &'static str,
        /// Counted from 1.
        number: u64,
    },
    /// A family of letters has nothing to learn from.
    #[error("the files hold no class of some family of letters")]
    Poor,
    /// More classes of one family than a model holds.
    #[error("the files hold more than {MOST} classes of one family of letters")]
    Many,
}

/// How large and how long.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Where chance starts.
    pub seed: u64,
    /// Samples for Latin letters; the other families get their part of it.
    pub samples: u64,
    /// Rows of the table for Latin letters, as power of two.
    pub bits: u32,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            seed: 1,
            samples: 5_000_000,
            bits: 18,
        }
    }
}

impl Plan {
    fn of(&self, family: Family) -> (u64, u32) {
        match family {
            Family::Latin => (self.samples, self.bits),
            Family::Arabic => (self.samples / 3, self.bits.saturating_sub(2)),
            Family::Cyrillic => (self.samples / 6, self.bits.saturating_sub(3)),
            Family::Ethiopic => (self.samples / 20, self.bits.saturating_sub(4)),
        }
    }
}

/// Trains on `texts` and `words`, unpacked, and gives the model's file. `said` hears how it goes.
///
/// # Errors
/// A file cannot be read or does not hold what it should.
pub fn train(
    texts: impl BufRead,
    words: impl BufRead,
    plan: &Plan,
    mut said: impl FnMut(&str),
) -> Result<Vec<u8>, Error> {
    let corpus = Corpus::read(texts, words)?;
    let maker = corpus
        .classes(Family::Arabic)
        .get("ara")
        .map(Maker::of)
        .ok_or(Error::Poor)?;
    let mut tables = Vec::new();
    for family in Family::ALL {
        let (samples, bits) = plan.of(family);
        let mut learner = Learner::new(&corpus, &maker, family, bits, plan.seed)?;
        said(&format!("{}: {} classes", family.script(), learner.names.len()));
        learner.learn(samples, &mut said);
        tables.push(learner.quantised());
    }
    let sections: Vec<Section<'_>> = tables.iter().map(Table::section).collect();
    Ok(model::write(&sections))
}

/// A trained table of one family.
struct Table {
    names: Vec<String>,
    biases: Vec<f32>,
    bits: u32,
    stride: usize,
    step: f32,
    bytes: Vec<u8>,
}

impl Table {
    fn section(&self) -> Section<'_> {
        let classes = self.names.iter().zip(&self.biases);
        Section {
            classes: classes
                .map(|(name, &bias)| Class {
                    name,
                    code: code_of(name),
                    bias,
                })
                .collect(),
            bits: self.bits,
            stride: self.stride,
            step: self.step,
            table: &self.bytes,
        }
    }
}

/// How often a class is drawn, against the others of its family: what a Swedish desk is sent most, most often, and
/// languages off its list seldom, which makes them less likely to be named.
fn weight(name: &str) -> u64 {
    match name {
        "swe" => 36,
        "eng" | "ara" | ARABIZI => 30,
        "nob" | "dan" => 16,
        "nno" => 10,
        "prs" => 7,
        "fas" | "ckb" | "kmr" | "som" | "urd" | "tur" | "hbs" | "fin" | "pol" | "ukr" | "rus" | "deu" | "spa"
        | "fra" | "tir" => 13,
        _ => 5 * name.split('+').fold(0, |count, _| count + 1),
    }
}

struct Learner<'c> {
    family: Family,
    names: Vec<&'c str>,
    materials: Vec<&'c Material>,
    sums: Vec<u64>,
    classes: &'c Classes,
    arabic: &'c Material,
    maker: &'c Maker,
    bits: u32,
    stride: usize,
    weights: Vec<f32>,
    squares: Vec<f32>,
    biases: Vec<f32>,
    bias_squares: Vec<f32>,
    chance: Chance,
}

/// Step of the first sample, falling to nothing at the last.
const RATE: f32 = 0.5;
/// By how much a language off the desk's list must be likelier than one on it to be named, as logarithm: a comment in
/// doubt is rather in a language that many write to the desk.
const HELD_BACK: f32 = 1.3;

impl<'c> Learner<'c> {
    fn new(corpus: &'c Corpus, maker: &'c Maker, family: Family, bits: u32, seed: u64) -> Result<Self, Error> {
        let classes = corpus.classes(family);
        if classes.len() > MOST {
            return Err(Error::Many);
        }
        let stride = if classes.len() > 8 { MOST } else { 8 };
        let mut sum = 0;
        let sums = classes
            .keys()
            .map(|name| {
                sum += weight(name);
                sum
            })
            .collect();
        let size = stride << bits;
        Ok(Self {
            family,
            names: classes.keys().map(String::as_str).collect(),
            materials: classes.values().collect(),
            sums,
            classes,
            arabic: corpus.classes(Family::Arabic).get("ara").ok_or(Error::Poor)?,
            maker,
            bits,
            stride,
            weights: vec![0.0; size],
            squares: vec![1e-6; size],
            biases: vec![0.0; stride],
            bias_squares: vec![1e-6; stride],
            chance: Chance::of(seed ^ (u64::from(family.script().as_bytes()[0]) << 32)),
        })
    }

    fn learn(&mut self, samples: u64, said: &mut impl FnMut(&str)) {
        let mut rows = Vec::new();
        let mut right = 0_u64;
        let mut loss = 0.0_f64;
        let every = (samples / 10).max(1);
        for nth in 0..samples {
            let (class, text) = self.sample();
            let words = Words::of(&text);
            features::rows(&words.text, self.family, self.bits, &mut rows);
            if rows.is_empty() {
                continue;
            }
            let left = (samples - nth) as f32 / samples as f32;
            let (hit, share) = self.step(&rows, class, RATE * left);
            right += u64::from(hit);
            loss += f64::from(1.0 - share);
            if (nth + 1) % every == 0 {
                said(&format!(
                    "{} {}: right {:.2} %, doubt {:.4}",
                    self.family.script(),
                    nth + 1,
                    right as f64 * 100.0 / every as f64,
                    loss / every as f64
                ));
                (right, loss) = (0, 0.0);
            }
        }
    }

    fn step(&mut self, rows: &[u32], class: usize, rate: f32) -> (bool, f32) {
        match self.stride {
            8 => self.step_of::<8>(rows, class, rate),
            _ => self.step_of::<MOST>(rows, class, rate),
        }
    }

    /// One step of `AdaGrad` (Duchi, Hazan, Singer 2011) on the loss of the softmax.
    fn step_of<const N: usize>(&mut self, rows: &[u32], class: usize, rate: f32) -> (bool, f32) {
        let (weights, _) = self.weights.as_chunks_mut::<N>();
        let (squares, _) = self.squares.as_chunks_mut::<N>();
        let mut scores = [0.0_f32; N];
        for &row in rows {
            for (score, weight) in scores.iter_mut().zip(&weights[row as usize]) {
                *score += weight;
            }
        }
        let gain = gain(rows.len());
        for (score, bias) in scores.iter_mut().zip(&self.biases) {
            *score = *score * gain + bias;
        }
        let count = self.names.len();
        softmax(&mut scores[..count]);
        scores[count..].fill(0.0);
        let share = scores[class];
        let hit = scores[..count].iter().all(|&other| other <= share);
        scores[class] -= 1.0;
        if share > 0.995 {
            return (hit, share);
        }
        for ((bias, square), slope) in self.biases.iter_mut().zip(&mut self.bias_squares).zip(&scores) {
            *square += slope * slope;
            *bias -= rate * 0.1 * slope / square.sqrt();
        }
        let mut slopes = scores;
        for slope in &mut slopes {
            *slope *= gain;
        }
        for &row in rows {
            let row = row as usize;
            let (weights, squares) = (&mut weights[row], &mut squares[row]);
            for ((weight, square), slope) in weights.iter_mut().zip(squares).zip(&slopes) {
                *square += slope * slope;
                *weight -= rate * slope / square.sqrt();
            }
        }
        (hit, share)
    }

    /// A class and a comment in it.
    fn sample(&mut self) -> (usize, String) {
        let drawn = self.chance.below(self.sums.last().copied().unwrap_or(0));
        let class = self.sums.partition_point(|&sum| sum <= drawn);
        let material = self.materials[class];
        let chance = &mut self.chance;
        let text = if self.names[class] == ARABIZI {
            match chance.below(100) {
                0..35 => noise::cut(any(material, chance), chance),
                35..60 => {
                    let text = noise::cut(any(self.arabic, chance), chance);
                    self.maker.transliterate(&text, chance)
                }
                _ => self.maker.run(self.arabic, chance),
            }
        } else if material.texts.is_empty() || chance.percent(50) {
            // A word alone is the hardest comment: many of them.
            let count = if chance.percent(40) {
                1
            } else {
                1 + chance.place(3) * (1 + chance.place(3))
            };
            let mut run = material.word(chance).to_owned();
            for _ in 1..count {
                run.push(' ');
                run.push_str(material.word(chance));
            }
            run
        } else {
            noise::cut(any(material, chance), chance)
        };
        let (english, materials) = (self.classes.get("eng"), &self.materials);
        let foreign = |chance: &mut Chance| match english {
            Some(english) if chance.percent(60) => english.word(chance).to_owned(),
            _ => materials[chance.place(materials.len())].word(chance).to_owned(),
        };
        (class, noise::spoil(text, self.family, foreign, chance))
    }

    /// The biases, with languages off the list held back a little.
    fn biased(&self) -> Vec<f32> {
        let classes = self.names.iter().zip(&self.biases);
        classes
            .map(|(name, bias)| if is_listed(name) { *bias } else { bias - HELD_BACK })
            .collect()
    }

    fn quantised(self) -> Table {
        let most = self.weights.iter().fold(0.0_f32, |most, weight| most.max(weight.abs()));
        let step = (most / 127.0).max(f32::MIN_POSITIVE);
        Table {
            names: self.names.iter().map(|&name| name.to_owned()).collect(),
            biases: self.biased(),
            bits: self.bits,
            stride: self.stride,
            step,
            bytes: self.weights.iter().map(|weight| nearest(weight / step)).collect(),
        }
    }
}

fn any<'m>(material: &'m Material, chance: &mut Chance) -> &'m str {
    material
        .texts
        .get(chance.place(material.texts.len()))
        .map_or("", String::as_str)
}

#[expect(clippy::cast_possible_truncation, reason = "cut to the bounds before")]
fn nearest(value: f32) -> u8 {
    (value.round().clamp(-127.0, 127.0) as i8).cast_unsigned()
}
