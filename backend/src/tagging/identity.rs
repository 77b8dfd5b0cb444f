//! Swedish personal identity and coordination numbers (codebook 6.4; construction as in the Tax Agency's SKV 704 and
//! SKV 707): a date that exists and a check digit that is right. Keeps no number and logs none.

use std::ops::Range;

use chrono::NaiveDate;

/// Where identity numbers stand in `text`, in bytes, on character borders, by position.
///
/// Six or eight digits of date, nothing or a hyphen, plus or space, four digits; Western, Arabic-Indic and Persian
/// digits. A right date with a wrong check digit is no number.
#[must_use]
pub fn find(text: &str) -> Vec<Range<usize>> {
    among(text, &digit_runs(text))
}

/// Where identity numbers stand among the runs of digits of `text`.
pub(super) fn among(text: &str, runs: &[DigitRun]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut skip = false;
    for (index, run) in runs.iter().enumerate() {
        if std::mem::take(&mut skip) {
            continue;
        }
        if matches!(run.digits.len(), 10 | 12) && is_number(&run.digits) {
            found.push(run.start..run.end);
            continue;
        }
        let Some(next) = runs.get(index + 1) else { continue };
        if matches!(run.digits.len(), 6 | 8)
            && next.digits.len() == 4
            && text.get(run.end..next.start).is_some_and(separates)
        {
            let mut digits = run.digits.clone();
            digits.extend_from_slice(&next.digits);
            if is_number(&digits) {
                found.push(run.start..next.end);
                skip = true;
            }
        }
    }
    found
}

pub(super) struct DigitRun {
    pub(super) digits: Vec<u8>,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Runs of digits; hidden characters between digits do not end a run.
pub(super) fn digit_runs(text: &str) -> Vec<DigitRun> {
    let mut runs: Vec<DigitRun> = Vec::new();
    let mut open = false;
    for (at, c) in text.char_indices() {
        if let Some(digit) = digit(c) {
            let end = at + c.len_utf8();
            match runs.last_mut() {
                Some(run) if open => {
                    // Longer runs are no numbers of any kind we look for; the length alone must stay known.
                    if run.digits.len() < 24 {
                        run.digits.push(digit);
                    }
                    run.end = end;
                }
                _ => runs.push(DigitRun {
                    digits: vec![digit],
                    start: at,
                    end,
                }),
            }
            open = true;
        } else if !hidden(c) {
            open = false;
        }
    }
    runs
}

/// The value of a Western, Arabic-Indic, Persian or full-width digit.
pub(super) fn digit(c: char) -> Option<u8> {
    let zero = match c {
        '0'..='9' => '0',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '０'..='９' => '０',
        _ => return None,
    };
    u8::try_from(u32::from(c) - u32::from(zero)).ok()
}

pub(super) fn hidden(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{61C}' | '\u{640}')
}

pub(super) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE63}' | '\u{FF0D}')
}

fn separates(between: &str) -> bool {
    let mut signs = 0;
    let mut spaces = 0;
    for c in between.chars().filter(|&c| !hidden(c)) {
        if is_hyphen(c) || matches!(c, '+' | '\u{FF0B}') {
            signs += 1;
        } else if c.is_whitespace() && c != '\n' && c != '\r' {
            spaces += 1;
        } else {
            return false;
        }
    }
    (signs == 1 && spaces <= 2) || (signs == 0 && spaces == 1)
}

/// Whether ten digits begin with a date that exists, whatever their check digit.
pub(super) fn has_date(digits: &[u8]) -> bool {
    digits.len() == 10 && date_exists(None, digits)
}

fn is_number(digits: &[u8]) -> bool {
    let (century, last_ten) = match digits.len() {
        10 => (None, digits),
        12 => (Some(two(&digits[..2])), &digits[2..]),
        _ => return false,
    };
    date_exists(century, last_ten) && check_digit_is_right(last_ten)
}

fn two(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |sum, &digit| sum * 10 + u32::from(digit))
}

fn date_exists(century: Option<u32>, digits: &[u8]) -> bool {
    let (year, month, mut day) = (two(&digits[..2]), two(&digits[2..4]), two(&digits[4..6]));
    if (61..=91).contains(&day) {
        day -= 60;
    }
    let exists = |century: u32| {
        i32::try_from(century * 100 + year).is_ok_and(|year| NaiveDate::from_ymd_opt(year, month, day).is_some())
    };
    match century {
        // Nobody alive or in the registers was born outside these.
        Some(century) => (18..=20).contains(&century) && exists(century),
        None => exists(19) || exists(20),
    }
}

fn check_digit_is_right(digits: &[u8]) -> bool {
    let sum: u32 = digits[..9]
        .iter()
        .enumerate()
        .map(|(index, &digit)| {
            let product = u32::from(digit) * if index % 2 == 0 { 2 } else { 1 };
            product / 10 + product % 10
        })
        .sum();
    (10 - sum % 10) % 10 == u32::from(digits[9])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slices(text: &str) -> Vec<&str> {
        find(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn published_numbers_are_found_in_every_form() {
        for text in [
            "640823-3234",
            "640823+3234",
            "640823 3234",
            "6408233234",
            "19640823-3234",
            "196408233234",
            "19640823 3234",
            "701063-2391",
            "7010632391",
            "19701063-2391",
            "121212-1212",
            "20121212+1212",
            "640823\u{2013}3234",
        ] {
            assert_eq!(slices(text), [text]);
            let inside = format!("nr:{text}, svara");
            assert_eq!(slices(&inside), [text]);
        }
    }

    #[test]
    fn arabic_indic_persian_and_full_width_digits_count() {
        for text in [
            "٦٤٠٨٢٣-٣٢٣٤",
            "۶۴۰۸۲۳-۳۲۳۴",
            "۶۴۰۸۲۳۳۲۳۴",
            "１９６４０８２３３２３４",
            "٧٠١٠٦٣ ٢٣٩١",
            "٦٤٠٨٢٣-3234",
        ] {
            assert_eq!(slices(&format!("رقمي {text} شكرا")), [text]);
        }
    }

    #[test]
    fn hidden_characters_do_not_hide_a_number() {
        assert_eq!(slices("6408\u{200B}23-\u{2066}3234"), ["6408\u{200B}23-\u{2066}3234"]);
    }

    #[test]
    fn wrong_check_digit_or_impossible_date_is_no_number() {
        for last in ['0', '1', '2', '3', '5', '6', '7', '8', '9'] {
            assert!(find(&format!("640823-323{last}")).is_empty());
        }
        // Check digits of these are right, their dates are not.
        for text in ["641323-3237", "640832-3232", "640200-3231"] {
            assert!(find(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn leap_day_needs_a_leap_year() {
        let with_check = |nine: &str| {
            (0..10)
                .map(|check| format!("{}-{}{check}", &nine[..6], &nine[6..]))
                .filter(|text| !find(text).is_empty())
                .count()
        };
        assert_eq!(with_check("640229123"), 1);
        assert_eq!(with_check("630229123"), 0);
        assert_eq!(with_check("640289123"), 1);
        assert_eq!(with_check("630289123"), 0);
    }

    #[test]
    fn law_numbers_dates_phones_and_longer_runs_are_no_numbers() {
        for text in [
            "1990:52",
            "2025:400",
            "SFS 2025:1501",
            "2025-07-01",
            "112",
            "116 111",
            "90101",
            "020-50 50 50",
            "075-247 30 00",
            "16408233234",
            "64082332341",
            "640823--3234",
            "640823\n3234",
            "640823-32345",
            "64082-33234",
            "640823/3234",
        ] {
            assert!(find(text).is_empty(), "{text}");
        }
    }

    /// 10,000 strings: numbers that are right, with one wrong digit, with a date that is not, in every digit set and form.
    #[test]
    fn ten_thousand_made_numbers_and_near_misses_are_told_apart() {
        let zeros = ['0', '٠', '۰', '０'];
        let forms = ["", "-", "+", " "];
        let mut state = 7_u64;
        let mut draw = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for round in 0..10_000_u32 {
            let (year, month, day) = (draw(100), 1 + draw(12), 1 + draw(28) + 60 * draw(2));
            let mut nine = format!("{year:02}{month:02}{day:02}{:03}", draw(1_000));
            let kind = round % 4;
            if kind == 3 {
                // The 13th month, or no day at all.
                let (wrong, at) = if draw(2) == 0 { ("13", 2) } else { ("00", 4) };
                nine.replace_range(at..at + 2, wrong);
            }
            let digits: Vec<u32> = nine.chars().filter_map(|c| c.to_digit(10)).collect();
            let sum: u32 = digits
                .iter()
                .zip([2, 1].into_iter().cycle())
                .map(|(digit, weight)| (digit * weight) / 10 + (digit * weight) % 10)
                .sum();
            let check = (10 - sum % 10) % 10;
            let last = if kind == 2 {
                (check + 1 + u32::try_from(draw(9)).unwrap()) % 10
            } else {
                check
            };
            let form = forms[usize::try_from(draw(4)).unwrap()];
            let plain = format!("{}{form}{}{last}", &nine[..6], &nine[6..]);
            let zero = zeros[usize::try_from(draw(4)).unwrap()];
            let written: String = plain
                .chars()
                .map(|c| {
                    c.to_digit(10)
                        .and_then(|digit| char::from_u32(u32::from(zero) + digit))
                        .unwrap_or(c)
                })
                .collect();
            let text = format!("nr: {written}, tack");
            let expected: Vec<&str> = if kind < 2 { vec![&written] } else { Vec::new() };
            assert_eq!(slices(&text), expected, "{plain}");
        }
    }
}
