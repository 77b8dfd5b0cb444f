//! Looking for a reply of ours in a thread, to settle a sending whose outcome is unknown.
//!
//! Says "absent" only after the whole list was read and every row with the same text had an author: a wrong "absent"
//! is a second reply in public.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::client::Client;
use crate::connector::http::{Answer, Call};
use crate::connector::json::Word;
use crate::connector::written::{Written, folded};
use crate::connector::{Account, Readback};

/// Pages followed at most.
const MOST_PAGES: usize = 50;

/// A list of comments to read, page by page.
pub(in crate::connector) struct Listed {
    /// The edge.
    pub path: String,
    /// Fields asked for.
    pub fields: &'static str,
    /// Rows asked for per page.
    pub limit: &'static str,
    /// Parameters of this platform's edge besides.
    pub extra: Vec<(&'static str, String)>,
    /// Whether the first page must carry a `summary`: Facebook answers a wrong kind of token with an empty list
    /// instead of an error, and leaves the summary out.
    pub counted: bool,
}

#[derive(Deserialize)]
struct Page {
    data: Vec<Row>,
    #[serde(default)]
    paging: Option<Paging>,
    #[serde(default)]
    summary: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Paging {
    #[serde(default)]
    cursors: Option<Cursors>,
    #[serde(default)]
    next: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Cursors {
    #[serde(default)]
    after: Word,
}

/// A comment as either platform lists it.
#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    id: Word,
    #[serde(default, alias = "text")]
    message: Word,
    #[serde(default, alias = "timestamp")]
    created_time: Word,
    #[serde(default)]
    from: Option<Actor>,
    /// Instagram gives it for the account's own comments only.
    #[serde(default)]
    user: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Actor {
    #[serde(default)]
    id: Word,
}

/// Reads the list to its end or to the reply.
pub(in crate::connector) async fn search(
    client: &Client,
    account: &Account,
    list: &Listed,
    written: &Written<'_>,
) -> Readback {
    let cannot_tell = |why: &str| Readback::CannotTell { message: why.into() };
    let (wanted, from) = (folded(written.text), written.from());
    let (mut after, mut nameless) = (None::<String>, false);
    for number in 0..MOST_PAGES {
        let mut call = Call::get(list.path.clone())
            .query("fields", list.fields)
            .query("limit", list.limit);
        for (name, value) in &list.extra {
            call = call.query(name, value.clone());
        }
        if let Some(after) = &after {
            call = call.query("after", after.clone());
        }
        let answer: Answer = match client.call(account, call).await {
            Ok(answer) => answer,
            Err(trouble) => return trouble.into_readback(),
        };
        let Some(page) = answer.json::<Page>() else {
            return cannot_tell("the list of replies is not readable");
        };
        if number == 0 && list.counted && page.summary.is_none() {
            return cannot_tell("the platform lists nothing for this kind of token");
        }
        for row in page.data {
            let recent = row.created_time.instant().is_none_or(|at| at >= from);
            if !recent || row.message.0.as_deref().map(folded).as_ref() != Some(&wanted) {
                continue;
            }
            let author = row.from.and_then(|actor| actor.id.filled());
            match author {
                Some(author) if author == account.external_id => {
                    return Readback::Found {
                        external_id: row.id.filled(),
                    };
                }
                Some(_) => {}
                None if row.user.is_some() => {
                    return Readback::Found {
                        external_id: row.id.filled(),
                    };
                }
                None => nameless = true,
            }
        }
        let Some(paging) = page.paging.filter(|paging| paging.next.is_some()) else {
            return if nameless {
                cannot_tell("a reply with this text is there without an author")
            } else {
                Readback::Absent
            };
        };
        // Only the cursor is taken: the address in `next` may point anywhere, and the token would go with it.
        let next = paging.cursors.and_then(|cursors| cursors.after.filled());
        if next.is_none() || next == after {
            return cannot_tell("the list of replies could not be read to its end");
        }
        after = next;
    }
    cannot_tell("the thread is too long to be read to its end")
}
