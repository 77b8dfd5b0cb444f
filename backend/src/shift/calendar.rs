//! A person's shifts as a calendar that other programs subscribe to: iCalendar (RFC 5545) at a secret address.
//!
//! Only published shifts are in it, and of each only its lane and times, in UTC (section 3.3.5, form 2), so no program needs to
//! know when the clocks change in Sweden.

use std::fmt::Write;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;

use super::roster;
use crate::app::App;
use crate::change::{Actor, Change, Failure, Step};
use crate::clock;
use crate::domain::event::EventKind;
use crate::domain::id::PersonId;
use crate::domain::shift::ShiftState;
use crate::person::secret;
use crate::store::Error;
use crate::store::entity::{calendar, shift};

const DAY_MS: i64 = 24 * 3_600_000;
/// How far back and ahead the calendar reaches, in days.
const REACHES: (i64, i64) = (28, 183);
/// Most octets of a line, its end aside (section 3.1).
const LINE: usize = 75;

/// Makes a new secret address for a person's calendar; the old one is no longer any.
#[derive(Debug, Clone)]
pub struct RenewCalendar {
    /// Whose.
    pub person: PersonId,
    /// What is kept of the secret.
    pub digest: String,
}

impl Step for RenewCalendar {
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Self::Refusal>> {
        let row = calendar::Model {
            person_id: self.person,
            digest: self.digest.clone(),
            made_at: change.now_ms(),
        };
        let newest = OnConflict::column(calendar::Column::PersonId)
            .update_columns([calendar::Column::Digest, calendar::Column::MadeAt])
            .to_owned();
        change
            .execute(&calendar::Entity::insert(row.into_active_model()).on_conflict(newest))
            .await?;
        let data = json!({ "person": self.person, "what": "calendar" });
        change.note(EventKind::PersonChanged, None, Actor::Person(self.person), data);
        Ok(())
    }
}

/// Since when a person has an address, in milliseconds.
///
/// # Errors
/// Any [`Error`].
pub async fn since(app: &App, person: PersonId) -> Result<Option<i64>, Error> {
    let row = calendar::Entity::find_by_id(person).one(app.db.reader()).await?;
    Ok(row.map(|row| row.made_at))
}

/// Whose address this is.
///
/// # Errors
/// Any [`Error`].
pub async fn whose(app: &App, word: &str) -> Result<Option<PersonId>, Error> {
    let row = calendar::Entity::find()
        .filter(calendar::Column::Digest.eq(secret::digest(word)))
        .one(app.db.reader())
        .await?;
    Ok(row.map(|row| row.person_id))
}

/// The shifts that a person's calendar holds now.
///
/// # Errors
/// Any [`Error`].
pub async fn shifts(app: &App, person: PersonId) -> Result<Vec<shift::Model>, Error> {
    let now = app.now_ms();
    let span = (now - REACHES.0 * DAY_MS, now + REACHES.1 * DAY_MS);
    let mut rows = roster::of_person(app, person, span).await?;
    rows.retain(|row| row.state != ShiftState::Absent);
    Ok(rows)
}

/// The calendar as text: its name, and of each shift what `summary` says of it. `now` is in milliseconds.
#[must_use]
pub fn text(name: &str, rows: &[shift::Model], now: i64, summary: impl Fn(&shift::Model) -> String) -> String {
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Klarsvar//Shifts//EN".to_owned(),
        "CALSCALE:GREGORIAN".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        format!("X-WR-CALNAME:{}", escaped(name)),
    ];
    for row in rows {
        lines.extend([
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{}@klarsvar", row.id),
            format!("DTSTAMP:{}", instant(now)),
            format!("DTSTART:{}", instant(row.starts_at)),
            format!("DTEND:{}", instant(row.ends_at)),
            format!("SUMMARY:{}", escaped(&summary(row))),
            "STATUS:CONFIRMED".to_owned(),
            "END:VEVENT".to_owned(),
        ]);
    }
    lines.push("END:VCALENDAR".to_owned());
    lines.iter().fold(String::new(), |mut text, line| {
        fold(&mut text, line);
        text
    })
}

/// An instant in UTC (section 3.3.5, form 2).
fn instant(at: i64) -> String {
    clock::from_ms(at).format("%Y%m%dT%H%M%SZ").to_string()
}

/// A text value (section 3.3.11).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '\\' | ';' | ',' => out.extend(['\\', sign]),
            '\n' => out.push_str("\\n"),
            sign if sign.is_control() => {}
            sign => out.push(sign),
        }
    }
    out
}

/// Writes a line, folded so that none has more octets than it may and no sign is split (section 3.1).
fn fold(text: &mut String, line: &str) {
    let mut room = LINE;
    for sign in line.chars() {
        if sign.len_utf8() > room {
            text.push_str("\r\n ");
            room = LINE - 1;
        }
        // Writing to a string cannot fail.
        let _ = text.write_char(sign);
        room -= sign.len_utf8();
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{LINE, text};
    use crate::clock;
    use crate::domain::id::{PersonId, ShiftId};
    use crate::domain::lane::Lane;
    use crate::store::entity::shift;

    /// The properties of a calendar, by the rules of section 3.1: lines end in CRLF, one that begins with a space goes on.
    fn read(text: &str) -> Vec<(String, String)> {
        assert!(text.ends_with("\r\n"));
        assert!(
            text.split("\r\n")
                .all(|line| line.len() <= LINE && !line.contains(['\r', '\n']))
        );
        text.replace("\r\n ", "")
            .trim_end_matches("\r\n")
            .split("\r\n")
            .map(|line| {
                let (name, value) = line.split_once(':').expect("a name and a value");
                let mut plain = String::new();
                let mut signs = value.chars();
                while let Some(sign) = signs.next() {
                    plain.push(match sign {
                        '\\' => match signs.next().expect("what is escaped") {
                            'n' => '\n',
                            other => other,
                        },
                        sign => sign,
                    });
                }
                (name.to_owned(), plain)
            })
            .collect()
    }

    fn shift(number: u128, from: &str, to: &str) -> shift::Model {
        let ms = |word: &str| clock::ms(word.parse().expect("an instant"));
        let person = PersonId(Uuid::from_u128(9));
        shift::Model::new(ShiftId(Uuid::from_u128(number)), person, Lane::Ar, (ms(from), ms(to)))
    }

    #[test]
    fn a_calendar_reads_as_it_was_meant_also_in_long_and_odd_words() {
        let summary = "مناوبة، اللغة العربية; första, andra\\tredje\nfjärde – ".repeat(3);
        let rows = [
            shift(1, "2026-10-24T20:00:00Z", "2026-10-25T05:00:00Z"),
            shift(2, "2026-03-28T21:00:00Z", "2026-03-29T04:00:00Z"),
        ];
        let text = text("Arbetspass, AR-1", &rows, 0, |_| summary.clone());
        let read = read(&text);
        let all = |name: &str| -> Vec<&str> {
            read.iter()
                .filter(|(known, _)| known == name)
                .map(|(_, value)| value.as_str())
                .collect()
        };
        assert_eq!(
            read.first().map(|(name, value)| (name.as_str(), value.as_str())),
            Some(("BEGIN", "VCALENDAR"))
        );
        assert_eq!(
            read.last().map(|(name, value)| (name.as_str(), value.as_str())),
            Some(("END", "VCALENDAR"))
        );
        assert_eq!(all("VERSION"), ["2.0"]);
        assert_eq!(all("X-WR-CALNAME"), ["Arbetspass, AR-1"]);
        assert_eq!(all("SUMMARY"), [summary.as_str(); 2]);
        assert_eq!(
            all("DTSTART"),
            ["20261024T200000Z", "20260328T210000Z"],
            "22.00 in Sweden both times"
        );
        assert_eq!(
            all("DTEND"),
            ["20261025T050000Z", "20260329T040000Z"],
            "06.00, nine and seven hours later"
        );
        assert_eq!(all("DTSTAMP"), ["19700101T000000Z"; 2]);
        let mut ids = all("UID");
        ids.dedup();
        assert_eq!(ids.len(), 2);
        assert_eq!(all("BEGIN"), ["VCALENDAR", "VEVENT", "VEVENT"]);
        assert_eq!(all("END"), ["VEVENT", "VEVENT", "VCALENDAR"]);
    }

    #[test]
    fn an_empty_calendar_is_one() {
        assert_eq!(read(&text("x", &[], 0, |_| String::new())).len(), 7);
    }
}
