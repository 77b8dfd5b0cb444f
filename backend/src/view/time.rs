//! Instants, stored in UTC as milliseconds, as people in Sweden read them. Never asks what time it is.

use super::locale::LocaleKey;
use super::message::{Locales, MessageError};
use super::number::digits;
use chrono::{DateTime, Datelike, SecondsFormat, Timelike};
use chrono_tz::{Europe::Stockholm, Tz};

/// An instant that is outside what can be shown (262,000 years either way).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} ms is no instant")]
pub struct NoInstant(pub i64);

/// An instant in Swedish time.
///
/// # Errors
/// Milliseconds beyond the calendar.
pub fn local(ms: i64) -> Result<DateTime<Tz>, NoInstant> {
    DateTime::from_timestamp_millis(ms)
        .map(|at| at.with_timezone(&Stockholm))
        .ok_or(NoInstant(ms))
}

/// Value of `datetime` for an instant: RFC 3339, with the offset in force in Sweden.
#[must_use]
pub fn machine(at: &DateTime<Tz>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// Value of `datetime` for a day.
#[must_use]
pub fn machine_day(at: &DateTime<Tz>) -> String {
    format!("{:04}-{:02}-{:02}", at.year(), at.month(), at.day())
}

/// The clock time: `14.02` in Swedish, `14:02` elsewhere. `latin` keeps Latin digits, as deadlines do in every locale.
#[must_use]
pub fn clock(locale: LocaleKey, at: &DateTime<Tz>, latin: bool) -> String {
    let dot = if locale == LocaleKey::Sv { '.' } else { ':' };
    let text = format!("{:02}{dot}{:02}", at.hour(), at.minute());
    if latin { text } else { digits(locale, text) }
}

/// The time of day with its seconds, for deadlines a person watches: "14.02.20". `latin` as for [`clock`].
#[must_use]
pub fn clock_to_the_second(locale: LocaleKey, at: &DateTime<Tz>, latin: bool) -> String {
    let dot = if locale == LocaleKey::Sv { '.' } else { ':' };
    let text = format!("{:02}{dot}{:02}{dot}{:02}", at.hour(), at.minute(), at.second());
    if latin { text } else { digits(locale, text) }
}

/// The day: "22 november 2026", with its weekday if asked. `latin` as for [`clock`].
///
/// # Errors
/// The texts `month-1` to `month-12` or `weekday-1` (Monday) to `weekday-7` are missing.
pub fn day(
    texts: &Locales,
    locale: LocaleKey,
    at: &DateTime<Tz>,
    weekday: bool,
    latin: bool,
) -> Result<String, MessageError> {
    let month = texts.message(locale, &format!("month-{}", at.month()), None, true)?;
    let text = format!("{} {month} {}", at.day(), at.year());
    let date = if latin { text } else { digits(locale, text) };
    if !weekday {
        return Ok(date);
    }
    let name = texts.message(
        locale,
        &format!("weekday-{}", at.weekday().number_from_monday()),
        None,
        true,
    )?;
    Ok(match locale {
        LocaleKey::Sv | LocaleKey::En => format!("{name} {date}"),
        LocaleKey::Ar | LocaleKey::ArArab => format!("{name}، {date}"),
    })
}

/// The day and the clock time. `latin` as for [`clock`].
///
/// # Errors
/// As [`day`].
pub fn day_and_clock(
    texts: &Locales,
    locale: LocaleKey,
    at: &DateTime<Tz>,
    latin: bool,
) -> Result<String, MessageError> {
    let day = day(texts, locale, at, false, latin)?;
    let clock = clock(locale, at, latin);
    Ok(match locale {
        LocaleKey::Sv => format!("{day} kl. {clock}"),
        LocaleKey::En => format!("{day}, {clock}"),
        LocaleKey::Ar | LocaleKey::ArArab => format!("{day}، {clock}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // 2026-11-22 13:02 UTC, a Sunday.
    const AT: i64 = 1_795_352_520_000;

    fn texts() -> Locales {
        let names = |month: &str, weekday: &str| format!("month-11 = {month}\nweekday-7 = {weekday}\n");
        Locales::load(
            &[
                ("sv/t.ftl".to_owned(), names("november", "söndag")),
                ("ar/t.ftl".to_owned(), names("نوفمبر", "الأحد")),
                ("en/t.ftl".to_owned(), names("November", "Sunday")),
            ],
            true,
        )
        .unwrap()
    }

    #[test]
    fn a_deadline_is_told_to_the_second() {
        let at = super::local(1_795_341_620_000).expect("an instant");
        assert_eq!(super::clock_to_the_second(LocaleKey::Sv, &at, false), "11.00.20");
        assert_eq!(super::clock_to_the_second(LocaleKey::ArArab, &at, true), "11:00:20");
    }

    #[test]
    fn instants_are_shown_in_swedish_time() {
        let at = local(AT).unwrap();
        assert_eq!(machine(&at), "2026-11-22T14:02:00+01:00");
        assert_eq!(machine_day(&at), "2026-11-22");
        assert_eq!(clock(LocaleKey::Sv, &at, false), "14.02");
        assert_eq!(clock(LocaleKey::En, &at, false), "14:02");
        assert_eq!(clock(LocaleKey::Ar, &at, false), "14:02");
        assert_eq!(clock(LocaleKey::ArArab, &at, false), "١٤:٠٢");
        assert_eq!(clock(LocaleKey::ArArab, &at, true), "14:02");
    }

    #[test]
    fn the_hour_that_comes_twice_is_told_apart_by_its_offset() {
        // 2026-10-25 00:30 and 01:30 UTC are both 02.30 in Sweden.
        let (first, second) = (local(1_792_888_200_000).unwrap(), local(1_792_891_800_000).unwrap());
        assert_eq!(clock(LocaleKey::Sv, &first, false), "02.30");
        assert_eq!(clock(LocaleKey::Sv, &second, false), "02.30");
        assert_eq!(machine(&first), "2026-10-25T02:30:00+02:00");
        assert_eq!(machine(&second), "2026-10-25T02:30:00+01:00");
    }

    #[test]
    fn days_have_names_from_the_texts() {
        let (texts, at) = (texts(), local(AT).unwrap());
        assert_eq!(
            day(&texts, LocaleKey::Sv, &at, true, false).unwrap(),
            "söndag 22 november 2026"
        );
        assert_eq!(
            day(&texts, LocaleKey::ArArab, &at, false, false).unwrap(),
            "٢٢ نوفمبر ٢٠٢٦"
        );
        assert_eq!(
            day_and_clock(&texts, LocaleKey::Sv, &at, false).unwrap(),
            "22 november 2026 kl. 14.02"
        );
        assert_eq!(
            day_and_clock(&texts, LocaleKey::En, &at, false).unwrap(),
            "22 November 2026, 14:02"
        );
        assert_eq!(
            day_and_clock(&texts, LocaleKey::Ar, &at, false).unwrap(),
            "22 نوفمبر 2026، 14:02"
        );
    }

    #[test]
    fn an_instant_beyond_the_calendar_is_refused() {
        assert_eq!(local(i64::MAX), Err(NoInstant(i64::MAX)));
    }
}
