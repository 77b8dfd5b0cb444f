//! A lane is the queue of one language. Every comment is in exactly one.

crate::words! {
    /// The queue of one language group.
    pub enum Lane {
        /// Arabic, all its dialects and Arabizi.
        Ar = "ar",
        /// Swedish.
        Sv = "sv",
        /// English.
        En = "en",
        /// Every other language, and comments without one.
        Other = "other",
    }
}

impl Lane {
    /// The lane that serves a language given by its code (`ar`, `sv`, `en`, anything else).
    #[must_use]
    pub fn of_language(code: &str) -> Self {
        match code {
            "ar" => Self::Ar,
            "sv" => Self::Sv,
            "en" => Self::En,
            _ => Self::Other,
        }
    }

    /// Position in fixed-size arrays indexed by lane.
    #[must_use]
    pub const fn index(self) -> usize {
        match self {
            Self::Ar => 0,
            Self::Sv => 1,
            Self::En => 2,
            Self::Other => 3,
        }
    }
}
