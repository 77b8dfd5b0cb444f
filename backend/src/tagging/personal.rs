//! Phones, mail, street addresses and case numbers in a comment (codebook 6.4). Identity numbers: [`super::identity`].
//! Keeps nothing of what it finds but the place.

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

/// Endings of Swedish street names.
const STREETS: [&str; 20] = [
    "gatan", "gata", "vägen", "väg", "gränd", "gränden", "stigen", "stig", "torget", "torg", "allén", "alle", "allé",
    "backen", "slingan", "plats", "gården", "kroken", "ringen", "plan",
];

/// Words that come right before a case number.
const CASES: [&str; 16] = [
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
    "رقم الملف",
    "رقم القرار",
    "رقم الحالة",
];

/// Places of personal data other than identity numbers, in bytes, unordered; `runs` are the runs of digits of `text`.
pub(super) fn find(text: &str, runs: &[DigitRun]) -> Vec<Range<usize>> {
    let mut found = mails(text);
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
        let glued = text[..first.start]
            .chars()
            .next_back()
            .is_some_and(|c| c.is_alphabetic() || c == ':' || c == '/');
        if glued || !(plus || first.digits.first() == Some(&0)) {
            index += 1;
            continue;
        }
        let mut digits = first.digits.clone();
        let mut groups = vec![first.digits.len()];
        let mut last = index;
        while let Some(next) = runs.get(last + 1) {
            let joined = text.get(runs[last].end..next.start).is_some_and(joins);
            if !joined || digits.len() + next.digits.len() > 15 {
                break;
            }
            digits.extend_from_slice(&next.digits);
            groups.push(next.digits.len());
            last += 1;
        }
        if is_phone(plus, &digits, &groups) {
            let start = if plus {
                text[..first.start].rfind(['+', '＋']).unwrap_or(first.start)
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

fn mails(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let local = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+');
    let domain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let mut found = Vec::new();
    let mut from = 0;
    for (at, _) in text.match_indices('@') {
        let start = at - bytes[from..at].iter().rev().take_while(|&&byte| local(byte)).count();
        let tail = bytes[at + 1..].iter().take_while(|&&byte| domain(byte)).count();
        let name = text[at + 1..at + 1 + tail].trim_end_matches(['.', '-']);
        let end = at + 1 + name.len();
        let top = name.rsplit_once('.').map_or("", |(_, top)| top);
        if start < at && top.len() >= 2 && top.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            found.push(start..end);
        }
        from = at + 1;
    }
    found
}

fn streets(text: &str, found: &mut Vec<Range<usize>>) {
    let mut before: Option<(usize, &str)> = None;
    for (start, word) in words(text) {
        let number = word.trim_end_matches([',', '.', '!', '?', ':', ';', '،', '؟', ')', '"']);
        if let Some((street_start, street)) = before
            && house_number(number)
            && (is_street(street) || street_word_before(text, street_start))
        {
            found.push(street_start..start + number.len());
        }
        before = Some((start, word));
    }
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
        .next()
        .is_some_and(|word| matches!(word.trim_start_matches(['و', 'ب']), "شارع" | "حي" | "خيابان" | "شەقامی"))
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
            let Some(first) = runs.iter().position(|run| run.start >= from && run.start - from <= 24) else {
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
mod tests {
    use super::*;

    fn slices(text: &str) -> Vec<&str> {
        let runs = crate::tagging::identity::digit_runs(text);
        find(text, &runs).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn phones_are_found_however_they_are_spaced() {
        for text in [
            "070-174 06 05",
            "0701740699",
            "+46 70 174 06 77",
            "+46701740677",
            "0046 70-174 06 77",
            "٠٧٠-١٧٤٠٦١٣",
            "۰۷۰-۱۷۴ ۰۶ ۵۸",
            "08-123 456 78",
            "070 174 06 50",
        ] {
            assert_eq!(slices(&format!("ring {text} snälla")), [text]);
        }
    }

    #[test]
    fn public_numbers_law_numbers_and_dates_are_left_alone() {
        for text in [
            "112",
            "116 111",
            "90101",
            "020-50 50 50",
            "020-505050",
            "075-247 30 00",
            "+46 75 247 30 00",
            "1990:52",
            "2025:400",
            "01-02-2025",
            "2025-07-01",
            "0-5 år",
            "10 000 000 kr",
            "@soc_svar",
            "vi ses 08.30",
            "030229-8888",
            "010203-1234",
            "0102031234",
            "1177",
        ] {
            assert!(slices(text).is_empty(), "{text}: {:?}", slices(text));
        }
    }

    #[test]
    fn mail_is_data_and_a_mention_is_not() {
        assert_eq!(
            slices("mejla svea.stenklyft@example.net. tack"),
            ["svea.stenklyft@example.net"]
        );
        assert!(slices("@anna tack! a@b @ @@ x@").is_empty());
    }

    #[test]
    fn street_with_number_is_data_and_a_road_is_not() {
        assert_eq!(slices("hon bor på Plommonslingan 8 i Ekvallen"), ["Plommonslingan 8"]);
        assert_eq!(slices("Kvarnbäcksstigen 14b, lgh"), ["Kvarnbäcksstigen 14b"]);
        assert!(slices("på väg 5 mil, gatan 3, plan 2").is_empty());
    }

    #[test]
    fn case_numbers_need_their_word() {
        assert_eq!(slices("dnr 2022/SOC/4471, begär"), ["2022/SOC/4471"]);
        assert_eq!(slices("mitt målnummer 4119-25"), ["4119-25"]);
        assert!(slices("lag 4119-25").is_empty());
    }
}
