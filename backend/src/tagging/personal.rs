//! Phones, mail, street addresses and case numbers in a comment (codebook 6.4). Identity numbers: [`super::identity`].
//! Keeps nothing of what it finds but the place.

mod mail;

use std::ops::Range;

use super::identity::{DigitRun, digit, hidden, is_hyphen};

/// Numbers that are public on purpose, as dialled within the country.
const PUBLIC: [&str; 9] = [
    "112",
    "1177",
    "11313",
    "11414",
    "116111",
    "116000",
    "90101",
    "020505050",
    "0752473000",
];

/// What stands right before a number in a link that dials it.
const DIALLED: [&str; 4] = ["wa.me/", "wa.me/+", "tel:", "tel:+"];

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

/// Words that come right before a case number.
const CASES: [&str; 20] = [
    "målnummer",
    "mål nr",
    "målnr",
    "diarienummer",
    "dnr",
    "ärendenummer",
    "ärendenr",
    "case number",
    "ärende ",
    "mål ",
    "matter is ",
    "case no",
    "رقم القضية",
    "رقم قضية",
    "رقم قضيت",
    "رقم ملف",
    "file number",
    "رقم الملف",
    "رقم القرار",
    "رقم الحالة",
];

/// Places of personal data other than identity numbers, in bytes, unordered; `runs` are the runs of digits of `text`.
pub(super) fn find(text: &str, runs: &[DigitRun]) -> Vec<Range<usize>> {
    let mut found = mail::written(text);
    mail::spelled(text, &mut found);
    if !runs.is_empty() {
        phones(text, runs, &mut found);
        streets(text, &mut found);
        cases(text, runs, &mut found);
    }
    found
}

fn phones(text: &str, runs: &[DigitRun], found: &mut Vec<Range<usize>>) {
    let mut index = 0;
    while let Some(first) = runs.get(index) {
        let plus = text[..first.start]
            .chars()
            .rev()
            .find(|&c| !hidden(c))
            .is_some_and(|c| c == '+' || c == '＋');
        let before = &text[..first.start];
        let link = DIALLED.iter().any(|link| before.ends_with(link));
        let glued = before
            .chars()
            .next_back()
            .is_some_and(|c| c.is_alphabetic() || c == ':' || c == '/');
        // Swedish mobile numbers are also written with the country's digits and no plus.
        let country = first.digits.starts_with(&[4, 6, 7]) && first.digits.len() == 11 || first.digits == [4, 6];
        let plus = plus || link || country;
        if (glued && !link) || !(plus || first.digits.first() == Some(&0)) {
            index += 1;
            continue;
        }
        let mut digits = first.digits.clone();
        let mut groups = vec![first.digits.len()];
        let mut last = index;
        while let Some(next) = runs.get(last + 1) {
            let between = text.get(runs[last].end..next.start);
            let area = last == index && (3..=4).contains(&first.digits.len()) && between == Some("/");
            let joined = area || between.is_some_and(joins);
            if !joined || digits.len() + next.digits.len() > 15 {
                break;
            }
            digits.extend_from_slice(&next.digits);
            groups.push(next.digits.len());
            last += 1;
        }
        if is_phone(plus, &digits, &groups) {
            let sign = before.trim_end_matches(hidden);
            let start = if sign.ends_with(['+', '＋']) {
                sign.len() - sign.chars().next_back().map_or(0, char::len_utf8)
            } else {
                first.start
            };
            found.push(start..runs[last].end);
            index = last + 1;
        } else {
            index += 1;
        }
    }
}

fn joins(between: &str) -> bool {
    let mut seen = 0;
    between.chars().filter(|&c| !hidden(c)).all(|c| {
        seen += 1;
        seen <= 3 && (is_hyphen(c) || matches!(c, ' ' | '\u{A0}' | '\u{2009}' | '\u{202F}' | '(' | ')' | '.'))
    })
}

fn is_phone(plus: bool, digits: &[u8], groups: &[usize]) -> bool {
    let mut dialled: String = digits.iter().map(|&digit| char::from(b'0' + digit)).collect();
    let abroad = plus || dialled.starts_with("00");
    if let Some(rest) = dialled
        .strip_prefix("0046")
        .or_else(|| dialled.strip_prefix("46").filter(|_| plus))
    {
        dialled = format!("0{}", rest.trim_start_matches('0'));
    } else if abroad {
        return (9..=15).contains(&dialled.len());
    }
    // A number built like an identity number is judged by the number rule alone.
    let like_identity =
        groups == [6, 4] || (groups == [10] && !dialled.starts_with("07") && super::identity::has_date(digits));
    if like_identity && !plus {
        return false;
    }
    // 01-02-2025 is a date.
    let date = groups == [2, 2, 4] || groups == [2, 2, 2];
    !date && (8..=11).contains(&dialled.len()) && !PUBLIC.contains(&dialled.as_str())
}

fn streets(text: &str, found: &mut Vec<Range<usize>>) {
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

pub(super) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(char::is_whitespace)
        .scan(0, |at, word| {
            let start = text[*at..].find(word).map_or(*at, |gap| *at + gap);
            *at = start + word.len();
            Some((start, word))
        })
        .filter(|(_, word)| !word.is_empty())
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

fn cases(text: &str, runs: &[DigitRun], found: &mut Vec<Range<usize>>) {
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        // Places would not agree; the few such texts are left to a person.
        return;
    }
    for word in CASES {
        for (at, _) in lower.match_indices(word) {
            let from = at + word.len();
            // Where the word says that a number follows, a court may be named between.
            let most = if word.ends_with(' ') { 24 } else { 40 };
            let Some(first) = runs.iter().position(|run| run.start >= from).filter(|&first| {
                text.get(from..runs[first].start)
                    .is_some_and(|gap| gap.chars().take(most + 1).count() <= most)
            }) else {
                continue;
            };
            let mut end = runs[first].end;
            let mut count = runs[first].digits.len();
            for pair in runs[first..].windows(2) {
                let near = text
                    .get(pair[0].end..pair[1].start)
                    .is_some_and(|gap| gap.len() <= 5 && !gap.contains(' '));
                if !near {
                    break;
                }
                end = pair[1].end;
                count += pair[1].digits.len();
            }
            // Without the word for a number, only what is built like one.
            let built = text[runs[first].start..end].contains('-') && count >= 5;
            if count >= 4 && (built || !word.ends_with(' ')) {
                found.push(runs[first].start..end);
            }
        }
    }
}

#[cfg(test)]
mod tests;
