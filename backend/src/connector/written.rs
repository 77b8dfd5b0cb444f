//! What is looked for on a platform when nobody knows whether a reply went out.

use chrono::{DateTime, Duration, Utc};
use unicode_normalization::UnicodeNormalization;

/// How far the platform's clock and ours may be apart.
const CLOCK_SLACK_SECONDS: i64 = 120;

/// What is looked for.
pub(in crate::connector) struct Written<'a> {
    /// The text as sent.
    pub text: &'a str,
    /// When it was first tried.
    pub since: DateTime<Utc>,
}

impl Written<'_> {
    /// From when rows count.
    pub(in crate::connector) fn from(&self) -> DateTime<Utc> {
        self.since
            .checked_sub_signed(Duration::seconds(CLOCK_SLACK_SECONDS))
            .unwrap_or(self.since)
    }
}

/// A text without the differences a platform makes when it stores one: composition, line ends, space around.
pub(in crate::connector) fn folded(text: &str) -> String {
    text.nfc()
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_compared_without_what_platforms_change() {
        assert_eq!(folded(" A\u{30A}ngstrom\r\nnästa  rad "), folded("Ångstrom\nnästa rad"));
        assert_ne!(folded("Hej Elin"), folded("Hej Elin!"));
    }
}
