//! Facebook deliveries over HTTP, and the state the desk ends in.

use klarsvar::domain::comment::{CommentState, Presence, Visibility};
use klarsvar::store::entity::{comment, revision, unheard};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::support::TestDesk;
use crate::support::graph::{comment_change, payload, payloads};

/// What the public sees of a comment.
fn stands(row: &comment::Model) -> &'static str {
    match (row.state, row.visibility) {
        (CommentState::Withdrawn, _) => "removed",
        (_, Visibility::Hidden) => "hidden",
        (_, Visibility::Visible) => "visible",
    }
}

/// Checks one line of a scenario's end state.
pub async fn holds(desk: &TestDesk, expected: &Value) {
    let id = expected["id"].as_str().expect("an id");
    let all = desk.comments().await;
    let copies: Vec<_> = all.iter().filter(|row| row.external_id == id).collect();
    let [row] = copies[..] else {
        panic!("{} copies of {id}", copies.len())
    };
    assert_eq!(row.presence, Presence::Known, "{id}");
    assert_eq!(stands(row), expected["state"].as_str().expect("a state"), "{id}");
    for (name, value) in expected.as_object().expect("an object") {
        match name.as_str() {
            "id" | "state" | "copies" | "note" => {}
            "last_text" => assert_eq!(row.text.as_deref(), value.as_str(), "{id}"),
            "revisions" => assert_eq!(i64::from(row.revision), value.as_i64().unwrap(), "{id}"),
            "author" => assert_eq!(
                row.author_name.as_deref().or(row.author_handle.as_deref()),
                value.as_str(),
                "{id}"
            ),
            "own" => assert_eq!(row.own, value.as_bool().unwrap(), "{id}"),
            "parent" => assert_eq!(row.parent.as_deref(), value.as_str(), "{id}"),
            "parent_removed" => {
                let parent = all
                    .iter()
                    .find(|other| Some(&other.external_id) == row.parent.as_ref())
                    .expect("a parent");
                assert_eq!(
                    parent.state == CommentState::Withdrawn,
                    value.as_bool().unwrap(),
                    "{id}"
                );
            }
            "page" => {
                let page = format!("{}_", value.as_str().unwrap());
                assert!(
                    row.post.as_ref().is_some_and(|post| post.starts_with(&page)),
                    "{id} {:?}",
                    row.post
                );
            }
            "reason" => {
                let told = desk
                    .events()
                    .await
                    .into_iter()
                    .rfind(|event| event.comment_id == Some(row.id))
                    .expect("an event");
                assert!(
                    told.data.contains(&value.as_str().unwrap().replace(' ', "-")),
                    "{id} {}",
                    told.data
                );
            }
            "found_by" => {
                let unheard = unheard::Entity::find().all(&desk.db).await.expect("rows");
                assert!(unheard.iter().any(|one| one.external_id == id), "{id}");
            }
            "ad_id" => assert_eq!(row.ad.as_deref(), value.as_str(), "{id}"),
            "replies" => {
                let replies = all.iter().filter(|other| other.parent.as_deref() == Some(id)).count();
                assert_eq!(replies as u64, value.as_u64().unwrap(), "{id}");
            }
            other => panic!("the scenario expects '{other}', which is not checked"),
        }
    }
}

/// Delivers the steps of a scenario one after the other.
pub async fn plays(desk: &TestDesk, platform: &str, scenario: &Value) {
    for step in scenario["steps"].as_array().expect("steps") {
        if let Some(file) = step["deliver"].as_str() {
            desk.delivers(platform, &payload(&format!("{platform}/{file}")))
                .await
                .is(200);
            desk.is_through().await;
        }
    }
}

#[tokio::test]
async fn the_scenario_ends_in_the_documented_state() {
    let desk = TestDesk::start().await;
    let scenario = payload("facebook/scenario.json");
    plays(&desk, "facebook", &scenario).await;
    let expected = scenario["expected"]["comments"].as_array().unwrap();
    for line in expected {
        holds(&desk, line).await;
    }
    assert_eq!(desk.comments().await.len(), expected.len());
    let ignored: i32 = desk.deliveries().await.iter().map(|row| row.ignored).sum();
    assert_eq!(
        i64::from(ignored),
        scenario["expected"]["ignored_raw_events"].as_i64().unwrap()
    );
}

#[tokio::test]
async fn an_edit_keeps_the_text_before_it() {
    let desk = TestDesk::start().await;
    plays(&desk, "facebook", &payload("facebook/scenario.json")).await;
    let row = desk.comment("520000000000101_630000000000001").await.unwrap();
    let earlier = revision::Entity::find().all(&desk.db).await.unwrap();
    let [earlier] = &earlier[..] else { panic!("{earlier:?}") };
    assert_eq!((earlier.comment_id, earlier.revision), (row.id, 1));
    let first = payload("facebook/webhooks/01_comment_add_sv_dark_post.json");
    assert_eq!(
        earlier.text.as_deref(),
        first.pointer("/entry/0/changes/0/value/message").unwrap().as_str()
    );
}

#[tokio::test]
async fn every_payload_is_acknowledged_and_leaves_nothing_half_taken_apart() {
    let desk = TestDesk::start().await;
    let files = payloads("facebook/webhooks");
    for file in &files {
        desk.delivers("facebook", &payload(file)).await.is(200);
    }
    desk.is_through().await;
    let deliveries = desk.deliveries().await;
    assert_eq!(deliveries.len(), files.len());
    for row in &deliveries {
        assert_eq!(row.error, None);
        assert!(
            row.events + row.ignored > 0,
            "nothing was seen in {}",
            String::from_utf8_lossy(&row.body)
        );
    }
    for row in desk.comments().await {
        assert!(
            row.presence == Presence::Awaited || row.own || !row.tags.is_empty(),
            "{row:?}"
        );
    }
}

#[tokio::test]
async fn texts_arrive_byte_for_byte() {
    let desk = TestDesk::start().await;
    for file in payloads("facebook/webhooks") {
        desk.delivers("facebook", &payload(&file)).await.is(200);
        desk.is_through().await;
        for change in payload(&file)
            .pointer("/entry/0/changes")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let value = &change["value"];
            if let (Some("comment"), Some("add"), Some(id)) = (
                value["item"].as_str(),
                value["verb"].as_str(),
                value["comment_id"].as_str(),
            ) {
                let row = desk.comment(id).await.unwrap_or_else(|| panic!("{file}"));
                if row.revision == 1 {
                    assert_eq!(row.text.as_deref(), value["message"].as_str(), "{file}");
                }
            }
        }
    }
}

#[tokio::test]
async fn the_same_delivery_three_times_is_one_comment_and_one_event() {
    let desk = TestDesk::start().await;
    let before = desk.last_seq().await;
    let body = payload("facebook/webhooks/02_comment_add_ar.json");
    for _ in 0..3 {
        desk.delivers("facebook", &body).await.is(200);
        desk.is_through().await;
    }
    assert_eq!(desk.comments().await.len(), 1);
    assert_eq!(desk.deliveries().await.len(), 1);
    assert_eq!(desk.last_seq().await, before + 1);
}

#[tokio::test]
async fn twenty_copies_at_the_same_moment_are_one_comment() {
    let desk = TestDesk::start().await;
    let body = payload("facebook/webhooks/02_comment_add_ar.json");
    let answers = futures_util::future::join_all((0..20).map(|_| desk.delivers("facebook", &body))).await;
    for answer in answers {
        answer.is(200);
    }
    desk.is_through().await;
    assert_eq!(desk.comments().await.len(), 1);
    assert_eq!(desk.deliveries().await.len(), 1);
}

#[tokio::test]
async fn a_removal_before_the_addition_leaves_the_comment_removed() {
    let desk = TestDesk::start().await;
    desk.delivers("facebook", &payload("facebook/webhooks/05_comment_remove_minimal.json"))
        .await
        .is(200);
    desk.is_through().await;
    desk.delivers(
        "facebook",
        &payload("facebook/webhooks/01_comment_add_sv_dark_post.json"),
    )
    .await
    .is(200);
    desk.is_through().await;
    let [row] = &desk.comments().await[..] else {
        panic!("not one comment")
    };
    assert_eq!(stands(row), "removed");
    assert!(row.text.is_some(), "what was written is kept");
    let moved = desk.events().await;
    assert!(
        moved.iter().all(|event| event.kind.as_str() != "comment.open"),
        "it never waits in a lane"
    );
}

#[tokio::test]
async fn two_edits_in_the_wrong_order_keep_the_newer_text() {
    let desk = TestDesk::start().await;
    let time = 1_795_341_600;
    let first = comment_change("1", "add", time, json!({ "message": "Första texten" }));
    let second = comment_change(
        "1",
        "edited",
        time + 10,
        json!({ "message": "Andra texten", "edited_time": time + 10 }),
    );
    let third = comment_change(
        "1",
        "edited",
        time + 20,
        json!({ "message": "Tredje texten", "edited_time": time + 20 }),
    );
    for body in [&first, &third, &second] {
        desk.delivers("facebook", body).await.is(200);
        desk.is_through().await;
    }
    let [row] = &desk.comments().await[..] else {
        panic!("not one comment")
    };
    assert_eq!(row.text.as_deref(), Some("Tredje texten"));
    assert_eq!(row.revision, 2);
}

#[tokio::test]
async fn any_order_of_arrival_ends_in_the_same_state() {
    let time = 1_795_341_600;
    let bodies = [
        comment_change("1", "add", time, json!({ "message": "Första texten" })),
        comment_change(
            "1",
            "edited",
            time + 10,
            json!({ "message": "Andra texten", "edited_time": time + 10 }),
        ),
        comment_change("1", "hide", time + 20, json!({})),
        comment_change("1", "unhide", time + 30, json!({})),
    ];
    let desk = TestDesk::start().await;
    for (number, order) in orders(bodies.len()).into_iter().enumerate() {
        let comment = format!("{}", number + 100);
        for at in order.iter().copied() {
            let mut body = bodies[at].clone();
            body["entry"][0]["changes"][0]["value"]["comment_id"] = json!(format!("520000000000101_{comment}"));
            desk.delivers("facebook", &body).await.is(200);
            desk.is_through().await;
        }
        let row = desk.comment(&format!("520000000000101_{comment}")).await.unwrap();
        assert_eq!(row.text.as_deref(), Some("Andra texten"), "{order:?}");
        assert_eq!(stands(&row), "visible", "{order:?}");
        assert_eq!(row.state, CommentState::Open, "{order:?}");
        assert_eq!(row.author_name.as_deref(), Some("Elin Exempel"), "{order:?}");
    }
}

/// Every order of the first numbers.
fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in orders(count - 1) {
        for at in 0..=shorter.len() {
            let mut order = shorter.clone();
            order.insert(at, count - 1);
            all.push(order);
        }
    }
    all
}

#[tokio::test]
async fn one_odd_change_does_not_cost_the_others_of_a_batch() {
    let desk = TestDesk::start().await;
    let mut body = payload("facebook/webhooks/09_batch_two_entries_mixed.json");
    body["entry"][0]["changes"]
        .as_array_mut()
        .unwrap()
        .insert(0, json!({ "field": "feed", "value": [1, 2] }));
    body["entry"].as_array_mut().unwrap().insert(0, json!("odd"));
    desk.delivers("facebook", &body).await.is(200);
    desk.is_through().await;
    assert_eq!(desk.comments().await.len(), 3);
    assert_eq!(desk.deliveries().await[0].ignored, 4);
}

#[tokio::test]
async fn a_delivery_that_cannot_be_read_is_kept_and_marked() {
    let desk = TestDesk::start().await;
    for body in [&b"\xff\xfe"[..], b"{", b"[]", b"{\"object\":\"page\"}", b"null"] {
        let sign = crate::support::graph::signature(crate::support::graph::APP_SECRET, body);
        desk.delivers_raw("facebook", body.to_vec(), Some(&sign)).await.is(200);
    }
    desk.is_through().await;
    let deliveries = desk.deliveries().await;
    assert_eq!(deliveries.len(), 5);
    assert!(deliveries.iter().all(|row| row.error.is_some()));
    assert!(desk.comments().await.is_empty());
}
