//! The four forms in which the desk speaks: three languages, Arabic with two sets of digits. Holds no texts.

crate::words! {
    /// Language of the desk together with its digits. Pushed parts are rendered once for each.
    pub enum LocaleKey {
        /// Swedish.
        Sv = "sv",
        /// Arabic with Latin digits.
        Ar = "ar",
        /// Arabic with Arabic-Indic digits.
        ArArab = "ar-arab",
        /// English.
        En = "en",
    }
}

impl LocaleKey {
    /// BCP 47 tag for `<html lang>` and `Intl`. The calendar, clock and digits are spelled out, because plain `ar` gives
    /// browsers a twelve-hour clock.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Sv => "sv-SE",
            Self::Ar => "ar-SE-u-ca-gregory-hc-h23-nu-latn",
            Self::ArArab => "ar-SE-u-ca-gregory-hc-h23-nu-arab",
            Self::En => "en-SE-u-hc-h23",
        }
    }

    /// Value of `dir`.
    #[must_use]
    pub const fn dir(self) -> &'static str {
        match self {
            Self::Sv | Self::En => "ltr",
            Self::Ar | Self::ArArab => "rtl",
        }
    }

    /// ISO 639 code, which is also the folder of its texts.
    #[must_use]
    pub const fn language(self) -> &'static str {
        match self {
            Self::Sv => "sv",
            Self::Ar | Self::ArArab => "ar",
            Self::En => "en",
        }
    }

    /// Position in fixed-size arrays indexed by locale.
    #[must_use]
    pub const fn index(self) -> usize {
        match self {
            Self::Sv => 0,
            Self::Ar => 1,
            Self::ArArab => 2,
            Self::En => 3,
        }
    }

    /// The best of ours for an `Accept-Language` (RFC 9110, section 12.5.4): by weight, then by order; Swedish if none fits.
    #[must_use]
    pub fn negotiate(accept_language: &str) -> Self {
        let mut best: Option<(f32, Self)> = None;
        for item in accept_language.split(',').take(32) {
            let (tag, weight) = item.split_once(';').unwrap_or((item, "q=1"));
            let weight = weight
                .trim()
                .strip_prefix("q=")
                .and_then(|q| q.trim().parse::<f32>().ok());
            let (Some(weight), Some(key)) = (weight, Self::of_tag(tag.trim())) else {
                continue;
            };
            if weight > 0.0 && best.is_none_or(|(most, _)| weight > most) {
                best = Some((weight, key));
            }
        }
        best.map_or(Self::Sv, |(_, key)| key)
    }

    /// The form that serves a language tag, if its language is one of ours.
    fn of_tag(tag: &str) -> Option<Self> {
        let tag = tag.to_ascii_lowercase();
        match tag.split('-').next()? {
            "sv" => Some(Self::Sv),
            "en" => Some(Self::En),
            "ar" if tag.contains("-nu-arab") => Some(Self::ArArab),
            "ar" => Some(Self::Ar),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_language_is_weighed_and_falls_back_to_swedish() {
        assert_eq!(LocaleKey::negotiate("en-GB,en;q=0.9,sv;q=0.8"), LocaleKey::En);
        assert_eq!(LocaleKey::negotiate("fa, sv;q=0.3, ar;q=0.7"), LocaleKey::Ar);
        assert_eq!(LocaleKey::negotiate("ar-EG-u-nu-arab"), LocaleKey::ArArab);
        assert_eq!(LocaleKey::negotiate("ar;q=0, en;q=0.1"), LocaleKey::En);
        assert_eq!(LocaleKey::negotiate("de, fr;q=0.5"), LocaleKey::Sv);
        assert_eq!(LocaleKey::negotiate(""), LocaleKey::Sv);
        assert_eq!(LocaleKey::negotiate("en;q=x, ;;;"), LocaleKey::Sv);
    }

    #[test]
    fn the_index_is_the_place_in_the_list_of_all() {
        for (place, key) in LocaleKey::ALL.iter().enumerate() {
            assert_eq!(key.index(), place);
        }
    }
}
