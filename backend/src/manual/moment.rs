//! Instants as exports write them: ISO and its relatives, dates of the day or of the month first, month names in
//! Swedish, English and Arabic, twelve-hour clocks, zones, seconds since 1970 and the day numbers of spreadsheets.
//!
//! Guesses nothing that a file may mean otherwise: which of `03/04` is the day is said, or told by the file's other rows.

use chrono::{DateTime, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

crate::words! {
    /// What stands first in `03/04/2026`.
    pub enum Order {
        /// 3 April.
        DayFirst = "day-first",
        /// March 4.
        MonthFirst = "month-first",
    }
}

/// Why an instant cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Untold {
    /// Of no form that is known.
    #[error("the time is of no form this program knows; 2026-11-23 14:05 is one")]
    Form,
    /// `03/04/2026`.
    #[error("the date can be read with the day or the month first; say which with --dates")]
    Ambiguous,
    /// Clocks were put forward over it.
    #[error(
        "no clock showed this time, because summer time began that night; is the file in another zone? say it with --zone"
    )]
    Skipped,
    /// Before 2000, or later than now.
    #[error("the time lies before the year 2000 or in the future")]
    Range,
}

/// How a file's times are to be read.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// The zone of times that name none.
    pub zone: Tz,
    /// What stands first, where it is known.
    pub order: Option<Order>,
    /// Later ones are refused.
    pub latest: DateTime<Utc>,
}

impl Reading {
    /// The instant a text names. A time that clocks showed twice, when summer time ended, is the earlier one.
    ///
    /// # Errors
    /// [`Untold`].
    pub fn instant(&self, text: &str) -> Result<DateTime<Utc>, Untold> {
        let at = match number(text.trim()) {
            Some(Numbered::Instant(at)) => at,
            Some(Numbered::Local(local)) => self.placed(local)?,
            None => {
                let parts = parts(text, self.order)?;
                let local = parts.day.and_time(parts.time);
                match parts.offset {
                    Some(offset) => match offset.from_local_datetime(&local) {
                        LocalResult::Single(at) => at.with_timezone(&Utc),
                        LocalResult::Ambiguous(..) | LocalResult::None => return Err(Untold::Range),
                    },
                    None => self.placed(local)?,
                }
            }
        };
        let earliest = NaiveDate::from_ymd_opt(2000, 1, 1).map(|day| day.and_time(NaiveTime::MIN).and_utc());
        if earliest.is_none_or(|earliest| at < earliest) || at > self.latest {
            return Err(Untold::Range);
        }
        Ok(at)
    }

    fn placed(&self, local: NaiveDateTime) -> Result<DateTime<Utc>, Untold> {
        match self.zone.from_local_datetime(&local) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Ok(at.with_timezone(&Utc)),
            LocalResult::None => Err(Untold::Skipped),
        }
    }
}

/// What stands first in this one, if it can only be read one way.
#[must_use]
pub fn order_of(text: &str) -> Option<Order> {
    let fits = |order| parts(text, Some(order)).is_ok();
    // A text of another form fits both.
    match (fits(Order::DayFirst), fits(Order::MonthFirst)) {
        (true, false) => Some(Order::DayFirst),
        (false, true) => Some(Order::MonthFirst),
        _ => None,
    }
}

enum Numbered {
    Instant(DateTime<Utc>),
    Local(NaiveDateTime),
}

/// Seconds or milliseconds since 1970, `20261123`, or the day number of a spreadsheet.
fn number(text: &str) -> Option<Numbered> {
    let whole = text.bytes().all(|byte| byte.is_ascii_digit());
    match (text.len(), whole) {
        (10, true) => DateTime::from_timestamp(text.parse().ok()?, 0).map(Numbered::Instant),
        (13, true) => DateTime::from_timestamp_millis(text.parse().ok()?).map(Numbered::Instant),
        (8, true) => {
            let day = NaiveDate::parse_from_str(text, "%Y%m%d").ok()?;
            Some(Numbered::Local(day.and_time(NaiveTime::MIN)))
        }
        _ => {
            // Days since 30 December 1899; 36526 is the first day of 2000.
            let (days, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
            let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            if days.len() != 5 || !digits(days) || !digits(fraction) || fraction.len() > 12 {
                return None;
            }
            let days: i64 = days.parse().ok().filter(|days| *days >= 36_526)?;
            let scale = 10_i64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
            // Of a day that has 86,400 seconds; spreadsheets keep no finer ones.
            let part = fraction.parse::<i64>().ok()?.checked_mul(86_400)?;
            let seconds = (part + scale / 2) / scale;
            let first = NaiveDate::from_ymd_opt(1899, 12, 30)?.and_time(NaiveTime::MIN);
            let local = first.checked_add_signed(TimeDelta::days(days) + TimeDelta::seconds(seconds))?;
            Some(Numbered::Local(local))
        }
    }
}

struct Parts {
    day: NaiveDate,
    time: NaiveTime,
    offset: Option<FixedOffset>,
}

/// A piece of a date: a number with how many digits it had, a word, or a sign.
#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Number(u32, usize),
    Word(String),
    Sign(char),
}

/// Longest date in characters.
const LONGEST: usize = 80;

fn pieces(text: &str) -> Option<Vec<Piece>> {
    if text.chars().count() > LONGEST {
        return None;
    }
    let mut pieces = Vec::new();
    let mut rest = text.trim().chars().peekable();
    while let Some(&c) = rest.peek() {
        if let Some(mut value) = digit(c) {
            let mut digits = 1;
            rest.next();
            while let Some(next) = rest.peek().copied().and_then(digit) {
                value = value.checked_mul(10)?.checked_add(next)?;
                digits += 1;
                rest.next();
            }
            pieces.push(Piece::Number(value, digits));
        } else if c.is_alphabetic() {
            let mut word = String::new();
            while let Some(&letter) = rest.peek().filter(|letter| letter.is_alphabetic()) {
                word.extend(letter.to_lowercase());
                rest.next();
            }
            pieces.push(Piece::Word(word));
        } else {
            // Marks that spreadsheets and right-to-left exports put around dates say nothing, nor do spaces.
            let mute = c.is_whitespace()
                || matches!(
                    c,
                    '\u{200E}' | '\u{200F}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | ',' | '،'
                );
            if !mute {
                pieces.push(Piece::Sign(if c == '\u{2212}' { '-' } else { c }));
            }
            rest.next();
        }
    }
    Some(pieces)
}

fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => c.to_digit(10),
        '\u{0660}'..='\u{0669}' => Some(u32::from(c) - 0x0660),
        '\u{06F0}'..='\u{06F9}' => Some(u32::from(c) - 0x06F0),
        _ => None,
    }
}

fn parts(text: &str, order: Option<Order>) -> Result<Parts, Untold> {
    let pieces = pieces(text).ok_or(Untold::Form)?;
    // Weekdays before the date say nothing new.
    let begin = pieces
        .iter()
        .position(|piece| matches!(piece, Piece::Number(..)) || month(piece).is_some())
        .ok_or(Untold::Form)?;
    if begin > 2
        || pieces[..begin]
            .iter()
            .any(|piece| matches!(piece, Piece::Sign(sign) if *sign != '.'))
    {
        return Err(Untold::Form);
    }
    let (day, rest) = day(&pieces[begin..], order)?;
    let (time, rest) = time(rest)?;
    let offset = zone(rest)?;
    Ok(Parts { day, time, offset })
}

fn day(pieces: &[Piece], order: Option<Order>) -> Result<(NaiveDate, &[Piece]), Untold> {
    use Piece::{Number, Sign};
    let (year, month, day, used) = match pieces {
        [
            Number(year, 4),
            Sign(a @ ('-' | '/' | '.')),
            Number(month, _),
            Sign(b),
            Number(day, _),
            ..,
        ] if a == b => (*year, *month, *day, 5),
        [
            Number(first, 1..=2),
            Sign(a @ ('-' | '/' | '.')),
            Number(second, 1..=2),
            Sign(b),
            Number(year, digits @ (2 | 4)),
            ..,
        ] if a == b => {
            let year = if *digits == 2 { 2000 + *year } else { *year };
            // Dots and hyphens stand after the day wherever they are used so.
            let order = match (a, order) {
                ('/', order) => order,
                _ => Some(Order::DayFirst),
            };
            match (order, *first > 12, *second > 12) {
                (Some(Order::DayFirst), ..) | (None, true, false) => (year, *second, *first, 5),
                (Some(Order::MonthFirst), ..) | (None, false, true) => (year, *first, *second, 5),
                (None, ..) if first == second => (year, *first, *second, 5),
                (None, ..) => return Err(Untold::Ambiguous),
            }
        }
        [Number(day, 1..=2), rest @ ..] => {
            let dot = usize::from(matches!(rest.first(), Some(Sign('.' | '-'))));
            let name = rest.get(dot).and_then(month).ok_or(Untold::Form)?;
            let after = dot + 1 + usize::from(matches!(rest.get(dot + 1), Some(Sign('.' | '-'))));
            match rest.get(after) {
                Some(Number(year, 4)) => (*year, name, *day, after + 2),
                _ => return Err(Untold::Form),
            }
        }
        [name, rest @ ..] => {
            let name = month(name).ok_or(Untold::Form)?;
            let dot = usize::from(matches!(rest.first(), Some(Sign('.'))));
            match (rest.get(dot), rest.get(dot + 1)) {
                (Some(Number(day, 1..=2)), Some(Number(year, 4))) => (*year, name, *day, dot + 3),
                _ => return Err(Untold::Form),
            }
        }
        [] => return Err(Untold::Form),
    };
    let year = i32::try_from(year).map_err(|_| Untold::Form)?;
    let date = NaiveDate::from_ymd_opt(year, month, day).ok_or(Untold::Form)?;
    Ok((date, pieces.get(used..).unwrap_or_default()))
}

fn month(piece: &Piece) -> Option<u32> {
    const NAMES: [&[&str]; 12] = [
        &["jan", "january", "januari", "يناير"],
        &["feb", "febr", "february", "februari", "فبراير"],
        &["mar", "mars", "march", "مارس"],
        &["apr", "april", "أبريل", "ابريل"],
        &["may", "maj", "مايو"],
        &["jun", "june", "juni", "يونيو"],
        &["jul", "july", "juli", "يوليو"],
        &["aug", "august", "augusti", "أغسطس", "اغسطس"],
        &["sep", "sept", "september", "سبتمبر"],
        &["oct", "okt", "october", "oktober", "أكتوبر", "اكتوبر"],
        &["nov", "november", "نوفمبر"],
        &["dec", "december", "ديسمبر"],
    ];
    let Piece::Word(word) = piece else { return None };
    let at = NAMES.iter().position(|names| names.contains(&word.as_str()))?;
    u32::try_from(at + 1).ok()
}

fn time(pieces: &[Piece]) -> Result<(NaiveTime, &[Piece]), Untold> {
    use Piece::{Number, Sign, Word};
    let mut rest = pieces;
    while let [Word(word), after @ ..] = rest {
        match word.as_str() {
            "t" | "kl" | "klockan" | "at" | "في" | "الساعة" => rest = after,
            _ => break,
        }
    }
    if rest.len() < pieces.len()
        && let [Sign('.'), after @ ..] = rest
    {
        rest = after;
    }
    let [Number(hour, 1..=2), Sign(':' | '.'), Number(minute, 2), after @ ..] = rest else {
        return Ok((NaiveTime::MIN, rest));
    };
    rest = after;
    let mut second = 0;
    if let [Sign(':' | '.'), Number(value, 2), after @ ..] = rest {
        second = *value;
        rest = after;
    }
    let mut nano = 0;
    if let [Sign('.'), Number(value, digits @ 1..=9), after @ ..] = rest {
        nano = value * 10_u32.pow(9 - u32::try_from(*digits).unwrap_or(9));
        rest = after;
    }
    let mut hour = *hour;
    // "p.m." is two words and two dots.
    let half = match rest {
        [Word(a), Sign('.'), Word(m), Sign('.'), after @ ..] if m == "m" => Some((a.clone() + m, after)),
        [Word(word), after @ ..] => Some((word.clone(), after)),
        _ => None,
    };
    let halves = half.and_then(|(word, after)| match word.as_str() {
        "am" | "fm" | "ص" => Some((0, after)),
        "pm" | "em" | "م" => Some((12, after)),
        _ => None,
    });
    if let Some((add, after)) = halves {
        if !(1..=12).contains(&hour) {
            return Err(Untold::Form);
        }
        hour = hour % 12 + add;
        rest = after;
    }
    let time = NaiveTime::from_hms_nano_opt(hour, *minute, second, nano).ok_or(Untold::Form)?;
    Ok((time, rest))
}

fn zone(pieces: &[Piece]) -> Result<Option<FixedOffset>, Untold> {
    use Piece::{Number, Sign, Word};
    let hours = |hours: i32| FixedOffset::east_opt(hours * 3_600);
    let (named, rest) = match pieces {
        [] => return Ok(None),
        [Sign('('), inner @ .., Sign(')')] => return zone(inner),
        [Word(word), rest @ ..] => match word.as_str() {
            "z" | "utc" | "gmt" => (hours(0), rest),
            "cet" => (hours(1), rest),
            "cest" => (hours(2), rest),
            _ => return Err(Untold::Form),
        },
        rest => (None, rest),
    };
    let shift = match rest {
        [] => return Ok(named),
        [Sign(sign @ ('+' | '-')), Number(hour, 1..=2)] => (*sign, *hour, 0),
        [Sign(sign @ ('+' | '-')), Number(both, 4)] => (*sign, both / 100, both % 100),
        [
            Sign(sign @ ('+' | '-')),
            Number(hour, 1..=2),
            Sign(':'),
            Number(minute, 2),
        ] => (*sign, *hour, *minute),
        _ => return Err(Untold::Form),
    };
    let (sign, hour, minute) = shift;
    let seconds = i32::try_from(hour * 3_600 + minute * 60).map_err(|_| Untold::Form)?;
    let offset = FixedOffset::east_opt(if sign == '-' { -seconds } else { seconds });
    offset.filter(|_| minute < 60).map(Some).ok_or(Untold::Form)
}

#[cfg(test)]
mod tests;
