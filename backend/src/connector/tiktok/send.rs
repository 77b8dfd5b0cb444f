//! Acting on TikTok. One call per action, never repeated here; before an answer under an ad the comment is looked up, as
//! TikTok wants to be told whose ad it is.

use serde::Deserialize;
use serde_json::json;

use super::identity::identity;
use super::parse::is_id;
use super::row::Identity;
use super::{Api, Tiktok, data};
use crate::connector::http::Call;
use crate::connector::json::Word;
use crate::connector::{Account, Action, Place, Sent};

#[derive(Deserialize)]
struct Made {
    #[serde(default)]
    comment_id: Word,
    #[serde(default)]
    comment: Option<MadeComment>,
}

#[derive(Deserialize)]
struct MadeComment {
    #[serde(default)]
    comment_id: Word,
}

fn refused(code: &'static str, message: &str) -> Sent {
    Sent::Refused {
        code,
        message: message.into(),
    }
}

/// Does it, once.
pub(super) async fn send(tiktok: &Tiktok, account: &Account, action: &Action) -> Sent {
    let id = action.comment();
    if !is_id(id) {
        return refused("invalid", "the comment's id is not one of TikTok");
    }
    let business = account.external_id.as_str();
    let video = |place: &Place| place.post.clone().unwrap_or_default();
    let call = match (Api::of(account), action) {
        (Api::Ads, Action::Reply { text, place, .. }) => {
            // Threads have one level: an answer goes under the comment at top level.
            let top = place.parent.as_deref().unwrap_or(id);
            let Identity {
                ad,
                video,
                kind,
                id: who,
            } = match identity(tiktok, account, id, place).await {
                Ok(Some(identity)) => identity,
                Ok(None) => return refused("gone", "TikTok does not list the comment"),
                // Nothing was written yet.
                Err(trouble) => return trouble.into_sent(true),
            };
            Call::post("comment/post/").json(json!({
                "advertiser_id": business, "ad_id": ad, "tiktok_item_id": video, "comment_id": top,
                "comment_type": "REPLY", "identity_type": kind, "identity_id": who, "text": text,
            }))
        }
        (Api::Ads, Action::Hide { .. } | Action::Unhide { .. }) => {
            let operation = if matches!(action, Action::Hide { .. }) {
                "HIDDEN"
            } else {
                "PUBLIC"
            };
            Call::post("comment/status/update/").json(json!({
                "advertiser_id": business, "comment_ids": [id], "operation": operation, "ad_type": "BIDDING",
            }))
        }
        (Api::Organic, Action::Reply { text, place, .. }) => {
            let top = place.parent.as_deref().unwrap_or(id);
            Call::post("business/comment/reply/create/").json(json!({
                "business_id": business, "video_id": video(place), "comment_id": top, "text": text,
            }))
        }
        (Api::Organic, Action::Hide { place, .. } | Action::Unhide { place, .. }) => {
            let what = if matches!(action, Action::Hide { .. }) {
                "HIDE"
            } else {
                "UNHIDE"
            };
            Call::post("business/comment/hide/").json(json!({
                "business_id": business, "video_id": video(place), "comment_id": id, "action": what,
            }))
        }
        (_, Action::Delete { .. } | Action::Like { .. } | Action::PrivateReply { .. }) => {
            return refused("invalid", "TikTok lets no program do this");
        }
    };
    let replies = matches!(action, Action::Reply { .. });
    match tiktok.call(account, call).await {
        Ok(_) if !replies => Sent::Done { external_id: None },
        Ok(body) => {
            let made: Option<Made> = data(&body);
            let id = made.and_then(|made| made.comment_id.filled().or_else(|| made.comment?.comment_id.filled()));
            match id {
                Some(id) => Sent::Done { external_id: Some(id) },
                None => Sent::Unknown {
                    message: "TikTok answered without an id".into(),
                },
            }
        }
        Err(trouble) => trouble.into_sent(!replies),
    }
}
