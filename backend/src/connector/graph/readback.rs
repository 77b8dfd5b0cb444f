//! Looking on a Meta platform whether something took effect. How each platform names things is its [`Shape`].

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::client::Client;
use super::failure::Meaning;
use super::thread::{Listed, search};
use crate::connector::http::{Call, object_id};
use crate::connector::json::Word;
use crate::connector::written::Written;
use crate::connector::{Account, Action, Readback};

/// How a platform shows a comment and the thread it is in.
pub struct Shape {
    /// The fields of a comment that name its parent and tell whether it is hidden.
    pub(in crate::connector) fields: &'static str,
    /// The list of replies under the comment at top level. There is one level on both platforms: a reply to a reply is
    /// attached to the comment at top level.
    pub(in crate::connector) replies: fn(root: &str, written: &Written<'_>) -> Listed,
}

/// A comment as either platform shows it.
#[derive(Deserialize)]
struct Comment {
    #[serde(default)]
    parent: Option<Parent>,
    #[serde(default)]
    parent_id: Word,
    #[serde(default, alias = "is_hidden")]
    hidden: Option<bool>,
}

#[derive(Deserialize)]
struct Parent {
    #[serde(default)]
    id: Word,
}

/// Looks.
pub(in crate::connector) async fn read_back(
    shape: &Shape,
    client: &Client,
    account: &Account,
    action: &Action,
    since: DateTime<Utc>,
) -> Readback {
    let hidden = async |comment, wanted| match read(shape, client, account, comment).await {
        Ok(seen) if seen.hidden == Some(wanted) => Readback::Found { external_id: None },
        // Both may be repeated; a gone comment then answers that it is gone.
        Ok(_) | Err(Seen::Gone) => Readback::Absent,
        Err(Seen::Other(readback)) => readback,
    };
    match action {
        Action::Reply { comment, text, .. } => reply(shape, client, account, comment, &Written { text, since }).await,
        Action::Hide { comment, .. } => hidden(comment, true).await,
        Action::Unhide { comment, .. } => hidden(comment, false).await,
        Action::Delete { comment, .. } => match read(shape, client, account, comment).await {
            Ok(_) => Readback::Absent,
            Err(Seen::Gone) => Readback::Found { external_id: None },
            Err(Seen::Other(readback)) => readback,
        },
        // A second like is the same like.
        Action::Like { .. } => Readback::Absent,
        Action::PrivateReply { .. } => cannot_tell("private replies cannot be listed; one per comment is allowed"),
    }
}

enum Seen {
    Gone,
    Other(Readback),
}

fn cannot_tell(message: &str) -> Readback {
    Readback::CannotTell {
        message: message.into(),
    }
}

async fn read(shape: &Shape, client: &Client, account: &Account, comment: &str) -> Result<Comment, Seen> {
    let unreadable = |message| Seen::Other(cannot_tell(message));
    let id = object_id(comment).ok_or_else(|| unreadable("the comment's id is not one of this platform"))?;
    let call = Call::get(id).query("fields", shape.fields);
    match client.call(account, call).await {
        Ok(answer) => answer.json().ok_or_else(|| unreadable("the comment is not readable")),
        Err(trouble) if trouble.meaning() == Some(Meaning::Gone) => Err(Seen::Gone),
        Err(trouble) => Err(Seen::Other(trouble.into_readback())),
    }
}

async fn reply(shape: &Shape, client: &Client, account: &Account, comment: &str, written: &Written<'_>) -> Readback {
    let root = match read(shape, client, account, comment).await {
        Ok(seen) => seen
            .parent
            .and_then(|parent| parent.id.filled())
            .or_else(|| seen.parent_id.filled())
            .unwrap_or_else(|| comment.to_owned()),
        Err(Seen::Gone) => return cannot_tell("the comment can no longer be read, nor its replies"),
        Err(Seen::Other(readback)) => return readback,
    };
    match object_id(&root) {
        Some(root) => search(client, account, &(shape.replies)(root, written), written).await,
        None => cannot_tell("the thread's id is not one of this platform"),
    }
}
