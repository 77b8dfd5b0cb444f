//! Narratives, examples and the explanation of a comment's tags: `pages/narratives`, `pages/narrative`, `pages/examples`,
//! `pages/why`.

use serde::Serialize;

use super::composer::Fault;
use super::desk::{Empty, Pager};
use super::shell::Shell;
use crate::domain::id::{CommentId, ExampleId, NarrativeVersionId, PersonId};
use crate::domain::narrative::NarrativeState;
use crate::domain::tag::{Class, Flag};
use crate::person::people::People;
use crate::store::entity::narrative_version;
use crate::teaching::narrative::{ByLanguage, Document, Narrative};
use crate::teaching::trial::Outcome;
use crate::teaching::why::Why;

/// Languages of the interface, in which titles are written.
const TITLES: [&str; 3] = ["sv", "ar", "en"];
/// Languages that a form offers; those a narrative has besides are shown too.
const OFFERED: [&str; 8] = ["sv", "ar", "ar-Latn", "en", "so", "fa", "tr", "ku"];

/// `pages/narratives`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct ListPage {
    pub shell: Shell,
    pub rows: Vec<Row>,
    pub codebook: String,
    pub model: String,
    pub can_write: bool,
    pub can_measure: bool,
}

/// One narrative in the list.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    key: String,
    shipped: bool,
    retired: bool,
    unpublished: bool,
    draft: bool,
    version: i32,
    phrases: usize,
    examples: usize,
    title: String,
    title_lang: String,
}

impl Row {
    /// The row of a narrative, titled in the language of the interface.
    #[must_use]
    pub fn of(document: &Document, language: &str) -> Self {
        let text = document.holds().unwrap_or_else(|| document.latest());
        let (title_lang, title) = title(&text, language);
        Self {
            key: document.key.clone(),
            shipped: document.shipped.is_some(),
            retired: text.retired,
            unpublished: document.holds().is_none(),
            draft: document.draft().is_some(),
            version: document.published().map_or(0, |row| row.version),
            phrases: text.phrases.values().map(Vec::len).sum(),
            examples: text.examples.values().map(Vec::len).sum(),
            title,
            title_lang,
        }
    }
}

/// A title with its language: in this one, else in Swedish, else in any, else the key.
fn title(text: &Narrative, language: &str) -> (String, String) {
    let known = [language, "sv"]
        .into_iter()
        .find_map(|lang| Some((lang.to_owned(), text.titles.get(lang)?.clone())));
    let any = text.titles.iter().next();
    known
        .or_else(|| any.map(|(lang, title)| (lang.clone(), title.clone())))
        .unwrap_or_else(|| (String::new(), text.key.clone()))
}

/// `pages/narrative`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Page {
    pub shell: Shell,
    pub key: String,
    pub title: String,
    pub title_lang: String,
    pub is_new: bool,
    pub shipped: bool,
    pub retired: bool,
    pub version: i32,
    pub can_write: bool,
    pub can_publish: bool,
    pub draft: Option<Draft>,
    pub trial: Option<Outcome>,
    pub errors: Vec<Fault>,
    pub titles: Vec<Field>,
    pub definition: String,
    pub lists: Vec<List>,
    pub versions: Vec<Past>,
}

/// The draft and what can be done with it.
#[derive(Debug, Clone, Serialize)]
pub struct Draft {
    id: NarrativeVersionId,
    no: i32,
    by: String,
    at: i64,
    tested_at: Option<i64>,
    own: bool,
}

/// One text in one language.
#[derive(Debug, Clone, Serialize)]
pub struct Field {
    lang: String,
    /// The same where the desk has a name for it.
    named: Option<String>,
    /// For the browser's sake: the language without what is the desk's own.
    value: String,
    rows: usize,
}

/// Texts of one kind, by language.
#[derive(Debug, Clone, Serialize)]
pub struct List {
    name: &'static str,
    count: usize,
    fields: Vec<Field>,
}

/// An earlier version.
#[derive(Debug, Clone, Serialize)]
pub struct Past {
    no: i32,
    state: Option<NarrativeState>,
    by: Option<String>,
    at: Option<i64>,
    published_by: Option<String>,
    published_at: Option<i64>,
    can_return: bool,
}

impl Page {
    /// The page of a narrative, with `text` in its form.
    #[must_use]
    pub fn of(shell: Shell, document: &Document, text: &Narrative, viewer: Option<PersonId>, people: &People) -> Self {
        let (title_lang, title) = title(text, shell.locale_key.language());
        let who = |id: PersonId| people.pseudonym(id);
        let holds = document.published().map_or(0, |row| row.version);
        let mut versions: Vec<Past> = document.versions.iter().map(|row| past(row, holds, &who)).collect();
        if document.shipped.is_some() {
            versions.push(Past {
                no: 0,
                state: None,
                by: None,
                at: None,
                published_by: None,
                published_at: None,
                can_return: holds != 0,
            });
        }
        Self {
            key: document.key.clone(),
            title,
            title_lang,
            is_new: document.versions.is_empty() && document.shipped.is_none(),
            shipped: document.shipped.is_some(),
            retired: text.retired,
            version: holds,
            can_write: false,
            can_publish: false,
            draft: document.draft().map(|row| Draft {
                id: row.id,
                no: row.version,
                by: who(row.written_by),
                at: row.written_at,
                tested_at: row.tested_at,
                own: Some(row.written_by) == viewer,
            }),
            trial: None,
            errors: Vec::new(),
            titles: TITLES
                .iter()
                .map(|lang| field(lang, text.titles.get(*lang).cloned().unwrap_or_default()))
                .collect(),
            definition: text.definition.clone(),
            lists: vec![
                list("phrases", &text.phrases),
                list("hints", &text.hints),
                list("examples", &text.examples),
                list("counter_examples", &text.counter_examples),
            ],
            versions,
            shell,
        }
    }
}

fn past(row: &narrative_version::Model, holds: i32, who: &impl Fn(PersonId) -> String) -> Past {
    Past {
        no: row.version,
        state: Some(row.state),
        by: Some(who(row.written_by)),
        at: Some(row.written_at),
        published_by: row.published_by.map(who),
        published_at: row.published_at,
        can_return: row.state == NarrativeState::Published && row.version != holds,
    }
}

fn field(lang: &str, value: String) -> Field {
    Field {
        lang: lang.to_owned(),
        named: Some(super::named(lang))
            .filter(|named| *named == lang)
            .map(str::to_owned),
        rows: value.lines().count().clamp(2, 12),
        value,
    }
}

fn list(name: &'static str, texts: &ByLanguage) -> List {
    let others = texts.keys().map(String::as_str).filter(|lang| !OFFERED.contains(lang));
    let fields = OFFERED
        .into_iter()
        .chain(others)
        .map(|lang| field(lang, texts.get(lang).map_or_else(String::new, |texts| texts.join("\n"))))
        .collect();
    List {
        name,
        count: texts.values().map(Vec::len).sum(),
        fields,
    }
}

/// A label with its kind, for its words.
#[derive(Debug, Clone, Serialize)]
pub struct Label {
    kind: &'static str,
    key: String,
}

/// Labels of an example, as they are named on a page.
#[must_use]
pub fn labels(keys: Vec<String>) -> Vec<Label> {
    keys.into_iter()
        .map(|key| Label {
            kind: match (key.parse::<Class>(), key.parse::<Flag>()) {
                (Ok(_), _) => "class",
                (_, Ok(_)) => "flag",
                _ => "narrative",
            },
            key,
        })
        .collect()
}

/// `pages/examples`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct ExamplesPage {
    pub shell: Shell,
    pub rows: Vec<ExampleRow>,
    pub pager: Pager,
    pub empty: Empty,
}

/// One kept correction.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct ExampleRow {
    pub id: ExampleId,
    pub comment: CommentId,
    pub labels: Vec<Label>,
    pub lang: &'static str,
    pub text: Option<String>,
    pub by: String,
    pub at: i64,
}

/// `pages/why`.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct WhyPage {
    pub shell: Shell,
    pub id: CommentId,
    #[serde(rename = "ref")]
    pub number: String,
    pub lang: &'static str,
    pub why: Why,
    pub nearest: Vec<NearRow>,
}

/// One near example.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct NearRow {
    pub origin: crate::teaching::nearest::Origin,
    pub labels: Vec<Label>,
    pub lang: &'static str,
    pub likeness: f32,
    pub text: Option<String>,
}
