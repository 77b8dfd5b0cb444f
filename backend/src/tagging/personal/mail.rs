//! Mail addresses, plain and with their signs spelled. A bare mention is none.

use std::ops::Range;

pub(super) fn mails(text: &str) -> Vec<Range<usize>> {
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

/// Mail addresses whose sign is spelled: "anna (at) example.net", "anna snabel-a example punkt net", "anna@ example.net".
pub(super) fn spelled_mails(text: &str, found: &mut Vec<Range<usize>>) {
    let bracket = text.bytes().any(|byte| matches!(byte, b'(' | b'[' | b'{' | b'@'));
    if !bracket && !text.contains("nabel") {
        return;
    }
    let signs = ["(at)", "[at]", "{at}", "(a)", "snabel-a", "snabela", "@ ", " @"];
    let lower = text.to_ascii_lowercase();
    for sign in signs {
        for (at, _) in lower.match_indices(sign) {
            let before = lower[..at].trim_end_matches(' ');
            let local = before
                .bytes()
                .rev()
                .take_while(|&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+'))
                .count();
            let gap = lower[at + sign.len()..].len() - lower[at + sign.len()..].trim_start_matches(' ').len();
            let from = at + sign.len() + gap;
            if local > 0
                && let Some(length) = spelled_domain(&lower[from..])
            {
                found.push(before.len() - local..from + length);
            }
        }
    }
}

/// Bytes of a domain, its dots as signs or as words, that `text` begins with.
fn spelled_domain(text: &str) -> Option<usize> {
    let name = |text: &str| {
        text.bytes()
            .take_while(|&byte| byte.is_ascii_alphanumeric() || byte == b'-')
            .count()
    };
    let first = name(text);
    let rest = text.get(first..)?;
    let dot = [
        ".",
        " . ",
        "(dot)",
        "[dot]",
        " dot ",
        " punkt ",
        "(punkt)",
        " (dot) ",
        " (punkt) ",
    ]
    .into_iter()
    .find(|dot| rest.starts_with(dot))?;
    let top = rest.get(dot.len()..)?;
    let length = name(top);
    let word = top.get(..length)?;
    // Only what is written as a domain, or ends as most do: "@ home. Nice" is none.
    let known = matches!(
        word,
        "se" | "com" | "net" | "org" | "nu" | "eu" | "info" | "no" | "dk" | "fi" | "de" | "uk"
    );
    (first > 1 && known).then_some(first + dot.len() + length)
}
