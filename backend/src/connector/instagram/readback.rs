//! Looking on Instagram whether something took effect.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::connector::graph::{Call, Client, Listed, Meaning, Word, Written, object_id, search};
use crate::connector::{Account, Action, Readback};

#[derive(Deserialize)]
struct Comment {
    #[serde(default)]
    parent_id: Word,
    #[serde(default)]
    hidden: Option<bool>,
}

/// Looks.
pub(super) async fn read_back(client: &Client, account: &Account, action: &Action, since: DateTime<Utc>) -> Readback {
    match action {
        Action::Reply { comment, text } => reply(client, account, comment, &Written { text, since }).await,
        Action::Hide { comment, .. } => hidden(client, account, comment, true).await,
        Action::Unhide { comment, .. } => hidden(client, account, comment, false).await,
        Action::Delete { comment, .. } => match read(client, account, comment).await {
            Ok(_) => Readback::Absent,
            Err(Seen::Gone) => Readback::Found { external_id: None },
            Err(Seen::Other(readback)) => readback,
        },
        Action::Like { .. } => Readback::Absent,
        Action::PrivateReply { .. } => Readback::CannotTell {
            message: "private replies cannot be listed; one per comment is allowed".into(),
        },
    }
}

enum Seen {
    Gone,
    Other(Readback),
}

async fn read(client: &Client, account: &Account, comment: &str) -> Result<Comment, Seen> {
    let cannot_tell = |message: &str| {
        Seen::Other(Readback::CannotTell {
            message: message.into(),
        })
    };
    let id = object_id(comment).ok_or_else(|| cannot_tell("the comment's id is not one of this platform"))?;
    let call = Call::get(id.into()).query("fields", "id,parent_id,hidden");
    match client.call(account, call).await {
        Ok(answer) => answer.json().ok_or_else(|| cannot_tell("the comment is not readable")),
        Err(trouble) if trouble.meaning() == Some(Meaning::Gone) => Err(Seen::Gone),
        Err(trouble) => Err(Seen::Other(trouble.into_readback())),
    }
}

async fn hidden(client: &Client, account: &Account, comment: &str, wanted: bool) -> Readback {
    match read(client, account, comment).await {
        Ok(Comment {
            hidden: Some(hidden), ..
        }) if hidden == wanted => Readback::Found { external_id: None },
        // Both may be repeated; a gone comment then answers that it is gone.
        Ok(_) | Err(Seen::Gone) => Readback::Absent,
        Err(Seen::Other(readback)) => readback,
    }
}

async fn reply(client: &Client, account: &Account, comment: &str, written: &Written<'_>) -> Readback {
    // There is one level: a reply to a reply is attached to the comment at top level.
    let root = match read(client, account, comment).await {
        Ok(read) => read.parent_id.filled().unwrap_or_else(|| comment.to_owned()),
        Err(Seen::Gone) => {
            return Readback::CannotTell {
                message: "the comment can no longer be read, nor its replies".into(),
            };
        }
        Err(Seen::Other(readback)) => return readback,
    };
    let Some(root) = object_id(&root) else {
        return Readback::CannotTell {
            message: "the thread's id is not one of this platform".into(),
        };
    };
    let list = Listed {
        path: format!("{root}/replies"),
        fields: "id,text,timestamp,username,from,user,parent_id",
        limit: "50",
        extra: Vec::new(),
        counted: false,
    };
    search(client, account, &list, written).await
}
