//! Acting on YouTube, at 50 units a call. One call per action, never repeated here.

use serde::Deserialize;
use serde_json::json;

use super::failure::{Reason, Trouble};
use super::{Youtube, comment_id, top};
use crate::connector::http::Call;
use crate::connector::json::Word;
use crate::connector::{Account, Action, Sent};

#[derive(Deserialize)]
struct Made {
    #[serde(default)]
    id: Word,
}

/// Does it, once.
pub(super) async fn send(youtube: &Youtube, account: &Account, action: &Action) -> Sent {
    let comment = action.comment();
    let invalid = |message: &str| Sent::Refused {
        code: "invalid",
        message: message.into(),
    };
    let Some(id) = comment_id(comment) else {
        return invalid("the comment's id is not one of YouTube");
    };
    let moderate = |status: &str| {
        Call::post("comments/setModerationStatus")
            .query("id", id)
            .query("moderationStatus", status)
    };
    let call = match action {
        // Answers to an answer go under the comment at top level: threads have one level.
        Action::Reply { text, .. } => Call::post("comments")
            .query("part", "snippet")
            .json(json!({ "snippet": { "parentId": top(id), "textOriginal": text } })),
        Action::Hide { .. } => moderate("heldForReview"),
        Action::Unhide { .. } => moderate("published"),
        Action::Delete { .. } => moderate("rejected"),
        Action::Like { .. } | Action::PrivateReply { .. } => {
            return invalid("YouTube lets no program do this");
        }
    };
    let replies = matches!(action, Action::Reply { .. });
    match youtube.call(account, call).await {
        Ok(_) if !replies => Sent::Done { external_id: None },
        Ok(answer) => match answer.json::<Made>().and_then(|made| made.id.filled()) {
            Some(id) => Sent::Done { external_id: Some(id) },
            None => Sent::Unknown {
                message: "YouTube answered without an id".into(),
            },
        },
        // What is gone is removed; "forbidden" says that too, and is looked at again before it is believed.
        Err(trouble) if matches!(action, Action::Delete { .. }) && is_gone(&trouble) => {
            Sent::Done { external_id: None }
        }
        Err(trouble) => trouble.into_sent(!replies),
    }
}

fn is_gone(trouble: &Trouble) -> bool {
    trouble.reason() == Some(Reason::Gone)
}
