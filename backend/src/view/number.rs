//! Numbers, shares and lengths of time as a locale writes them (CLDR). Takes values, never sentences.

use super::locale::LocaleKey;
use icu_decimal::input::Decimal;
use icu_decimal::options::DecimalFormatterOptions;
use icu_decimal::{DecimalFormatter, DecimalFormatterPreferences};
use icu_locale_core::Locale;

thread_local! {
    // The formatters are not `Sync`; one of each a thread costs less than a lock a number.
    static FORMATTERS: [Option<DecimalFormatter>; 4] = [formatter(0), formatter(1), formatter(2), formatter(3)];
}

fn formatter(index: usize) -> Option<DecimalFormatter> {
    let key = LocaleKey::ALL.get(index)?;
    let locale: Locale = key.tag().parse().ok()?;
    DecimalFormatter::try_new(
        DecimalFormatterPreferences::from(&locale),
        DecimalFormatterOptions::default(),
    )
    .ok()
}

/// Writes a number given in plain form (`-1234.5`) with the digits, grouping and signs of the locale.
/// What is no number comes back as it is.
#[must_use]
pub fn decimal(locale: LocaleKey, plain: &str) -> String {
    let Ok(value) = plain.parse::<Decimal>() else {
        return plain.to_owned();
    };
    FORMATTERS.with(|all| match all.get(locale.index()) {
        Some(Some(formatter)) => formatter.format(&value).to_string(),
        _ => plain.to_owned(),
    })
}

/// Writes a whole number.
#[must_use]
pub fn whole(locale: LocaleKey, value: i64) -> String {
    decimal(locale, &value.to_string())
}

/// Writes a number with exactly so many decimals, or with those it has. Not finite: a dash.
#[must_use]
pub fn float(locale: LocaleKey, value: f64, decimals: Option<usize>) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    match decimals {
        Some(decimals) => decimal(locale, &format!("{value:.decimals$}")),
        None => decimal(locale, &value.to_string()),
    }
}

/// Writes a share (0.82) as a percentage. The signs around Arabic ones carry the marks that keep them in place.
#[must_use]
pub fn percent(locale: LocaleKey, share: f64, decimals: usize) -> String {
    let number = float(locale, share * 100.0, Some(decimals));
    match locale {
        LocaleKey::Sv | LocaleKey::En => number + "\u{a0}%",
        LocaleKey::Ar => number + "\u{200e}%\u{200e}",
        LocaleKey::ArArab => number + "٪\u{61c}",
    }
}

/// Writes a length of time in its two largest units of hour, minute and second, by their symbols: "2 h 5 min".
/// Seconds are left out from ten minutes on.
#[must_use]
pub fn duration(locale: LocaleKey, seconds: i64) -> String {
    let [hour, minute, second] = match locale {
        LocaleKey::Sv => ["tim", "min", "s"],
        LocaleKey::En => ["h", "min", "s"],
        LocaleKey::Ar | LocaleKey::ArArab => ["س", "د", "ث"],
    };
    let unit = |value: i64, symbol: &str| format!("{}\u{a0}{symbol}", whole(locale, value));
    let seconds = seconds.max(0);
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes, rest) {
        (0, 0, rest) => unit(rest, second),
        (0, minutes, rest) if rest > 0 && minutes < 10 => format!("{} {}", unit(minutes, minute), unit(rest, second)),
        (0, minutes, _) => unit(minutes, minute),
        (hours, 0, _) => unit(hours, hour),
        (hours, minutes, _) => format!("{} {}", unit(hours, hour), unit(minutes, minute)),
    }
}

/// Replaces Latin digits by those of the locale. For clock times and dates, which have no grouping.
#[must_use]
pub(super) fn digits(locale: LocaleKey, text: String) -> String {
    if locale != LocaleKey::ArArab {
        return text;
    }
    text.chars()
        .map(|c| match c.to_digit(10) {
            Some(digit) => char::from_u32(0x660 + digit).unwrap_or(c),
            None => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_grouping_and_digits_of_the_locale() {
        assert_eq!(whole(LocaleKey::Sv, 1_234_567), "1\u{a0}234\u{a0}567");
        // English as written in Sweden (en-SE), the same as `Intl` gives in the browser.
        assert_eq!(whole(LocaleKey::En, 1_234_567), "1\u{a0}234\u{a0}567");
        assert_eq!(whole(LocaleKey::Ar, 1_234_567), "1,234,567");
        assert_eq!(whole(LocaleKey::ArArab, 1_234_567), "١٬٢٣٤٬٥٦٧");
        assert_eq!(float(LocaleKey::Sv, -3.5, None), "\u{2212}3,5");
        assert_eq!(float(LocaleKey::En, 2.0, Some(1)), "2,0");
        assert_eq!(float(LocaleKey::En, f64::NAN, None), "–");
    }

    #[test]
    fn shares_become_percentages_that_do_not_flip() {
        assert_eq!(percent(LocaleKey::Sv, 0.82, 0), "82\u{a0}%");
        assert_eq!(percent(LocaleKey::En, 0.825, 1), "82,5\u{a0}%");
        assert_eq!(percent(LocaleKey::Ar, 0.82, 0), "82\u{200e}%\u{200e}");
        assert_eq!(percent(LocaleKey::ArArab, 0.82, 0), "٨٢٪\u{61c}");
    }

    #[test]
    fn durations_show_their_two_largest_units() {
        assert_eq!(duration(LocaleKey::Sv, 47), "47\u{a0}s");
        assert_eq!(duration(LocaleKey::Sv, 125), "2\u{a0}min 5\u{a0}s");
        assert_eq!(duration(LocaleKey::Sv, 660), "11\u{a0}min");
        assert_eq!(duration(LocaleKey::En, 7_500), "2\u{a0}h 5\u{a0}min");
        assert_eq!(duration(LocaleKey::ArArab, 7_200), "٢\u{a0}س");
        assert_eq!(duration(LocaleKey::En, -5), "0\u{a0}s");
    }
}
