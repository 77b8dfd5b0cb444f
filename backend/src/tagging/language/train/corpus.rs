//! The two training files in memory: texts and word frequencies by class. Must not change a text.

use std::collections::BTreeMap;
use std::io::{self, BufRead};

use super::Error;
use super::random::Chance;
use crate::tagging::language::features::{Family, Words};

/// The class of Arabic in Latin letters.
pub(super) const ARABIZI: &str = "ara-Latn";
/// Languages off the desk's list that share a class: they only have to be told from those on the list, and each class
/// costs a column of the table.
const CATCHERS: [&str; 9] = [
    "aze+uzb",
    "ces+slk",
    "est+hun",
    "fao+isl",
    "ind+tgl+vie",
    "lav+lit",
    "cat+por",
    "mlt+sqi",
    "orm+swa",
];
/// A class of fewer texts has nothing to learn from, unless it has a word list.
const ENOUGH: usize = 100;

/// What is known of one class.
#[derive(Debug, Default)]
pub(super) struct Material {
    pub(super) texts: Vec<String>,
    pub(super) words: Vec<String>,
    /// Sums of the words' weights up to and with each.
    sums: Vec<u64>,
}

impl Material {
    /// A word; the square root of its frequency is its weight, so that rare ones come up too.
    pub(super) fn word(&self, chance: &mut Chance) -> &str {
        let drawn = chance.below(self.sums.last().copied().unwrap_or(0));
        let at = self.sums.partition_point(|&sum| sum <= drawn);
        self.words.get(at).map_or("", String::as_str)
    }

    fn add(&mut self, word: &str, frequency: u64) {
        let sum = self.sums.last().copied().unwrap_or(0);
        self.words.push(word.to_owned());
        self.sums.push(sum + frequency.isqrt().max(1));
    }
}

/// Classes by name, of one family of letters.
pub(super) type Classes = BTreeMap<String, Material>;

#[derive(Debug, Default)]
pub(super) struct Corpus {
    families: [Classes; Family::ALL.len()],
}

impl Corpus {
    /// Reads the texts (`id lang script length_bucket source text`) and words (`lang word per_billion`), unpacked.
    pub(super) fn read(texts: impl BufRead, words: impl BufRead) -> Result<Self, Error> {
        let mut corpus = Self::default();
        for_rows(texts, "texts", |row| {
            let [_, lang, _, _, _, text] = *row else {
                return false;
            };
            let Some(family) = main_family(text) else {
                return true;
            };
            let name = class_name(lang, family);
            let material = corpus.families[family as usize].entry(name).or_default();
            material.texts.push(text.to_owned());
            true
        })?;
        for_rows(words, "words", |row| {
            let [lang, word, frequency] = *row else {
                return false;
            };
            let Ok(frequency) = frequency.parse() else {
                return false;
            };
            // Arabic words in Latin letters are foreign words, not Arabizi.
            if let Some(family) = main_family(word)
                && (lang != "ara" || family == Family::Arabic)
            {
                let material = corpus.families[family as usize]
                    .entry(class_name(lang, family))
                    .or_default();
                material.add(word, frequency);
            }
            true
        })?;
        for classes in &mut corpus.families {
            classes.retain(|_, material| material.texts.len() >= ENOUGH || material.words.len() >= 2_000);
            for material in classes.values_mut() {
                count_words(material);
            }
        }
        if corpus.families.iter().any(Classes::is_empty) {
            return Err(Error::Poor);
        }
        Ok(corpus)
    }

    pub(super) fn classes(&self, family: Family) -> &Classes {
        &self.families[family as usize]
    }
}

/// Where no list of words is given, the words of the texts.
fn count_words(material: &mut Material) {
    if !material.words.is_empty() {
        return;
    }
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for word in material.texts.iter().flat_map(|text| text.split_whitespace()) {
        if !word.starts_with(['@', '#']) && !word.contains("://") {
            *counts.entry(word).or_default() += 1;
        }
    }
    let counts: Vec<(String, u64)> = counts
        .into_iter()
        .map(|(word, count)| (word.to_owned(), count))
        .collect();
    for (word, count) in counts {
        material.add(&word, count * 100);
    }
}

fn main_family(text: &str) -> Option<Family> {
    let words = Words::of(text);
    let most = words.letters.iter().copied().max().filter(|&most| most > 0)?;
    Family::ALL
        .into_iter()
        .find(|&family| words.letters[family as usize] == most)
}

fn class_name(lang: &str, family: Family) -> String {
    match lang {
        "ara" if family == Family::Latin => ARABIZI,
        "bos" | "hrv" | "srp" => "hbs",
        _ => CATCHERS
            .iter()
            .find(|catcher| catcher.split('+').any(|one| one == lang))
            .unwrap_or(&lang),
    }
    .to_owned()
}

fn for_rows(file: impl BufRead, what: &'static str, mut take: impl FnMut(&[&str]) -> bool) -> Result<(), Error> {
    let mut lines = file.lines();
    lines.next().transpose().map_err(Error::Read)?;
    for (number, line) in (2_u64..).zip(lines) {
        let line = line.map_err(|error: io::Error| Error::Read(error))?;
        let row: Vec<&str> = line.split('\t').collect();
        if !take(&row) {
            return Err(Error::Line { what, number });
        }
    }
    Ok(())
}
