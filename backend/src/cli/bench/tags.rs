//! `klarsvar bench tags`: the figures of the tagger over labelled comments, as anyone can repeat them.

mod curve;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::cli::Failed;
use crate::domain::tag::{Class, Flag, Narrative, Tag, Tags, Tier};
use crate::tagging::model::Model;
use crate::tagging::model::calibrate::calibration_error;
use crate::tagging::{Context, model_probabilities, tag, warm};

#[derive(Deserialize)]
struct Labelled {
    text: String,
    lang: String,
    script: String,
    labels: Vec<String>,
    flags: Vec<String>,
}

impl Labelled {
    fn is(&self, key: &str) -> bool {
        self.labels.iter().chain(&self.flags).any(|label| label == key)
    }

    fn has_narrative(&self) -> bool {
        Narrative::ALL.iter().any(|narrative| self.is(narrative.as_str()))
    }

    fn group(&self) -> &'static str {
        match (self.lang.as_str(), self.script.as_str()) {
            ("sv", _) => "sv",
            ("en", _) => "en",
            ("ar", "Latn") => "arabizi",
            ("ar", _) => "ar",
            _ => "others",
        }
    }
}

/// Right, wrong, missed.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    right: f32,
    wrong: f32,
    missed: f32,
}

impl Count {
    fn add(&mut self, said: bool, is: bool) {
        match (said, is) {
            (true, true) => self.right += 1.0,
            (true, false) => self.wrong += 1.0,
            (false, true) => self.missed += 1.0,
            (false, false) => {}
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            right: self.right + other.right,
            wrong: self.wrong + other.wrong,
            missed: self.missed + other.missed,
        }
    }

    fn precision(self) -> f32 {
        self.right / (self.right + self.wrong).max(1.0)
    }

    fn recall(self) -> f32 {
        self.right / (self.right + self.missed).max(1.0)
    }

    fn f1(self) -> f32 {
        2.0 * self.right / (2.0 * self.right + self.wrong + self.missed).max(1.0)
    }
}

fn shown(tags: &Tags, key: &str) -> bool {
    let narrative = |tag: &&Tag| tag.tier.is_none_or(|tier| tier == Tier::Auto);
    let all = tags.narratives.iter().chain(&tags.classes).chain(&tags.flags);
    all.filter(narrative).any(|tag| tag.key == key)
}

fn count(pairs: &[(Labelled, Tags)], keys: &[&str], of: impl Fn(&Labelled) -> bool) -> Count {
    let mut count = Count::default();
    for (comment, tags) in pairs.iter().filter(|(comment, _)| of(comment)) {
        for key in keys {
            count.add(shown(tags, key), comment.is(key));
        }
    }
    count
}

/// Prints all figures, or the learning curve of models trained on `labelled`.
pub fn run(file: &Path, labelled: &[PathBuf]) -> Result<(), Failed> {
    let comments = read(file)?;
    if labelled.is_empty() {
        figures(comments)
    } else {
        curve::print(&comments, labelled)
    }
}

fn read(file: &Path) -> Result<Vec<Labelled>, Failed> {
    let text = std::fs::read_to_string(file).map_err(|error| Failed::Input(format!("{}: {error}", file.display())))?;
    let mut comments = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let comment: Labelled = serde_json::from_str(line)
            .map_err(|_| Failed::Input(format!("line {} is no labelled comment", number + 1)))?;
        comments.push(comment);
    }
    Ok(comments)
}

fn figures(comments: Vec<Labelled>) -> Result<(), Failed> {
    let start = Instant::now();
    warm();
    let ready = start.elapsed();
    let tagged: Vec<Tags> = comments.iter().map(one).collect();
    // The best of ten rounds: other work of the machine only ever takes away.
    let best = (0..10)
        .map(|_| {
            let start = Instant::now();
            for comment in &comments {
                std::hint::black_box(one(std::hint::black_box(comment)));
            }
            start.elapsed()
        })
        .min()
        .unwrap_or_default();
    let cost = Cost {
        ready,
        rate: comments.len() as f64 / best.as_secs_f64().max(1e-9),
        median: median(&comments),
        memory: memory(),
    };
    let pairs: Vec<(Labelled, Tags)> = comments.into_iter().zip(tagged).collect();
    cost.print(pairs.len());
    print(&pairs)
}

fn one(comment: &Labelled) -> Tags {
    tag(&comment.text, &Context::default())
}

/// What the whole pipeline costs on one core.
struct Cost {
    /// Until the first comment can be tagged.
    ready: Duration,
    /// Comments in a second.
    rate: f64,
    /// Characters of the comment in the middle.
    median: usize,
    /// Most memory that this process held, in MB, where the system tells.
    memory: Option<f64>,
}

impl Cost {
    #[expect(clippy::print_stdout, reason = "what the command is asked for")]
    fn print(&self, comments: usize) {
        let memory = self
            .memory
            .map_or_else(|| "unknown".to_owned(), |memory| format!("{memory:.1} MB"));
        println!("{comments} comments, median {} characters, one core", self.median);
        println!("whole pipeline: {:.0} comments/s", self.rate);
        println!(
            "start {:.1} ms, peak memory of the process {memory}",
            self.ready.as_secs_f64() * 1_000.0
        );
    }
}

fn median(comments: &[Labelled]) -> usize {
    let mut lengths: Vec<usize> = comments.iter().map(|comment| comment.text.chars().count()).collect();
    lengths.sort_unstable();
    lengths.get(lengths.len() / 2).copied().unwrap_or(0)
}

fn memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib * 1024.0 / 1e6)
}

#[expect(clippy::print_stdout, reason = "what the command is asked for")]
fn print(pairs: &[(Labelled, Tags)]) -> Result<(), Failed> {
    let narratives: Vec<&str> = Narrative::ALL.iter().map(|narrative| narrative.as_str()).collect();
    let classes: Vec<&str> = Class::ALL.iter().map(|class| class.as_str()).collect();
    let flags: Vec<&str> = Flag::ALL.iter().map(|flag| flag.as_str()).collect();
    let model = Model::shipped()?;
    let probable: Vec<_> = pairs
        .iter()
        .map(|(comment, _)| model_probabilities(&model, &comment.text))
        .collect();
    println!(
        "{:28}{:>6}{:>8}{:>8}{:>8}{:>8}",
        "label", "n", "F1", "prec", "recall", "ece"
    );
    for key in narratives.iter().chain(&classes).chain(&flags) {
        let of = count(pairs, &[key], |_| true);
        let error = model.label(key).map(|label| {
            let scored: Vec<(f32, bool)> = pairs
                .iter()
                .zip(&probable)
                .map(|((comment, _), probable)| (probable[label], comment.is(key)))
                .collect();
            calibration_error(&scored)
        });
        println!(
            "{key:28}{:>6}{:>8.3}{:>8.3}{:>8.3}{:>8}",
            of.right + of.missed,
            of.f1(),
            of.precision(),
            of.recall(),
            error.map_or_else(|| "-".to_owned(), |error| format!("{error:.3}"))
        );
    }
    for (name, keys) in [("narratives", &narratives), ("classes", &classes), ("flags", &flags)] {
        let all = count(pairs, keys, |_| true);
        let macro_f1 = keys.iter().map(|key| count(pairs, &[key], |_| true).f1()).sum::<f32>() / keys.len() as f32;
        println!(
            "{name}: micro-F1 {:.3}, macro-F1 {macro_f1:.3}, precision {:.3}, recall {:.3}",
            all.f1(),
            all.precision(),
            all.recall()
        );
    }
    for group in ["sv", "ar", "en", "arabizi", "others"] {
        let of = count(pairs, &narratives, |comment| comment.group() == group);
        println!("narratives in {group}: micro-F1 {:.3}", of.f1());
    }
    let (with, without): (Vec<_>, Vec<_>) = pairs.iter().partition(|(comment, _)| comment.has_narrative());
    let wrong = without
        .iter()
        .filter(|(_, tags)| narratives.iter().any(|key| shown(tags, key)))
        .count();
    let suggested = without.iter().filter(|(_, tags)| !tags.narratives.is_empty()).count();
    println!(
        "without narrative: {:.3} shown with one, {:.3} with a suggestion",
        wrong as f32 / without.len().max(1) as f32,
        suggested as f32 / without.len().max(1) as f32
    );
    let first_two = with
        .iter()
        .filter(|(comment, tags)| tags.narratives.iter().take(2).any(|tag| comment.is(&tag.key)))
        .count();
    println!(
        "a right narrative among the first two: {:.3}",
        first_two as f32 / with.len().max(1) as f32
    );
    confusion(pairs, &narratives);
    errors(pairs, &narratives);
    Ok(())
}

/// How often each narrative is shown (columns) on comments that have another (rows), with what is shown of none.
#[expect(clippy::print_stdout, reason = "what the command is asked for")]
fn confusion(pairs: &[(Labelled, Tags)], narratives: &[&str]) {
    println!("confusion: rows what a person says, columns what is shown; beside the diagonal only what is wrong");
    let heads: String = (1..=narratives.len()).map(|number| format!("{number:>6}")).collect();
    println!("{:28}{heads}{:>6}{:>6}", "", "none", "n");
    let rows = narratives.iter().map(|key| Some(*key)).chain([None]);
    for (number, row) in (1..).zip(rows) {
        let is_row = |comment: &Labelled| row.map_or(!comment.has_narrative(), |key| comment.is(key));
        let of_row: Vec<_> = pairs.iter().filter(|(comment, _)| is_row(comment)).collect();
        let cells: String = narratives
            .iter()
            .map(|key| {
                let is_cell =
                    |(comment, tags): &&&(Labelled, Tags)| shown(tags, key) && (row == Some(key) || !comment.is(key));
                format!("{:>6}", of_row.iter().filter(is_cell).count())
            })
            .collect();
        let none = of_row
            .iter()
            .filter(|(_, tags)| !narratives.iter().any(|key| shown(tags, key)))
            .count();
        let name = row.map_or_else(|| "none".to_owned(), |key| format!("{number} {key}"));
        println!("{name:28}{cells}{none:>6}{:>6}", of_row.len());
    }
}

/// What stands where a narrative is shown wrongly, and which are missed.
#[expect(clippy::print_stdout, reason = "what the command is asked for")]
fn errors(pairs: &[(Labelled, Tags)], narratives: &[&str]) {
    let mut wrong: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for (comment, tags) in pairs {
        for key in narratives.iter().filter(|key| shown(tags, key) && !comment.is(key)) {
            *wrong.entry((key, comment.labels.join("+"))).or_default() += 1;
        }
        for key in narratives.iter().filter(|key| !shown(tags, key) && comment.is(key)) {
            *wrong.entry(("missed", (*key).to_owned())).or_default() += 1;
        }
    }
    let mut ordered: Vec<_> = wrong.into_iter().collect();
    ordered.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    println!("most frequent errors (shown, what a person says):");
    for ((said, is), count) in ordered.into_iter().take(24) {
        println!("{count:>5}  {said}  <-  {}", if is.is_empty() { "(none)" } else { &is });
    }
}
