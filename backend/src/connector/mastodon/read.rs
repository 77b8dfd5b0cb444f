//! What is read on Mastodon and how often: mentions, the threads of known statuses, and comments by their ids
//! (docs.joinmastodon.org, methods notifications and statuses; 300 calls in five minutes).

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use serde_json::json;

use super::{Mastodon, parse, status_id};
use crate::connector::http::{Answer, Call};
use crate::connector::reading::{Errand, Known, Listing, Reader, Untold};
use crate::connector::{Account, ParseError};

/// Ids that are asked for in one call; servers refuse more.
const IDS: usize = 20;
/// How often threads are read: answers that mention nobody are found only there.
const THREADS_EVERY: u64 = 1_800;

impl Reader for Mastodon {
    fn errands(&self, account: &Account) -> Vec<Errand> {
        let errand = |key: String, seconds: u64, is_live: bool| Errand {
            key,
            every: Duration::from_secs(seconds),
            cost: 1,
            is_live,
            back: None,
        };
        let every = account.setting_number("every_s").unwrap_or(60).into();
        let statuses = account.setting_list("statuses").filter(|id| status_id(id).is_some());
        std::iter::once(errand("mentions".to_owned(), every, true))
            .chain(statuses.map(|id| errand(format!("context/{id}"), THREADS_EVERY, false)))
            .collect()
    }

    fn page<'a>(
        &'a self,
        account: &'a Account,
        key: &'a str,
        page: Option<&'a str>,
        _now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<String, Untold>> {
        Box::pin(async move {
            let mentions = key == "mentions";
            let call = match key.split_once('/') {
                None if mentions => {
                    let call = Call::get("api/v1/notifications")
                        .query("types[]", "mention")
                        .query("limit", "80");
                    match page {
                        Some(page) => call.query("max_id", page),
                        None => call,
                    }
                }
                Some(("context", id)) if status_id(id).is_some() => Call::get(format!("api/v1/statuses/{id}/context")),
                _ => return Err(Untold::new("invalid", "nothing of this name is read on Mastodon")),
            };
            let answer = self
                .call(account, call)
                .await
                .map_err(|trouble| trouble.into_untold())?;
            if !mentions {
                return Ok(answer.body);
            }
            let next = json!(next(&answer));
            Ok(format!("{{\"next\":{next},\"page\":{}}}", answer.body))
        })
    }

    fn take_apart(&self, account: &Account, key: &str, body: &str, now: DateTime<Utc>) -> Result<Listing, ParseError> {
        parse::take_apart(account, key, body, now)
    }

    fn checked_at_once(&self) -> usize {
        IDS
    }

    fn check<'a>(
        &'a self,
        account: &'a Account,
        known: &'a [Known],
        _now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Vec<(String, String)>, Untold>> {
        Box::pin(async move {
            let mut pages = Vec::new();
            let ids: Vec<&str> = known.iter().filter_map(|one| status_id(&one.external_id)).collect();
            for ids in ids.chunks(IDS) {
                let call = ids
                    .iter()
                    .fold(Call::get("api/v1/statuses"), |call, id| call.query("id[]", *id));
                let answer = self
                    .call(account, call)
                    .await
                    .map_err(|trouble| trouble.into_untold())?;
                pages.push(("check".to_owned(), answer.body));
            }
            Ok(pages)
        })
    }
}

/// Where the list goes on. Only the id is taken: calls go to the configured address, whatever a header says.
fn next(answer: &Answer) -> Option<String> {
    let links = answer.headers.get("link")?.to_str().ok()?;
    following(links).map(str::to_owned)
}

fn following(links: &str) -> Option<&str> {
    let link = links.split(',').find(|link| link.contains("rel=\"next\""))?;
    let address = link.split_once('<')?.1.split_once('>')?.0;
    let query = address.split_once('?')?.1;
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix("max_id="))
        .and_then(status_id)
}

#[cfg(test)]
mod tests {
    use super::following;

    #[test]
    fn the_next_page_is_the_one_that_the_header_names_next() {
        let links = "<https://s.example/api/v1/notifications?limit=80&max_id=77>; rel=\"next\", \
                     <https://s.example/api/v1/notifications?limit=80&min_id=79>; rel=\"prev\"";
        assert_eq!(following(links), Some("77"));
        assert_eq!(following("<https://s.example/x?min_id=79>; rel=\"prev\""), None);
        assert_eq!(following("<https://s.example/x?max_id=../me>; rel=\"next\""), None);
    }
}
