//! Reading single JSON values without losing digits, characters or the rest of a delivery.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// A string or number kept exactly as text; anything else reads as absent.
///
/// Numbers never pass through a float: older deliveries carry ids of more digits than one holds. Must be read from text
/// (`serde_json::from_str`), not from a `Value`.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(in crate::connector) struct Word(pub Option<String>);

impl Word {
    /// The text, unless empty.
    pub(in crate::connector) fn filled(self) -> Option<String> {
        self.0.filter(|word| !word.is_empty())
    }

    /// The instant it names.
    pub(in crate::connector) fn instant(&self) -> Option<DateTime<Utc>> {
        instant(self.0.as_deref()?)
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(from)?.get();
        Ok(Self(match raw.bytes().next() {
            Some(b'"') => string(raw),
            Some(b'-' | b'0'..=b'9') => Some(raw.to_owned()),
            _ => None,
        }))
    }
}

/// Decodes a JSON string. A lone half of a surrogate pair, which an edited-down text can leave behind, becomes U+FFFD
/// instead of costing the whole delivery.
fn string(raw: &str) -> Option<String> {
    serde_json::from_str(raw)
        .ok()
        .or_else(|| serde_json::from_str(&mend(raw)).ok())
}

fn mend(raw: &str) -> String {
    let mut mended = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        mended.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = match (unit(rest), rest.get(6..).and_then(unit)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                mended.push('\u{FFFD}');
                rest = &rest[6..];
                continue;
            }
            (Some(_), _) => 6,
            (None, _) => rest.len().min(2),
        };
        match rest.split_at_checked(taken) {
            Some((kept, left)) => {
                mended.push_str(kept);
                rest = left;
            }
            None => break,
        }
    }
    mended.push_str(rest);
    mended
}

/// The UTF-16 unit of an escape at the start of the text.
fn unit(text: &str) -> Option<u16> {
    u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

/// An instant as platforms write it: unix seconds, unix milliseconds, `2026-11-22T10:00:00+0000` (Meta), RFC 3339, and
/// `2026-11-22 10:03:00` with or without ` +0000 UTC` (TikTok, taken as UTC).
pub(in crate::connector) fn instant(word: &str) -> Option<DateTime<Utc>> {
    // Seconds pass this bound in the year 5138, milliseconds passed it in 1973.
    const MILLISECONDS_FROM: i64 = 100_000_000_000;
    // Before 1970 no platform was; past year 9999 no database column and no page shows it.
    let in_range = |at: &DateTime<Utc>| (0..253_402_300_800).contains(&at.timestamp());
    if let Ok(number) = word.parse::<i64>() {
        let milliseconds = number >= MILLISECONDS_FROM;
        let found = if milliseconds {
            DateTime::from_timestamp_millis(number)
        } else {
            DateTime::from_timestamp(number, 0)
        };
        return found.filter(in_range);
    }
    if let Ok(at) = DateTime::parse_from_str(word, "%Y-%m-%dT%H:%M:%S%.f%#z") {
        return Some(at.with_timezone(&Utc)).filter(in_range);
    }
    NaiveDateTime::parse_from_str(word.trim_end_matches(" +0000 UTC"), "%Y-%m-%d %H:%M:%S")
        .ok()
        .map(|at| at.and_utc())
        .filter(in_range)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<String> {
        serde_json::from_str::<Word>(json).unwrap().0
    }

    #[test]
    fn long_numbers_keep_every_digit() {
        assert_eq!(read("7300000000000000016").as_deref(), Some("7300000000000000016"));
        assert_eq!(
            read("99999999999999999999999999").as_deref(),
            Some("99999999999999999999999999")
        );
        assert_eq!(read("9007199254740993").as_deref(), Some("9007199254740993"));
    }

    #[test]
    fn other_shapes_read_as_absent() {
        for json in ["null", "true", "{\"a\":[1]}", "[\"x\"]"] {
            assert_eq!(read(json), None, "{json}");
        }
    }

    #[test]
    fn a_lone_surrogate_is_replaced_and_the_rest_kept() {
        assert_eq!(read(r#""hej \ud83d d\u00e5""#).as_deref(), Some("hej \u{FFFD} då"));
        assert_eq!(
            read(r#""\ude42\ud83d\ude42 \\ud83d \" \ud83d""#).as_deref(),
            Some("\u{FFFD}🙂 \\ud83d \" \u{FFFD}")
        );
    }

    #[test]
    fn all_time_forms_are_read() {
        let at = instant("1795341600");
        assert_eq!(at, instant("2026-11-22T10:00:00+0000"));
        assert_eq!(at, instant("2026-11-22T11:00:00+01:00"));
        assert_eq!(at, instant("1795341600000"));
        assert_eq!(at, instant("2026-11-22T10:00:00Z"));
        assert_eq!(at, instant("2026-11-22T10:00:00.000Z"));
        assert_eq!(at, instant("2026-11-22 10:00:00"));
        assert_eq!(at, instant("2026-11-22 10:00:00 +0000 UTC"));
        assert!(at.is_some());
        for nonsense in ["", "soon", "9223372036854775807", "-9223372036854775808", "1e9"] {
            assert_eq!(instant(nonsense), None, "{nonsense}");
        }
    }
}
