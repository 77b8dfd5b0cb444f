//! What waits to be carried out by a person: `pages/by-hand`. And what a person entered, on its item.

use serde::Serialize;

use super::shell::Shell;
use super::{author, heavy, language};
use crate::app::App;
use crate::connector::{self, Action, Attachment};
use crate::domain::comment::CommentState;
use crate::domain::decision::DecisionKind;
use crate::domain::id::{CommentId, OutboxId};
use crate::domain::platform::Platform;
use crate::lane::item::tags_of;
use crate::outbox::waiting::{Waiting, is_by_hand};
use crate::store::entity::{comment, event};

/// The page.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct HandPage {
    pub shell: Shell,
    pub rows: Vec<HandRow>,
    pub checked_in: bool,
}

/// One action.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct HandRow {
    pub id: OutboxId,
    pub comment: CommentId,
    #[serde(rename = "ref")]
    pub number: String,
    pub platform: Platform,
    pub kind: DecisionKind,
    pub by_hand: bool,
    pub by: String,
    pub since: i64,
    pub author: String,
    pub lang: &'static str,
    pub text: Option<String>,
    pub under: Option<String>,
    pub href: Option<String>,
    pub reply: Option<String>,
    pub gone: bool,
    pub changed: bool,
}

/// The row of an action that waits.
#[must_use]
pub fn row(app: &App, waiting: &Waiting) -> HandRow {
    let Waiting { row, decision, comment } = waiting;
    let tags = tags_of(comment);
    let post = app
        .posts
        .of(&comment.connector, comment.post.as_deref(), comment.ad.as_deref());
    let reply = match serde_json::from_str(&row.action) {
        Ok(Action::Reply { text, .. } | Action::PrivateReply { text, .. }) => Some(text),
        _ => None,
    };
    HandRow {
        id: row.id,
        comment: comment.id,
        number: comment.number.to_string(),
        platform: comment.platform,
        kind: decision.kind,
        by_hand: is_by_hand(row),
        by: app.people.pseudonym(decision.person_id),
        since: row.updated_at,
        author: author(comment),
        lang: language(tags.as_ref()),
        text: comment.text.clone().filter(|_| heavy(tags.as_ref()).is_none()),
        under: post.and_then(|post| post.title),
        href: attached(comment, "link").map(|_| format!("/go?comment={}&to=link", comment.id)),
        reply,
        gone: comment.state == CommentState::Withdrawn,
        changed: comment.revision != decision.revision,
    }
}

/// What is known of how a comment was brought, where no connector brings it.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Entered {
    pub by: Option<String>,
    pub href: Option<String>,
    pub screenshot: Option<String>,
}

/// How a comment was brought; none where a connector brought it.
#[must_use]
pub fn entered(
    row: &comment::Model,
    history: &[event::Model],
    pseudonym: impl Fn(&str) -> Option<String>,
) -> Option<Entered> {
    if connector::of(row.platform).is_some() {
        return None;
    }
    let first = history.iter().find(|event| event.seq == row.number);
    let entered = Entered {
        by: first.and_then(|event| event.actor.as_deref()).and_then(pseudonym),
        href: attached(row, "link").map(|_| format!("/go?comment={}&to=link", row.id)),
        screenshot: attached(row, "screenshot"),
    };
    let says = entered.by.is_some() || entered.href.is_some() || entered.screenshot.is_some();
    says.then_some(entered)
}

/// The first thing of this kind that came with a comment.
#[must_use]
pub fn attached(row: &comment::Model, kind: &str) -> Option<String> {
    let attachments: Vec<Attachment> = serde_json::from_str(row.attachments.as_deref()?).ok()?;
    attachments
        .into_iter()
        .find(|attachment| attachment.kind == kind)
        .map(|attachment| attachment.url)
}
