//! Acting on Bluesky: records written to the account's own repository, each under a key of its own.
//!
//! A record is written only where there is none: whoever tries again finds what was written and writes nothing.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::failure::{Reason, Trouble};
use super::post::{Reply, Strong, answered};
use super::{Bluesky, POST, key, parse, readback, record};
use crate::connector::http::Call;
use crate::connector::{Account, Action, Place, Readback, Sent};

/// Kind of record that says who may answer under a post, and which answers stand behind a click.
pub(super) const GATE: &str = "app.bsky.feed.threadgate";
/// Kind of record that a like is.
pub(super) const LIKE: &str = "app.bsky.feed.like";
/// Answers that one thread may have hidden (`app.bsky.feed.threadgate`).
const MOST_HIDDEN: usize = 300;
/// How often somebody may have changed the rules of a thread meanwhile.
const SWAPS: usize = 3;
/// Languages that a post may declare.
const LANGUAGES: usize = 3;

fn refused(message: &str) -> Sent {
    Sent::Refused {
        code: "invalid",
        message: message.into(),
    }
}

/// Does it, once.
pub(super) async fn send(bluesky: &Bluesky, account: &Account, action: &Action) -> Sent {
    let comment = action.comment();
    let Some(address) = key::post(comment) else {
        return refused("the comment's address is not one of Bluesky");
    };
    let done = match action {
        Action::Reply { text, .. } => return reply(bluesky, account, action, text).await,
        Action::Like { .. } => return like(bluesky, account, action).await,
        Action::Hide { place, .. } => moderate(bluesky, account, comment, place, true).await,
        Action::Unhide { place, .. } => moderate(bluesky, account, comment, place, false).await,
        Action::Delete { .. } if address.did == account.external_id => {
            record::delete(bluesky, account, POST, address.key).await
        }
        Action::Delete { .. } => return refused("Bluesky lets nobody delete what others wrote"),
        Action::PrivateReply { .. } => return refused("private messages on Bluesky are not sent from here"),
    };
    match done {
        Ok(()) => Sent::Done { external_id: None },
        Err(trouble) => trouble.into_sent(),
    }
}

/// A post as it is now, and the server's time.
struct Found {
    post: Strong,
    reply: Option<Reply>,
    at: DateTime<Utc>,
}

async fn look_up(bluesky: &Bluesky, account: &Account, uri: &str) -> Result<Found, Trouble> {
    let call = Call::get("app.bsky.feed.getPosts").query("uris", uri);
    let answer = bluesky.call(account, call).await?;
    let view = parse::one(&answer.body, uri)
        .map_err(|_| Trouble::unreadable())?
        .ok_or_else(|| Trouble::gone("the comment is no longer on Bluesky"))?;
    let date = answer.headers.get("date").and_then(|date| date.to_str().ok());
    let date = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok());
    Ok(Found {
        reply: answered(view.record),
        at: date
            .map(|date| date.with_timezone(&Utc))
            .or_else(|| view.indexed_at.instant())
            .ok_or_else(Trouble::unreadable)?,
        post: Strong {
            cid: view.cid.filled().ok_or_else(Trouble::unreadable)?,
            uri: uri.to_owned(),
        },
    })
}

fn written_at(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

async fn reply(bluesky: &Bluesky, account: &Account, action: &Action, text: &str) -> Sent {
    let found = match look_up(bluesky, account, action.comment()).await {
        Ok(found) => found,
        Err(trouble) => return trouble.into_sent(),
    };
    // The root is that of the thread, not the comment answered (`app.bsky.feed.post`, `replyRef`).
    let root = found.reply.map_or_else(|| found.post.clone(), |reply| reply.root);
    let mut said = json!({
        "$type": POST, "text": text, "createdAt": written_at(found.at),
        "reply": Reply { root, parent: found.post },
    });
    let languages: Vec<&str> = account.setting_list("langs").take(LANGUAGES).collect();
    if !languages.is_empty() {
        said["langs"] = json!(languages);
    }
    let links = links(text);
    if !links.is_empty() {
        said["facets"] = Value::Array(links);
    }
    own(bluesky, account, action, POST, &said).await
}

async fn like(bluesky: &Bluesky, account: &Account, action: &Action) -> Sent {
    match look_up(bluesky, account, action.comment()).await {
        Ok(found) => {
            let said = json!({ "$type": LIKE, "subject": found.post, "createdAt": written_at(found.at) });
            match own(bluesky, account, action, LIKE, &said).await {
                Sent::Done { .. } => Sent::Done { external_id: None },
                other => other,
            }
        }
        Err(trouble) => trouble.into_sent(),
    }
}

/// Writes the record of an action under its own key, unless it stands there.
async fn own(bluesky: &Bluesky, account: &Account, action: &Action, collection: &str, said: &Value) -> Sent {
    let key = readback::own_key(action);
    let uri = format!("at://{}/{collection}/{key}", account.external_id);
    match record::put(bluesky, account, collection, &key, said, None).await {
        Ok(made) => Sent::Done {
            external_id: Some(made.unwrap_or(uri)),
        },
        Err(trouble) if trouble.reason() == Some(Reason::Changed) => {
            match readback::read_back(bluesky, account, action).await {
                Readback::Found { external_id } => Sent::Done { external_id },
                Readback::CannotTell { message } => refused(&message),
                Readback::Absent | Readback::Later { .. } => trouble.into_sent(),
            }
        }
        Err(trouble) => trouble.into_sent(),
    }
}

/// Puts an answer behind a click, or takes it out again: the rules of the thread are read, changed, and written only if
/// nobody else has changed them meanwhile.
async fn moderate(
    bluesky: &Bluesky,
    account: &Account,
    comment: &str,
    place: &Place,
    hide: bool,
) -> Result<(), Trouble> {
    let found;
    let root = match &place.post {
        Some(post) => post,
        None => {
            found = look_up(bluesky, account, comment).await?;
            found.reply.as_ref().map_or(&found.post.uri, |reply| &reply.root.uri)
        }
    };
    let ours = key::post(root).filter(|root| root.did == account.external_id);
    let key = ours.ok_or_else(|| Trouble::invalid("only answers under the account's own posts can be hidden"))?;
    let mut swaps = 0;
    loop {
        let held = record::get(bluesky, account, GATE, key.key).await?;
        let Some((changed, swap)) = changed(held, root, comment, hide)? else {
            return Ok(());
        };
        let now = match changed.get("createdAt") {
            Some(_) => changed,
            None => with_time(bluesky, account, root, changed).await?,
        };
        match record::put(bluesky, account, GATE, key.key, &now, swap.as_deref()).await {
            Ok(_) => return Ok(()),
            Err(trouble) if trouble.reason() == Some(Reason::Changed) && swaps < SWAPS => swaps += 1,
            Err(trouble) => return Err(trouble),
        }
    }
}

/// The rules as they are to be, and the hash of those they take the place of; none if they are so already.
fn changed(
    held: Option<record::Held>,
    root: &str,
    comment: &str,
    hide: bool,
) -> Result<Option<(Value, Option<String>)>, Trouble> {
    let (mut rules, swap) = match held {
        Some(held) => (held.value, Some(held.cid)),
        // Without `allow` everybody may answer.
        None => (json!({ "$type": GATE, "post": root }), None),
    };
    let rows = rules.as_object_mut().ok_or_else(Trouble::unreadable)?;
    let hidden = rows.entry("hiddenReplies").or_insert_with(|| json!([]));
    let hidden = hidden.as_array_mut().ok_or_else(Trouble::unreadable)?;
    let stands = hidden.iter().any(|uri| uri.as_str() == Some(comment));
    if stands == hide {
        return Ok(None);
    }
    if !hide {
        hidden.retain(|uri| uri.as_str() != Some(comment));
    } else if hidden.len() >= MOST_HIDDEN {
        return Err(Trouble::invalid(
            "as many answers are hidden in this thread as Bluesky takes",
        ));
    } else {
        hidden.push(json!(comment));
    }
    Ok(Some((rules, swap)))
}

async fn with_time(bluesky: &Bluesky, account: &Account, root: &str, mut rules: Value) -> Result<Value, Trouble> {
    let at = look_up(bluesky, account, root).await?.at;
    rules["createdAt"] = json!(written_at(at));
    Ok(rules)
}

/// Addresses in a text, as Bluesky wants them marked: nothing is a link by itself, and places are counted in bytes of UTF-8
/// (bsky-docs, "Links, mentions, and rich text").
fn links(text: &str) -> Vec<Value> {
    let mut links = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("http")) {
        let start = from + at;
        let rest = text.get(start..).unwrap_or_default();
        let end = rest
            .find(|c: char| c.is_whitespace() || "<>\"".contains(c))
            .unwrap_or(rest.len());
        let url = rest.get(..end).unwrap_or_default();
        let url = url.trim_end_matches(|c: char| ".,;:!?)]’”".contains(c));
        let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        if host.is_some_and(|host| !host.is_empty()) && reqwest::Url::parse(url).is_ok() {
            links.push(json!({
                "index": { "byteStart": start, "byteEnd": start + url.len() },
                "features": [{ "$type": "app.bsky.richtext.facet#link", "uri": url }],
            }));
            from = start + url.len();
        } else {
            from = start + "http".len();
        }
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_a_text_are_marked_by_their_bytes() {
        let text = "Läs på https://exempel.se/å?x=1. Och (http://a.example), http, https:// slut";
        let marked: Vec<(&str, String)> = links(text)
            .iter()
            .map(|facet| {
                let place = |name: &str| usize::try_from(facet["index"][name].as_u64().unwrap()).unwrap();
                let uri = facet["features"][0]["uri"].as_str().unwrap().to_owned();
                (&text[place("byteStart")..place("byteEnd")], uri)
            })
            .collect();
        let expected = ["https://exempel.se/å?x=1", "http://a.example"];
        assert_eq!(marked, expected.map(|url| (url, url.to_owned())));
    }

    #[test]
    fn rules_that_are_not_ours_to_change_are_kept() {
        let held = |hidden: Value| {
            Some(record::Held {
                cid: "c1".into(),
                value: json!({ "$type": GATE, "post": "p", "allow": [], "createdAt": "t", "hiddenReplies": hidden }),
            })
        };
        let (rules, swap) = changed(held(json!(["a"])), "p", "b", true).unwrap().unwrap();
        assert_eq!(
            (rules["allow"].clone(), rules["createdAt"].clone()),
            (json!([]), json!("t"))
        );
        assert_eq!(
            (rules["hiddenReplies"].clone(), swap.as_deref()),
            (json!(["a", "b"]), Some("c1"))
        );
        assert!(changed(held(json!(["a"])), "p", "a", true).unwrap().is_none());
        assert!(changed(None, "p", "a", false).unwrap().is_none());
        let (rules, _) = changed(held(json!(["a", "b"])), "p", "a", false).unwrap().unwrap();
        assert_eq!(rules["hiddenReplies"], json!(["b"]));
        assert!(changed(held(json!(vec!["x"; MOST_HIDDEN])), "p", "a", true).is_err());
        assert!(changed(held(json!("none")), "p", "a", true).is_err());
        let (rules, swap) = changed(None, "p", "a", true).unwrap().unwrap();
        assert_eq!((rules.get("allow"), swap), (None, None));
    }
}
