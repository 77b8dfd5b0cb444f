//! A sentence encoder from a folder of the operator's: `model.onnx`, `tokenizer.json` (unigram pieces), and, if there,
//! `prefix.txt`, put before each text (the E5 models want "query: ");
//! `narratives.bin`, a model trained with it. Text in, a vector of length one out, comments of
//! one meaning near each other whatever their language. Only with the feature `encoder`; must never reach the network.

mod pieces;

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rten::{NodeId, Value};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, Tensor};
use sha2::{Digest, Sha256};

use super::model::{Model, train};
use pieces::Pieces;

/// Pieces that are read of a text: longer comments say little new, and the time grows with them.
const PIECES: usize = 128;
/// Bytes that are read of a text.
const READ_BYTES: usize = 4 * 1024;
/// Vectors kept: the comments that a desk learns from are asked for again and again, and each comment twice.
const KEPT: usize = 4_096;

/// Why an encoder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file is missing or cannot be read.
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    /// `tokenizer.json` is no JSON of the right form.
    #[error("tokenizer.json cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    /// It has another kind of pieces.
    #[error("tokenizer.json has no unigram pieces with <s> and </s>")]
    Pieces,
    /// The model cannot be loaded.
    #[error("model.onnx cannot be loaded: {0}")]
    Model(#[from] rten::LoadError),
    /// It does not take pieces and give vectors.
    #[error("model.onnx does not take input_ids and give one vector of finite numbers")]
    Shape,
    /// It failed on a text.
    #[error("model.onnx fails: {0}")]
    Run(#[from] rten::RunError),
    /// `narratives.bin` is no model for this encoder.
    #[error("narratives.bin: {0}")]
    Weights(#[from] super::model::Error),
    /// Another is in use already.
    #[error("an encoder is in use already")]
    Twice,
}

/// An encoder ready for use.
pub struct Encoder {
    pieces: Pieces,
    prefix: String,
    model: rten::Model,
    input: NodeId,
    /// Which pieces are text, for models that ask.
    mask: Option<NodeId>,
    /// Which sentence they are of, for models that ask.
    kinds: Option<NodeId>,
    output: NodeId,
    size: usize,
    digest: String,
    hasher: RandomState,
    kept: Mutex<HashMap<u64, Arc<[f32]>>>,
}

static IN_USE: OnceLock<Encoder> = OnceLock::new();
static MODEL: OnceLock<Model> = OnceLock::new();

/// The encoder that this program uses, if it was given one.
#[must_use]
pub fn in_use() -> Option<&'static Encoder> {
    IN_USE.get()
}

/// The model that was trained with it, if the folder had one.
#[must_use]
pub fn model() -> Option<&'static Model> {
    MODEL.get()
}

/// Uses the encoder of `folder` for as long as the program runs. Before anything is tagged: what was said before, stays.
///
/// # Errors
/// [`Error`].
pub fn put_in_use(folder: &Path) -> Result<(), Error> {
    IN_USE.set(Encoder::load(folder)?).map_err(|_| Error::Twice)
}

/// Tags by the `narratives.bin` of `folder`, trained with the encoder in use; by the shipped model where there is none.
///
/// # Errors
/// [`Error`].
pub fn put_model_in_use(folder: &Path) -> Result<(), Error> {
    let bytes = match file(folder, "narratives.bin") {
        Ok(bytes) => bytes,
        Err(Error::File(_, error)) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let model = Model::read(Cow::Owned(bytes))?;
    let keys = model.labels().iter().map(|label| label.key.as_str());
    if !keys.eq(train::keys()) {
        return Err(Error::Weights(super::model::Error::Shape));
    }
    MODEL.set(model).map_err(|_| Error::Twice)
}

fn file(folder: &Path, name: &str) -> Result<Vec<u8>, Error> {
    let path = folder.join(name);
    std::fs::read(&path).map_err(|error| Error::File(path, error))
}

impl Encoder {
    /// Loads the encoder of a folder and tries it on a text.
    ///
    /// # Errors
    /// [`Error`].
    pub fn load(folder: &Path) -> Result<Self, Error> {
        let (onnx, tokenizer) = (file(folder, "model.onnx")?, file(folder, "tokenizer.json")?);
        let prefix = match file(folder, "prefix.txt") {
            Ok(prefix) => String::from_utf8_lossy(&prefix).into_owned(),
            Err(Error::File(_, error)) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        let mut digest = Sha256::new();
        for part in [&onnx, &tokenizer, prefix.as_bytes()] {
            digest.update(Sha256::digest(part));
        }
        let model = rten::Model::load(onnx)?;
        let output = *model.output_ids().first().ok_or(Error::Shape)?;
        let mut made = Self {
            pieces: Pieces::read(&tokenizer)?,
            prefix,
            input: model.find_node("input_ids").ok_or(Error::Shape)?,
            mask: model.find_node("attention_mask"),
            kinds: model.find_node("token_type_ids"),
            output,
            model,
            size: 0,
            digest: hex::encode(digest.finalize()),
            hasher: RandomState::new(),
            kept: Mutex::default(),
        };
        made.size = made.run("a")?.len();
        Ok(made)
    }

    /// Numbers in a vector.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// SHA-256 over its files: which encoder a model was trained with.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The vector of a text, of length one; zeros where the model fails, so that a comment is still tagged.
    #[must_use]
    pub fn vector(&self, text: &str) -> Arc<[f32]> {
        let text = &text[..text.floor_char_boundary(READ_BYTES)];
        let key = self.hasher.hash_one(text);
        if let Some(known) = self.kept().get(&key) {
            return Arc::clone(known);
        }
        let vector: Arc<[f32]> = match self.run(text) {
            Ok(vector) if vector.len() == self.size => vector.into(),
            Ok(_) | Err(_) => vec![0.0; self.size].into(),
        };
        let mut kept = self.kept();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(key, Arc::clone(&vector));
        vector
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Arc<[f32]>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self, text: &str) -> Result<Vec<f32>, Error> {
        let numbers = self.pieces.of(&format!("{}{text}", self.prefix), PIECES);
        let shape = [1, numbers.len()];
        let mut inputs = vec![(self.input, NdTensor::from_data(shape, numbers).into())];
        if let Some(mask) = self.mask {
            inputs.push((mask, NdTensor::<i32, 2>::full(shape, 1).into()));
        }
        if let Some(kinds) = self.kinds {
            inputs.push((kinds, NdTensor::<i32, 2>::full(shape, 0).into()));
        }
        let output = self.model.run(inputs, &[self.output], None)?;
        let output = output.into_iter().next().ok_or(Error::Shape)?;
        one_vector(output)
    }
}

/// The vector of the sentence: what the model gives, or the middle of what it gives for each piece.
fn one_vector(output: Value) -> Result<Vec<f32>, Error> {
    let tensor: Tensor<f32> = output.try_into().map_err(|_| Error::Shape)?;
    let (rows, size) = match tensor.shape() {
        [1, size] => (1, *size),
        [1, rows, size] => (*rows, *size),
        _ => return Err(Error::Shape),
    };
    if rows == 0 || size == 0 {
        return Err(Error::Shape);
    }
    let mut vector = vec![0.0_f32; size];
    for row in tensor.to_vec().chunks_exact(size) {
        for (sum, value) in vector.iter_mut().zip(row) {
            *sum += value;
        }
    }
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    if !length.is_finite() || length <= 0.0 {
        return Err(Error::Shape);
    }
    for value in &mut vector {
        *value /= length;
    }
    Ok(vector)
}

#[cfg(test)]
pub(crate) mod tests;
