//! Handing in comments: what is taken, what is refused, and that nothing is stored half.

use klarsvar::domain::comment::CommentState;
use klarsvar::domain::lane::Lane;
use serde_json::{Value, json};

use crate::support::sample::{ARABIC, SWEDISH, handed};
use crate::support::{Cast, TestDesk};

async fn is_untouched(desk: &TestDesk, before: i64) {
    assert!(desk.comments().await.is_empty());
    assert!(desk.deliveries().await.is_empty());
    assert_eq!(desk.last_seq().await, before);
}

#[tokio::test]
async fn a_comment_handed_in_is_tagged_and_waits_in_its_lane() {
    let desk = TestDesk::start().await;
    let before = desk.last_seq().await;
    let answer = desk.hands_in(&handed("e-1", ARABIC)).await.json(201);
    let [row] = &desk.comments().await[..] else {
        panic!("not one comment")
    };
    assert_eq!(answer["id"], row.id.to_string());
    assert_eq!(answer["seq"], before + 1);
    assert_eq!(answer["known"], false);
    assert_eq!((row.state, row.lane), (CommentState::Open, Lane::Ar));
    assert_eq!(row.text.as_deref(), Some(ARABIC));
    let amal = desk.works(Cast::Amal, Lane::Ar).await;
    let item = amal.reads(answer["id"].as_str().unwrap()).await.json(200);
    assert_eq!(item["text"], ARABIC);
    assert_eq!(item["language"]["code"], "ar");
    assert_eq!(item["author"]["name"], "Elin Exempel");
}

#[tokio::test]
async fn a_list_comes_back_in_its_order() {
    let desk = TestDesk::start().await;
    let list = json!([handed("e-1", SWEDISH), handed("e-2", ARABIC), handed("e-3", SWEDISH)]);
    let answer = desk.hands_in(&list).await.json(201);
    let comments = answer["comments"].as_array().unwrap();
    assert_eq!(comments.len(), 3);
    for (receipt, external_id) in comments.iter().zip(["e-1", "e-2", "e-3"]) {
        assert_eq!(receipt["id"], desk.comment(external_id).await.unwrap().id.to_string());
    }
    let numbers: Vec<i64> = comments.iter().map(|one| one["seq"].as_i64().unwrap()).collect();
    assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
}

#[tokio::test]
async fn a_known_comment_is_answered_with_200_and_its_first_number() {
    let desk = TestDesk::start().await;
    let first = desk.hands_in(&handed("e-1", SWEDISH)).await.json(201);
    let last = desk.last_seq().await;
    let again = desk.hands_in(&handed("e-1", SWEDISH)).await.json(200);
    assert_eq!(
        (&again["id"], &again["seq"], &again["known"]),
        (&first["id"], &first["seq"], &json!(true))
    );
    // The same comment in another body, with another text: an addition never overwrites.
    let other = desk.hands_in(&handed("e-1", "Något annat")).await.json(200);
    assert_eq!(other["id"], first["id"]);
    assert_eq!(desk.comments().await.len(), 1);
    assert_eq!(desk.comments().await[0].text.as_deref(), Some(SWEDISH));
    assert_eq!(desk.last_seq().await, last);
}

#[tokio::test]
async fn a_list_may_hold_known_and_new_comments_and_the_same_one_twice() {
    let desk = TestDesk::start().await;
    desk.has_comment("e-1", SWEDISH).await;
    let list = json!([handed("e-1", SWEDISH), handed("e-2", SWEDISH), handed("e-2", SWEDISH)]);
    let answer = desk.hands_in(&list).await.json(201);
    let known: Vec<bool> = answer["comments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["known"].as_bool().unwrap())
        .collect();
    assert_eq!(known, [true, false, true]);
    assert_eq!(desk.comments().await.len(), 2);
}

#[tokio::test]
async fn an_empty_list_is_taken_and_changes_nothing() {
    let desk = TestDesk::start().await;
    let before = desk.last_seq().await;
    desk.hands_in(&json!([])).await.json(200);
    is_untouched(&desk, before).await;
}

#[tokio::test]
async fn a_body_cut_short_anywhere_is_refused_and_not_kept() {
    let desk = TestDesk::start().await;
    let before = desk.last_seq().await;
    for body in [
        handed("e-1", ARABIC).to_string(),
        json!([handed("e-1", ARABIC), handed("e-2", SWEDISH)]).to_string(),
    ] {
        for end in (0..body.len()).step_by(7).chain([body.len() - 1]) {
            desk.hands_in_raw(body.as_bytes()[..end].to_vec())
                .await
                .refuses(400, "bad-input");
        }
    }
    is_untouched(&desk, before).await;
}

#[tokio::test]
async fn what_cannot_be_a_comment_is_refused_and_not_kept() {
    let desk = TestDesk::start().await;
    let before = desk.last_seq().await;
    let with = |name: &str, value: Value| {
        let mut body = handed("e-1", SWEDISH);
        body[name] = value;
        body
    };
    for body in [
        json!(null),
        json!("text"),
        json!(7),
        json!({}),
        json!([[handed("e-1", SWEDISH)]]),
        json!([handed("e-1", SWEDISH), 7]),
        json!([handed("e-1", SWEDISH), { "connector": "manual" }]),
        with("colour", json!("red")),
        with("external_id", json!("")),
        with("external_id", json!(7)),
        with("external_id", json!("x".repeat(513))),
        with("text", json!("x".repeat(20_001))),
        with("text", json!("a\0b")),
        with("external_id", json!("a\0b")),
        with("author", json!("n\0me")),
        with("author", json!({ "name": "x", "shoe_size": 44 })),
        with("post", json!("")),
        with("created_at", json!("yesterday")),
        with("created_at", json!("2026-02-30T00:00:00Z")),
        with("language", json!(["sv"])),
    ] {
        desk.hands_in(&body).await.refuses(400, "bad-input");
    }
    let unknown = desk
        .hands_in(&with("colour", json!("red")))
        .await
        .refuses(400, "bad-input");
    assert!(unknown["detail"].as_str().unwrap().contains("colour"), "{unknown}");
    desk.hands_in(&with("connector", json!("nobody")))
        .await
        .refuses(404, "no-connector");
    desk.hands_in(&json!([handed("e-1", SWEDISH), with("connector", json!("facebook"))]))
        .await
        .refuses(400, "bad-input");
    is_untouched(&desk, before).await;
}

#[tokio::test]
async fn a_nul_in_any_word_is_refused_and_not_kept() {
    let desk = TestDesk::start().await;
    let before = desk.last_seq().await;
    for name in [
        "connector",
        "external_id",
        "text",
        "author",
        "post",
        "parent",
        "ad",
        "language",
    ] {
        let mut body = handed("e-1", SWEDISH);
        body[name] = json!("a\0b");
        let answer = desk.hands_in(&body).await;
        assert!(
            (400..500).contains(&answer.status) || name == "language",
            "{name}: {answer:?}"
        );
    }
    let mut attached = handed("e-2", SWEDISH);
    attached["attachments"] = json!([{ "kind": "photo", "url": "https://x.example/\0" }]);
    let answer = desk.hands_in(&attached).await;
    assert!(answer.status < 500, "{answer:?}");
    assert!(desk.last_seq().await <= before + 2);
}

#[tokio::test]
async fn invalid_utf_8_is_refused_and_not_kept() {
    let desk = TestDesk::start().await;
    let before = desk.last_seq().await;
    for bad in [&b"\xff"[..], b"\xc3", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf5\x80\x80\x80"] {
        let mut body = br#"{"connector":"manual","external_id":"e-1","text":""#.to_vec();
        body.extend_from_slice(bad);
        body.extend_from_slice(b"\"}");
        desk.hands_in_raw(body).await.refuses(400, "bad-input");
    }
    desk.hands_in_raw(br#"{"connector":"manual","external_id":"e-1","text":"\ud800"}"#.to_vec())
        .await
        .refuses(400, "bad-input");
    is_untouched(&desk, before).await;
}

#[tokio::test]
async fn deeply_nested_json_is_refused() {
    let desk = TestDesk::start().await;
    let before = desk.last_seq().await;
    for depth in [129, 10_000, 1_000_000] {
        desk.hands_in_raw("[".repeat(depth).into_bytes())
            .await
            .refuses(400, "bad-input");
        let nested = format!(
            r#"{{"connector":"manual","external_id":"e-1","text":{}1{}}}"#,
            "[".repeat(depth),
            "]".repeat(depth)
        );
        desk.hands_in_raw(nested.into_bytes()).await.refuses(400, "bad-input");
    }
    is_untouched(&desk, before).await;
}

#[tokio::test]
async fn a_body_of_ten_megabytes_is_too_large_everywhere() {
    let desk = TestDesk::start().await;
    let before = desk.last_seq().await;
    let body = vec![b' '; 10_000_000];
    desk.hands_in_raw(body.clone()).await.refuses(413, "too-large");
    desk.delivers_raw("facebook", body.clone(), Some("sha256=00"))
        .await
        .refuses(413, "too-large");
    let sign_in = desk
        .sends(|http, url| {
            http.post(format!("{url}/api/v1/session"))
                .header("content-type", "application/json")
                .body(body)
        })
        .await;
    sign_in.refuses(413, "too-large");
    is_untouched(&desk, before).await;
}

#[tokio::test]
async fn more_than_five_hundred_in_one_call_are_refused_whole() {
    let desk = TestDesk::start().await;
    let before = desk.last_seq().await;
    let list: Vec<Value> = (0..501).map(|number| handed(&format!("e-{number}"), SWEDISH)).collect();
    desk.hands_in(&json!(list)).await.refuses(400, "bad-input");
    is_untouched(&desk, before).await;
    let answer = desk.hands_in(&json!(&list[..500])).await.json(201);
    assert_eq!(answer["comments"].as_array().unwrap().len(), 500);
}

#[tokio::test]
async fn only_a_token_with_the_right_hands_in() {
    let desk = TestDesk::start().await;
    let before = desk.last_seq().await;
    for token in [
        "",
        "wrong",
        "Bearer",
        "token-that-may-hand-in-comment",
        "token-that-may-hand-in-comments ",
    ] {
        let answer = desk
            .sends(|http, url| {
                http.post(format!("{url}/api/v1/comments"))
                    .header("authorization", format!("Basic {token}"))
                    .json(&handed("e-1", SWEDISH))
            })
            .await;
        answer.refuses(401, "not-signed-in");
    }
    for token in ["", "wrong", "token-that-may-hand-in-comment"] {
        let answer = desk
            .sends(|http, url| {
                http.post(format!("{url}/api/v1/comments"))
                    .bearer_auth(token)
                    .json(&handed("e-1", SWEDISH))
            })
            .await;
        answer.refuses(401, "not-signed-in");
    }
    is_untouched(&desk, before).await;
}

#[tokio::test]
async fn instants_days_off_are_kept_but_do_not_decide_the_place() {
    let desk = TestDesk::start().await;
    let mut past = handed("e-past", SWEDISH);
    past["created_at"] = json!("2026-11-20T10:00:00Z");
    let mut future = handed("e-future", SWEDISH);
    future["created_at"] = json!("2026-11-24T10:00:00+02:00");
    for body in [&past, &future] {
        desk.hands_in(body).await.json(201);
    }
    let (past, future) = (
        desk.comment("e-past").await.unwrap(),
        desk.comment("e-future").await.unwrap(),
    );
    assert_eq!(future.written_at - past.written_at, (4 * 24 - 2) * 3_600_000);
    assert_eq!(past.due_at, future.due_at);
    assert_eq!(past.opened_at, future.opened_at);
}
