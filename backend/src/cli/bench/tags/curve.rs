//! The learning curve: models of an eighth, a quarter, a half and all of the labelled comments, each measured on the same
//! others. The model alone, at its own thresholds, without what phrases decide beside it.

use std::path::PathBuf;

use super::super::dice::Dice;
use super::{Count, Labelled};
use crate::cli::Failed;
use crate::cli::train::narratives::read;
use crate::tagging::model::{CLASSES, LABELS, Model, NARRATIVES, train};
use crate::tagging::model_probabilities;

/// Parts of the training comments; each holds the smaller ones.
const PARTS: [usize; 4] = [8, 4, 2, 1];
const SEED: u64 = 1;

/// Trains and prints, a line for each part.
#[expect(clippy::print_stdout, reason = "what the command is asked for")]
pub(super) fn print(comments: &[Labelled], labelled: &[PathBuf]) -> Result<(), Failed> {
    let (mut known, _) = read(labelled)?;
    // Files are in order of what they are about: a part must be one of all.
    let mut dice = Dice::new(SEED);
    for last in (1..known.len()).rev() {
        known.swap(last, dice.below(last + 1));
    }
    println!(
        "{:>8}{:>14}{:>14}{:>14}{:>14}{:>14}",
        "trained", "micro-F1", "macro-F1", "precision", "recall", "classes macro"
    );
    for part in PARTS {
        let some = &known[..known.len() / part];
        let model = train::train(some, SEED, "curve", Vec::new())?;
        let counts = counts(&model, comments);
        let narratives = counts.get(NARRATIVES).unwrap_or_default();
        let all = narratives.iter().fold(Count::default(), |sum, one| sum.and(*one));
        println!(
            "{:>8}{:>14.3}{:>14.3}{:>14.3}{:>14.3}{:>14.3}",
            some.len(),
            all.f1(),
            mean_f1(narratives),
            all.precision(),
            all.recall(),
            mean_f1(counts.get(CLASSES).unwrap_or_default())
        );
    }
    Ok(())
}

fn counts(model: &Model, comments: &[Labelled]) -> [Count; LABELS] {
    let mut counts = [Count::default(); LABELS];
    for comment in comments {
        let probable = model_probabilities(model, &comment.text);
        for ((count, known), probable) in counts.iter_mut().zip(model.labels()).zip(probable) {
            count.add(probable >= known.auto, comment.is(&known.key));
        }
    }
    counts
}

fn mean_f1(counts: &[Count]) -> f32 {
    counts.iter().map(|count| count.f1()).sum::<f32>() / counts.len().max(1) as f32
}
