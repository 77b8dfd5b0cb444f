//! Lists, threads and messages of the stream, as the payload files have them and as nobody should write them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::Bluesky;
use crate::connector::graph::sample;
use crate::connector::http::Timing;
use crate::connector::reading::{Listing, Reader};
use crate::connector::streaming::{Heard, Listener};
use crate::connector::{Account, CommentEvent, Happened, Inbound, ParseError};
use crate::domain::platform::Platform;

const US: &str = "did:plc:bwo3lvww6gjr4ja72dn53dem";
const ROOT: &str = "at://did:plc:bwo3lvww6gjr4ja72dn53dem/app.bsky.feed.post/3n2stqboe222l";
const ELIN: &str = "at://did:plc:qwnb6dvomjfir6lpejiplma3/app.bsky.feed.post/3n2ve7iobo22l";
const YUSUF: &str = "at://did:plc:lvfocyxqgqiy4xuvmory2txh/app.bsky.feed.post/3n2veafbsk22l";
const SAM: &str = "at://did:plc:3752zwmd4wsuyozp43d4fcq5/app.bsky.feed.post/3n2veaye5s22l";

fn now() -> DateTime<Utc> {
    "2026-11-22T10:05:00Z".parse().unwrap()
}

fn account() -> Account {
    Account {
        platform: Platform::Bluesky,
        external_id: US.into(),
        api_url: "http://127.0.0.1:1/xrpc".into(),
        app_secret: String::new(),
        verify_token: String::new(),
        access_token: "test-access-jwt-0001".into(),
        refresh_token: "test-refresh-jwt-0001".into(),
        settings: json!({ "posts": [ROOT, "no address"], "stream_url": "wss://jetstream.example/subscribe" }),
    }
}

fn payload(file: &str) -> Value {
    sample::json("bluesky", file)
}

static BLUESKY: LazyLock<Bluesky> = LazyLock::new(|| Bluesky::new(Timing::default()));

fn hear(message: &Value) -> Result<Heard, ParseError> {
    BLUESKY.hear(&account(), &message.to_string(), now())
}

fn listed(key: &str, body: &Value) -> Result<Listing, ParseError> {
    BLUESKY.take_apart(&account(), key, &body.to_string(), now())
}

fn comment(heard: &Heard) -> &CommentEvent {
    match &heard.events[..] {
        [Inbound::Comment(event)] => event,
        other => panic!("not one comment: {other:?}"),
    }
}

/// What each message of the payload files says: what happened to how many, or that it is dropped.
#[test]
fn every_message_says_what_its_file_is_about() {
    let expected: BTreeMap<&str, &str> = [
        ("01_create_reply_sv", "added"),
        ("02_create_reply_ar", "added"),
        ("03_create_reply_to_reply_en", "added"),
        ("04_create_unrelated_post", ""),
        ("05_create_reply_in_foreign_thread", ""),
        ("06_like_of_our_post", ""),
        ("07_update_edit", "edited"),
        ("08_delete_without_record", "removed"),
        ("09_create_no_langs_and_future_date", "added"),
        ("10_create_wrong_lang_tag", "added"),
        ("11_create_300_graphemes", "added"),
        ("12_create_few_graphemes_many_bytes", "added"),
        ("13_create_bidi", "added"),
        ("14_create_with_facets", "added"),
        ("15_create_empty_text_image", "added"),
        ("16_create_self_labelled", "added"),
        ("17_own_reply_echo", "own"),
        ("18_older_server_without_cursor", "added"),
        ("19_identity", ""),
        ("20_account_deleted", "author gone"),
        ("21_account_deactivated", ""),
        ("22_account_active_again", ""),
        ("23_v2_commit_create", "added"),
        ("24_v2_commit_delete", "removed"),
        ("25_v2_info_outdated_cursor", ""),
        ("26_v2_error_consumer_too_slow", ""),
    ]
    .into();
    for (file, says) in expected {
        let frame = payload(&format!("frames/{file}.json"));
        let heard = hear(&frame).unwrap_or_else(|error| panic!("{file}: {error}"));
        let said = match &heard.events[..] {
            [] => "",
            [Inbound::AuthorRemoved { author, account, .. }] => {
                assert_eq!(
                    (author.as_str(), account.as_str()),
                    (frame["did"].as_str().unwrap(), US),
                    "{file}"
                );
                "author gone"
            }
            [Inbound::Comment(event)] => {
                let record = &frame["commit"]["record"];
                if event.what != Happened::Removed && !record.is_null() {
                    assert_eq!(event.text.as_deref(), record["text"].as_str(), "{file}");
                    assert_eq!(
                        event.declared_language.as_deref(),
                        record["langs"][0].as_str(),
                        "{file}"
                    );
                    assert_eq!(event.post.as_deref(), Some(ROOT), "{file}");
                }
                match event.what {
                    Happened::Added if event.own => "own",
                    Happened::Added => "added",
                    Happened::Edited => "edited",
                    Happened::Removed => "removed",
                    other => panic!("{file}: {other:?}"),
                }
            }
            other => panic!("{file}: {other:?}"),
        };
        assert_eq!((said, heard.ignored), (says, 0), "{file}");
    }
    // What a client says is no message of a server.
    assert!(hear(&payload("frames/27_client_options_update.json")).is_err());
}

#[test]
fn the_newer_endpoint_says_the_same_as_the_original() {
    let [old, new] =
        ["01_create_reply_sv", "23_v2_commit_create"].map(|file| hear(&payload(&format!("frames/{file}.json"))));
    let (old, new) = (old.unwrap(), new.unwrap());
    assert_eq!(comment(&old), comment(&new));
    assert_eq!(old.cursor.as_deref(), Some("1795341610000001"));
    assert_eq!(old.cursor, new.cursor);
}

#[test]
fn an_answer_to_an_answer_has_a_parent_and_one_to_the_post_has_none() {
    let [first, second] = ["01_create_reply_sv", "03_create_reply_to_reply_en"]
        .map(|file| hear(&payload(&format!("frames/{file}.json"))).unwrap());
    assert_eq!(
        (comment(&first).external_id.as_str(), comment(&first).parent.as_deref()),
        (ELIN, None)
    );
    assert_eq!(
        (
            comment(&second).external_id.as_str(),
            comment(&second).parent.as_deref()
        ),
        (SAM, Some(ELIN))
    );
}

#[test]
fn the_clock_of_the_authors_client_is_not_believed() {
    let heard = hear(&payload("frames/09_create_no_langs_and_future_date.json")).unwrap();
    let at = DateTime::from_timestamp_micros(1_795_341_800_000_009);
    assert_eq!((Some(comment(&heard).at), comment(&heard).created_at), (at, at));
}

#[test]
fn pictures_come_along_without_an_address_that_loads_them() {
    let heard = hear(&payload("frames/15_create_empty_text_image.json")).unwrap();
    let attachments = &comment(&heard).attachments;
    assert_eq!(attachments.len(), 1);
    assert_eq!(attachments[0].kind, "photo");
    assert_eq!(
        attachments[0].url,
        "https://bsky.app/profile/did:plc:lvfocyxqgqiy4xuvmory2txh/post/3n2veg2i5g22l"
    );
}

#[test]
fn mentions_and_quotes_are_comments_wherever_they_stand() {
    let mut frame = payload("frames/04_create_unrelated_post.json");
    let record = &mut frame["commit"]["record"];
    record["facets"] = json!([{ "index": { "byteStart": 0, "byteEnd": 3 },
        "features": [{ "$type": "app.bsky.richtext.facet#mention", "did": US }] }]);
    let heard = hear(&frame).unwrap();
    assert_eq!(
        (comment(&heard).post.as_deref(), comment(&heard).parent.as_deref()),
        (None, None)
    );
    let quote = json!({ "uri": ROOT, "cid": "bafy" });
    for embed in [
        json!({ "$type": "app.bsky.embed.record", "record": quote }),
        json!({ "$type": "app.bsky.embed.recordWithMedia", "record": { "record": quote },
            "media": { "images": [{}], "external": { "uri": "https://exempel.se/" } } }),
    ] {
        let mut frame = payload("frames/04_create_unrelated_post.json");
        frame["commit"]["record"]["embed"] = embed;
        let heard = hear(&frame).unwrap();
        assert_eq!(comment(&heard).post.as_deref(), Some(ROOT));
    }
}

#[test]
fn notifications_are_comments_with_their_authors_names() {
    let listing = listed(
        "notifications",
        &payload("api/list_notifications_ok.json")["response"]["body"],
    )
    .unwrap();
    let told: Vec<_> = listing
        .comments
        .iter()
        .map(|seen| {
            let author = seen.comment.author.clone().unwrap();
            (
                seen.comment.external_id.as_str(),
                author.handle.unwrap(),
                author.name,
                seen.hidden,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (YUSUF, "yusuf.example".to_owned(), Some("يوسف".to_owned()), None),
            (ELIN, "elin.example".to_owned(), None, None),
        ]
    );
    assert_eq!(
        (listing.next.as_deref(), listing.ignored),
        (Some("2026-11-22T10:00:11.000Z"), 0)
    );
    assert_eq!(
        listing.comments[1].comment.created_at,
        "2026-11-22T10:00:11Z".parse().ok()
    );
}

#[test]
fn a_thread_shows_every_answer_and_which_are_hidden() {
    let mut body = payload("api/get_post_thread_ok.json")["response"]["body"].clone();
    body["threadgate"]["record"]["hiddenReplies"] = json!([YUSUF]);
    let listing = listed(&format!("thread/{ROOT}"), &body).unwrap();
    let told: Vec<_> = listing
        .comments
        .iter()
        .map(|seen| {
            (
                seen.comment.external_id.as_str(),
                seen.comment.parent.as_deref(),
                seen.hidden,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (ELIN, None, Some(false)),
            (SAM, Some(ELIN), Some(false)),
            (YUSUF, None, Some(true))
        ]
    );
    assert_eq!(listing.ignored, 0);
}

#[test]
fn a_list_of_posts_leaves_out_what_is_gone() {
    let listing = listed(
        "check",
        &payload("api/get_posts_one_missing_ok.json")["response"]["body"],
    )
    .unwrap();
    assert_eq!(
        listing
            .comments
            .iter()
            .map(|seen| seen.comment.external_id.as_str())
            .collect::<Vec<_>>(),
        [YUSUF]
    );
}

#[test]
fn a_thread_deeper_than_json_may_nest_is_read_as_far_as_it_is_followed() {
    let post = payload("api/get_post_thread_ok.json")["response"]["body"]["thread"]["replies"][0]["post"].to_string();
    let mut body = String::new();
    for _ in 0..1_000 {
        body.push_str(&format!(
            r#"{{"$type":"app.bsky.feed.defs#threadViewPost","post":{post},"replies":["#
        ));
    }
    let body = format!(r#"{{"thread":{body}{}}}"#, "]}".repeat(1_000));
    let listing = BLUESKY.take_apart(&account(), "thread/x", &body, now()).unwrap();
    assert_eq!((listing.comments.len(), listing.ignored), (128, 1));
}

#[test]
fn whatever_is_missing_or_of_another_kind_breaks_nothing() {
    let frame = payload("frames/14_create_with_facets.json");
    let page = payload("api/get_post_thread_ok.json")["response"]["body"].clone();
    let mut paths = Vec::new();
    let mut collect = |value: &Value| walk(value, String::new(), &mut paths);
    collect(&frame);
    collect(&page);
    assert!(paths.len() > 100);
    for path in paths {
        for other in [
            Value::Null,
            json!(7),
            json!("x".repeat(10_000)),
            json!([[]]),
            json!({ "a": {} }),
            json!(true),
        ] {
            for (body, is_frame) in [(&frame, true), (&page, false)] {
                let mut body = body.clone();
                let Some(place) = body.pointer_mut(&path) else { continue };
                *place = other.clone();
                // Either is fine; what counts is that something is said.
                let said = if is_frame {
                    hear(&body).map(|heard| heard.events.len())
                } else {
                    listed("thread/x", &body).map(|listing| listing.comments.len())
                };
                assert!(said.is_err() || said.is_ok_and(|count| count <= 3), "{path}");
            }
        }
    }
    for body in ["", "[]", "null", "{", "x", "{\"payload\":7}"] {
        let heard = BLUESKY.hear(&account(), body, now());
        assert!(heard.is_err(), "{body}");
    }
}

fn walk(value: &Value, path: String, paths: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                walk(
                    value,
                    format!("{path}/{}", name.replace('~', "~0").replace('/', "~1")),
                    paths,
                );
            }
        }
        Value::Array(all) => {
            for (at, value) in all.iter().enumerate() {
                walk(value, format!("{path}/{at}"), paths);
            }
        }
        _ => {}
    }
    paths.push(path);
}

#[test]
fn listening_begins_a_little_before_it_ended() {
    let url = |cursor| BLUESKY.subscription(&account(), cursor).unwrap().url;
    assert_eq!(
        url(None),
        "wss://jetstream.example/subscribe?wantedCollections=app.bsky.feed.post"
    );
    assert!(url(Some("1795341610000001")).ends_with("&cursor=1795341605000001"));
    assert_eq!(url(Some("nonsense")), url(None));
    let silent = Account {
        settings: json!({}),
        ..account()
    };
    assert!(BLUESKY.subscription(&silent, None).is_none());
}

#[test]
fn notifications_and_the_threads_of_the_settings_are_read() {
    let keys: Vec<String> = BLUESKY
        .errands(&account())
        .into_iter()
        .map(|errand| errand.key)
        .collect();
    assert_eq!(keys, ["notifications".to_owned(), format!("thread/{ROOT}")]);
}
