//! How well and how fast stories are found, on made-up comments: `klarsvar bench stories`.

mod author;

mod retell;

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::dice::Dice;
use crate::cli::Failed;
use crate::domain::id::StoryId;
use crate::story::index::{Index, Reading};
use author::{Author, Comment};

/// Smallest text that a story is made of, in characters.
const LEAST: usize = 45;

/// What to make and measure.
#[derive(Debug, Clone, clap::Args)]
pub struct Stories {
    /// Comments
    #[arg(long, default_value_t = 100_000)]
    comments: usize,
    /// Stories among them, of 2 to 2,000 altered copies
    #[arg(long, default_value_t = 500)]
    stories: usize,
    /// Other comments stored before
    #[arg(long, default_value_t = 1_000_000)]
    stored: usize,
    /// Seed of the made-up comments
    #[arg(long, default_value_t = 7)]
    seed: u64,
}

/// A comment and the story it truly belongs to.
#[derive(Debug)]
pub struct Told {
    story: usize,
    text: String,
}

/// Pairs of comments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Of the pairs put into one story, those that belong there.
    pub precision: f64,
    /// Of the pairs that belong together, those put together.
    pub recall: f64,
}

/// Runs the measurement, without and with a full store, and prints the figures.
///
/// # Errors
/// None at present; commands give them.
#[expect(clippy::print_stdout, reason = "the figures are what the command is for")]
pub fn run(ask: &Stories, json: bool) -> Result<(), Failed> {
    let told = tell(ask.comments, ask.stories, ask.seed);
    let mut lines = Vec::new();
    for stored in [0, ask.stored] {
        let (index, score, cost) = measure(&told, stored, ask.seed);
        let per_text = index.bytes() / index.len().max(1);
        lines.push(serde_json::json!({
            "stored_before": stored,
            "comments": told.len(),
            "precision": score.precision,
            "recall": score.recall,
            "read_us": cost.read.as_nanos() / 1_000,
            "place_us": cost.place.as_nanos() / 1_000,
            "place_p999_us": cost.late.as_nanos() / 1_000,
            "kept": index.len(),
            "bytes": index.bytes(),
            "bytes_per_kept": per_text,
        }));
        if ask.stored == 0 {
            break;
        }
    }
    for line in lines {
        if json {
            println!("{line}");
        } else {
            println!(
                "{} comments, {} stored before: precision {:.4}, recall {:.4}; reading {} us, placing {} us (99.9 %: {} us) each; {} texts kept in {} bytes, {} each",
                line["comments"],
                line["stored_before"],
                line["precision"].as_f64().unwrap_or_default(),
                line["recall"].as_f64().unwrap_or_default(),
                line["read_us"],
                line["place_us"],
                line["place_p999_us"],
                line["kept"],
                line["bytes"],
                line["bytes_per_kept"]
            );
        }
    }
    Ok(())
}

/// Time for one comment.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cost {
    read: Duration,
    place: Duration,
    late: Duration,
}

/// Makes `count` comments, `stories` of them told more than once, in no order.
pub fn tell(count: usize, stories: usize, seed: u64) -> Vec<Told> {
    let mut dice = Dice::new(seed);
    let mut author = Author::new();
    let mut told = Vec::with_capacity(count);
    for story in 0..stories {
        let first = loop {
            let comment = author.comment(&mut dice);
            if comment.text.chars().count() >= LEAST {
                break comment;
            }
        };
        let copies = size(story, stories).min(count.saturating_sub(told.len()));
        // One story in twenty is a link that goes round, half of the time with words of one's own.
        let link = (story % 20 == 19).then(|| format!("https://www.nyheter.example/{story}/{}", dice.below(100_000)));
        for copy in 0..copies {
            let text = match &link {
                Some(link) => shared(link, &first, copy, &mut author, &mut dice),
                None if copy == 0 => first.text.clone(),
                None => retell::retell(&first, &mut dice),
            };
            told.push(Told { story, text });
        }
    }
    let mut story = stories;
    while told.len() < count {
        let text = author.comment(&mut dice).text;
        told.push(Told { story, text });
        story += 1;
    }
    for at in (1..told.len()).rev() {
        told.swap(at, dice.below(at + 1));
    }
    told
}

/// From 2 to 2,000 copies, most stories small: the exponent rises with the cube of the rank.
fn size(story: usize, stories: usize) -> usize {
    let number = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    let rank = (number(story) + 0.5) / number(stories.max(1));
    let size = 2.0 * 1_000_f64.powf(rank.powi(3));
    (2..=2_000).rev().find(|&whole| number(whole) <= size).unwrap_or(2)
}

fn shared(link: &str, first: &Comment, copy: usize, author: &mut Author, dice: &mut Dice) -> String {
    let words = if copy.is_multiple_of(2) {
        author.comment(dice).text
    } else {
        first.text.clone()
    };
    let link = match dice.below(3) {
        0 => link.to_owned(),
        1 => link.replace("www.", "m."),
        _ => link.replace("https://", "http://"),
    };
    let tail = dice.one(&["", "?fbclid=abc", "?utm_source=x&utm_medium=y", "/", "#top"]);
    format!("{words} {link}{tail}")
}

/// Places every comment, after `stored` others, and compares with the truth.
pub fn measure(told: &[Told], stored: usize, seed: u64) -> (Index, Score, Cost) {
    let mut index = Index::new(stored + told.len());
    let (mut dice, author) = (Dice::new(!seed), Author::new());
    let mut others = 0..;
    while index.len() < stored {
        let id = StoryId(Uuid::from_u128(u128::MAX - others.next().unwrap_or_default()));
        index.keep(&Reading::of(&author.jumble(&mut dice)), id);
    }
    let begun = Instant::now();
    let readings: Vec<Reading> = told.iter().map(|one| Reading::of(&one.text)).collect();
    let count = u32::try_from(told.len()).unwrap_or(u32::MAX).max(1);
    let read = begun.elapsed() / count;
    let mut found = Vec::with_capacity(told.len());
    let mut took = Vec::with_capacity(told.len());
    for (reading, id) in readings.iter().zip(0_u128..) {
        let begun = Instant::now();
        let placed = index.place(reading, || StoryId(Uuid::from_u128(id)));
        took.push(begun.elapsed());
        // Comments without a story are each for themselves.
        found.push(placed.map_or(StoryId(Uuid::from_u128(id)), |placed| placed.story));
    }
    let place = took.iter().sum::<Duration>() / count;
    took.sort_unstable();
    let late = took
        .get(took.len().saturating_sub(1 + took.len() / 1_000))
        .copied()
        .unwrap_or_default();
    (index, score(told, &found), Cost { read, place, late })
}

fn score(told: &[Told], found: &[StoryId]) -> Score {
    let truth = pairs(told.iter().map(|one| one.story));
    let made = pairs(found.iter());
    let both = pairs(told.iter().map(|one| one.story).zip(found));
    Score {
        precision: if made > 0.0 { both / made } else { 1.0 },
        recall: if truth > 0.0 { both / truth } else { 1.0 },
    }
}

/// Pairs of things with the same key.
fn pairs<K: Eq + Hash>(keys: impl Iterator<Item = K>) -> f64 {
    let mut counts: HashMap<K, u32> = HashMap::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    counts
        .into_values()
        .map(|count| f64::from(count) * (f64::from(count) - 1.0) / 2.0)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_found_and_others_left_alone() {
        let told = tell(4_000, 40, 11);
        let (_, score, _) = measure(&told, 0, 11);
        assert!(score.precision >= 0.98 && score.recall >= 0.90, "{score:?}");
    }

    #[test]
    fn the_same_seed_makes_the_same_comments() {
        let (one, other) = (tell(400, 20, 3), tell(400, 20, 3));
        assert!(one.iter().zip(&other).all(|(one, other)| one.text == other.text));
    }

    #[test]
    fn stories_have_two_to_two_thousand_copies() {
        assert_eq!(
            (size(0, 500), size(499, 500) > 1_900, size(499, 500) <= 2_000),
            (2, true, true)
        );
    }
}
