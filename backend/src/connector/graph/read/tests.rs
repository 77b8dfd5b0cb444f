//! Every documented list, taken apart.

use serde_json::{Value, json};

use super::*;
use crate::connector::facebook::Facebook;
use crate::connector::graph::sample;
use crate::connector::http::Timing;
use crate::connector::instagram::Instagram;
use crate::domain::platform::Platform as Of;

const POST: &str = "410000000000017_520000000000101";
const MEDIUM: &str = "17990000000000001";

fn account(platform: Of, settings: Value) -> Account {
    Account {
        platform,
        external_id: if platform == Of::Facebook {
            "410000000000017"
        } else {
            "17841400000000019"
        }
        .into(),
        api_url: "https://graph.facebook.com/v26.0".into(),
        app_secret: String::new(),
        verify_token: String::new(),
        access_token: "test-page-token-0001".into(),
        refresh_token: String::new(),
        settings,
    }
}

fn reader(platform: Of) -> Box<dyn Reader> {
    match platform {
        Of::Facebook => Box::new(Facebook::new(Timing::default())),
        _ => Box::new(Instagram::new(Timing::default())),
    }
}

fn listing(platform: Of, key: &str, body: &Value) -> Listing {
    let now = "2026-11-22T12:00:00Z".parse().unwrap();
    let account = account(platform, Value::Null);
    reader(platform)
        .take_apart(&account, key, &body.to_string(), now)
        .unwrap()
}

fn of_file(platform: Of, key: &str, file: &str) -> Listing {
    let body = sample::json(platform.as_str(), file)["response"]["body"].take();
    listing(platform, key, &body)
}

fn ids(listing: &Listing) -> Vec<&str> {
    listing
        .comments
        .iter()
        .map(|seen| seen.comment.external_id.as_str())
        .collect()
}

fn keys(listing: &Listing) -> Vec<&str> {
    listing.deeper.iter().map(|one| one.key.as_str()).collect()
}

#[test]
fn facebook_s_pages_of_comments_show_replies_own_ones_and_pictures() {
    let key = format!("post/{POST}");
    let first = of_file(Of::Facebook, &key, "api/comments_page_1.json");
    assert_eq!(first.next.as_deref(), Some("S1VTVDAwMwZD"));
    assert_eq!((first.comments.len(), first.ignored), (3, 0));
    let [top, below, own] = &first.comments[..] else {
        panic!()
    };
    assert_eq!(top.comment.post.as_deref(), Some(POST));
    assert_eq!(
        (top.comment.parent.as_deref(), top.hidden, top.comment.own),
        (None, Some(false), false)
    );
    assert_eq!(top.comment.created_at, Some("2026-11-22T10:00:00Z".parse().unwrap()));
    assert_eq!(below.comment.parent.as_deref(), Some("520000000000101_630000000000001"));
    assert!(own.comment.own);
    let last = of_file(Of::Facebook, &key, "api/comments_page_2_short.json");
    assert_eq!(last.next, None);
    assert_eq!(last.comments[0].comment.author, None);
    let picture = &last.comments[1].comment;
    assert_eq!(picture.text, None);
    assert_eq!(picture.attachments[0].kind, "photo");
    assert_eq!(
        picture.attachments[0].url,
        "https://cdn.example.org/media/kust-0008.jpg"
    );
}

#[test]
fn instagram_s_pages_of_comments_hold_the_replies_of_each() {
    let key = format!("post/{MEDIUM}");
    let first = of_file(Of::Instagram, &key, "api/media_comments_page_1.json");
    assert_eq!(first.next.as_deref(), Some("SUcwMDIZD"));
    assert_eq!(
        ids(&first),
        [
            "18020000000000007",
            "18020000000000001",
            "18020000000000004",
            "18020000000000091"
        ]
    );
    for below in &first.comments[2..] {
        assert_eq!(below.comment.parent.as_deref(), Some("18020000000000001"));
        assert_eq!(below.comment.post.as_deref(), Some(MEDIUM));
    }
    assert_eq!(first.comments.iter().filter(|seen| seen.comment.own).count(), 1);
    let last = of_file(Of::Instagram, &key, "api/media_comments_page_2.json");
    assert_eq!((last.next.as_deref(), last.comments[0].hidden), (None, Some(true)));
    let replies = of_file(
        Of::Instagram,
        "replies/18020000000000001",
        "api/comment_replies_ok.json",
    );
    assert_eq!(replies.comments[0].comment.parent.as_deref(), Some("18020000000000001"));
}

#[test]
fn comments_asked_for_by_their_ids_are_read_like_those_of_lists() {
    let one = |platform: Of, file: &str| {
        let body = sample::json(platform.as_str(), file)["response"]["body"].take();
        let id = body["id"].as_str().unwrap().to_owned();
        listing(platform, "check", &json!({ id: body })).comments.remove(0)
    };
    let seen = one(Of::Facebook, "api/comment_single_ok.json");
    assert_eq!((seen.hidden, seen.comment.post.as_deref()), (Some(true), None));
    let seen = one(Of::Instagram, "api/comment_single_ok.json");
    assert_eq!(seen.comment.post.as_deref(), Some("17990000000000002"));
    assert_eq!(seen.comment.created_at, Some("2026-11-22T10:00:28Z".parse().unwrap()));
    let seen = one(Of::Instagram, "api/comment_single_username_only.json");
    assert_eq!(seen.comment.author.unwrap().handle.as_deref(), Some("kort.test"));
    let odd = listing(
        Of::Facebook,
        "check",
        &json!({ "1": null, "2": [], "3": { "id": "3" } }),
    );
    assert_eq!((ids(&odd), odd.ignored), (vec!["3"], 2));
}

#[test]
fn ads_name_each_post_or_medium_once() {
    let body = sample::json("facebook", "api/ads_list_ok.json")["response"]["body"].take();
    let posts = listing(Of::Facebook, "ads/910000000000007", &body);
    assert_eq!(
        keys(&posts),
        [
            "post/410000000000017_520000000000101",
            "post/410000000000017_520000000000102",
            "post/410000000000017_520000000000103"
        ]
    );
    assert_eq!((posts.next.as_deref(), posts.ignored), (None, 0));
    let of = |listing: &Listing| -> Vec<(String, String)> {
        let mut all: Vec<_> = listing.adverts.iter().collect();
        all.sort_by(|one, other| one.id.cmp(&other.id));
        all.into_iter()
            .map(|ad| (ad.campaign.clone(), ad.shows.clone()))
            .collect()
    };
    let tied = |campaign: &str, shows: &str| (campaign.to_owned(), shows.to_owned());
    assert_eq!(
        of(&posts),
        [
            tied("120210000000000102", "410000000000017_520000000000101"),
            tied("120210000000000101", "410000000000017_520000000000101"),
            tied("120210000000000102", "410000000000017_520000000000102"),
            tied("120210000000000102", "410000000000017_520000000000103"),
        ]
    );
    assert_eq!(posts.adverts[0].name.as_deref(), Some("Skyddsrum SV A"));
    assert_eq!(
        posts.adverts[0].campaign_name.as_deref(),
        Some("Hemberedskap 2026 - skyddsrum")
    );
    let media = listing(Of::Instagram, "ads/910000000000007", &body);
    assert_eq!(keys(&media), ["post/17990000000000001", "post/17990000000000002"]);
    let dark = of_file(Of::Facebook, "ads-posts", "api/ads_posts_ok.json");
    assert_eq!(dark.deeper.len(), 2);
}

#[test]
fn old_posts_and_those_behind_them_are_left_alone() {
    let rows = json!([
        { "id": "1_1", "created_time": "2026-11-20T10:00:00+0000" },
        { "id": "1_2", "created_time": "2026-09-20T10:00:00+0000" },
        { "id": "../me", "created_time": "2026-11-20T10:00:00+0000" },
        7
    ]);
    let paging = json!({ "cursors": { "after": "X" }, "next": "https://elsewhere.example/" });
    let body = json!({ "data": rows, "paging": paging });
    let found = listing(Of::Facebook, "posts", &body);
    assert_eq!(
        (keys(&found), found.next.as_deref(), found.ignored),
        (vec!["post/1_1"], None, 2)
    );
}

#[test]
fn what_is_read_follows_the_settings() {
    let keys = |platform, settings| -> Vec<(String, u64)> {
        let errands = reader(platform).errands(&account(platform, settings));
        assert!(errands.iter().all(|one| !one.is_live));
        errands.into_iter().map(|one| (one.key, one.every.as_secs())).collect()
    };
    assert_eq!(keys(Of::Instagram, Value::Null), [("posts".to_owned(), 600)]);
    let all = json!({
        "every_s": 60, "posts": ["1_2", "../me"], "ad_accounts": ["910000000000007"], "ads_posts": "yes"
    });
    let named: Vec<String> = keys(Of::Facebook, all.clone())
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    assert_eq!(named, ["posts", "ads-posts", "post/1_2", "ads/910000000000007"]);
    assert_eq!(keys(Of::Instagram, all).len(), 3);
    assert!(keys(Of::Facebook, json!({ "every_s": 0 })).is_empty());
}

#[test]
fn other_bodies_are_no_listing_and_cost_nothing_but_themselves() {
    let now = "2026-11-22T12:00:00Z".parse().unwrap();
    for platform in [Of::Facebook, Of::Instagram] {
        let account = account(platform, Value::Null);
        for key in ["posts", "ads/1", "post/1_2", "replies/1", "check"] {
            for body in ["", "null", "[]", "{\"data\":{}}", "{\"data\":[", "<html>", "7"] {
                let taken = reader(platform).take_apart(&account, key, body, now);
                let is_row = key == "check" && body.starts_with("{\"data\":{}");
                assert!(taken.is_err() || is_row, "{key} {body}");
            }
        }
    }
}
