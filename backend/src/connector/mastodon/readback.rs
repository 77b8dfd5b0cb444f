//! Looking on Mastodon whether something took effect.

use chrono::{DateTime, Utc};

use super::failure::Trouble;
use super::{Mastodon, parse, status_id};
use crate::connector::http::Call;
use crate::connector::written::{Written, folded};
use crate::connector::{Account, Action, Readback};

/// Statuses below another that a server gives at most (Mastodon, `CONTEXT_LIMIT`).
const MOST: usize = 4_096;

/// Looks.
pub(super) async fn read_back(
    mastodon: &Mastodon,
    account: &Account,
    action: &Action,
    since: DateTime<Utc>,
) -> Readback {
    let Some(id) = status_id(action.comment()) else {
        return cannot_tell("the comment's id is not one of Mastodon");
    };
    match action {
        Action::Reply { text, .. } => answer(mastodon, account, id, false, &Written { text, since }).await,
        Action::PrivateReply { text, .. } => answer(mastodon, account, id, true, &Written { text, since }).await,
        Action::Delete { .. } => {
            let call = Call::get(format!("api/v1/statuses/{id}"));
            match mastodon.call(account, call).await {
                Ok(_) => Readback::Absent,
                Err(trouble) if trouble.is_gone() => Readback::Found { external_id: None },
                Err(trouble) => trouble.into_readback(),
            }
        }
        // May be repeated, or is never done.
        Action::Like { .. } | Action::Hide { .. } | Action::Unhide { .. } => Readback::Absent,
    }
}

fn cannot_tell(message: &str) -> Readback {
    Readback::CannotTell {
        message: message.into(),
    }
}

/// Says "absent" only after everything below the comment was read.
async fn answer(mastodon: &Mastodon, account: &Account, id: &str, in_private: bool, written: &Written<'_>) -> Readback {
    let call = Call::get(format!("api/v1/statuses/{id}/context"));
    let body = match mastodon.call(account, call).await.map_err(Trouble::into_readback) {
        Ok(answer) => answer.body,
        Err(readback) => return readback,
    };
    let Ok(statuses) = parse::below(&body) else {
        return cannot_tell("Mastodon's thread is not readable");
    };
    let whole = statuses.len() < MOST;
    let (wanted, from) = (unaddressed(written.text), written.from());
    let ours = statuses.into_iter().find(|status| {
        status.account.id.0.as_deref() == Some(account.external_id.as_str())
            && status.in_reply_to_id.0.as_deref() == Some(id)
            && (status.visibility.0.as_deref() == Some("direct")) >= in_private
            && status.written_at().is_none_or(|at| at >= from)
            && unaddressed(&status.text()) == wanted
    });
    match ours {
        Some(ours) => Readback::Found {
            external_id: ours.id.filled(),
        },
        None if whole => Readback::Absent,
        None => cannot_tell("the thread is too long to be read to its end"),
    }
}

/// A text without the names in front, which a server shows shorter than they were written.
fn unaddressed(text: &str) -> String {
    let folded = folded(text);
    let words = folded.split(' ').skip_while(|word| word.starts_with('@'));
    words.collect::<Vec<_>>().join(" ")
}
