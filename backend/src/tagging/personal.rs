//! Phones, mail, street addresses and case numbers in a comment (codebook 6.4). Identity numbers: [`super::identity`].
//! Keeps nothing of what it finds but the place.

mod mail;
mod phone;
mod street;

use std::ops::Range;

use super::identity::DigitRun;

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
    let mut found = mail::mails(text);
    mail::spelled_mails(text, &mut found);
    if !runs.is_empty() {
        phone::phones(text, runs, &mut found);
        street::streets(text, &mut found);
        cases(text, runs, &mut found);
    }
    found
}

/// The words of `text` with their places.
pub(super) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(char::is_whitespace)
        .scan(0, |at, word| {
            let start = text[*at..].find(word).map_or(*at, |gap| *at + gap);
            *at = start + word.len();
            Some((start, word))
        })
        .filter(|(_, word)| !word.is_empty())
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
