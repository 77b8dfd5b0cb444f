//! What the advertiser's API wants to be told with an answer: below which ad, and as whom
//! (TikTok API for Business, "Post a comment reply").
//!
//! Every comment under an ad names the same. An answer in the thread tells it; a thread without answers is an empty list
//! ("Get related comments"), so then the comment is looked for where it was read. What was found once is remembered.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;

use super::failure::Trouble;
use super::read::{adgroups, chosen, comments};
use super::readback::{Page, thread};
use super::row::Identity;
use super::{Account, Tiktok, data};
use crate::connector::Place;

/// Pages of ad groups, or of one ad group's comments of three days, that are looked through.
const MOST_PAGES: usize = 50;

/// Of each advertiser's ad and video.
#[derive(Default)]
pub(super) struct Identities {
    known: Mutex<HashMap<[String; 3], Identity>>,
}

impl Identities {
    fn get(&self, key: &[String; 3]) -> Option<Identity> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(key).cloned()
    }

    fn keep(&self, account: &Account, identity: &Identity) {
        let key = [account.external_id.clone(), identity.ad.clone(), identity.video.clone()];
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(key, identity.clone());
    }
}

/// What to tell with an answer below a comment at top level; none where TikTok lists no such comment.
pub(super) async fn identity(
    tiktok: &Tiktok,
    account: &Account,
    comment: &str,
    place: &Place,
) -> Result<Option<Identity>, Trouble> {
    if let (Some(ad), Some(video)) = (&place.ad, &place.post) {
        let key = [account.external_id.clone(), ad.clone(), video.clone()];
        if let Some(known) = tiktok.identities.get(&key) {
            return Ok(Some(known));
        }
    }
    let top = place.parent.as_deref().unwrap_or(comment);
    let answers = thread(tiktok, account, top, None).await?.unwrap_or_default();
    let found = match answers.into_iter().find_map(|row| row.identity()) {
        Some(found) => Some(found),
        None => looked_for(tiktok, account, comment, place).await?,
    };
    if let Some(found) = &found {
        tiktok.identities.keep(account, found);
    }
    Ok(found)
}

/// Reads the ad groups over the day on which the comment was written, until one lists it or another below the same ad.
async fn looked_for(
    tiktok: &Tiktok,
    account: &Account,
    comment: &str,
    place: &Place,
) -> Result<Option<Identity>, Trouble> {
    let Some(written_at) = place.written_at else {
        return Ok(None);
    };
    let day = TimeDelta::days(1);
    let (mut groups, mut next) = (Vec::new(), None::<String>);
    for _ in 0..MOST_PAGES {
        let body = tiktok.call(account, adgroups(account, next.as_deref())).await?;
        let Some((below, following)) = chosen(account, &body) else {
            return Ok(None);
        };
        groups.extend(below);
        next = following;
        if next.is_none() {
            break;
        }
    }
    for group in groups {
        let mut page = None::<String>;
        for _ in 0..MOST_PAGES {
            let call = comments(account, &group, written_at - day, written_at + day, page.as_deref());
            let body = tiktok.call(account, call).await?;
            let Some(listed) = data::<Page>(&body) else {
                break;
            };
            page = listed.next();
            let mut rows = listed.comments.into_iter();
            let found = rows.find(|row| {
                let same_ad = place.ad.is_some() && row.ad_id.0 == place.ad && row.tiktok_item_id.0 == place.post;
                same_ad || row.comment_id.0.as_deref() == Some(comment)
            });
            if let Some(found) = found {
                return Ok(found.identity());
            }
            if page.is_none() {
                break;
            }
        }
    }
    Ok(None)
}
