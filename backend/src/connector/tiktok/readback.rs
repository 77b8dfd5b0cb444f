//! Looking on TikTok whether something took effect.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::failure::Trouble;
use super::parse::is_id;
use super::row::Row;
use super::{Api, Tiktok, data};
use crate::connector::http::Call;
use crate::connector::json::Word;
use crate::connector::written::{Written, folded};
use crate::connector::{Account, Action, Place, Readback};

/// Pages followed at most.
const MOST_PAGES: u32 = 50;

/// Looks.
pub(super) async fn read_back(tiktok: &Tiktok, account: &Account, action: &Action, since: DateTime<Utc>) -> Readback {
    let comment = action.comment();
    if !is_id(comment) {
        return cannot_tell("the comment's id is not one of TikTok");
    }
    let (place, wanted) = match action {
        Action::Reply { text, place, .. } => {
            let top = place.parent.as_deref().unwrap_or(comment);
            return reply(tiktok, account, top, place, &Written { text, since }).await;
        }
        Action::Hide { place, .. } => (place, Some(true)),
        Action::Unhide { place, .. } => (place, Some(false)),
        Action::Delete { place, .. } => (place, None),
        Action::Like { .. } => return Readback::Absent,
        Action::PrivateReply { .. } => return cannot_tell("TikTok has no private replies"),
    };
    let top = place.parent.as_deref().unwrap_or(comment);
    let found = Readback::Found { external_id: None };
    let row = match thread(tiktok, account, top, place.post.as_deref()).await {
        Ok(Some(rows)) => rows
            .into_iter()
            .find(|row| row.comment_id.0.as_deref() == Some(comment)),
        Ok(None) => return cannot_tell("the thread could not be read to its end"),
        Err(trouble) => return trouble.into_readback(),
    };
    match (row, wanted) {
        (None, None) => found,
        (Some(row), Some(wanted)) if row.is_hidden() == Some(wanted) => found,
        _ => Readback::Absent,
    }
}

fn cannot_tell(message: &str) -> Readback {
    Readback::CannotTell {
        message: message.into(),
    }
}

async fn reply(tiktok: &Tiktok, account: &Account, top: &str, place: &Place, written: &Written<'_>) -> Readback {
    let rows = match thread(tiktok, account, top, place.post.as_deref()).await {
        Ok(Some(rows)) => rows,
        Ok(None) => return cannot_tell("the thread could not be read to its end"),
        Err(trouble) => return trouble.into_readback(),
    };
    let (wanted, from) = (folded(written.text), written.from());
    let ours = rows.into_iter().find(|row| {
        row.is_own()
            && row.create_time.instant().is_none_or(|at| at >= from)
            && row.content.0.as_deref().map(folded).as_ref() == Some(&wanted)
    });
    match ours {
        Some(row) => Readback::Found {
            external_id: row.comment_id.filled(),
        },
        None => Readback::Absent,
    }
}

/// A page of either list of comments.
#[derive(Deserialize)]
pub(super) struct Page {
    pub(super) comments: Vec<Row>,
    #[serde(default)]
    page_info: Option<PageInfo>,
    #[serde(default)]
    cursor: Word,
    #[serde(default)]
    has_more: Option<bool>,
}

#[derive(Deserialize)]
struct PageInfo {
    page: u32,
    total_page: u32,
}

impl Page {
    /// Asks for the page after it.
    pub(super) fn next(&self) -> Option<String> {
        let more = self
            .cursor
            .0
            .clone()
            .filter(|at| !at.is_empty() && self.has_more == Some(true));
        let after = self.page_info.as_ref().filter(|info| info.page < info.total_page);
        after.map(|info| (info.page + 1).to_string()).or(more)
    }
}

/// A comment at top level with all answers to it; none where the list could not be read to its end.
pub(super) async fn thread(
    tiktok: &Tiktok,
    account: &Account,
    top: &str,
    video: Option<&str>,
) -> Result<Option<Vec<Row>>, Trouble> {
    let mut rows = Vec::new();
    let mut next = None::<String>;
    for _ in 0..MOST_PAGES {
        let body = tiktok.call(account, list(account, top, video, next.as_deref())).await?;
        let Some(page) = data::<Page>(&body) else {
            return Ok(None);
        };
        let following = page.next();
        rows.extend(page.comments);
        if following.is_none() {
            let below: Vec<Row> = rows
                .iter_mut()
                .filter_map(|row| row.reply_list.take())
                .flatten()
                .collect();
            rows.extend(below);
            return Ok(Some(rows));
        }
        if following == next {
            return Ok(None);
        }
        next = following;
    }
    Ok(None)
}

fn list<'a>(account: &Account, top: &str, video: Option<&str>, page: Option<&str>) -> Call<'a> {
    match Api::of(account) {
        Api::Ads => Call::get("comment/reference/")
            .query("advertiser_id", account.external_id.as_str())
            .query("comment_id", top)
            .query("comment_type", "COMMENT")
            .query("original_comment_id", "0")
            .query("page", page.unwrap_or("1"))
            .query("page_size", "100"),
        Api::Organic => {
            let call = Call::get("business/comment/list/")
                .query("business_id", account.external_id.as_str())
                .query("video_id", video.unwrap_or_default())
                .query("comment_ids", format!("[\"{top}\"]"))
                .query("include_replies", "true")
                .query("status", "ALL")
                .query("max_count", "30");
            match page {
                Some(cursor) => call.query("cursor", cursor),
                None => call,
            }
        }
    }
}
