//! What waits, in serving order, by the page; and the best of it.

use std::collections::HashSet;

use chrono::TimeDelta;
use klarsvar::domain::lane::Lane;
use serde_json::{Value, json};

use crate::support::sample::{ARABIC, SWEDISH, handed};
use crate::support::{Cast, Member, TestDesk};

async fn page(member: &Member, query: &str) -> (Vec<Value>, Option<String>) {
    let body = member.gets(&format!("/api/v1/queue?{query}")).await.json(200);
    (
        body["items"].as_array().unwrap().clone(),
        body["cursor"].as_str().map(str::to_owned),
    )
}

async fn all(member: &Member, lane: Lane, limit: usize) -> Vec<Value> {
    let (mut items, mut cursor) = page(member, &format!("lane={lane}&limit={limit}")).await;
    while let Some(next) = cursor {
        let (more, after) = page(member, &format!("lane={lane}&limit={limit}&cursor={next}")).await;
        assert!(!more.is_empty(), "a page behind a cursor is empty");
        items.extend(more);
        cursor = after;
    }
    items
}

fn place(item: &Value) -> (bool, String, i64, String, String) {
    let text = |name: &str| item[name].as_str().unwrap().to_owned();
    (
        !item["urgent"].as_bool().unwrap(),
        text("due_at"),
        -item["severity"].as_i64().unwrap(),
        text("opened_at"),
        text("id"),
    )
}

/// A lane with urgent and ordinary comments that came in over hours.
async fn fills(desk: &TestDesk, count: usize) {
    let texts = [
        "Okej då.",
        "Var hittar jag närmaste skyddsrum i Göteborg?",
        "Jag orkar inte leva längre, jag vill dö",
        "Ännu en bortkastad kampanj för våra skattepengar",
        "Ring mig på 070-174 06 05 så berättar jag",
    ];
    for number in 0..count {
        let mut body = handed(&format!("e-{number}"), texts[number % texts.len()]);
        body["language"] = json!("sv");
        desk.hands_in(&body).await.json(201);
        if number % 3 == 0 {
            desk.clock.advance(TimeDelta::seconds(47));
        }
    }
}

#[tokio::test]
async fn a_lane_is_served_by_urgency_deadline_severity_and_age() {
    let desk = TestDesk::start().await;
    fills(&desk, 60).await;
    let sofia = desk.signs_in(Cast::Sofia).await;
    let items = all(&sofia, Lane::Sv, 200).await;
    assert!(items.len() >= 40, "{}", items.len());
    assert!(items.iter().any(|item| item["urgent"] == true) && items.iter().any(|item| item["urgent"] == false));
    let places: Vec<_> = items.iter().map(place).collect();
    assert!(places.is_sorted(), "{places:#?}");
}

#[tokio::test]
async fn pages_of_any_size_walk_through_everything_exactly_once() {
    let desk = TestDesk::start().await;
    fills(&desk, 75).await;
    let sofia = desk.signs_in(Cast::Sofia).await;
    let whole: Vec<String> = all(&sofia, Lane::Sv, 200)
        .await
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(whole.iter().collect::<HashSet<_>>().len(), whole.len());
    for limit in [1, 2, 7, 25, 74] {
        let ids: Vec<String> = all(&sofia, Lane::Sv, limit)
            .await
            .iter()
            .map(|item| item["id"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(ids, whole, "limit {limit}");
    }
    let (most, _) = page(&sofia, "lane=sv&limit=100000").await;
    assert!(most.len() <= 200);
}

#[tokio::test]
async fn next_takes_in_serving_order_until_nothing_waits() {
    let desk = TestDesk::start().await;
    fills(&desk, 25).await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let order: Vec<Value> = all(&signe, Lane::Sv, 200).await;
    for expected in &order {
        let taken = signe.takes_next().await.json(200);
        assert_eq!(taken["id"], expected["id"]);
        assert_eq!(taken["claim"]["by"], "SV-1");
        assert_eq!(taken["state"], "claimed");
    }
    assert_eq!(signe.takes_next().await.is(204).text, "");
}

#[tokio::test]
async fn next_looks_at_every_lane_of_the_caller_and_at_no_other() {
    let desk = TestDesk::start().await;
    desk.has_comment("sv-1", SWEDISH).await;
    desk.has_comment("ar-1", ARABIC).await;
    let sofia = desk.works(Cast::Sofia, Lane::Ar).await;
    let only = sofia.posts("/api/v1/queue/next", json!({ "lane": "sv" })).await;
    only.refuses(403, "not-checked-in");
    assert_eq!(sofia.takes_next().await.json(200)["lane"], "ar");
    sofia.takes_next().await.is(204);
    desk.checks_in(&sofia, Lane::Sv).await;
    assert_eq!(sofia.takes_next().await.json(200)["lane"], "sv");
}

#[tokio::test]
async fn lists_cover_personal_data_and_the_item_shows_it_to_who_works_it() {
    let desk = TestDesk::start().await;
    let text = "Mitt personnummer är 811228-9874, kan ni ringa mig på 070-174 06 05?";
    let id = desk.has_comment("e-1", text).await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let (items, _) = page(&signe, "lane=sv").await;
    let shown = items[0]["text"].as_str().unwrap();
    assert!(!shown.contains("9874") && !shown.contains("06 05"), "{shown}");
    assert_eq!(signe.reads(&id).await.json(200)["text"], text);
}

#[tokio::test]
async fn parameters_that_make_no_sense_are_refused() {
    let desk = TestDesk::start().await;
    desk.has_comment("e-1", SWEDISH).await;
    let sofia = desk.signs_in(Cast::Sofia).await;
    for query in [
        "",
        "lane=xx",
        "lane=sv&state=asleep",
        "lane=sv&limit=-1",
        "lane=sv&limit=many",
        "lane=sv&cursor=AAAA",
        "lane=sv&cursor=%00",
        "lane=sv&platform=usenet",
        "lane=sv&colour=red",
    ] {
        sofia
            .gets(&format!("/api/v1/queue?{query}"))
            .await
            .refuses(400, "bad-input");
    }
    for narrative in ["%25", "_", "|", "'", "\\", "%00x"] {
        let answer = sofia
            .gets(&format!("/api/v1/queue?lane=sv&narrative={narrative}"))
            .await;
        assert!(
            answer.status == 400 || answer.json(200)["items"] == json!([]),
            "{narrative}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn a_lane_is_seen_by_who_works_it_or_watches_all() {
    let desk = TestDesk::start().await;
    desk.has_comment("ar-1", ARABIC).await;
    let amal = desk.signs_in(Cast::Amal).await;
    amal.gets("/api/v1/queue?lane=ar").await.refuses(403, "not-checked-in");
    let shift = desk.checks_in(&amal, Lane::Ar).await;
    amal.gets("/api/v1/queue?lane=ar").await.is(200);
    amal.gets("/api/v1/queue?lane=sv").await.refuses(403, "not-checked-in");
    desk.checks_out(&amal, Lane::Ar, shift).await;
    amal.gets("/api/v1/queue?lane=ar").await.refuses(403, "not-checked-in");
    for who in [Cast::Sofia, Cast::Lars] {
        desk.signs_in(who).await.gets("/api/v1/queue?lane=ar").await.is(200);
    }
}
