//! One comment with what is known of it: `parts/item`. The same for every viewer, save for a heavy text somebody asked to see.

use serde::Serialize;

use super::hand::{Entered, entered};
use super::{Band, Confidence, Owner, author, flags, heavy, language, named};
use crate::domain::comment::{CommentState, Visibility};
use crate::domain::event::EventKind;
use crate::domain::id::CommentId;
use crate::domain::platform::Platform;
use crate::domain::tag::{Class, Flag, TagSource, Tags};
use crate::lane::item::tags_of;
use crate::person::people::People;
use crate::store::entity::{comment, event, revision};
use crate::tagging;
use crate::teaching::blind::covered;

/// Passages quoted per tag.
const QUOTES: usize = 3;

/// Everything an item is made of.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The comment.
    pub row: comment::Model,
    /// The text before the last edit, with the time of that edit.
    pub before: Option<(revision::Model, i64)>,
    /// Whether the platform refused the last action.
    pub failed: bool,
    /// What it stands under.
    pub post: Under,
    /// Comments of the same conversation, oldest first.
    pub thread: Vec<comment::Model>,
    /// How many more there are.
    pub more: u64,
    /// Its events, oldest first.
    pub history: Vec<event::Model>,
    /// Earlier comments of the same account.
    pub earlier: u64,
    /// How many of those were decided with an answer.
    pub answered: u64,
    /// A person is to tag it before the machine's tags are shown.
    pub blind: bool,
}

/// What a comment stands under.
#[derive(Debug, Clone, Default)]
pub struct Under {
    /// An ad rather than a post.
    pub is_ad: bool,
    /// What it says.
    pub title: Option<String>,
    /// In which language.
    pub language: Option<String>,
    /// Name of its campaign.
    pub campaign: Option<String>,
    /// Whether its address on the platform is known.
    pub has_address: bool,
}

/// An item.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Item {
    pub id: CommentId,
    #[serde(rename = "ref")]
    pub number: String,
    pub state: CommentState,
    pub revision: i32,
    pub owner: Option<Owner>,
    pub platform: Platform,
    pub author: String,
    pub at: i64,
    pub lang: &'static str,
    pub band: Band,
    pub flags: Vec<Flag>,
    pub withdrawn: bool,
    pub hidden: bool,
    pub edited: Option<Edited>,
    pub failed: bool,
    pub entered: Option<Entered>,
    pub text: Text,
    pub post: Post,
    pub why: Why,
    pub thread: Thread,
    pub history: Vec<Line>,
}

/// The text before an edit.
#[derive(Debug, Clone, Serialize)]
pub struct Edited {
    at: i64,
    before: String,
}

/// `parts/text`.
#[derive(Debug, Clone, Serialize)]
pub struct Text {
    id: CommentId,
    masked: Option<Flag>,
    shown: bool,
    text: Option<String>,
    lang: &'static str,
    spans: Vec<Numbered>,
}

#[derive(Debug, Clone, Serialize)]
struct Numbered {
    n: usize,
    start: usize,
    end: usize,
    key: String,
}

/// The post or ad.
#[derive(Debug, Clone, Serialize)]
pub struct Post {
    kind: &'static str,
    title: String,
    lang: String,
    text: String,
    campaign: Option<String>,
    href: Option<String>,
}

/// `parts/why`.
#[derive(Debug, Clone, Serialize)]
pub struct Why {
    id: CommentId,
    lang: &'static str,
    tags: Vec<Reason>,
    similar: u64,
    earlier: u64,
    answered: u64,
    blind: bool,
}

#[derive(Debug, Clone, Serialize)]
struct Reason {
    kind: &'static str,
    key: String,
    band: Confidence,
    spans: Vec<usize>,
    quotes: Vec<String>,
    source: TagSource,
    version: String,
    score: f32,
}

/// `parts/thread`.
#[derive(Debug, Clone, Serialize)]
pub struct Thread {
    id: CommentId,
    more: u64,
    comments: Vec<Said>,
}

#[derive(Debug, Clone, Serialize)]
struct Said {
    author: String,
    at: i64,
    text: Option<String>,
    lang: &'static str,
    masked: Option<Flag>,
    ours: bool,
    current: bool,
}

/// One line of the history.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    at: i64,
    kind: EventKind,
    by: Option<String>,
    reason: Option<String>,
}

/// The item of a comment. `revealed`: the viewer asked to see a heavy text; never so in a pushed part.
#[must_use]
pub fn item(facts: &Facts, people: &People, revealed: bool) -> Item {
    let row = &facts.row;
    let tags = tags_of(row).map(|tags| if facts.blind { covered(tags) } else { tags });
    let tags = tags.as_ref();
    let weight = heavy(tags);
    let covered = weight.filter(|_| !revealed);
    let lang = language(tags);
    let spans = numbered(tags, covered.is_some());
    Item {
        id: row.id,
        number: row.number.to_string(),
        state: row.state,
        revision: row.revision,
        owner: Owner::of(row, people),
        platform: row.platform,
        author: author(row),
        at: row.written_at,
        lang,
        band: Band::of(row),
        flags: flags(tags),
        withdrawn: row.state == CommentState::Withdrawn,
        hidden: row.visibility == Visibility::Hidden,
        // The text before may be as heavy as the one now.
        edited: facts
            .before
            .as_ref()
            .filter(|_| covered.is_none())
            .map(|(before, at)| Edited {
                at: *at,
                before: before.text.clone().unwrap_or_default(),
            }),
        failed: facts.failed && row.state == CommentState::Open,
        entered: entered(row, &facts.history, |actor| pseudonym(actor, people)),
        why: why(facts, tags, &spans, covered.is_some()),
        text: Text {
            id: row.id,
            masked: covered,
            shown: weight.is_some() && revealed,
            text: covered.is_none().then(|| row.text.clone().unwrap_or_default()),
            lang,
            spans,
        },
        post: post(row, &facts.post),
        thread: thread(facts),
        history: facts.history.iter().map(|event| line(event, people)).collect(),
    }
}

fn numbered(tags: Option<&Tags>, covered: bool) -> Vec<Numbered> {
    let mut spans: Vec<_> = tags
        .filter(|_| !covered)
        .map_or(&[][..], |tags| &tags.spans)
        .iter()
        .collect();
    spans.sort_by_key(|span| (span.start, span.end));
    (1..)
        .zip(spans)
        .map(|(n, span)| Numbered {
            n,
            start: span.start,
            end: span.end,
            key: span.key.clone(),
        })
        .collect()
}

fn why(facts: &Facts, tags: Option<&Tags>, spans: &[Numbered], covered: bool) -> Why {
    let text = facts.row.text.as_deref().filter(|_| !covered).unwrap_or_default();
    let mut reasons = Vec::new();
    if let Some(tags) = tags {
        for (kind, list) in [
            ("narrative", &tags.narratives),
            ("class", &tags.classes),
            ("flag", &tags.flags),
        ] {
            for tag in list.iter().filter(|tag| has_words(kind, &tag.key)) {
                let own: Vec<&Numbered> = spans.iter().filter(|span| span.key == tag.key).collect();
                reasons.push(Reason {
                    kind,
                    key: tag.key.clone(),
                    band: Confidence::of(tag.score),
                    spans: own.iter().map(|span| span.n).collect(),
                    quotes: own
                        .iter()
                        .filter_map(|span| text.get(span.start..span.end))
                        .take(QUOTES)
                        .map(str::to_owned)
                        .collect(),
                    source: tag.source,
                    version: tag.version.clone(),
                    score: tag.score,
                });
            }
        }
    }
    Why {
        id: facts.row.id,
        lang: language(tags),
        tags: reasons,
        similar: 0,
        earlier: facts.earlier,
        answered: facts.answered,
        blind: facts.blind,
    }
}

fn has_words(kind: &str, key: &str) -> bool {
    match kind {
        // The desk names its own.
        "narrative" => true,
        "class" => key.parse::<Class>().is_ok(),
        _ => key.parse::<Flag>().is_ok(),
    }
}

fn post(row: &comment::Model, under: &Under) -> Post {
    let title = under.title.clone().unwrap_or_default();
    Post {
        kind: if under.is_ad { "ad" } else { "post" },
        // Nothing is known of some posts but their number.
        title: if title.is_empty() {
            row.post.clone().unwrap_or_else(|| "–".to_owned())
        } else {
            title.chars().take(80).collect()
        },
        lang: under.language.as_deref().map_or("", named).replace("other", ""),
        text: if title.chars().count() > 80 {
            title
        } else {
            String::new()
        },
        campaign: under.campaign.clone(),
        href: under.has_address.then(|| format!("/go?comment={}", row.id)),
    }
}

fn thread(facts: &Facts) -> Thread {
    Thread {
        id: facts.row.id,
        more: facts.more,
        comments: facts
            .thread
            .iter()
            .map(|row| {
                let tags = tags_of(row);
                let tags = tags.as_ref();
                let current = row.id == facts.row.id;
                let masked = heavy(tags);
                let text = row.text.as_deref().unwrap_or_default();
                Said {
                    author: author(row),
                    at: row.written_at,
                    text: (!current && masked.is_none()).then(|| match tags {
                        Some(tags) => tagging::mask(text, tags),
                        None => text.to_owned(),
                    }),
                    lang: language(tags),
                    masked,
                    ours: row.own,
                    current,
                }
            })
            .collect(),
    }
}

/// Pseudonyms only; what the platform or the desk did has nobody.
fn pseudonym(actor: &str, people: &People) -> Option<String> {
    let id = actor.strip_prefix("person:")?.parse().ok()?;
    Some(people.pseudonym(id))
}

fn line(event: &event::Model, people: &People) -> Line {
    let by = event.actor.as_deref().and_then(|actor| pseudonym(actor, people));
    Line {
        at: event.at,
        kind: event.kind,
        by,
        reason: None,
    }
}
