//! What a sentence encoder adds to the model: a vector for each comment, and in the model's head a block of weights for it.
//! Empty, and of no size, without the feature `encoder`; the shipped model has no such block.

use serde::{Deserialize, Serialize};

use super::linear::Example;
use super::{LABELS, hash};

/// What a vector's numbers are multiplied by in a fit: its length among the hashed features, of which there are hundreds.
const GAIN: f32 = 3.0;
/// Rows of the vector in a fit come after the table's and after those that the desk's own labels have of their own.
const ROWS: usize = hash::ROWS + LABELS;

/// The block of weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dense {
    /// Which encoder it is for: the digest of its files.
    pub digest: String,
    /// For each number of the vector, a weight for each label.
    pub weights: Vec<[f32; LABELS]>,
}

/// A comment's vector; nothing where no encoder is in use.
#[derive(Debug, Clone, Default)]
pub(super) struct Sense {
    #[cfg(feature = "encoder")]
    vector: Option<std::sync::Arc<[f32]>>,
}

impl Sense {
    /// Asks the encoder in use.
    #[cfg(feature = "encoder")]
    pub(super) fn of(text: &str) -> Self {
        let encoder = crate::tagging::encoder::in_use();
        Self {
            vector: encoder.map(|encoder| encoder.vector(text)),
        }
    }

    /// There is none to ask.
    #[cfg(not(feature = "encoder"))]
    pub(super) const fn of(_text: &str) -> Self {
        Self {}
    }

    /// The vector's numbers.
    #[cfg(feature = "encoder")]
    fn values(&self) -> &[f32] {
        self.vector.as_deref().unwrap_or_default()
    }

    /// There are none.
    #[cfg(not(feature = "encoder"))]
    const fn values(&self) -> &[f32] {
        &[]
    }

    /// The vector as features of a fit.
    pub(super) fn features(&self) -> impl Iterator<Item = (u32, f32)> {
        let rows = (ROWS..).map_while(|row| u32::try_from(row).ok());
        rows.zip(self.values().iter().map(|value| value * GAIN))
    }
}

/// Gives examples the features of their vectors; the rows that a fit needs for all.
pub(super) fn join(examples: &mut [Example], senses: &[Sense]) -> usize {
    for (example, sense) in examples.iter_mut().zip(senses) {
        example.vector.extend(sense.features());
    }
    let size = senses.first().map_or(0, |sense| sense.values().len());
    if size == 0 { hash::ROWS } else { ROWS + size }
}

impl Dense {
    /// The block of the encoder in use in what was fitted; none without one.
    pub(super) fn of(weights: &[[f32; LABELS]]) -> Option<Self> {
        let weights = weights.get(ROWS..).filter(|weights| !weights.is_empty())?;
        Some(Self {
            digest: digest()?.to_owned(),
            weights: weights.iter().map(|row| row.map(|weight| weight * GAIN)).collect(),
        })
    }

    /// Whether it is for the encoder in use.
    pub(super) fn is_for_the_one_in_use(&self) -> bool {
        digest().is_some_and(|digest| digest == self.digest)
            && self.weights.iter().flatten().all(|weight| weight.is_finite())
    }

    /// Adds what the vector says.
    pub(super) fn add(&self, sense: &Sense, scores: &mut [f32; LABELS]) {
        for (weights, value) in self.weights.iter().zip(sense.values()) {
            for (score, weight) in scores.iter_mut().zip(weights) {
                *score += weight * value;
            }
        }
    }
}

/// Which encoder is in use.
#[cfg(feature = "encoder")]
fn digest() -> Option<&'static str> {
    crate::tagging::encoder::in_use().map(crate::tagging::encoder::Encoder::digest)
}

/// None can be.
#[cfg(not(feature = "encoder"))]
const fn digest() -> Option<&'static str> {
    None
}
