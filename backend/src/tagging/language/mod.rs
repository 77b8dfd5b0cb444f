//! The language of a comment as a whole, by a trained model over its letters and words; whatlang tells the script.
//! Arabizi (Arabic in Latin letters and digits) is Arabic. Must not look at anything but the text.
//!
//! How the model is made, of what, and where it fails: `README.md` beside this file.

mod features;
mod model;
pub mod train;

use std::sync::LazyLock;

use whatlang::Script;

use features::{Family, Words};
use model::{MOST, Model, Place, Section};

/// Version of the shipped model and of the code around it.
pub const VERSION: &str = "language-1";

static FILE: &[u8] = include_bytes!("model.bin");

// A test holds that the shipped file is good; a desk must take in comments even if it were not.
static SHIPPED: LazyLock<Model<'static>> = LazyLock::new(|| Model::read(FILE).unwrap_or_default());

/// What the text says about its language.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Language {
    /// ISO 639 code of one of the desk's languages, `other`, or `und` when there is none to tell.
    pub code: &'static str,
    /// ISO 15924 code of most of its letters, `mixed`, or `Zyyy` for none.
    pub script: &'static str,
    /// 0–1: how likely the comment belongs to the lane of this language. Between languages of one lane (Norwegian and
    /// Danish) it can be sure of the lane and less sure of the language.
    pub confidence: f32,
}

const NONE: Language = Language {
    code: "und",
    script: "Zyyy",
    confidence: 1.0,
};

/// The desk's languages by class of the model; a class that is not here is a language off the list.
const LISTED: [(&str, &str); 23] = [
    ("swe", "sv"),
    ("ara", "ar"),
    ("ara-Latn", "ar"),
    ("eng", "en"),
    ("som", "so"),
    ("fas", "fa"),
    ("prs", "fa"),
    ("ckb", "ckb"),
    ("kmr", "kmr"),
    ("tur", "tr"),
    ("tir", "ti"),
    ("hbs", "bs"),
    ("fin", "fi"),
    ("pol", "pl"),
    ("ukr", "uk"),
    ("rus", "ru"),
    ("nob", "no"),
    ("nno", "no"),
    ("dan", "da"),
    ("urd", "ur"),
    ("deu", "de"),
    ("spa", "es"),
    ("fra", "fr"),
];

fn code_of(class: &str) -> &'static str {
    LISTED
        .iter()
        .find(|(name, _)| *name == class)
        .map_or("other", |(_, code)| code)
}

fn is_listed(class: &str) -> bool {
    code_of(class) != "other"
}

/// Place of the lane that serves a language.
const fn lane_of(code: &str) -> usize {
    match code.as_bytes() {
        b"sv" => 0,
        b"ar" => 1,
        b"en" => 2,
        _ => 3,
    }
}

/// Reads the model, so that the first comment does not wait for it.
pub fn warm() {
    LazyLock::force(&SHIPPED);
}

/// Tells the language of `stored`. Takes time in proportion to its length, whatever it holds.
#[must_use]
pub fn of(stored: &str) -> Language {
    by(&SHIPPED, stored)
}

fn by(model: &Model<'_>, stored: &str) -> Language {
    let words = Words::of(stored);
    // One letter is a slip or a smiley, laughter is the same in every language.
    if words.meant < 2 {
        return NONE;
    }
    let Some(script) = whatlang::detect_script(&words.text) else {
        return Language {
            code: "other",
            script: "Zzzz",
            confidence: SURE_OF_SCRIPT,
        };
    };
    let Some(family) = frame(script, &words) else {
        return Language {
            code: "other",
            script: iso(script),
            confidence: SURE_OF_SCRIPT,
        };
    };
    let Some(section) = model.section(family) else {
        return NONE;
    };
    let mut rows = Vec::with_capacity(words.text.len() * 5);
    features::rows(&words.text, family, section.bits, &mut rows);
    let places = model.places(family);
    let mut told = best(section, places, &rows);
    if family == Family::Latin && told.0 == "ar" {
        told = beside_numbers(section, places, &words.text, &mut rows).unwrap_or(told);
    }
    let (code, confidence) = told;
    let letters: u32 = words.letters.iter().sum();
    let foreign = letters - words.letters[family as usize];
    Language {
        code,
        // A foreign name or abbreviation does not make a text mixed.
        script: if foreign * 7 >= letters {
            "mixed"
        } else {
            family.script()
        },
        confidence: (confidence * 1_000.0).round() / 1_000.0,
    }
}

/// What the words without digits say, where there are enough of them and they are sure not to be Arabic: digits are
/// letters of Arabizi, and also of "3pm" and "gate b7".
fn beside_numbers(
    section: &Section<'_>,
    places: &[Place],
    text: &str,
    rows: &mut Vec<u32>,
) -> Option<(&'static str, f32)> {
    let has_digit = |word: &&str| word.bytes().any(|byte| byte.is_ascii_digit());
    if !text.split(' ').any(|word| has_digit(&word)) {
        return None;
    }
    let plain: Vec<&str> = text.split(' ').filter(|word| !has_digit(word)).collect();
    if plain.len() < 3 {
        return None;
    }
    rows.clear();
    features::rows(&plain.join(" "), Family::Latin, section.bits, rows);
    Some(best(section, places, rows)).filter(|(code, confidence)| *code != "ar" && *confidence >= 0.9)
}

/// A script that no language of the list is written in leaves no doubt.
const SURE_OF_SCRIPT: f32 = 0.99;

/// The letters of the sentence's frame: those of most letters, but Arabic, which leaves out vowels, with as many words
/// as Latin ones.
fn frame(most: Script, words: &Words) -> Option<Family> {
    let family = match most {
        Script::Latin => Family::Latin,
        Script::Arabic => Family::Arabic,
        Script::Cyrillic => Family::Cyrillic,
        Script::Ethiopic => Family::Ethiopic,
        _ => return None,
    };
    // What whatlang takes for Arabic holds scripts that are not.
    if words.letters[family as usize] == 0 {
        return None;
    }
    let count = |family: Family| words.words[family as usize];
    if family == Family::Latin && count(Family::Arabic) > count(Family::Latin) {
        return Some(Family::Arabic);
    }
    Some(family)
}

/// The likeliest code, and how likely its lane is.
fn best(section: &Section<'_>, places: &[Place], rows: &[u32]) -> (&'static str, f32) {
    let mut shares = [0.0; MOST];
    section.tell(rows, &mut shares);
    let mut codes = [("", 0, 0.0_f32); MOST];
    let mut lanes = [0.0_f32; 4];
    for ((class, place), share) in section.classes.iter().zip(places).zip(shares) {
        if let (Some(lane), Some(code)) = (lanes.get_mut(place.lane), codes.get_mut(place.code)) {
            *lane += share;
            *code = (class.code, place.lane, code.2 + share);
        }
    }
    let best = codes
        .into_iter()
        .fold(("und", 3, 0.0), |best, next| if next.2 > best.2 { next } else { best });
    (best.0, lanes.get(best.1).copied().unwrap_or(0.0))
}

/// ISO 15924 of the scripts that decide by themselves.
const fn iso(script: Script) -> &'static str {
    match script {
        Script::Latin => "Latn",
        Script::Arabic => "Arab",
        Script::Cyrillic => "Cyrl",
        Script::Ethiopic => "Ethi",
        Script::Armenian => "Armn",
        Script::Bengali => "Beng",
        Script::Devanagari => "Deva",
        Script::Georgian => "Geor",
        Script::Greek => "Grek",
        Script::Gujarati => "Gujr",
        Script::Gurmukhi => "Guru",
        Script::Hangul => "Hang",
        Script::Hebrew => "Hebr",
        Script::Hiragana => "Hira",
        Script::Kannada => "Knda",
        Script::Katakana => "Kana",
        Script::Khmer => "Khmr",
        Script::Malayalam => "Mlym",
        Script::Mandarin => "Hani",
        Script::Myanmar => "Mymr",
        Script::Oriya => "Orya",
        Script::Sinhala => "Sinh",
        Script::Tamil => "Taml",
        Script::Telugu => "Telu",
        Script::Thai => "Thai",
    }
}

#[cfg(test)]
mod tests;
