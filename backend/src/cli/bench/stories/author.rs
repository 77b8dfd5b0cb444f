//! Made-up comments of the desk's subject: many that share their words and are still different comments.
//!
//! Written without regard to how stories are found; must not use anything of `story`.

use std::collections::{HashMap, HashSet};

use super::super::dice::Dice;

/// What may stand at each place of a sentence.
const PHRASES: &str = include_str!("phrases.txt");
/// Sentences, by the places that make them up.
const FRAMES: [&str; 6] = [
    "who took whose kid where time why",
    "open ask when also",
    "tale mid then end",
    "who took whose kid why end",
    "tale who took whose kid where then",
    "open ask when also tale mid",
];
/// Half of the comments are Arabic.
const LANGUAGES: [&str; 4] = ["sv", "ar", "en", "ar"];

/// A made-up comment.
#[derive(Debug, Clone)]
pub struct Comment {
    pub text: String,
    pub is_arabic: bool,
}

type Phrases = Vec<&'static str>;

/// Makes comments of which no two sentences have more than half of their phrases in common.
pub struct Author {
    /// By language, for each sentence its places.
    frames: HashMap<&'static str, Vec<Vec<Phrases>>>,
    said: HashSet<(usize, Vec<usize>)>,
}

impl Author {
    pub fn new() -> Self {
        let mut phrases: HashMap<&str, Phrases> = HashMap::new();
        for line in PHRASES.lines().filter(|line| !line.starts_with('#')) {
            if let Some((place, all)) = line.split_once(": ") {
                phrases.insert(place, all.split(" | ").collect());
            }
        }
        let of = |language: &str, frame: &str| {
            let places = frame.split(' ').map(|place| format!("{language} {place}"));
            places
                .filter_map(|place| phrases.get(place.as_str()).cloned())
                .collect()
        };
        let frames = LANGUAGES
            .into_iter()
            .map(|language| (language, FRAMES.iter().map(|frame| of(language, frame)).collect()));
        Self {
            frames: frames.collect(),
            said: HashSet::new(),
        }
    }

    /// A comment unlike those before.
    pub fn comment(&mut self, dice: &mut Dice) -> Comment {
        let language = *dice.one(&LANGUAGES);
        let mut text = self.sentence(language, dice);
        // One in five goes on for another sentence.
        if dice.below(5) == 0 {
            text.push(' ');
            text.push_str(&self.sentence(language, dice));
        }
        Comment {
            text,
            is_arabic: language == "ar",
        }
    }

    /// Words of the same language and subject in no order: a text that shares its words with many and is told by nobody.
    pub fn jumble(&self, dice: &mut Dice) -> String {
        let frames = &self.frames[*dice.one(&LANGUAGES)];
        let count = 8 + dice.below(10);
        let words = (0..count).map(|_| {
            let frame = dice.one(frames);
            let place = dice.one(frame);
            let phrase: Vec<&str> = dice.one(place).split(' ').collect();
            *dice.one(&phrase)
        });
        words.collect::<Vec<_>>().join(" ")
    }

    fn sentence(&mut self, language: &'static str, dice: &mut Dice) -> String {
        loop {
            let kind = dice.below(FRAMES.len());
            let places = &self.frames[language][kind];
            let chosen: Vec<usize> = places.iter().map(|place| dice.below(place.len())).collect();
            let more_than_half = places.len() / 2 + 1;
            let of = LANGUAGES.iter().position(|one| *one == language).unwrap_or(0) * FRAMES.len() + kind;
            let parts: Vec<(usize, Vec<usize>)> = (0_usize..1 << places.len())
                .filter(|set| set.count_ones() as usize == more_than_half)
                .map(|set| (of, part(&chosen, set)))
                .collect();
            if parts.iter().any(|part| self.said.contains(part)) {
                continue;
            }
            let words: Phrases = places.iter().zip(&chosen).map(|(place, at)| place[*at]).collect();
            self.said.extend(parts);
            return words.join(" ");
        }
    }
}

/// Some phrases of a sentence with their places.
fn part(chosen: &[usize], set: usize) -> Vec<usize> {
    let kept = chosen.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1);
    kept.flat_map(|(at, phrase)| [at, *phrase]).collect()
}
