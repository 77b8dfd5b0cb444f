//! What a desk does that leads to a documented exchange.

use chrono::TimeDelta;
use klarsvar::connector::{Account, Action, Place};
use klarsvar::domain::platform::Platform;
use serde_json::{Value, json};

use super::now;

/// What the desk does.
pub enum Deed {
    Handshake,
    Send(Action),
    Page { key: String, next: Option<String> },
    Check(Vec<String>),
    Renew,
}

/// The account that the payloads of a platform are about.
pub fn account(platform: Platform, exchange: &Value, url: &str) -> Account {
    let path = exchange["request"]["path"].as_str().unwrap_or_default();
    let (id, base, settings) = match platform {
        Platform::Facebook => ("410000000000017", "/v26.0", Value::Null),
        Platform::Instagram => ("17841400000000019", "/v26.0", json!({ "page": "410000000000017" })),
        Platform::Youtube => (
            "UCkustberedskapExempel01",
            "/youtube/v3",
            json!({ "client_id": "test-client-id-0001", "token_url": format!("{url}/token") }),
        ),
        Platform::Tiktok if path.contains("/business/") || path.contains("/tt_user/") => (
            "_000KustBeredskapOpenId01",
            "/open_api/v1.3",
            json!({ "api": "organic", "own_author": "u0000000000000000000001", "client_id": "test-client" }),
        ),
        Platform::Tiktok => ("7410000000000000011", "/open_api/v1.3", json!({ "api": "ads" })),
        Platform::Bluesky => (
            "did:plc:bwo3lvww6gjr4ja72dn53dem",
            "/xrpc",
            json!({ "langs": ["sv"], "posts": [ROOT_POST] }),
        ),
        Platform::Mastodon => ("110000000000000001", "", json!({ "statuses": ["115500000000000001"] })),
        Platform::Snapchat | Platform::Manual => panic!("no payloads"),
    };
    let said = |name: &str, usual: &str| {
        let request = &exchange["request"];
        let found = [&request["form"], &request["body"]]
            .into_iter()
            .find_map(|said| said[name].as_str());
        found.unwrap_or(usual).to_owned()
    };
    Account {
        platform,
        external_id: id.into(),
        api_url: format!("{url}{base}"),
        app_secret: said("client_secret", "test-app-secret-0001"),
        verify_token: "desk-verify-token".into(),
        access_token: "test-token-0001".into(),
        refresh_token: said("refresh_token", "test-refresh-0001"),
        settings,
    }
}

const ROOT_POST: &str = "at://did:plc:bwo3lvww6gjr4ja72dn53dem/app.bsky.feed.post/3n2stqboe222l";

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// What leads to this request; none where the desk never makes it.
pub fn deed(platform: Platform, request: &Value) -> Option<Deed> {
    let method = request["method"].as_str()?;
    let path: Vec<&str> = request["path"].as_str()?.trim_matches('/').split('/').collect();
    match platform {
        Platform::Facebook | Platform::Instagram => graph(method, &path, request),
        Platform::Youtube => youtube(method, &path, request),
        Platform::Tiktok => tiktok(&path, request),
        Platform::Bluesky => bluesky(path.last()?, request),
        Platform::Mastodon => mastodon(method, &path, request),
        Platform::Snapchat | Platform::Manual => None,
    }
}

fn page(key: String, next: &Value) -> Option<Deed> {
    Some(Deed::Page {
        key,
        next: next.as_str().map(str::to_owned),
    })
}

fn graph(method: &str, path: &[&str], request: &Value) -> Option<Deed> {
    let (query, form, body) = (&request["query"], &request["form"], &request["body"]);
    let place = || Place {
        ad: query["ad_id"].as_str().map(str::to_owned),
        ..Place::default()
    };
    let comment = (*path.get(1)?).to_owned();
    let hidden = form["is_hidden"].as_str().or_else(|| query["hide"].as_str());
    match (method, path.get(2).copied()) {
        ("GET", _) if path[0] == "webhooks" => Some(Deed::Handshake),
        ("POST", Some("comments" | "replies")) => Some(Deed::Send(Action::Reply {
            comment,
            text: text(&form["message"]),
            place: place(),
        })),
        ("POST", Some("likes")) => Some(Deed::Send(Action::Like {
            comment,
            place: place(),
        })),
        ("POST", Some("messages")) => Some(Deed::Send(Action::PrivateReply {
            comment: body["recipient"]["comment_id"].as_str()?.to_owned(),
            text: text(&body["message"]["text"]),
        })),
        ("POST", None) if hidden == Some("true") => Some(Deed::Send(Action::Hide {
            comment,
            place: place(),
        })),
        ("POST", None) if hidden == Some("false") => Some(Deed::Send(Action::Unhide {
            comment,
            place: place(),
        })),
        ("DELETE", None) => Some(Deed::Send(Action::Delete {
            comment,
            place: place(),
        })),
        ("GET", Some("ads")) => page(format!("ads/{}", comment.trim_start_matches("act_")), &query["after"]),
        ("GET", Some("ads_posts")) => page("ads-posts".to_owned(), &query["after"]),
        ("GET", Some("comments")) => page(format!("post/{comment}"), &query["after"]),
        ("GET", Some("replies")) => page(format!("replies/{comment}"), &query["after"]),
        ("GET", None) if comment.contains('_') && !comment.starts_with("410000000000017_") => {
            Some(Deed::Check(vec![comment]))
        }
        ("GET", None) if comment.starts_with("18") => Some(Deed::Check(vec![comment])),
        _ => None,
    }
}

fn youtube(method: &str, path: &[&str], request: &Value) -> Option<Deed> {
    let query = &request["query"];
    let comment = text(&query["id"]).split(',').next().unwrap_or_default().to_owned();
    let place = Place::default();
    match (method, *path.last()?) {
        ("POST", "token") => Some(Deed::Renew),
        ("POST", "setModerationStatus") if query["banAuthor"].is_string() => None,
        ("POST", "setModerationStatus") => Some(Deed::Send(match query["moderationStatus"].as_str()? {
            "heldForReview" => Action::Hide { comment, place },
            "published" => Action::Unhide { comment, place },
            _ => Action::Delete { comment, place },
        })),
        ("POST", "comments") => Some(Deed::Send(Action::Reply {
            comment: text(&request["body"]["snippet"]["parentId"]),
            text: text(&request["body"]["snippet"]["textOriginal"]),
            place,
        })),
        ("GET", "comments") if query["id"].is_string() => {
            Some(Deed::Check(text(&query["id"]).split(',').map(str::to_owned).collect()))
        }
        ("GET", "comments") => page(format!("replies/{}", query["parentId"].as_str()?), &query["pageToken"]),
        ("GET", "commentThreads") => match query["videoId"].as_str() {
            Some(video) => page(format!("video/{video}"), &query["pageToken"]),
            None => {
                let status = query["moderationStatus"].as_str().unwrap_or("published");
                page(format!("threads/{status}"), &query["pageToken"])
            }
        },
        _ => None,
    }
}

fn tiktok(path: &[&str], request: &Value) -> Option<Deed> {
    let (query, body) = (&request["query"], &request["body"]);
    let comment = text(&body["comment_id"]);
    let place = Place {
        post: ["tiktok_item_id", "video_id"]
            .into_iter()
            .find_map(|name| Some(body[name].as_str()?.to_owned())),
        ad: body["ad_id"].as_str().map(str::to_owned),
        parent: None,
        written_at: Some(now() - TimeDelta::minutes(5)),
    };
    match path.get(2..)? {
        ["tt_user", "oauth2", "refresh_token"] => Some(Deed::Renew),
        ["adgroup", "get"] => page("adgroups".to_owned(), &Value::Null),
        ["comment", "list"] => page(
            format!("adgroup/{}", query["search_value"].as_str()?),
            if query["page"] == "1" {
                &Value::Null
            } else {
                &query["page"]
            },
        ),
        ["business", "comment", "list"] => page(format!("video/{}", query["video_id"].as_str()?), &query["cursor"]),
        ["comment", "post"] | ["business", "comment", "reply", "create"] => Some(Deed::Send(Action::Reply {
            comment,
            text: text(&body["text"]),
            place,
        })),
        ["comment", "status", "update"] => {
            let comment = body["comment_ids"].as_array()?.last()?.as_str()?.to_owned();
            Some(Deed::Send(match body["operation"].as_str()? {
                "HIDDEN" => Action::Hide { comment, place },
                _ => Action::Unhide { comment, place },
            }))
        }
        ["business", "comment", "hide"] => Some(Deed::Send(match body["action"].as_str()? {
            "HIDE" => Action::Hide { comment, place },
            _ => Action::Unhide { comment, place },
        })),
        _ => None,
    }
}

fn bluesky(method: &str, request: &Value) -> Option<Deed> {
    let (query, body) = (&request["query"], &request["body"]);
    let place = Place {
        post: Some(ROOT_POST.to_owned()),
        ..Place::default()
    };
    let record = &body["record"];
    match method {
        "com.atproto.server.refreshSession" => Some(Deed::Renew),
        "app.bsky.notification.listNotifications" => page("notifications".to_owned(), &query["cursor"]),
        "app.bsky.feed.getPostThread" => page(format!("thread/{}", query["uri"].as_str()?), &Value::Null),
        "app.bsky.feed.getPosts" => {
            let uris = query["uris"].as_array()?.iter().map(text);
            Some(Deed::Check(uris.collect()))
        }
        "com.atproto.repo.getRecord" => Some(Deed::Send(Action::Hide {
            comment: HIDDEN_POST.to_owned(),
            place,
        })),
        "com.atproto.repo.putRecord" => Some(Deed::Send(match body["collection"].as_str()? {
            "app.bsky.feed.threadgate" => Action::Hide {
                comment: text(record["hiddenReplies"].as_array()?.last()?),
                place,
            },
            _ => Action::Reply {
                comment: text(&record["reply"]["parent"]["uri"]),
                text: text(&record["text"]),
                place,
            },
        })),
        _ => None,
    }
}

const HIDDEN_POST: &str = "at://did:plc:lvfocyxqgqiy4xuvmory2txh/app.bsky.feed.post/3n2veafbsk22l";

fn mastodon(method: &str, path: &[&str], request: &Value) -> Option<Deed> {
    let form = &request["form"];
    let place = Place::default();
    match (method, path.get(2..)?) {
        ("GET", ["notifications"]) => page("mentions".to_owned(), &Value::Null),
        ("GET", ["statuses", id, "context"]) => page(format!("context/{id}"), &Value::Null),
        ("GET", ["statuses"]) => Some(Deed::Check(
            request["query"]["id[]"].as_array()?.iter().map(text).collect(),
        )),
        ("POST", ["statuses", id, "favourite"]) => Some(Deed::Send(Action::Like {
            comment: (*id).to_owned(),
            place,
        })),
        ("DELETE", ["statuses", id]) => Some(Deed::Send(Action::Delete {
            comment: (*id).to_owned(),
            place,
        })),
        ("POST", ["statuses"]) => {
            let comment = text(&form["in_reply_to_id"]);
            // The connector puts the name of whom it answers in front by itself.
            let said = text(&form["status"]);
            let text = said.split_once(' ').map_or(said.clone(), |(_, rest)| rest.to_owned());
            Some(Deed::Send(if form["visibility"] == "direct" {
                Action::PrivateReply { comment, text }
            } else {
                Action::Reply { comment, text, place }
            }))
        }
        _ => None,
    }
}
