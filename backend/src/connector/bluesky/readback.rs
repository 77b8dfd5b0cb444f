//! Looking in the account's own repository whether something took effect: its key tells where.

use super::send::{GATE, LIKE};
use super::{Bluesky, POST, key, record};
use crate::connector::{Account, Action, Place, Readback};

/// The key of an action's own record.
pub(super) fn own_key(action: &Action) -> String {
    let (kind, text) = match action {
        Action::Reply { text, .. } => ("reply", text.as_str()),
        Action::Like { .. } => ("like", ""),
        _ => ("", ""),
    };
    key::own(kind, action.comment(), text)
}

fn cannot_tell(message: &str) -> Readback {
    Readback::CannotTell {
        message: message.into(),
    }
}

/// Looks.
pub(super) async fn read_back(bluesky: &Bluesky, account: &Account, action: &Action) -> Readback {
    let Some(address) = key::post(action.comment()) else {
        return cannot_tell("the comment's address is not one of Bluesky");
    };
    let (collection, own) = match action {
        Action::Reply { .. } => (POST, own_key(action)),
        Action::Like { .. } => (LIKE, own_key(action)),
        Action::Delete { .. } if address.did == account.external_id => (POST, address.key.to_owned()),
        Action::Hide { place, .. } => return hidden(bluesky, account, action.comment(), place, true).await,
        Action::Unhide { place, .. } => return hidden(bluesky, account, action.comment(), place, false).await,
        Action::Delete { .. } | Action::PrivateReply { .. } => return cannot_tell("Bluesky has nothing of the kind"),
    };
    let held = match record::get(bluesky, account, collection, &own).await {
        Ok(held) => held,
        Err(trouble) => return trouble.into_readback(),
    };
    match (action, held) {
        (Action::Delete { .. }, None) => Readback::Found { external_id: None },
        (Action::Delete { .. }, Some(_)) | (_, None) => Readback::Absent,
        (Action::Reply { comment, text, .. }, Some(held)) => {
            let value = &held.value;
            if value["text"] == text.as_str() && value["reply"]["parent"]["uri"] == comment.as_str() {
                Readback::Found {
                    external_id: Some(format!("at://{}/{collection}/{own}", account.external_id)),
                }
            } else {
                cannot_tell("another post stands under the reply's key")
            }
        }
        (_, Some(_)) => Readback::Found { external_id: None },
    }
}

async fn hidden(bluesky: &Bluesky, account: &Account, comment: &str, place: &Place, is_hidden: bool) -> Readback {
    let root = place.post.as_deref().and_then(key::post);
    let Some(root) = root.filter(|root| root.did == account.external_id) else {
        // Sending it again looks the thread up, and changes nothing that is so already.
        return Readback::Absent;
    };
    match record::get(bluesky, account, GATE, root.key).await {
        Ok(held) => {
            let stands = held.is_some_and(|held| {
                let hidden = held.value["hiddenReplies"].as_array().cloned().unwrap_or_default();
                hidden.iter().any(|uri| uri.as_str() == Some(comment))
            });
            if stands == is_hidden {
                Readback::Found { external_id: None }
            } else {
                Readback::Absent
            }
        }
        Err(trouble) => trouble.into_readback(),
    }
}
