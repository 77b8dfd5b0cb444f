//! Acting on Facebook. One call per action, never repeated here.

use serde::Deserialize;
use serde_json::json;

use crate::connector::graph::{Client, Meaning};
use crate::connector::http::{Call, object_id};
use crate::connector::json::Word;
use crate::connector::{Account, Action, Sent};

#[derive(Deserialize)]
struct Made {
    #[serde(default)]
    id: Word,
    #[serde(default)]
    message_id: Word,
    #[serde(default)]
    success: Option<bool>,
}

/// Does it, once.
pub(super) async fn send(client: &Client, account: &Account, action: &Action) -> Sent {
    let comment = action.comment();
    let Some(id) = object_id(comment) else {
        return Sent::Refused {
            code: "invalid",
            message: "the comment's id is not one of this platform".into(),
        };
    };
    let call = match action {
        // Only the edge replies: posting to the comment itself edits it.
        Action::Reply { text, .. } => Call::post(format!("{id}/comments")).form("message", text),
        Action::Hide { .. } => Call::post(id).form("is_hidden", "true"),
        Action::Unhide { .. } => Call::post(id).form("is_hidden", "false"),
        Action::Delete { .. } => Call::delete(id),
        Action::Like { .. } => Call::post(format!("{id}/likes")),
        Action::PrivateReply { text, .. } => {
            let body = json!({ "recipient": { "comment_id": id }, "message": { "text": text } });
            Call::post(format!("{}/messages", account.external_id)).json(body)
        }
    };
    let makes = matches!(action, Action::Reply { .. } | Action::PrivateReply { .. });
    match client.call(account, call).await {
        Ok(answer) => match answer.json::<Made>() {
            Some(Made {
                success: Some(false), ..
            }) => Sent::Refused {
                code: "invalid",
                message: "the platform answered without success".into(),
            },
            Some(made) if makes => match made.id.filled().or(made.message_id.filled()) {
                Some(id) => Sent::Done { external_id: Some(id) },
                None => Sent::Unknown {
                    message: "the platform answered without an id".into(),
                },
            },
            Some(Made {
                success: Some(true), ..
            }) => Sent::Done { external_id: None },
            Some(_) | None => Sent::Unknown {
                message: "the platform's answer is not readable".into(),
            },
        },
        // What is gone is removed.
        Err(trouble) if matches!(action, Action::Delete { .. }) && trouble.meaning() == Some(Meaning::Gone) => {
            Sent::Done { external_id: None }
        }
        Err(trouble) => trouble.into_sent(!makes),
    }
}
