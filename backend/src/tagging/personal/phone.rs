//! Phone numbers among the runs of digits of a comment. Public numbers, dates and what is built like an identity number
//! are left alone.

use std::ops::Range;

use super::super::identity::{DigitRun, has_date, hidden, is_hyphen};

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

pub(super) fn phones(text: &str, runs: &[DigitRun], found: &mut Vec<Range<usize>>) {
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
    let like_identity = groups == [6, 4] || (groups == [10] && !dialled.starts_with("07") && has_date(digits));
    if like_identity && !plus {
        return false;
    }
    // 01-02-2025 is a date.
    let date = groups == [2, 2, 4] || groups == [2, 2, 2];
    !date && (8..=11).contains(&dialled.len()) && !PUBLIC.contains(&dialled.as_str())
}
