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
    let mut found = mails(text);
    spelled_mails(text, &mut found);
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

/// Mail addresses whose sign is spelled: "anna (at) example.net", "anna snabel-a example punkt net", "anna@ example.net".
fn spelled_mails(text: &str, found: &mut Vec<Range<usize>>) {
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
    fn phones_are_found_in_links_abroad_and_behind_slashes() {
        for text in [
            "46701740605",
            "070/174 06 05",
            "+46 (0)70 174 06 05",
            "00963 933 123 456",
            "+964 770 123 4567",
            "٠٧٧٠ ١٢٣ ٤٥٦٧",
        ] {
            assert_eq!(slices(&format!("ring {text} snälla")), [text]);
        }
        assert_eq!(slices("https://wa.me/46701740605"), ["46701740605"]);
        for text in [
            "01/05/2025",
            "46 barn",
            "2022/0701740605",
            "https://example.org/0701740605",
        ] {
            assert!(slices(text).is_empty(), "{text}: {:?}", slices(text));
        }
    }

    #[test]
    fn mail_with_its_signs_spelled_is_data() {
        for text in [
            "svea (at) example.net",
            "svea[at]example.net",
            "svea.ek snabel-a example punkt se",
            "svea@ example.com",
            "svea @example.com",
        ] {
            assert_eq!(slices(&format!("skriv till {text}, tack")), [text]);
        }
        for text in ["ses @ home. Nice", "jag (a) bor. se", "tack @anna. se här", "@ @ ."] {
            assert!(slices(text).is_empty(), "{text}: {:?}", slices(text));
        }
    }

    #[test]
    fn streets_of_other_languages_are_data() {
        assert_eq!(slices("she lives at 12 Old Mill Road, go there"), ["12 Old Mill Road"]);
        assert_eq!(slices("يسكن في شارع الملك فيصل 12"), ["فيصل 12"]);
        for text in ["enligt handlingsplan 2025", "2 people down the road", "5 I said street"] {
            assert!(slices(text).is_empty(), "{text}: {:?}", slices(text));
        }
    }

    #[test]
    fn case_numbers_need_their_word() {
        assert_eq!(slices("dnr 2022/SOC/4471, begär"), ["2022/SOC/4471"]);
        assert_eq!(slices("mitt målnummer 4119-25"), ["4119-25"]);
        assert!(slices("lag 4119-25").is_empty());
    }
}
