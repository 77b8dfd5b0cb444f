//! Reading and writing records of the account's own repository (`com.atproto.repo.*`).

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::Bluesky;
use super::failure::{Reason, Trouble};
use crate::connector::http::Call;
use crate::connector::{Account, json::Word};

/// A record as it stands.
pub(super) struct Held {
    /// Its content hash.
    pub(super) cid: String,
    /// What it says.
    pub(super) value: Value,
}

#[derive(Deserialize)]
struct Got<'a> {
    cid: String,
    #[serde(borrow)]
    value: &'a RawValue,
}

#[derive(Deserialize)]
struct Put {
    #[serde(default)]
    uri: Word,
}

/// The record of this kind and key; none if there is none.
pub(super) async fn get(
    bluesky: &Bluesky,
    account: &Account,
    collection: &str,
    key: &str,
) -> Result<Option<Held>, Trouble> {
    let call = Call::get("com.atproto.repo.getRecord")
        .query("repo", account.external_id.as_str())
        .query("collection", collection)
        .query("rkey", key);
    match bluesky.call(account, call).await {
        Ok(answer) => {
            let got: Got<'_> = answer.json().ok_or_else(Trouble::unreadable)?;
            let value = serde_json::from_str(got.value.get()).map_err(|_| Trouble::unreadable())?;
            Ok(Some(Held { cid: got.cid, value }))
        }
        Err(trouble) if trouble.reason() == Some(Reason::Gone) => Ok(None),
        Err(trouble) => Err(trouble),
    }
}

/// Writes a record in the place of the one with hash `swap`, or where there is none yet; its address.
pub(super) async fn put(
    bluesky: &Bluesky,
    account: &Account,
    collection: &str,
    key: &str,
    record: &Value,
    swap: Option<&str>,
) -> Result<Option<String>, Trouble> {
    let call = Call::post("com.atproto.repo.putRecord").json(json!({
        "repo": account.external_id, "collection": collection, "rkey": key, "record": record,
        "swapRecord": swap,
    }));
    let answer = bluesky.call(account, call).await?;
    Ok(answer.json::<Put>().and_then(|put| put.uri.filled()))
}

/// Removes a record; one that is not there is removed as well.
pub(super) async fn delete(bluesky: &Bluesky, account: &Account, collection: &str, key: &str) -> Result<(), Trouble> {
    let call = Call::post("com.atproto.repo.deleteRecord")
        .json(json!({ "repo": account.external_id, "collection": collection, "rkey": key }));
    match bluesky.call(account, call).await {
        Err(trouble) if trouble.reason() != Some(Reason::Gone) => Err(trouble),
        _ => Ok(()),
    }
}
