//! One comment that somebody brings, checked; and why a row is none.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::headings::Field;
use super::moment::{Reading, Untold};

/// Longest text in bytes: longer than any platform allows.
pub const LONGEST_TEXT: usize = 20_000;
/// Longest id, name or address in bytes.
pub const LONGEST_WORD: usize = 512;

/// A comment that somebody brings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as the fields are")]
pub struct Entry {
    pub external_id: Option<String>,
    pub text: String,
    pub author: Option<String>,
    pub handle: Option<String>,
    pub author_id: Option<String>,
    pub post: Option<String>,
    pub ad: Option<String>,
    pub parent: Option<String>,
    pub language: Option<String>,
    pub link: Option<String>,
    pub written_at: Option<DateTime<Utc>>,
}

/// Why a row is no comment. Never tells what the row says: it may be personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// Nothing is written.
    #[error("there is no comment text")]
    NoText,
    /// Too long for any platform.
    #[error("the text is longer than 20000 bytes")]
    TextTooLong,
    /// An id, name or address.
    #[error("'{0}' is longer than 512 bytes")]
    WordTooLong(Field),
    /// PostgreSQL keeps no NUL in text, and no platform sends one.
    #[error("'{0}' holds the character U+0000")]
    Nul(Field),
    /// U+FFFD where a byte fitted no character.
    #[error("some letters of '{0}' are damaged in the file; save it again as \"CSV UTF-8\"")]
    Damaged(Field),
    /// A spreadsheet saved letters as an encoding that has none of them.
    #[error(
        "the letters of the text were lost when the file was saved, only question marks are left; save it again as \"CSV UTF-8\""
    )]
    LettersLost,
    /// `1.73E+18`.
    #[error(
        "a spreadsheet rounded '{0}' to a number like 1.73E+18; export the file again and do not save it from the spreadsheet"
    )]
    Rounded(Field),
    /// The time.
    #[error("{0}")]
    Time(#[from] Untold),
    /// A quotation mark is missing.
    #[error("a quotation mark is opened and not closed; what follows it cannot be told apart")]
    Unclosed,
    /// More columns than headings.
    #[error("there are more columns than headings; is a text not in quotation marks?")]
    Columns,
    /// JSON that is no object.
    #[error("the line is not a JSON object")]
    NotJson,
    /// A line of JSON that does not end.
    #[error("the line is longer than 256 KiB")]
    LineTooLong,
    /// A value of another type.
    #[error("'{0}' is not a text")]
    Type(Field),
    /// A row of another connector's.
    #[error("the row belongs to another connector")]
    OtherConnector,
}

impl Wrong {
    /// A stable word for it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoText => "no-text",
            Self::TextTooLong => "text-too-long",
            Self::WordTooLong(_) => "word-too-long",
            Self::Nul(_) => "nul",
            Self::Damaged(_) => "damaged",
            Self::LettersLost => "letters-lost",
            Self::Rounded(_) => "rounded",
            Self::Time(Untold::Form) => "time-form",
            Self::Time(Untold::Ambiguous) => "time-ambiguous",
            Self::Time(Untold::Skipped) => "time-skipped",
            Self::Time(Untold::Range) => "time-range",
            Self::Unclosed => "unclosed",
            Self::Columns => "columns",
            Self::NotJson => "not-json",
            Self::LineTooLong => "line-too-long",
            Self::Type(_) => "type",
            Self::OtherConnector => "other-connector",
        }
    }
}

/// How rows are read: their times, and whether U+FFFD in them is a lost letter.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// Times.
    pub reading: Reading,
    /// U+FFFD stands for bytes that fitted no character.
    pub damaged: bool,
}

impl Entry {
    /// Checks the values of a row. `value` gives a field's value, empty where there is none.
    ///
    /// # Errors
    /// [`Wrong`], the first there is.
    pub fn of<'a>(value: impl Fn(Field) -> &'a str, manner: &Manner) -> Result<Self, Wrong> {
        let word = |field: Field| -> Result<Option<String>, Wrong> {
            let word = unguarded(value(field));
            if word.is_empty() {
                return Ok(None);
            }
            if word.len() > LONGEST_WORD {
                return Err(Wrong::WordTooLong(field));
            }
            sound(field, word, manner)?;
            Ok(Some(word.to_owned()))
        };
        let id = |field: Field| match word(field)? {
            Some(id) if is_rounded(&id) => Err(Wrong::Rounded(field)),
            id => Ok(id),
        };
        let text = told(value(Field::Text));
        if text.trim().is_empty() {
            return Err(Wrong::NoText);
        }
        if text.len() > LONGEST_TEXT {
            return Err(Wrong::TextTooLong);
        }
        sound(Field::Text, &text, manner)?;
        if is_lost(&text) {
            return Err(Wrong::LettersLost);
        }
        let (day, clock) = (value(Field::CreatedAt).trim(), value(Field::Clock).trim());
        let written_at = match (day, clock) {
            ("", _) => None,
            (day, "") => Some(manner.reading.instant(day)?),
            (day, clock) => Some(manner.reading.instant(&format!("{day} {clock}"))?),
        };
        Ok(Self {
            external_id: id(Field::ExternalId)?,
            text,
            author: word(Field::Author)?,
            handle: word(Field::Handle)?,
            author_id: id(Field::AuthorId)?,
            post: id(Field::Post)?,
            ad: id(Field::Ad)?,
            parent: id(Field::Parent)?,
            language: word(Field::Language)?,
            link: word(Field::Link)?,
            written_at,
        })
    }

    /// What the comment is known by at the desk: the platform's id where it is given, else a digest of where it
    /// stands, who wrote it, what and when. The same row again is the same comment.
    #[must_use]
    pub fn key(&self, connector: &str) -> String {
        if let Some(id) = &self.external_id {
            return id.clone();
        }
        let author = [&self.author_id, &self.handle, &self.author]
            .into_iter()
            .flatten()
            .next();
        let when = self.written_at.map(|at| at.timestamp_millis().to_string());
        let mut digest = Sha256::new();
        for part in [
            Some(connector),
            self.post.as_deref().or(self.ad.as_deref()),
            author.map(String::as_str),
            Some(self.text.trim()),
            when.as_deref(),
        ] {
            let part = part.unwrap_or_default();
            digest.update(part.len().to_le_bytes());
            digest.update(part.as_bytes());
        }
        let digest = hex::encode(digest.finalize());
        format!("row:{}", digest.get(..32).unwrap_or(&digest))
    }
}

fn sound(field: Field, value: &str, manner: &Manner) -> Result<(), Wrong> {
    if value.contains('\0') {
        return Err(Wrong::Nul(field));
    }
    if manner.damaged && value.contains('\u{FFFD}') {
        return Err(Wrong::Damaged(field));
    }
    Ok(())
}

/// A value without what exports put around ids so that spreadsheets leave them alone: `="123"`, `'123`, a tab.
fn unguarded(value: &str) -> &str {
    let value = value.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    let inner = value.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    match (inner, value.strip_prefix('\'')) {
        (Some(inner), _) => inner,
        (None, Some(id)) if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()) => id,
        _ => value,
    }
}

fn is_rounded(id: &str) -> bool {
    let Some((number, power)) = id.split_once(['E', 'e']) else {
        return false;
    };
    power
        .strip_prefix('+')
        .is_some_and(|power| !power.is_empty() && power.bytes().all(|byte| byte.is_ascii_digit()))
        && number.starts_with(|c: char| c.is_ascii_digit())
        && number
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
}

/// The text as written: one kind of line end, and put together where YouTube's archive gives it in pieces,
/// `{"text":"…"},{"text":"…"}`.
fn told(value: &str) -> String {
    if value.starts_with("{\"text\":")
        && value.ends_with('}')
        && let Ok(pieces) = serde_json::from_str::<Vec<Piece>>(&format!("[{value}]"))
    {
        return pieces.into_iter().map(|piece| piece.text).collect();
    }
    value.replace("\r\n", "\n").replace('\r', "\n")
}

#[derive(serde::Deserialize)]
struct Piece {
    text: String,
}

/// Three words or more, all of question marks.
fn is_lost(text: &str) -> bool {
    let words = || text.split_whitespace();
    words().count() >= 3 && words().all(|word| word.chars().all(|c| matches!(c, '?' | '.' | ',' | '!'))) && {
        let marks = words().filter(|word| word.matches('?').count() >= 2).count();
        marks * 2 > words().count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[(Field, &str)]) -> Result<Entry, Wrong> {
        let manner = Manner {
            reading: Reading {
                zone: chrono_tz::Europe::Stockholm,
                order: None,
                latest: "2026-12-01T00:00:00Z".parse().expect("an instant"),
            },
            damaged: true,
        };
        let value = |field| {
            values
                .iter()
                .find(|(known, _)| *known == field)
                .map_or("", |(_, value)| *value)
        };
        Entry::of(value, &manner)
    }

    #[test]
    fn ids_are_read_out_of_what_protects_them_and_rounded_ones_are_refused() {
        for id in [
            "7300000000000000017",
            "=\"7300000000000000017\"",
            "'7300000000000000017",
            "\t7300000000000000017 ",
        ] {
            let entry = of(&[(Field::Text, "ja"), (Field::ExternalId, id)]).expect("an entry");
            assert_eq!(entry.key("tiktok"), "7300000000000000017");
        }
        for id in ["7.3E+18", "7,30E+18", "7E+18"] {
            assert_eq!(
                of(&[(Field::Text, "ja"), (Field::Post, id)]),
                Err(Wrong::Rounded(Field::Post))
            );
        }
        assert!(of(&[(Field::Text, "ja"), (Field::ExternalId, "UgzE+abc")]).is_ok());
    }

    #[test]
    fn lost_letters_are_no_comment_and_question_marks_are() {
        assert_eq!(of(&[(Field::Text, "????? ?? ??????? ????!")]), Err(Wrong::LettersLost));
        for text in ["????", "??? !!!", "Va??? Nej!", "? ? ?"] {
            assert!(of(&[(Field::Text, text)]).is_ok(), "{text}");
        }
        assert_eq!(
            of(&[(Field::Text, "f\u{FFFD}r l\u{FFFD}nge")]),
            Err(Wrong::Damaged(Field::Text))
        );
        assert_eq!(of(&[(Field::Text, " \n")]), Err(Wrong::NoText));
        assert_eq!(of(&[(Field::Text, "a\0b")]), Err(Wrong::Nul(Field::Text)));
    }

    #[test]
    fn the_pieces_of_a_text_are_put_together() {
        let entry = of(&[(Field::Text, r#"{"text":"Hej "},{"text":"då","mention":{"x":1}}"#)]).expect("an entry");
        assert_eq!(entry.text, "Hej då");
        let entry = of(&[(Field::Text, r#"{"text":oops}"#)]).expect("an entry");
        assert_eq!(entry.text, r#"{"text":oops}"#);
        assert_eq!(of(&[(Field::Text, "a\r\nb\rc")]).expect("an entry").text, "a\nb\nc");
    }

    #[test]
    fn a_day_and_a_time_of_day_are_one_instant_and_the_key_tells_comments_apart() {
        let row = |time| {
            of(&[
                (Field::Text, "ja"),
                (Field::CreatedAt, "2026-11-23"),
                (Field::Clock, time),
                (Field::Handle, "a"),
            ])
        };
        let (one, two) = (row("14:05").expect("an entry"), row("14:06").expect("an entry"));
        assert_eq!(
            one.written_at.map(|at| at.to_rfc3339()).as_deref(),
            Some("2026-11-23T13:05:00+00:00")
        );
        assert_ne!(one.key("snapchat"), two.key("snapchat"));
        assert_eq!(one.key("snapchat"), row("14.05").expect("an entry").key("snapchat"));
        assert_ne!(one.key("snapchat"), one.key("manual"));
    }
}
