//! Entering comments by hand: `pages/enter`.

use serde::{Deserialize, Serialize};

use super::composer::Fault;
use super::shell::Shell;
use crate::domain::lane::Lane;
use crate::domain::platform::Platform;

/// The page: the form, or what would be stored of it.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct EnterPage {
    pub shell: Shell,
    pub errors: Vec<Fault>,
    pub accounts: Vec<Account>,
    pub form: Form,
    pub preview: Option<Preview>,
}

/// A connector whose comments people enter, with its ads.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Account {
    pub name: String,
    pub platform: Platform,
    pub place: String,
    pub chosen: bool,
    pub ads: Vec<Ad>,
}

/// An ad to choose.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Ad {
    pub place: String,
    pub title: String,
    pub chosen: bool,
}

/// What was filled in.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "fields are those of the form")]
pub struct Form {
    /// `connector|ad`.
    pub place: String,
    pub handle: String,
    pub at: String,
    pub text: String,
    pub link: String,
    pub screenshot: String,
}

/// What would be stored.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Preview {
    pub count: usize,
    pub platform: Platform,
    pub ad: Option<String>,
    pub rows: Vec<Row>,
}

/// One comment, or a line that is none.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Row {
    /// Names it in the form.
    pub take: String,
    pub line: u64,
    pub wrong: bool,
    pub known: bool,
    pub text: Option<String>,
    pub lang: &'static str,
    pub lane: Option<Lane>,
    pub author: Option<String>,
    pub at: Option<i64>,
}
