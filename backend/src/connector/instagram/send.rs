//! Acting on Instagram. One call per action, except where the platform refused a parameter of it.

use serde::Deserialize;
use serde_json::json;

use crate::connector::graph::{Client, Meaning, Trouble};
use crate::connector::http::{Answer, Call, object_id};
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
    let refused = |message: &str| Sent::Refused {
        code: "invalid",
        message: message.into(),
    };
    let comment = action.comment();
    let Some(id) = object_id(comment) else {
        return refused("the comment's id is not one of this platform");
    };
    match action {
        Action::Reply { text, .. } => made(
            client
                .call(account, Call::post(format!("{id}/replies")).form("message", text))
                .await,
        ),
        Action::PrivateReply { text, .. } => {
            let body = json!({ "recipient": { "comment_id": id }, "message": { "text": text } });
            // Without a Page in the settings, `me` is what the token stands for: the Page, or the account (Instagram Login).
            let sender = account.setting("page").and_then(object_id).unwrap_or("me");
            made(
                client
                    .call(account, Call::post(format!("{sender}/messages")).json(body))
                    .await,
            )
        }
        Action::Hide { place, .. } => done(
            with_ad(client, account, place.ad.as_deref(), || hide(id, "true")).await,
            false,
        ),
        Action::Unhide { place, .. } => done(
            with_ad(client, account, place.ad.as_deref(), || hide(id, "false")).await,
            false,
        ),
        Action::Delete { place, .. } => done(
            with_ad(client, account, place.ad.as_deref(), || Call::delete(id)).await,
            true,
        ),
        Action::Like { .. } => refused("Instagram offers no likes on comments"),
    }
}

fn hide<'a>(id: &str, hide: &str) -> Call<'a> {
    Call::post(id).query("hide", hide)
}

/// Names the ad where it is known. Code 100 may mean that the parameter is not taken: certainly nothing was done, and
/// the call is made once more without it.
async fn with_ad<'a>(
    client: &Client,
    account: &Account,
    ad: Option<&str>,
    call: impl Fn() -> Call<'a>,
) -> Result<Answer, Trouble> {
    if let Some(ad) = ad {
        match client.call(account, call().query("ad_id", ad)).await {
            Err(trouble) if trouble.meaning() == Some(Meaning::Invalid) => {}
            outcome => return outcome,
        }
    }
    client.call(account, call()).await
}

/// The end of an action that makes something and must not be repeated.
fn made(outcome: Result<Answer, Trouble>) -> Sent {
    match outcome {
        Ok(answer) => {
            let id = answer
                .json::<Made>()
                .and_then(|made| made.id.filled().or(made.message_id.filled()));
            match id {
                Some(id) => Sent::Done { external_id: Some(id) },
                None => Sent::Unknown {
                    message: "the platform answered without an id".into(),
                },
            }
        }
        Err(trouble) => trouble.into_sent(false),
    }
}

/// The end of an action that may be repeated. What is gone is removed.
fn done(outcome: Result<Answer, Trouble>, removing: bool) -> Sent {
    match outcome {
        Ok(answer) => match answer.json::<Made>().and_then(|made| made.success) {
            Some(true) => Sent::Done { external_id: None },
            Some(false) => Sent::Refused {
                code: "invalid",
                message: "the platform answered without success".into(),
            },
            None => Sent::Unknown {
                message: "the platform's answer is not readable".into(),
            },
        },
        Err(trouble) if removing && trouble.meaning() == Some(Meaning::Gone) => Sent::Done { external_id: None },
        Err(trouble) => trouble.into_sent(true),
    }
}
