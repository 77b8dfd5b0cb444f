//! `klarsvar bench learn`: what a desk learns from corrections of a narrative that shifted, and from ten examples of a new one.
//! The narrative in question is taken out of the training files first, so that nothing of it is known beforehand.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::cli::Failed;
use crate::domain::tag::Narrative;
use crate::tagging::desk_probabilities;
use crate::tagging::model::learn::{Correction, Desk, OWN_SUGGEST};
use crate::tagging::model::train::{Labelled, train};
use crate::tagging::model::{CLASSES, Model, NARRATIVES};

/// Corrections, examples that teach, unseen ones that are asked for, draws of them.
const CORRECTIONS: usize = 200;
const TEACH: usize = 10;
const UNSEEN: usize = 50;
const DRAWS: usize = 3;
/// One in so many of the shifted narrative's comments was known before the shift.
const KNOWN: usize = 12;
/// The name of the new narrative.
const NEW: &str = "new";

#[derive(Debug, Deserialize)]
struct Row {
    text: String,
    labels: Vec<String>,
    flags: Vec<String>,
}

impl Row {
    fn is(&self, key: &str) -> bool {
        self.labels.iter().any(|label| label == key)
    }

    fn labelled(&self) -> Labelled {
        Labelled {
            text: self.text.clone(),
            labels: self.labels.clone(),
            flags: self.flags.clone(),
        }
    }
}

fn read(file: &Path) -> Result<Vec<Row>, Failed> {
    let text = std::fs::read_to_string(file).map_err(|error| Failed::Input(format!("{}: {error}", file.display())))?;
    let rows = text.lines().enumerate().map(|(number, line)| {
        serde_json::from_str(line).map_err(|_| {
            Failed::Input(format!(
                "{}: line {} is no labelled comment",
                file.display(),
                number + 1
            ))
        })
    });
    rows.collect()
}

/// Narratives that are taken out in turn.
fn taken() -> impl Iterator<Item = &'static str> {
    Narrative::ALL.iter().map(|narrative| narrative.as_str())
}

/// Prints both measurements.
pub fn run(dev: &Path, labelled: &[PathBuf]) -> Result<(), Failed> {
    let dev = read(dev)?;
    let mut rows = Vec::new();
    for file in labelled {
        rows.extend(read(file)?);
    }
    for key in taken() {
        shifted(key, &rows, &dev)?;
    }
    for key in taken() {
        new(key, &rows, &dev)?;
    }
    Ok(())
}

/// F1 of every narrative and class over `rows`.
fn f1(model: &Model, desk: &Desk, rows: &[Row]) -> Vec<f32> {
    let said: Vec<_> = rows
        .iter()
        .map(|row| desk_probabilities(model, desk, &row.text).shipped)
        .collect();
    let labels = model.labels().iter().enumerate().take(CLASSES.end);
    labels
        .map(|(label, known)| {
            let (mut right, mut wrong) = (0.0_f32, 0.0_f32);
            for (row, said) in rows.iter().zip(&said) {
                match (said[label] >= known.auto, row.is(&known.key)) {
                    (true, true) => right += 1.0,
                    (false, false) => {}
                    _ => wrong += 1.0,
                }
            }
            2.0 * right / (2.0 * right + wrong).max(1.0)
        })
        .collect()
}

#[expect(clippy::print_stdout, reason = "what the command is asked for")]
fn shifted(key: &str, rows: &[Row], dev: &[Row]) -> Result<(), Failed> {
    let mut seen = 0;
    let (gone, kept): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| {
        seen += usize::from(row.is(key));
        row.is(key) && seen % KNOWN != 0
    });
    let model = model(&kept)?;
    let every = (gone.len() / CORRECTIONS).max(1);
    let corrections: Vec<Correction> = (0..)
        .zip(gone.iter().step_by(every).take(CORRECTIONS))
        .map(|(id, row)| Correction {
            id,
            text: row.text.clone(),
            keys: row.labels.iter().chain(&row.flags).cloned().collect(),
            looked_at: None,
        })
        .collect();
    let before = f1(&model, &Desk::default(), dev);
    let after = f1(&model, &Desk::of(&model, &corrections), dev);
    let at = model.label(key).unwrap_or_default();
    let changes = |labels: std::ops::Range<usize>| -> Vec<f32> {
        labels
            .filter(|label| *label != at)
            .map(|label| after[label] - before[label])
            .collect()
    };
    println!(
        "shifted {key}: {} corrections, F1 {:.3} to {:.3}; other narratives {}, classes {}",
        corrections.len(),
        before[at],
        after[at],
        told(&changes(NARRATIVES)),
        told(&changes(CLASSES)),
    );
    Ok(())
}

fn told(changes: &[f32]) -> String {
    let mean = changes.iter().sum::<f32>() / changes.len().max(1) as f32;
    let worst = changes.iter().copied().fold(f32::INFINITY, f32::min);
    format!("{mean:+.3} on average, {worst:+.3} at worst")
}

#[expect(clippy::print_stdout, reason = "what the command is asked for")]
fn new(key: &str, rows: &[Row], dev: &[Row]) -> Result<(), Failed> {
    let kept: Vec<&Row> = rows.iter().filter(|row| !row.is(key)).collect();
    let model = model(&kept)?;
    let (mut first_two, mut suggested, mut asked, mut alarms, mut others) =
        (0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32);
    for draw in 0..DRAWS {
        let having: Vec<&Row> = dev.iter().filter(|row| row.is(key)).collect();
        let every = (having.len() / (TEACH + UNSEEN)).max(1);
        let from = draw * (every / DRAWS).max(1);
        let picked: Vec<&Row> = having
            .into_iter()
            .skip(from)
            .step_by(every)
            .take(TEACH + UNSEEN)
            .collect();
        let (teach, unseen) = picked.split_at(TEACH.min(picked.len()));
        // As an editor writes them: they speak of the new narrative alone.
        let corrections: Vec<Correction> = (0..)
            .zip(teach)
            .map(|(id, row)| Correction {
                id,
                text: row.text.clone(),
                keys: vec![NEW.to_owned()],
                looked_at: Some(vec![NEW.to_owned()]),
            })
            .collect();
        let desk = Desk::of(&model, &corrections);
        for row in unseen {
            let said = desk_probabilities(&model, &desk, &row.text);
            let own = said.own.first().map_or(0.0, |own| own.1);
            let above = NARRATIVES.filter(|label| said.shipped[*label] > own).count();
            asked += 1.0;
            first_two += f32::from(u8::from(above < 2));
            suggested += f32::from(u8::from(above < 2 && own >= OWN_SUGGEST));
        }
        for row in dev.iter().filter(|row| !row.is(key)).step_by(5) {
            let said = desk_probabilities(&model, &desk, &row.text);
            others += 1.0;
            alarms += f32::from(u8::from(said.own.first().is_some_and(|own| own.1 >= OWN_SUGGEST)));
        }
    }
    println!(
        "new {key}: {TEACH} examples, among the first two {:.2}, suggested {:.2} of {asked} unseen; suggested on {:.3} of others",
        first_two / asked,
        suggested / asked,
        alarms / others
    );
    Ok(())
}

fn model(rows: &[&Row]) -> Result<Model, Failed> {
    let rows: Vec<Labelled> = rows.iter().map(|row| row.labelled()).collect();
    Ok(train(&rows, 1, "bench", Vec::new())?)
}
