//! Acting on Mastodon. Writes once per action, never repeated here.

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::parse::Status;
use super::{Mastodon, status_id};
use crate::connector::http::Call;
use crate::connector::json::Word;
use crate::connector::{Account, Action, Sent};

/// What a mention counts at most: `@`, a local name of thirty characters (Mastodon, `Account::USERNAME_LENGTH_LIMIT`), a space.
pub(super) const MENTION: usize = 32;

#[derive(Deserialize)]
struct Made {
    #[serde(default)]
    id: Word,
}

/// Does it, once.
pub(super) async fn send(mastodon: &Mastodon, account: &Account, action: &Action) -> Sent {
    let Some(id) = status_id(action.comment()) else {
        return invalid("the comment's id is not one of Mastodon");
    };
    let call = match action {
        Action::Reply { text, .. } => return answer(mastodon, account, id, text, false).await,
        Action::PrivateReply { text, .. } => return answer(mastodon, account, id, text, true).await,
        Action::Delete { .. } => return delete(mastodon, account, id).await,
        Action::Like { .. } => Call::post(format!("api/v1/statuses/{id}/favourite")),
        Action::Hide { .. } | Action::Unhide { .. } => return invalid("Mastodon lets nobody hide what others write"),
    };
    match mastodon.call(account, call).await {
        Ok(_) => Sent::Done { external_id: None },
        Err(trouble) => trouble.into_sent(true),
    }
}

fn invalid(message: &str) -> Sent {
    Sent::Refused {
        code: "invalid",
        message: message.into(),
    }
}

/// Answers the person by name, as a status that does not mention them never reaches them, and never more openly than they wrote.
async fn answer(mastodon: &Mastodon, account: &Account, id: &str, text: &str, in_private: bool) -> Sent {
    let asked = Call::get(format!("api/v1/statuses/{id}"));
    let answered = match mastodon.call(account, asked).await {
        Ok(answer) => answer,
        // Nothing has been written yet.
        Err(trouble) => return trouble.into_sent(true),
    };
    let Some(status) = answered.json::<Status>() else {
        return Sent::Later {
            code: "unavailable",
            message: "the status to answer is not readable".into(),
            after: None,
        };
    };
    let visibility = match status.visibility.0.as_deref() {
        _ if in_private => "direct",
        Some("public") => "public",
        Some("unlisted") => "unlisted",
        Some("private") => "private",
        _ => "direct",
    };
    let is_own = status.account.id.0.as_deref() == Some(account.external_id.as_str());
    let written = match status.account.acct.filled() {
        Some(acct) if !is_own && !text.contains(&format!("@{acct}")) => format!("@{acct} {text}"),
        _ => text.to_owned(),
    };
    let call = Call::post("api/v1/statuses")
        .header("idempotency-key", key(account, id, text, in_private))
        .form("status", &written)
        .form("in_reply_to_id", id)
        .form("visibility", visibility);
    match mastodon.call(account, call).await {
        Ok(answer) => match answer.json::<Made>().and_then(|made| made.id.filled()) {
            Some(id) => Sent::Done { external_id: Some(id) },
            None => Sent::Unknown {
                message: "Mastodon answered without an id".into(),
            },
        },
        Err(trouble) => trouble.into_sent(false),
    }
}

/// The same for every attempt at the same answer: for an hour, the server answers with the status it has made already.
fn key(account: &Account, id: &str, text: &str, in_private: bool) -> String {
    let mut digest = Sha256::new();
    let place: &[u8] = if in_private { b"private" } else { b"public" };
    for part in [account.external_id.as_bytes(), id.as_bytes(), place, text.as_bytes()] {
        digest.update(part);
        digest.update([0]);
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Deletes what is the account's own. "Not found" says both "gone" and "not yours", so it is looked at.
async fn delete(mastodon: &Mastodon, account: &Account, id: &str) -> Sent {
    let path = format!("api/v1/statuses/{id}");
    match mastodon.call(account, Call::delete(path.clone())).await {
        Ok(_) => Sent::Done { external_id: None },
        Err(trouble) if trouble.is_gone() => match mastodon.call(account, Call::get(path)).await {
            Ok(_) => invalid("Mastodon lets an account delete only what is its own"),
            Err(trouble) if trouble.is_gone() => Sent::Done { external_id: None },
            Err(trouble) => trouble.into_sent(true),
        },
        Err(trouble) => trouble.into_sent(true),
    }
}
