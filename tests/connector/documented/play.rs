//! Doing what leads to a documented exchange, and how it ends.

use klarsvar::connector::reading::{Known, Listing, Untold};
use klarsvar::connector::{Action, Connector, Sent};
use klarsvar::domain::platform::Platform;
use serde_json::{Value, json};

use super::deed::{Deed, account, deed, text};
use super::now;
use super::replay::Replay;
use crate::support::graph::payload;

/// What the desk asks for besides.
fn beside(platform: Platform, name: &str) -> Vec<Value> {
    let file = |name: &str| payload(&format!("{platform}/{name}"));
    let stands = |path: String, body: &Value| json!({ "request": { "method": "GET", "path": path }, "response": { "status": 200, "headers": {}, "body": body } });
    match platform {
        Platform::Tiktok => vec![file("api/ads_reference_ok.json"), file("api/ads_adgroup_get_ok.json")],
        Platform::Bluesky => {
            let thread = file("api/get_post_thread_ok.json");
            let thread = &thread["response"]["body"]["thread"];
            let posts = [&thread["replies"][0]["post"], &thread["post"]];
            let mut rules = file("api/threadgate_get_ok.json");
            if name.contains("invalid_swap") {
                rules["response"]["body"]["value"]["hiddenReplies"] = json!([]);
            }
            let put = file("api/hide_put_threadgate_ok.json")["response"].clone();
            vec![
                stands("/xrpc/app.bsky.feed.getPosts".into(), &json!({ "posts": posts })),
                rules,
                json!({ "request": { "method": "POST", "path": "/xrpc/com.atproto.repo.putRecord" }, "response": put }),
            ]
        }
        Platform::Mastodon => {
            let context = file("api/context_ok.json");
            let below = context["response"]["body"]["descendants"]
                .as_array()
                .expect("answers")
                .clone();
            let frame = |name: &str| -> Value {
                let said = file(name)["payload"].as_str().map(serde_json::from_str::<Value>);
                said.expect("a text").expect("JSON")["status"].clone()
            };
            let told = ["01_notification_mention_sv", "05_notification_mention_direct"];
            let told = told.map(|name| frame(&format!("frames/{name}.json")));
            let all = told.into_iter().chain(below);
            all.map(|status| stands(format!("/api/v1/statuses/{}", text(&status["id"])), &status))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn known(id: String) -> Known {
    Known {
        external_id: id,
        parent: None,
        post: None,
        ad: None,
        written_at: now(),
    }
}

fn untold(untold: &Untold) -> String {
    let after = untold
        .after
        .map(|time| format!(" after {} s", time.as_secs()))
        .unwrap_or_default();
    format!("{}{after}", untold.code)
}

fn listing(listing: &Listing) -> String {
    let mut said: Vec<String> = Vec::new();
    for seen in &listing.comments {
        let mut one = seen.comment.external_id.clone();
        for (is_so, mark) in [
            (seen.comment.own, "own"),
            (seen.hidden == Some(true), "hidden"),
            (seen.edited_at.is_some(), "edited"),
            (seen.comment.parent.is_some(), "reply"),
        ] {
            if is_so {
                one.push_str(&format!("+{mark}"));
            }
        }
        said.push(one);
    }
    said.extend(listing.deeper.iter().map(|deeper| format!("go {}", deeper.key)));
    let adverts = listing.adverts.iter();
    said.extend(adverts.map(|ad| format!("ad {} of {} shows {}", ad.id, ad.campaign, ad.shows)));
    said.extend(listing.next.iter().map(|next| format!("next {next}")));
    if listing.ignored > 0 {
        said.push(format!("ignored {}", listing.ignored));
    }
    if said.is_empty() {
        "empty".to_owned()
    } else {
        said.join(" ")
    }
}

fn sent(sent: Sent) -> String {
    match sent {
        Sent::Done { external_id } => format!("done {}", external_id.unwrap_or_default())
            .trim_end()
            .to_owned(),
        Sent::Later { code, after, .. } => {
            let after = after
                .map(|time| format!(" after {} s", time.as_secs()))
                .unwrap_or_default();
            format!("later {code}{after}")
        }
        Sent::Refused { code, .. } => format!("refused {code}"),
        Sent::Unknown { .. } => "unknown".to_owned(),
    }
}

fn word(action: &Action) -> &'static str {
    match action {
        Action::Reply { .. } => "reply",
        Action::Hide { .. } => "hide",
        Action::Unhide { .. } => "unhide",
        Action::Delete { .. } => "delete",
        Action::Like { .. } => "like",
        Action::PrivateReply { .. } => "private reply",
    }
}

/// Does what leads to the exchange, against a platform that answers as it says.
pub async fn play(platform: Platform, connector: &dyn Connector, file: &str, exchange: &Value) -> String {
    let Some(deed) = deed(platform, &exchange["request"]) else {
        return "not asked".to_owned();
    };
    let mut exchange = exchange.clone();
    let counted = exchange["request"]["path"]
        .as_str()
        .is_some_and(|path| path.ends_with("/comments"));
    if counted && exchange["request"]["query"]["summary"].is_null() && exchange["response"]["body"]["data"].is_array() {
        // The desk always asks for the summary, by which it knows a wrong token.
        exchange["response"]["body"]["summary"] = json!({});
    }
    let replay = Replay::start(&exchange, beside(platform, file));
    let account = account(platform, &exchange, &replay.url);
    let reader = || connector.reader().expect("it is read");
    let (said, wanted) = match deed {
        Deed::Handshake => {
            let query = exchange["request"]["query"].as_object().into_iter().flatten();
            let query: Vec<String> = query.map(|(name, value)| format!("{name}={}", text(value))).collect();
            let answer = connector.handshake(&account, &query.join("&"));
            let expected = &exchange["response"];
            assert_eq!(answer.is_some(), expected["status"] == 200, "{file}");
            assert_eq!(answer.unwrap_or_default(), text(&expected["body"]), "{file}");
            ("handshake".to_owned(), false)
        }
        Deed::Send(action) => {
            let outcome = sent(connector.send(&account, &action).await);
            (format!("{}: {outcome}", word(&action)), true)
        }
        Deed::Page { key, next } => {
            let read = reader().page(&account, &key, next.as_deref(), now()).await;
            let outcome = match read {
                Ok(body) => match reader().take_apart(&account, &key, &body, now()) {
                    Ok(page) => listing(&page),
                    Err(error) => super::unread(&error),
                },
                Err(none) => untold(&none),
            };
            (format!("read: {outcome}"), true)
        }
        Deed::Check(ids) => {
            let known: Vec<Known> = ids.into_iter().map(known).collect();
            let outcome = match reader().check(&account, &known, now()).await {
                Ok(pages) => {
                    let pages = pages.iter().map(|(key, body)| {
                        let page = reader().take_apart(&account, key, body, now());
                        page.as_ref().map_or_else(super::unread, listing)
                    });
                    let pages: Vec<String> = pages.collect();
                    if pages.is_empty() {
                        "gone".to_owned()
                    } else {
                        pages.join(" | ")
                    }
                }
                Err(none) => untold(&none),
            };
            (format!("check: {outcome}"), true)
        }
        Deed::Renew => {
            let renewal = reader().renew(&account).expect("it is renewed");
            let outcome = match renewal.await {
                Ok(renewed) => {
                    let lasts = renewed.lasts.map(|time| format!(" for {} s", time.as_secs()));
                    let both = if renewed.refresh_token.is_some() { " both" } else { "" };
                    format!("done{both}{}", lasts.unwrap_or_default())
                }
                Err(none) => untold(&none),
            };
            (format!("renew: {outcome}"), true)
        }
    };
    let met = replay.stop().await;
    if wanted && !met {
        format!("{said} (asked otherwise)")
    } else {
        said
    }
}
