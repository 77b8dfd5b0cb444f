//! Street addresses: a street's name next to a house number.

use std::ops::Range;

use super::super::identity::digit;
use super::words;

/// Endings of Swedish street names.
const STREETS: [&str; 26] = [
    "gatan",
    "gata",
    "vägen",
    "väg",
    "gränd",
    "gränden",
    "stigen",
    "stig",
    "torget",
    "torg",
    "allén",
    "alle",
    "allé",
    "backen",
    "slingan",
    "plats",
    "gården",
    "kroken",
    "ringen",
    "plan",
    "brinken",
    "stråket",
    "kajen",
    "esplanaden",
    "liden",
    "terrassen",
];

pub(super) fn streets(text: &str, found: &mut Vec<Range<usize>>) {
    let mut before: Option<(usize, &str)> = None;
    for (start, word) in words(text) {
        let number = word.trim_end_matches([',', '.', '!', '?', ':', ';', '،', '؟', ')', '"']);
        if let Some((street_start, street)) = before
            && house_number(number)
            && (is_street(street) || street_word_before(text, street_start))
            && !(house_year(number) && is_plan(street))
        {
            found.push(street_start..start + number.len());
        }
        before = Some((start, word));
    }
    let words: Vec<(usize, &str)> = words(text).take(400).collect();
    for (index, (start, number)) in words.iter().enumerate() {
        if house_number(number)
            && let Some(last) = english_street(words.get(index + 1..index + 4).unwrap_or_default())
        {
            let (at, word) = words[index + 1 + last];
            found.push(*start..at + word.trim_end_matches(|c: char| !c.is_alphanumeric()).len());
        }
    }
}

/// "Oak Street" after its number: capitals, and the kind at the end; gives the place of the kind.
fn english_street(words: &[(usize, &str)]) -> Option<usize> {
    let kind = |word: &str| {
        let word = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        matches!(
            word.to_ascii_lowercase().as_str(),
            "street" | "st" | "road" | "rd" | "avenue" | "ave" | "lane" | "drive" | "boulevard"
        )
    };
    let at = words.iter().position(|(_, word)| kind(word))?;
    let named = words
        .iter()
        .take(at)
        .all(|(_, word)| word.starts_with(char::is_uppercase));
    (at > 0 && named).then_some(at)
}

fn house_year(number: &str) -> bool {
    number.len() == 4 && (number.starts_with("19") || number.starts_with("20"))
}

/// "handlingsplan 2025" and "arbetsplats 2024" are no streets.
fn is_plan(word: &str) -> bool {
    word.starts_with(char::is_lowercase) && (word.ends_with("plan") || word.ends_with("plats"))
}

fn house_number(word: &str) -> bool {
    let digits = word.chars().take_while(|&c| digit(c).is_some()).count();
    let rest: Vec<char> = word.chars().skip(digits).collect();
    (1..=4).contains(&digits) && (rest.is_empty() || (rest.len() == 1 && rest.iter().all(|c| c.is_alphabetic())))
}

fn is_street(word: &str) -> bool {
    let lower = word.trim_start_matches(['"', '(', '“']).to_lowercase();
    STREETS.iter().any(|ending| {
        lower
            .strip_suffix(ending)
            .is_some_and(|stem| stem.chars().count() >= 3 && stem.chars().all(char::is_alphabetic))
    })
}

/// "شارع النخيل 12", "12 rue": the kind of street stands before its name.
fn street_word_before(text: &str, start: usize) -> bool {
    text[..start]
        .trim_end()
        .rsplit(char::is_whitespace)
        .take(2)
        .any(|word| matches!(word.trim_start_matches(['و', 'ب']), "شارع" | "حي" | "خيابان" | "شەقامی"))
}
