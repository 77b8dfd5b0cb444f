//! Lists of the Graph API: rows, and the cursor of what follows.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::connector::json::Word;

/// One page of a list, its rows not yet read.
#[derive(Deserialize)]
pub(super) struct Page<'a> {
    #[serde(borrow)]
    pub data: Vec<&'a RawValue>,
    #[serde(default)]
    pub paging: Option<Paging>,
    #[serde(default)]
    pub summary: Option<IgnoredAny>,
}

/// What is said of the pages around.
#[derive(Deserialize)]
pub(super) struct Paging {
    #[serde(default)]
    cursors: Option<Cursors>,
    #[serde(default)]
    next: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Cursors {
    #[serde(default)]
    after: Word,
}

impl Paging {
    /// Whether there is more.
    pub(super) const fn goes_on(&self) -> bool {
        self.next.is_some()
    }

    /// The cursor of the next page, if there is one. Only the cursor is taken: the address in `next` may point anywhere,
    /// and the token would go with it.
    pub(super) fn next(self) -> Option<String> {
        self.next.as_ref()?;
        self.cursors.and_then(|cursors| cursors.after.filled())
    }
}
