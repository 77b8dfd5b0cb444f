//! Reply templates: `pages/templates`, `pages/template`. Rows and variants are the same for every viewer; what the
//! viewer may not do is hidden in the browser and refused by the server.

use std::collections::HashMap;

use serde::Serialize;

use super::Choice;
use super::composer::Fault;
use super::desk::{Empty, Pager};
use super::shell::Shell;
use crate::domain::id::{PersonId, VersionId};
use crate::domain::platform::Platform;
use crate::domain::role::Right;
use crate::domain::tag::{Class, Flag};
use crate::domain::template::{TemplateMove, TemplateState, Variant};
use crate::insight::outcome::Outcome;
use crate::pack::Fact;
use crate::person::people::People;
use crate::store::entity::template_version;
use crate::template::read::Document;
use crate::template::{Length, Limit, fill};

/// Longest title, in characters.
const TITLE: usize = 70;

/// `pages/templates`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct ListPage {
    pub shell: Shell,
    pub q: String,
    pub states: Vec<Choice>,
    pub rows: Vec<Row>,
    pub seq: i64,
    pub pager: Pager,
    pub empty: Empty,
}

/// `parts/tpl-row`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Row {
    pub key: String,
    pub title: String,
    pub title_lang: &'static str,
    pub answers: Vec<Answered>,
    pub variants: Vec<Chip>,
    pub used_30d: i64,
    pub reviewed_at: Option<i64>,
}

/// What a template answers.
#[derive(Debug, Clone, Serialize)]
pub struct Answered {
    kind: &'static str,
    key: String,
}

/// How one language of a template stands.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Chip {
    pub lang: Variant,
    pub state: TemplateState,
}

/// What became of threads that were answered with a template; the shares only of enough of them.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Became {
    pub threads: i64,
    pub shares: Option<Shares>,
}

/// The shares of threads, from 0 to 1.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Shares {
    pub calmed: f64,
    pub repeated: f64,
}

/// An outcome as the page tells it.
#[must_use]
pub fn became(outcome: Outcome) -> Became {
    Became {
        threads: outcome.calmed + outcome.repeated,
        shares: outcome.shares().map(|(calmed, repeated)| Shares { calmed, repeated }),
    }
}

/// `pages/template`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Page {
    pub shell: Shell,
    pub template: String,
    pub title: String,
    pub title_lang: &'static str,
    pub expires_at: Option<i64>,
    pub used_30d: i64,
    pub outcome: Option<Became>,
    pub answers: Vec<Answered>,
    pub errors: Vec<Fault>,
    pub seq: i64,
    pub variants: Vec<Shown>,
    pub can_write: bool,
    pub edits: Vec<Edit>,
    pub facts: Vec<Stated>,
    pub versions: Vec<Past>,
    pub note: Option<String>,
}

/// `parts/tpl`: one version of one language.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Shown {
    pub template: String,
    pub lang: Variant,
    pub version: VersionId,
    pub version_no: String,
    pub state: TemplateState,
    pub outdated: bool,
    pub author: Author,
    pub approvals: Vec<Signed>,
    pub texts: Vec<Text>,
    pub moves: Vec<Move>,
    pub waits_second: bool,
    pub valid_until: String,
}

/// Who wrote a version; nobody of the staff for one that came with a pack.
#[derive(Debug, Clone, Serialize)]
pub struct Author {
    id: Option<PersonId>,
    pseudonym: String,
}

/// Who did what with a version.
#[derive(Debug, Clone, Serialize)]
pub struct Signed {
    kind: &'static str,
    by: String,
    at: i64,
}

/// One of the two texts, and how long it is where.
#[derive(Debug, Clone, Serialize)]
pub struct Text {
    length: Length,
    text: String,
    fits: Vec<Fit>,
}

/// A platform's limit.
#[derive(Debug, Clone, Serialize)]
pub struct Fit {
    platform: Platform,
    length: usize,
    limit: usize,
    over: bool,
}

/// What can be done with a version, and who may.
#[derive(Debug, Clone, Serialize)]
pub struct Move {
    #[serde(rename = "move")]
    by: TemplateMove,
    needs: Right,
}

/// The form for a new version of one language.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Edit {
    pub lang: Variant,
    pub open: bool,
    pub version: Option<VersionId>,
    pub short: String,
    pub long: String,
}

/// A fact the template rests on.
#[derive(Debug, Clone, Serialize)]
pub struct Stated {
    text: String,
    lang: &'static str,
    source: String,
}

/// One line of the history.
#[derive(Debug, Clone, Serialize)]
pub struct Past {
    lang: Variant,
    no: String,
    state: TemplateState,
    by: String,
    at: i64,
}

/// How often each template was sent lately.
pub type Used = HashMap<String, i64>;

/// The right a move needs.
#[must_use]
pub const fn needs(by: TemplateMove) -> Right {
    match by {
        TemplateMove::Submit => Right::WriteTemplates,
        TemplateMove::Approve
        | TemplateMove::SendBack
        | TemplateMove::Pause
        | TemplateMove::Resume
        | TemplateMove::Retire => Right::ApproveTemplates,
    }
}

/// What a template is called: how its Swedish text begins, since packs name no title.
#[must_use]
pub fn title(document: &Document) -> (String, &'static str) {
    let Some((lang, version)) = Variant::ALL
        .iter()
        .find_map(|variant| Some((variant.as_str(), document.current(*variant)?)))
    else {
        return (document.template.key.clone(), "en");
    };
    let text = tokens(&version.short, version.variant);
    let end = text
        .char_indices()
        .find(|(at, c)| matches!(c, '.' | '!' | '?' | '؟') && *at > 12)
        .map_or(text.len(), |(at, c)| if c == '.' { at } else { at + c.len_utf8() });
    let first = text.get(..end).unwrap_or(&text);
    match first.char_indices().nth(TITLE) {
        Some((cut, _)) => (format!("{}…", first.get(..cut).unwrap_or_default().trim_end()), lang),
        None => (first.to_owned(), lang),
    }
}

/// A text with its slots as a person sees them.
fn tokens(text: &str, variant: Variant) -> String {
    fill::fill(text, &fill::Slots::new(), variant).unwrap_or_else(|_| text.to_owned())
}

/// What a template answers, as far as the desk has words for it.
#[must_use]
pub fn answers(document: &Document) -> Vec<Answered> {
    let list = |text: &str| -> Vec<String> { serde_json::from_str(text).unwrap_or_default() };
    let mut found = Vec::new();
    for key in list(&document.template.answers) {
        let kind = if key.parse::<Class>().is_ok() {
            "class"
        } else {
            "narrative"
        };
        found.push(Answered { kind, key });
    }
    for key in list(&document.template.answers_flags) {
        if key.parse::<Flag>().is_ok() {
            found.push(Answered { kind: "flag", key });
        }
    }
    found
}

/// A line of the list.
#[must_use]
pub fn row(document: &Document, used: &Used) -> Row {
    let (title, title_lang) = title(document);
    Row {
        key: document.template.key.clone(),
        title,
        title_lang,
        answers: answers(document),
        variants: Variant::ALL
            .iter()
            .filter_map(|variant| document.current(*variant))
            .map(|version| Chip {
                lang: version.variant,
                state: version.state,
            })
            .collect(),
        used_30d: used.get(&document.template.key).copied().unwrap_or(0),
        reviewed_at: document.versions.iter().filter_map(|version| version.approved_at).max(),
    }
}

/// The versions shown side by side: of each language what is in use, and what is being worked on beside it.
#[must_use]
pub fn shown(document: &Document, people: &People, valid_until: &str) -> Vec<Shown> {
    let mut found = Vec::new();
    for variant in Variant::ALL {
        let current = document.current(*variant);
        let in_work = document
            .in_work(*variant)
            .filter(|work| current.is_none_or(|current| current.id != work.id));
        for version in current.into_iter().chain(in_work) {
            found.push(one(document, version, people, valid_until));
        }
    }
    found
}

fn one(document: &Document, version: &template_version::Model, people: &People, valid_until: &str) -> Shown {
    let who = |id: Option<PersonId>| id.map_or_else(|| "Klarsvar".to_owned(), |id| people.pseudonym(id));
    let signed = |kind, by: Option<PersonId>, at: Option<i64>| at.map(|at| Signed { kind, by: who(by), at });
    Shown {
        template: document.template.key.clone(),
        lang: version.variant,
        version: version.id,
        version_no: version.version.to_string(),
        state: version.state,
        outdated: is_outdated(document, version),
        author: Author {
            id: version.written_by,
            pseudonym: who(version.written_by),
        },
        approvals: [
            signed("submitted", version.submitted_by, version.submitted_at),
            signed("approved", version.approved_by, version.approved_at),
        ]
        .into_iter()
        .flatten()
        .collect(),
        texts: vec![
            text(Length::Short, &version.short, version.variant, SHORT),
            text(Length::Long, &version.long, version.variant, LONG),
        ],
        moves: TemplateMove::ALL
            .iter()
            .filter(|by| version.state.after(**by).is_ok())
            .map(|by| Move {
                by: *by,
                needs: needs(*by),
            })
            .collect(),
        waits_second: version.state == TemplateState::Reviewed,
        valid_until: valid_until.to_owned(),
    }
}

const SHORT: &[Platform] = &[Platform::Tiktok, Platform::Snapchat];
const LONG: &[Platform] = &[Platform::Facebook, Platform::Instagram, Platform::Youtube];

fn text(length: Length, text: &str, variant: Variant, platforms: &[Platform]) -> Text {
    let text = tokens(text, variant);
    let fits = platforms
        .iter()
        .map(|platform| {
            let limit = Limit::of(*platform);
            Fit {
                platform: *platform,
                length: limit.count(&text),
                limit: limit.most,
                over: limit.over(&text) > 0,
            }
        })
        .collect();
    Text { length, text, fits }
}

/// Whether the Swedish text, which the others follow, was rewritten after this one.
fn is_outdated(document: &Document, version: &template_version::Model) -> bool {
    version.variant != Variant::Sv
        && document
            .current(Variant::Sv)
            .is_some_and(|source| source.version > version.version && source.written_at > version.written_at)
}

/// The forms for new versions, one per language; `open` is the one somebody just sent.
#[must_use]
pub fn edits(document: &Document) -> Vec<Edit> {
    Variant::ALL
        .iter()
        .map(|variant| {
            let from = document.in_work(*variant).or_else(|| document.current(*variant));
            Edit {
                lang: *variant,
                open: false,
                version: from.map(|version| version.id),
                short: from.map(|version| version.short.clone()).unwrap_or_default(),
                long: from.map(|version| version.long.clone()).unwrap_or_default(),
            }
        })
        .collect()
}

/// The facts a template rests on.
#[must_use]
pub fn facts(document: &Document) -> Vec<Stated> {
    let facts: Vec<Fact> = serde_json::from_str(&document.template.facts).unwrap_or_default();
    facts
        .into_iter()
        .map(|fact| Stated {
            text: fact.statement,
            lang: "en",
            source: fact.sources.join("; "),
        })
        .collect()
}

/// The history, newest first.
#[must_use]
pub fn versions(document: &Document, people: &People) -> Vec<Past> {
    let mut found: Vec<&template_version::Model> = document.versions.iter().collect();
    found.sort_by_key(|version| std::cmp::Reverse((version.written_at, version.id)));
    found
        .into_iter()
        .map(|version| Past {
            lang: version.variant,
            no: version.version.to_string(),
            state: version.state,
            by: version
                .written_by
                .map_or_else(|| "Klarsvar".to_owned(), |id| people.pseudonym(id)),
            at: version.written_at,
        })
        .collect()
}
