//! What people do to a text on a phone: cut it short, mistype, stretch, shout, leave out dots, mix in other words.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

use super::random::Chance;
use crate::tagging::language::features::Family;

/// What is added in every language alike.
const CHAT: [&str; 26] = [
    "lol", "LOL", "omg", "wow", "haha", "hahaha", "xD", "wtf", "ok", "okay", "plz", "hmm", "no", "ah", "oh", "bro",
    "TikTok", "facebook", "insta", "covid19", "5g", "24h", "a4", "2x", "mp3", "youtube",
];
/// Loans from Arabic that the young say in any language.
const LOANS: [&str; 24] = [
    "wallah",
    "walla",
    "wallahi",
    "inshallah",
    "mashallah",
    "habibi",
    "habibti",
    "yalla",
    "yani",
    "ya3ni",
    "haram",
    "halal",
    "hamdullah",
    "alhamdulillah",
    "salam",
    "khalas",
    "akhi",
    "astaghfirullah",
    "subhanallah",
    "shukran",
    "allah",
    "jalla",
    "abou",
    "ameen",
];

/// A run of words of `text`, of one of four lengths: as the desk gets them, a quarter at most fifteen characters.
pub(super) fn cut(text: &str, chance: &mut Chance) -> String {
    let most = match chance.below(4) {
        0 => 15,
        1 => 40,
        2 => 120,
        _ => return text.to_owned(),
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let from = chance.place(words.len());
    let mut run = String::new();
    for word in words.iter().skip(from) {
        if !run.is_empty() {
            if run.chars().count() + 1 + word.chars().count() > most {
                break;
            }
            run.push(' ');
        }
        run.push_str(word);
    }
    run
}

/// Spoils `text`, most of the time not at all.
pub(super) fn spoil(
    text: String,
    family: Family,
    foreign: impl Fn(&mut Chance) -> String,
    chance: &mut Chance,
) -> String {
    let mut text = text;
    if chance.percent(9) {
        text = mistype(&text, chance);
    }
    if chance.percent(4) {
        text = stretch(&text, chance);
    }
    if chance.percent(5) {
        text = text.to_uppercase();
    }
    match family {
        Family::Latin if chance.percent(6) => text = bare(&text),
        Family::Arabic if chance.percent(15) => text = rekeyed(&text, chance),
        _ => {}
    }
    if chance.percent(5)
        && let Some(word) = chance.one(&CHAT)
    {
        text = beside(&text, word, chance);
    }
    if text.split(' ').nth(2).is_some() {
        if family == Family::Latin
            && chance.percent(3)
            && let Some(word) = chance.one(&LOANS)
        {
            text = among(&text, word, chance);
        }
        if chance.percent(7) {
            let word = foreign(chance);
            text = among(&text, &word, chance);
        }
    }
    text
}

fn beside(text: &str, word: &str, chance: &mut Chance) -> String {
    if chance.percent(70) {
        format!("{text} {word}")
    } else {
        format!("{word} {text}")
    }
}

fn among(text: &str, word: &str, chance: &mut Chance) -> String {
    let mut words: Vec<&str> = text.split(' ').collect();
    words.insert(chance.place(words.len() + 1), word);
    words.join(" ")
}

fn mistype(text: &str, chance: &mut Chance) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 5 {
        return text.to_owned();
    }
    for _ in 0..=letters.len() / 60 {
        let at = chance.place(letters.len() - 1);
        match chance.below(4) {
            0 => {
                letters.remove(at);
            }
            1 => letters.swap(at, at + 1),
            2 => letters.insert(at, letters[at]),
            _ => letters[at] = letters[chance.place(letters.len())],
        }
    }
    letters.into_iter().collect()
}

fn stretch(text: &str, chance: &mut Chance) -> String {
    let letters: Vec<char> = text.chars().collect();
    let at = chance.place(letters.len());
    let mut made = String::with_capacity(text.len() + 8);
    for (place, &letter) in letters.iter().enumerate() {
        let times = if place == at && letter.is_alphabetic() { 4 } else { 1 };
        made.extend(std::iter::repeat_n(letter, times));
    }
    made
}

/// Without dots, rings and strokes, as typed on a foreign keyboard.
fn bare(text: &str) -> String {
    text.nfd()
        .filter(|&c| canonical_combining_class(c) == 0)
        .map(|c| match c {
            'ø' => 'o',
            'Ø' => 'O',
            'æ' => 'a',
            'ı' => 'i',
            'ł' => 'l',
            'Ł' => 'L',
            'đ' => 'd',
            'ð' => 'd',
            other => other,
        })
        .collect()
}

/// With the letters of a neighbour's keyboard, or of people in a hurry.
fn rekeyed(text: &str, chance: &mut Chance) -> String {
    let (arabic, hurried) = (chance.percent(50), chance.percent(50));
    text.chars()
        .map(|c| match c {
            'ی' if arabic => 'ي',
            'ک' if arabic => 'ك',
            'ي' if !arabic => 'ی',
            'ك' if !arabic => 'ک',
            'أ' | 'إ' | 'آ' if hurried => 'ا',
            'ة' if hurried => 'ه',
            'ى' if hurried => 'ي',
            other => other,
        })
        .collect()
}
