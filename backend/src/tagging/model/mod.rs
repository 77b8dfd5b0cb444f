//! The trained model of narratives, classes and flags: hashed features, one row of small weights each, a score per
//! label, a probability. Made by [`train`]; teaches itself nothing ([`learn`] does, per desk).
//!
//! The file's form: [`table`].

pub mod calibrate;
pub mod explain;
pub mod learn;
pub mod train;

mod dense;
mod features;
mod hash;
mod lexicon;
mod linear;
mod skeleton;
mod table;

use std::borrow::Cow;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::matcher::Found;
use super::normal::Normal;
pub use dense::Dense;
use dense::Sense;
use features::{Feature, Features, VIEWS};
use lexicon::Lexicon;
use table::Table;

/// Labels of a model: 7 narratives, 7 classes, and the 4 flags that are not found by rule alone.
pub const LABELS: usize = 18;
/// Narratives come first among the labels.
pub const NARRATIVES: std::ops::Range<usize> = 0..7;
/// Then the classes.
pub const CLASSES: std::ops::Range<usize> = 7..14;
/// Then the flags.
pub const FLAGS: std::ops::Range<usize> = 14..LABELS;

/// Steps of rarity (natural logarithm) in a byte.
const RARE_STEPS: f32 = 24.0;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::read(train::CONCEPTS));

/// A file that is not a model of this program.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Other magic, or cut short.
    #[error("the file is no narrative model of this version")]
    Shape,
    /// The head is not JSON of the right form.
    #[error("the head of the model cannot be read")]
    Head(#[from] serde_json::Error),
    /// It was trained with a sentence encoder that is not in use.
    #[error("the model needs the sentence encoder that it was trained with")]
    Encoder,
}

/// What the model knows of one label besides its weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Key of the codebook.
    pub key: String,
    /// Value of a weight of 1 in the table.
    pub scale: f32,
    /// Score of a comment without features.
    pub bias: f32,
    /// From score to log-odds.
    pub slope: f32,
    /// See `slope`.
    pub offset: f32,
    /// Shown as a tag from this probability.
    pub auto: f32,
    /// Suggested from this probability.
    pub suggest: f32,
}

/// The head of a model file: all but the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Goes on every tag that this model sets.
    pub version: String,
    /// Seed of the order of the examples.
    pub seed: u64,
    /// SHA-256 of the concepts, of the codebook, and of the files it was trained on, in order.
    pub digests: Vec<String>,
    /// Comments it was trained on.
    pub examples: usize,
    /// [`LABELS`] labels in order.
    pub labels: Vec<Label>,
    /// Weights of a sentence encoder's vectors, if it was trained with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoder: Option<Dense>,
}

/// A model ready for use.
#[derive(Debug)]
pub struct Model {
    head: Head,
    table: Table,
}

/// A comment as the model sees it; made once for all that asks.
#[derive(Debug)]
pub struct Seen {
    features: Features,
    sense: Sense,
}

impl Seen {
    /// Looks at the comment `stored` with its normal form.
    #[must_use]
    pub(super) fn of(stored: &str, normal: &Normal) -> Self {
        Self::with(stored, normal, &super::shipped_phrases(normal))
    }

    /// The same, where what the shipped codebook finds in the comment is known.
    pub(super) fn with(stored: &str, normal: &Normal, found: &Found) -> Self {
        Self {
            features: Features::of(stored, normal, &LEXICON, found),
            sense: Sense::of(stored),
        }
    }

    /// Rows and values, equal rows joined, by row.
    fn vector(&self) -> Vec<(u32, f32)> {
        let weights = self.features.weights();
        let mut pairs: Vec<(u32, f32)> = self
            .features
            .all
            .iter()
            .map(|feature| (feature.row(), weights[feature.view()]))
            .collect();
        pairs.sort_by_key(|pair| pair.0);
        pairs.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        pairs
    }
}

/// What a model has weights for in a comment: its features, with the place in the table instead of the row.
#[derive(Debug)]
pub(super) struct Held {
    features: Vec<Feature>,
    weights: [f32; VIEWS],
    sense: Sense,
}

/// Builds what the first comment would otherwise wait for.
pub(super) fn warm() {
    LazyLock::force(&LEXICON);
}

impl Model {
    /// The model that comes with the program.
    ///
    /// # Errors
    /// None in a program whose tests pass.
    pub fn shipped() -> Result<Self, Error> {
        Self::read(Cow::Borrowed(table::SHIPPED))
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// [`Error`].
    pub fn read(file: Cow<'static, [u8]>) -> Result<Self, Error> {
        let (head, table) = Table::read(file)?;
        let head: Head = serde_json::from_slice(&head)?;
        let sound = head.labels.len() == LABELS
            && head
                .labels
                .iter()
                .all(|label| label.scale.is_finite() && label.slope.is_finite());
        if !sound {
            return Err(Error::Shape);
        }
        if head
            .encoder
            .as_ref()
            .is_some_and(|dense| !dense.is_for_the_one_in_use())
        {
            return Err(Error::Encoder);
        }
        Ok(Self { head, table })
    }

    /// The bytes of its file.
    ///
    /// # Errors
    /// The head cannot be written as JSON.
    pub fn write(&self) -> Result<Vec<u8>, Error> {
        self.table.write(&serde_json::to_vec(&self.head)?)
    }

    /// Its head.
    #[must_use]
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Its labels, in order.
    #[must_use]
    pub fn labels(&self) -> &[Label] {
        &self.head.labels
    }

    /// The number of the label `key`.
    #[must_use]
    pub fn label(&self, key: &str) -> Option<usize> {
        self.head.labels.iter().position(|label| label.key == key)
    }

    /// Scores of a comment, before calibration.
    #[must_use]
    pub fn scores(&self, seen: &Seen) -> [f32; LABELS] {
        self.scored(&self.held(seen))
    }

    /// The features of a comment that have weights.
    pub(super) fn held(&self, seen: &Seen) -> Held {
        // Without a branch on what chance decides.
        let mut features = seen.features.all.clone();
        let mut held = 0;
        for feature in &seen.features.all {
            let (place, has) = self.table.place(feature.row());
            if let Some(free) = features.get_mut(held) {
                *free = feature.at(place);
            }
            held += usize::from(has);
        }
        features.truncate(held);
        self.table.touch(features.iter().map(|feature| feature.row()));
        Held {
            features,
            weights: seen.features.weights(),
            sense: seen.sense.clone(),
        }
    }

    fn scored(&self, held: &Held) -> [f32; LABELS] {
        let mut sums = [[0_i32; LABELS]; VIEWS];
        for features in held.features.chunk_by(|one, next| one.view() == next.view()) {
            if let Some(sums) = features.first().and_then(|first| sums.get_mut(first.view())) {
                self.table.sum(features.iter().map(|feature| feature.row()), sums);
            }
        }
        let weights = held.weights;
        let mut scores = std::array::from_fn(|label| {
            let Some(known) = self.head.labels.get(label) else {
                return 0.0;
            };
            let sum: f32 = (0..VIEWS).map(|view| sums[view][label] as f32 * weights[view]).sum();
            known.bias + known.scale * sum
        });
        if let Some(dense) = &self.head.encoder {
            dense.add(&held.sense, &mut scores);
        }
        scores
    }

    /// The probability of a label at a score.
    #[must_use]
    pub fn probability(&self, label: usize, score: f32) -> f32 {
        self.head
            .labels
            .get(label)
            .map_or(0.0, |known| calibrate::sigmoid(known.slope * score + known.offset))
    }

    /// Probabilities of all labels, in order.
    #[must_use]
    pub fn probabilities(&self, seen: &Seen) -> [f32; LABELS] {
        self.probable(&self.held(seen))
    }

    /// See [`Self::probabilities`].
    pub(super) fn probable(&self, held: &Held) -> [f32; LABELS] {
        let scores = self.scored(held);
        std::array::from_fn(|label| self.probability(label, scores[label]))
    }

    /// The comment as [`learn`] fits it: every feature times how rare it is.
    fn rare_vector(&self, seen: &Seen) -> Vec<(u32, f32)> {
        let mut vector = seen.vector();
        for (row, value) in &mut vector {
            *value *= f32::from(self.table.rarity(*row)) / RARE_STEPS;
        }
        vector.extend(seen.sense.features());
        vector
    }
}
