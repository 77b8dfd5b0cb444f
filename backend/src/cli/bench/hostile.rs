//! `klarsvar bench hostile`: the tagger over texts that nobody means well with, drawn by chance from a seed. A text that makes
//! it panic, name a place that is none, or say something else the second time is printed as JSON, and the command fails.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use super::dice::Dice;
use crate::cli::Failed;
use crate::tagging::model::learn::shipped_examples;
use crate::tagging::{Context, mask, tag, warm};

/// What is put into texts besides single characters: marks, directions, digits of several sets, what looks like something.
const PIECES: [&str; 32] = [
    "\u{202e}",
    "\u{202d}",
    "\u{2066}",
    "\u{2069}",
    "\u{200b}",
    "\u{200d}",
    "\u{200f}",
    "\u{feff}",
    "\u{0}",
    "\u{7f}",
    "\u{ad}",
    "ـ",
    "\u{64b}\u{651}",
    "\u{300}\u{301}\u{302}\u{303}",
    "\u{20dd}",
    "👩‍👧‍👦",
    "🏴\u{e0067}\u{e0062}\u{e007f}",
    "640823-3234",
    "٦٤٠٨٢٣-٣٢٣٤",
    "۰۷۰-۱۷۴ ۰۶ ۵۸",
    "070-174 06 05",
    "anna (at) example punkt net",
    "@@@",
    "#",
    "https://",
    "ѕосіаl",
    "ﷺ",
    "ﬃ",
    "İ",
    "ẞ",
    "\r\n",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
];
/// Most changes made to a text.
const CHANGES: usize = 12;

/// What to try.
#[derive(Debug, clap::Args)]
pub struct Hostile {
    /// Texts
    #[arg(long, default_value_t = 100_000)]
    cases: usize,
    /// Seed; the same seed gives the same texts
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// What one thread found.
#[derive(Default)]
struct Found {
    cases: usize,
    bytes: usize,
    places: usize,
    slowest: Duration,
    faults: Vec<String>,
}

/// Tries them on every core.
#[expect(clippy::print_stdout, reason = "what the command is asked for")]
pub(super) fn run(ask: &Hostile) -> Result<(), Failed> {
    warm();
    let texts: Vec<String> = shipped_examples().into_iter().map(|(text, _)| text).collect();
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let began = Instant::now();
    let all: Vec<Found> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|thread| {
                let texts = &texts;
                let cases = ask.cases / threads + usize::from(thread < ask.cases % threads);
                scope.spawn(move || {
                    let salt = u64::try_from(thread).unwrap_or(0) << 32;
                    try_all(texts, &mut Dice::new(ask.seed ^ salt), cases)
                })
            })
            .collect();
        workers.into_iter().filter_map(|worker| worker.join().ok()).collect()
    });
    let sum = |of: fn(&Found) -> usize| all.iter().map(of).sum::<usize>();
    println!(
        "{} texts, {} bytes, {} places, {:.0} s, slowest {:.2} ms, {} faults",
        sum(|found| found.cases),
        sum(|found| found.bytes),
        sum(|found| found.places),
        began.elapsed().as_secs_f64(),
        all.iter()
            .map(|found| found.slowest)
            .max()
            .unwrap_or_default()
            .as_secs_f64()
            * 1_000.0,
        sum(|found| found.faults.len()),
    );
    for fault in all.iter().flat_map(|found| &found.faults).take(20) {
        println!("{fault}");
    }
    if sum(|found| found.cases) < ask.cases || sum(|found| found.faults.len()) > 0 {
        return Err(Failed::Input(
            "the tagger does not hold on every text; see above".to_owned(),
        ));
    }
    Ok(())
}

fn try_all(texts: &[String], dice: &mut Dice, cases: usize) -> Found {
    let mut found = Found::default();
    for _ in 0..cases {
        let text = hostile(texts, dice);
        let began = Instant::now();
        let tried = catch_unwind(AssertUnwindSafe(|| holds(&text)));
        found.slowest = found.slowest.max(began.elapsed());
        found.cases += 1;
        found.bytes += text.len();
        match tried {
            Ok(Ok(places)) => found.places += places,
            Ok(Err(why)) => found
                .faults
                .push(serde_json::json!({ "why": why, "text": text }).to_string()),
            Err(_) => found
                .faults
                .push(serde_json::json!({ "why": "panic", "text": text }).to_string()),
        }
    }
    found
}

/// How many places are named in a text; or what is wrong with what is said of it.
fn holds(text: &str) -> Result<usize, &'static str> {
    let tags = tag(text, &Context::default());
    if tags
        .spans
        .iter()
        .any(|span| text.get(span.start..span.end).is_none_or(str::is_empty))
    {
        return Err("a place that is none");
    }
    let scores = tags
        .narratives
        .iter()
        .chain(&tags.classes)
        .chain(&tags.flags)
        .map(|tag| tag.score);
    if !scores
        .chain([tags.language.confidence])
        .all(|score| (0.0..=1.0).contains(&score))
    {
        return Err("a score that is none");
    }
    if mask(text, &tags).len() > text.len() + tags.spans.len() * 9 {
        return Err("a mask that is no mask");
    }
    if tag(text, &Context::default()) != tags {
        return Err("other tags the second time");
    }
    Ok(tags.spans.len())
}

/// A real comment with things put in, taken out and turned round; or chance alone.
fn hostile(texts: &[String], dice: &mut Dice) -> String {
    let mut text: Vec<char> = match dice.below(4) {
        0 => Vec::new(),
        _ => dice.one(texts).chars().collect(),
    };
    for _ in 0..=dice.below(CHANGES) {
        let at = dice.below(text.len() + 1);
        match dice.below(8) {
            0 => {
                let to = (at + dice.below(12)).min(text.len());
                text.drain(at..to);
            }
            1 => {
                let to = (at + dice.below(12)).min(text.len());
                text[at..to].reverse();
            }
            2 => {
                let again: Vec<char> = text[at..(at + dice.below(20)).min(text.len())].to_vec();
                text.splice(at..at, again);
            }
            3 => {
                let one = any(dice);
                text.splice(at..at, std::iter::repeat_n(one, dice.below(40)));
            }
            4 | 5 => {
                text.splice(at..at, dice.one(&PIECES).chars());
            }
            6 => {
                let block = dice.below(0x1100) << 8;
                let of_block: Vec<char> = (0..dice.below(16))
                    .filter_map(|_| scalar(block + dice.below(256)))
                    .collect();
                text.splice(at..at, of_block);
            }
            _ => text.insert(at, any(dice)),
        }
    }
    text.into_iter().collect()
}

/// Any character there may be.
fn any(dice: &mut Dice) -> char {
    scalar(dice.below(0x11_0000)).unwrap_or('\u{fffd}')
}

fn scalar(number: usize) -> Option<char> {
    u32::try_from(number).ok().and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_texts_are_tagged_without_panic_and_every_place_is_one() {
        let texts: Vec<String> = shipped_examples().into_iter().map(|(text, _)| text).take(300).collect();
        let found = try_all(&texts, &mut Dice::new(7), 2_000);
        assert_eq!(found.faults, Vec::<String>::new());
        assert!(found.places > 1_000, "{}", found.places);
    }

    #[test]
    fn the_same_seed_gives_the_same_texts() {
        let texts = ["En text".to_owned()];
        let draw = |seed| {
            let mut dice = Dice::new(seed);
            (0..50).map(|_| hostile(&texts, &mut dice)).collect::<Vec<_>>()
        };
        assert_eq!(draw(3), draw(3));
        assert_ne!(draw(3), draw(4));
    }
}
