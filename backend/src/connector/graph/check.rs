//! Looking after known comments by their ids (Graph API, "Read multiple objects": `?ids=`).
//!
//! One id that is not there fails the whole call, without saying dependably which: the ids are asked for again by halves.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;

use super::client::{Client, ReadTrouble};
use super::failure::Meaning;
use super::read::unreadable;
use super::row::{self, Under};
use crate::connector::http::{Call, object_id};
use crate::connector::reading::{Known, Listing, Untold};
use crate::connector::{Account, ParseError};

/// Key of what is read here.
pub(super) const KEY: &str = "check";
/// Ids that one call takes.
pub(super) const IDS: usize = 50;

/// Asks for the comments. What stands in no page returned is gone for certain.
pub(super) async fn check(
    client: &Client,
    fields: &'static str,
    account: &Account,
    known: &[Known],
    now: DateTime<Utc>,
) -> Result<Vec<(String, String)>, Untold> {
    let (mut pages, mut gone) = (Vec::new(), BTreeSet::new());
    let fit: Vec<&Known> = known
        .iter()
        .filter(|one| object_id(&one.external_id).is_some())
        .collect();
    if fit.len() < known.len() {
        return Err(Untold::new(
            "invalid",
            "the id of a comment is not one of this platform",
        ));
    }
    let mut waiting: Vec<&[&Known]> = fit.chunks(IDS).collect();
    while let Some(asked) = waiting.pop() {
        let ids: Vec<&str> = asked.iter().map(|one| one.external_id.as_str()).collect();
        let call = Call::get("").query("ids", ids.join(",")).query("fields", fields);
        match client.read(account, call, now).await {
            Ok(answer) => pages.push((KEY.to_owned(), answer.body)),
            Err(ReadTrouble::Call(trouble)) if trouble.meaning() == Some(Meaning::Gone) => match asked {
                [one] => gone.extend(one.post.clone().or_else(|| Some(account.external_id.clone()))),
                many => {
                    let (left, right) = many.split_at(many.len() / 2);
                    waiting.extend([left, right]);
                }
            },
            Err(trouble) => return Err(trouble.into()),
        }
    }
    for post in gone {
        is_visible(client, account, &post, now).await?;
    }
    Ok(pages)
}

/// "Not there" also means "not visible with this token": what the comments stood under, or else the account itself, must still
/// be readable before they are called gone.
async fn is_visible(client: &Client, account: &Account, post: &str, now: DateTime<Utc>) -> Result<(), Untold> {
    for id in [post, account.external_id.as_str()] {
        let Some(id) = object_id(id) else { continue };
        match client.read(account, Call::get(id).query("fields", "id"), now).await {
            Ok(_) => return Ok(()),
            Err(ReadTrouble::Call(trouble)) if trouble.meaning() == Some(Meaning::Gone) => {}
            Err(trouble) => return Err(trouble.into()),
        }
    }
    Err(Untold::new(
        "permission-lost",
        "neither comments nor the account can be read with this token",
    ))
}

/// Takes an answer apart: an object with one member for each id.
pub(super) fn take_apart(
    account: &str,
    body: &str,
    now: DateTime<Utc>,
    listing: &mut Listing,
) -> Result<(), ParseError> {
    let all: BTreeMap<String, &RawValue> = serde_json::from_str(body).map_err(|e| unreadable(&e))?;
    let under = Under {
        account,
        post: None,
        parent: None,
    };
    for raw in all.values() {
        row::put(under, raw, now, listing);
    }
    Ok(())
}
