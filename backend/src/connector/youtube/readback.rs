//! Looking on YouTube whether something took effect.

use chrono::{DateTime, Utc};

use super::failure::Trouble;
use super::parse::{self, Asked};
use super::{Youtube, comment_id, top};
use crate::connector::http::Call;
use crate::connector::reading::Listing;
use crate::connector::written::{Written, folded};
use crate::connector::{Account, Action, Readback};

/// Pages followed at most.
const MOST_PAGES: usize = 20;

/// Looks.
pub(super) async fn read_back(youtube: &Youtube, account: &Account, action: &Action, since: DateTime<Utc>) -> Readback {
    match action {
        Action::Reply { comment, text, .. } => reply(youtube, account, comment, &Written { text, since }).await,
        Action::Delete { comment, .. } => match is_there(youtube, account, comment, since).await {
            Ok(true) => Readback::Absent,
            Ok(false) => Readback::Found { external_id: None },
            Err(readback) => readback,
        },
        // All of them may be repeated, and by its id a comment shows no moderation status.
        Action::Hide { .. } | Action::Unhide { .. } | Action::Like { .. } => Readback::Absent,
        Action::PrivateReply { .. } => cannot_tell("YouTube has no private replies"),
    }
}

fn cannot_tell(message: &str) -> Readback {
    Readback::CannotTell {
        message: message.into(),
    }
}

async fn page(youtube: &Youtube, account: &Account, call: Call<'_>, now: DateTime<Utc>) -> Result<Listing, Readback> {
    let call = call.query("part", "snippet").query("textFormat", "plainText");
    let answer = youtube.call(account, call).await.map_err(Trouble::into_readback)?;
    parse::take_apart(&account.external_id, Asked::ById, &answer.body, now)
        .map_err(|_| cannot_tell("YouTube's list of comments is not readable"))
}

async fn is_there(youtube: &Youtube, account: &Account, comment: &str, now: DateTime<Utc>) -> Result<bool, Readback> {
    let id = comment_id(comment).ok_or_else(|| cannot_tell("the comment's id is not one of YouTube"))?;
    let listing = page(youtube, account, Call::get("comments").query("id", id), now).await?;
    if listing.ignored > 0 {
        return Err(cannot_tell("YouTube's list of comments is not readable"));
    }
    Ok(listing.comments.iter().any(|seen| seen.comment.external_id == id))
}

/// Says "absent" only after all answers of the thread were read.
async fn reply(youtube: &Youtube, account: &Account, comment: &str, written: &Written<'_>) -> Readback {
    let Some(id) = comment_id(comment) else {
        return cannot_tell("the comment's id is not one of YouTube");
    };
    let (wanted, from) = (folded(written.text), written.from());
    let mut next: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let mut call = Call::get("comments")
            .query("parentId", top(id))
            .query("maxResults", "100");
        if let Some(next) = &next {
            call = call.query("pageToken", next.clone());
        }
        let listing = match page(youtube, account, call, written.since).await {
            Ok(listing) => listing,
            Err(readback) => return readback,
        };
        if listing.ignored > 0 {
            return cannot_tell("an answer in the thread is not readable");
        }
        let ours = listing.comments.into_iter().map(|seen| seen.comment).find(|said| {
            said.own
                && said.created_at.is_none_or(|at| at >= from)
                && said.text.as_deref().map(folded).as_ref() == Some(&wanted)
        });
        if let Some(ours) = ours {
            return Readback::Found {
                external_id: Some(ours.external_id),
            };
        }
        if listing.next.is_none() {
            return Readback::Absent;
        }
        if listing.next == next {
            return cannot_tell("the list of answers could not be read to its end");
        }
        next = listing.next;
    }
    cannot_tell("the thread is too long to be read to its end")
}
