//! What a narrative must be to be written: bounded, findable, and without anybody's personal data.

use std::collections::BTreeSet;

use super::narrative::{ByLanguage, Narrative};
use crate::domain::narrative::is_key;
use crate::domain::tag::Flag;
use crate::tagging::{self, Context};

/// Longest title, in characters.
const TITLE: usize = 80;
/// Longest definition, in characters.
const DEFINITION: usize = 4_000;
/// Longest phrase, in characters.
const PHRASE: usize = 120;
/// Shortest phrase, in characters: what is shorter is found everywhere.
const SHORTEST: usize = 3;
/// Longest example, in characters.
const EXAMPLE: usize = 2_000;
/// Most phrases, or examples, of one narrative.
const MOST: usize = 300;
/// Fewest examples of a narrative without phrases.
const FEWEST: usize = 3;
/// Languages, dialects and scripts of one list.
const LANGUAGES: usize = 24;

crate::words! {
    /// What is wrong with a narrative.
    pub enum FaultCode {
        /// The key is none.
        BadKey = "bad-key",
        /// There is no Swedish title.
        NoTitle = "no-title",
        /// A text is longer than it may be.
        TooLong = "too-long",
        /// A phrase is too short to mean anything.
        TooShort = "too-short",
        /// There are more than the desk takes.
        TooMany = "too-many",
        /// Nothing to know it by: neither phrases nor three examples.
        NothingToKnow = "nothing-to-know",
        /// An example holds personal data.
        PersonalData = "personal-data",
        /// A text is both example and counter-example.
        Both = "both",
        /// A language is no code.
        BadLanguage = "bad-language",
    }
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Fault {
    /// `key`, `titles`, `definition`, `phrases`, `hints`, `examples`, `counter_examples`.
    pub field: &'static str,
    /// What.
    pub code: FaultCode,
}

/// Everything that is wrong with a narrative.
#[must_use]
pub fn check(narrative: &Narrative) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut fault = |wrong: bool, field, code| {
        if wrong {
            faults.push(Fault { field, code });
        }
    };
    let longer = |text: &str, most: usize| text.chars().nth(most).is_some();
    fault(!is_key(&narrative.key), "key", FaultCode::BadKey);
    let swedish = narrative.titles.get("sv").is_some_and(|title| !title.trim().is_empty());
    fault(!swedish, "titles", FaultCode::NoTitle);
    let long = narrative.titles.values().any(|title| longer(title, TITLE));
    fault(long || narrative.titles.len() > LANGUAGES, "titles", FaultCode::TooLong);
    fault(
        longer(&narrative.definition, DEFINITION),
        "definition",
        FaultCode::TooLong,
    );
    for (field, lists) in [("phrases", &narrative.phrases), ("hints", &narrative.hints)] {
        fault(count(lists) > MOST, field, FaultCode::TooMany);
        fault(!good_languages(lists), field, FaultCode::BadLanguage);
        fault(texts(lists).any(|text| longer(text, PHRASE)), field, FaultCode::TooLong);
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
        fault(
            texts(lists).any(|text| letters(text) < SHORTEST),
            field,
            FaultCode::TooShort,
        );
    }
    for (field, lists) in [
        ("examples", &narrative.examples),
        ("counter_examples", &narrative.counter_examples),
    ] {
        fault(count(lists) > MOST, field, FaultCode::TooMany);
        fault(!good_languages(lists), field, FaultCode::BadLanguage);
        fault(
            texts(lists).any(|text| longer(text, EXAMPLE)),
            field,
            FaultCode::TooLong,
        );
        // Many are looked at only where they are not too many: each costs as much as a comment.
        let personal = count(lists) <= MOST && texts(lists).any(has_personal_data);
        fault(personal, field, FaultCode::PersonalData);
    }
    let examples: BTreeSet<&str> = texts(&narrative.examples).map(str::trim).collect();
    let both = texts(&narrative.counter_examples).any(|text| examples.contains(text.trim()));
    fault(both, "counter_examples", FaultCode::Both);
    let known = count(&narrative.phrases) > 0 || count(&narrative.examples) >= FEWEST;
    fault(!known && !narrative.retired, "examples", FaultCode::NothingToKnow);
    faults
}

fn texts(lists: &ByLanguage) -> impl Iterator<Item = &str> {
    lists.values().flatten().map(String::as_str)
}

fn count(lists: &ByLanguage) -> usize {
    lists.values().map(Vec::len).sum()
}

/// A code with a dialect or script at most: `ar`, `ar-IQ`, `ar-Latn`.
fn good_languages(lists: &ByLanguage) -> bool {
    let good = |code: &String| {
        let mut parts = code.split('-');
        let first = parts.next().unwrap_or_default();
        (2..=3).contains(&first.len())
            && first.bytes().all(|byte| byte.is_ascii_lowercase())
            && parts.all(|part| (2..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    };
    lists.len() <= LANGUAGES && lists.keys().all(good)
}

fn has_personal_data(text: &str) -> bool {
    let tags = tagging::tag(text, &Context::default());
    tags.flags.iter().any(|tag| tag.key == Flag::PersonalData.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn narrative(examples: &[&str], phrases: &[&str]) -> Narrative {
        let list =
            |texts: &[&str]| ByLanguage::from([("sv".to_owned(), texts.iter().map(ToString::to_string).collect())]);
        Narrative {
            key: "taxi-rule".to_owned(),
            titles: [("sv".to_owned(), "Taxi styr".to_owned())].into(),
            examples: list(examples),
            phrases: list(phrases),
            ..Narrative::default()
        }
    }

    fn codes(narrative: &Narrative) -> Vec<FaultCode> {
        check(narrative).into_iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn a_narrative_needs_something_to_be_known_by() {
        assert_eq!(codes(&narrative(&["a b c", "d e f"], &[])), [FaultCode::NothingToKnow]);
        assert_eq!(codes(&narrative(&["ett", "två", "tre"], &[])), []);
        assert_eq!(codes(&narrative(&[], &["taxi styr kommunen"])), []);
    }

    #[test]
    fn nobodys_number_stands_in_a_codebook() {
        let mut with = narrative(&["taxi styr, ring 070-174 06 05", "två ord", "tre ord"], &[]);
        assert_eq!(codes(&with), [FaultCode::PersonalData]);
        with.examples = narrative(&["ett", "två", "tre"], &[]).examples;
        with.counter_examples = with.examples.clone();
        assert_eq!(codes(&with), [FaultCode::Both]);
    }

    #[test]
    fn what_is_no_key_or_too_short_or_too_long_is_named() {
        let mut bad = narrative(&[], &["a!"]);
        bad.key = "Taxi Rule".to_owned();
        bad.definition = "x".repeat(DEFINITION + 1);
        bad.hints = [("swedish".to_owned(), vec!["taxi".to_owned()])].into();
        assert_eq!(
            codes(&bad),
            [
                FaultCode::BadKey,
                FaultCode::TooLong,
                FaultCode::TooShort,
                FaultCode::BadLanguage
            ]
        );
    }
}
