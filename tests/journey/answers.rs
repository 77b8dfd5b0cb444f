//! From a claimed comment to an answer on its way, and back.

use chrono::TimeDelta;
use klarsvar::domain::decision::OutboxState;
use klarsvar::domain::lane::Lane;
use klarsvar::store::entity::{comment, decision, outbox};
use reqwest::Method;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::templates::{approved, versions};
use crate::support::graph::comment_change;
use crate::support::{Answer, Cast, Member, TestDesk};

/// A question in Swedish that `who-decides` answers.
const QUESTION: &str = "Vem beslutar om LVU, är det en domstol?";

/// A comment under a Facebook ad; gives its identifier.
pub async fn on_facebook(desk: &TestDesk, number: &str, text: &str) -> String {
    let time = desk.app().clock.now().timestamp();
    desk.delivers(
        "facebook",
        &comment_change(number, "add", time, json!({ "message": text })),
    )
    .await
    .is(200);
    desk.is_through().await;
    let row = desk.comment(&format!("520000000000101_{number}")).await.unwrap();
    row.id.to_string()
}

pub async fn decides(member: &Member, id: &str, body: Value) -> Answer {
    member.posts(&format!("/api/v1/comments/{id}/decision"), body).await
}

pub async fn row(desk: &TestDesk, id: &str) -> comment::Model {
    comment::Entity::find_by_id(id.parse::<klarsvar::domain::id::CommentId>().unwrap())
        .one(&desk.db)
        .await
        .unwrap()
        .unwrap()
}

pub async fn outgoing(desk: &TestDesk) -> Vec<outbox::Model> {
    outbox::Entity::find().all(&desk.db).await.unwrap()
}

/// Past the undo window, the outbox does its work.
pub async fn undo_is_over(desk: &TestDesk) {
    desk.clock.advance(TimeDelta::seconds(60));
    desk.runs(|app| async move { klarsvar::outbox::work(&app).await })
        .await
        .expect("it works");
}

fn codes(refusal: &Value) -> Vec<&str> {
    let findings = refusal["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| finding["code"].as_str().unwrap())
        .collect()
}

/// A desk with an approved template, Signe in the Swedish lane, and a claimed question on Facebook.
async fn claimed_question() -> (TestDesk, Member, String) {
    let desk = TestDesk::start().await;
    approved(&desk, &["who-decides"]).await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let id = on_facebook(&desk, "1", QUESTION).await;
    signe.claims(&id).await.is(200);
    (desk, signe, id)
}

#[tokio::test]
async fn a_suggested_reply_goes_to_the_outbox_and_waits_for_the_undo_window() {
    let (desk, signe, id) = claimed_question().await;
    let best = signe.reads(&id).await.json(200)["suggestions"][0].clone();
    assert_eq!(best["key"], "who-decides");
    let body = json!({
        "kind": "reply", "revision": 1, "template": best["key"], "version": best["version_id"],
        "variant": best["variant"], "slots": best["slots"], "text": best["text"],
    });
    let made = decides(&signe, &id, body.clone()).await.json(202);
    assert_eq!(made["undo_until"], "2026-11-22T10:00:10.000Z");
    let sent = outgoing(&desk).await;
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].state.as_str(), "pending");
    let action: Value = serde_json::from_str(&sent[0].action).unwrap();
    assert_eq!((&action["kind"], &action["text"]), (&json!("reply"), &best["text"]));
    assert_eq!(sent[0].due_at - desk.app().now_ms(), 10_000);
    let now = row(&desk, &id).await;
    assert_eq!((now.state.as_str(), now.claimed_by), ("decided", None));
    let again = decides(&signe, &id, body).await.refuses(409, "claim_lost");
    assert_eq!(again["state"], "decided");
    assert_eq!(outgoing(&desk).await.len(), 1);
    let told = desk.events().await;
    let told = told
        .iter()
        .find(|event| event.kind.as_str() == "comment.decided")
        .unwrap();
    assert!(
        !told.data.contains(best["text"].as_str().unwrap()),
        "events tell no text"
    );
}

#[tokio::test]
async fn an_undone_reply_never_leaves_and_comes_back_to_its_writer() {
    let (desk, signe, id) = claimed_question().await;
    let reply = json!({ "kind": "reply", "revision": 1, "template": "who-decides" });
    let made = decides(&signe, &id, reply.clone()).await.json(202);
    let undo = format!("/api/v1/decisions/{}", made["decision"].as_str().unwrap());
    let other = desk.works(Cast::Sofia, Lane::Sv).await;
    other.asks(Method::DELETE, &undo, None).await.refuses(403, "no-right");
    let undone = signe.asks(Method::DELETE, &undo, None).await.json(200);
    assert_eq!(undone["claim"]["by"], "SV-1");
    assert_eq!(outgoing(&desk).await[0].state.as_str(), "undone");
    let draft = signe.gets(&format!("/api/v1/comments/{id}/draft")).await.json(200);
    assert!(draft["text"].as_str().is_some_and(|text| !text.is_empty()));
    assert_eq!(draft["template"], "who-decides");
    signe
        .asks(Method::DELETE, &undo, None)
        .await
        .refuses(409, "already_sent");

    let made = decides(&signe, &id, reply).await.json(202);
    let undo = format!("/api/v1/decisions/{}", made["decision"].as_str().unwrap());
    desk.clock.advance(TimeDelta::seconds(10));
    signe
        .asks(Method::DELETE, &undo, None)
        .await
        .refuses(409, "already_sent");
    signe
        .gets(&format!("/api/v1/comments/{id}/draft"))
        .await
        .refuses(404, "not-found");
}

#[tokio::test]
async fn a_person_who_checked_out_gets_nothing_back_by_undoing() {
    let desk = TestDesk::start().await;
    let signe = desk.signs_in(Cast::Signe).await;
    let shift = desk.checks_in(&signe, Lane::Sv).await;
    let id = on_facebook(&desk, "1", QUESTION).await;
    signe.claims(&id).await.is(200);
    let made = decides(&signe, &id, json!({ "kind": "leave", "revision": 1 }))
        .await
        .json(202);
    desk.checks_out(&signe, Lane::Sv, shift).await;
    let undo = format!("/api/v1/decisions/{}", made["decision"].as_str().unwrap());
    let undone = signe.asks(Method::DELETE, &undo, None).await.json(200);
    assert_eq!((&undone["state"], &undone["claim"]), (&json!("open"), &Value::Null));
}

#[tokio::test]
async fn an_edited_comment_refuses_a_decision_on_its_old_text() {
    let (desk, signe, id) = claimed_question().await;
    let time = desk.app().clock.now().timestamp() + 5;
    desk.delivers(
        "facebook",
        &comment_change("1", "edited", time, json!({ "message": "Vem beslutar om LVU? Svara!" })),
    )
    .await
    .is(200);
    desk.is_through().await;
    let body = json!({ "kind": "reply", "revision": 1, "template": "who-decides" });
    let refusal = decides(&signe, &id, body).await.refuses(409, "stale_revision");
    assert_eq!(refusal["revision"], 2);
    assert!(outgoing(&desk).await.is_empty());
    let body = json!({ "kind": "reply", "revision": 2, "template": "who-decides" });
    decides(&signe, &id, body).await.is(202);
}

#[tokio::test]
async fn a_lost_claim_refuses_the_decision_also_before_the_job_has_seen_it() {
    let (desk, signe, id) = claimed_question().await;
    desk.clock.advance(TimeDelta::seconds(601));
    let body = json!({ "kind": "leave", "revision": 1 });
    decides(&signe, &id, body.clone()).await.refuses(409, "claim_lost");
    let sofia = desk.works(Cast::Sofia, Lane::Sv).await;
    let other = on_facebook(&desk, "2", QUESTION).await;
    signe.claims(&other).await.is(200);
    let refusal = decides(&sofia, &other, body).await.refuses(409, "claim_lost");
    assert_eq!(refusal["holder"], "SV-1");
}

#[tokio::test]
async fn what_nobody_approved_is_blocked_and_small_changes_are_confirmed() {
    let (desk, signe, id) = claimed_question().await;
    let typed = json!({ "kind": "reply", "revision": 1, "text": "Det var en bra fråga som vi återkommer till." });
    let refusal = decides(&signe, &id, typed).await.refuses(422, "guardrail");
    assert_eq!(codes(&refusal), ["unapproved-text"]);

    let best = signe.reads(&id).await.json(200)["suggestions"][0].clone();
    let edited = format!("{} Välkommen!", best["text"].as_str().unwrap());
    let body = |confirmed: &[&str]| json!({ "kind": "reply", "revision": 1, "template": "who-decides", "text": edited, "confirmed": confirmed });
    let refusal = decides(&signe, &id, body(&[])).await.refuses(422, "guardrail");
    assert_eq!(codes(&refusal), ["edited-template"]);
    let number = json!({ "kind": "reply", "revision": 1, "template": "who-decides", "text": format!("{edited} 640823-3234"), "confirmed": ["edited-template"] });
    let refusal = decides(&signe, &id, number).await.refuses(422, "guardrail");
    assert!(codes(&refusal).contains(&"identity-number"));
    let empty = json!({ "kind": "reply", "revision": 1, "template": "who-decides", "slots": { "link": "" } });
    let refusal = decides(&signe, &id, empty).await.refuses(422, "guardrail");
    assert!(codes(&refusal).contains(&"unfilled-slot"), "{refusal}");
    assert!(outgoing(&desk).await.is_empty());

    decides(&signe, &id, body(&["edited-template"])).await.is(202);
    let made = decision::Entity::find().all(&desk.db).await.unwrap();
    assert_eq!(made[0].confirmed.as_deref(), Some(r#"["edited-template"]"#));
    assert_eq!(made[0].text.as_deref(), Some(edited.as_str()));
}

#[tokio::test]
async fn a_paused_template_cannot_be_sent() {
    let (desk, signe, id) = claimed_question().await;
    let version = versions(&signe, "who-decides", "sv").await[0]["id"].clone();
    let supervisor = desk.signs_in(Cast::Sofia).await;
    let path = format!("/api/v1/templates/versions/{}/pause", version.as_str().unwrap());
    supervisor.asks(Method::POST, &path, None).await.is(200);
    let body = json!({ "kind": "reply", "revision": 1, "template": "who-decides", "version": version });
    let refusal = decides(&signe, &id, body).await.refuses(422, "guardrail");
    assert_eq!(codes(&refusal), ["withdrawn-template"]);
}

#[tokio::test]
async fn the_fourth_same_reply_in_a_thread_is_asked_about() {
    let (desk, signe, _) = claimed_question().await;
    let reply = json!({ "kind": "reply", "revision": 1, "template": "who-decides" });
    for number in ["11", "12", "13", "14"] {
        let id = on_facebook(&desk, number, &format!("{QUESTION} ({number})")).await;
        signe.claims(&id).await.is(200);
        let answer = decides(&signe, &id, reply.clone()).await;
        if number == "14" {
            assert_eq!(codes(&answer.refuses(422, "guardrail")), ["same-reply-thrice"]);
        } else {
            answer.is(202);
        }
    }
}

#[tokio::test]
async fn hiding_needs_a_ground_and_what_the_platform_lacks_is_refused() {
    let desk = TestDesk::start().await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let id = on_facebook(&desk, "1", "Köp billiga följare här www.foljare.example nu!").await;
    signe.claims(&id).await.is(200);
    decides(&signe, &id, json!({ "kind": "hide", "revision": 1 }))
        .await
        .refuses(400, "bad-input");
    decides(
        &signe,
        &id,
        json!({ "kind": "hide", "revision": 1, "ground": "opinion" }),
    )
    .await
    .is(400);
    decides(&signe, &id, json!({ "kind": "hide", "revision": 1, "ground": "spam" }))
        .await
        .is(202);
    assert!(outgoing(&desk).await[0].action.contains("\"hide\""));

    let by_hand = desk.has_comment("m-1", "Tack för bra information!").await;
    signe.claims(&by_hand).await.is(200);
    decides(&signe, &by_hand, json!({ "kind": "like", "revision": 1 }))
        .await
        .refuses(422, "not-possible");
}

#[tokio::test]
async fn a_reply_where_there_is_no_interface_waits_for_a_person_who_posts_it_and_says_so() {
    let desk = TestDesk::start().await;
    approved(&desk, &["thanks-general"]).await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let id = desk.has_comment("m-1", "Tack för bra information!").await;
    signe.claims(&id).await.is(200);
    let body = json!({ "kind": "reply", "revision": 1, "template": "thanks-general" });
    let made = decides(&signe, &id, body).await.json(202);
    assert_eq!(made["by_hand"], true);
    assert_eq!(
        outgoing(&desk).await[0].state,
        OutboxState::Pending,
        "it can still be undone"
    );
    undo_is_over(&desk).await;
    let waits = signe.gets("/api/v1/outbox?state=asked").await.json(200);
    assert_eq!(waits["items"][0]["by_hand"], true);
    assert_eq!(row(&desk, &id).await.state.as_str(), "decided");
    let answer = format!("/api/v1/outbox/{}/answer", waits["items"][0]["id"].as_str().unwrap());
    signe.posts(&answer, json!({ "said": "sent" })).await.is(200);
    signe
        .posts(&answer, json!({ "said": "not-sent" }))
        .await
        .refuses(409, "illegal-state");
    assert_eq!(outgoing(&desk).await[0].state, OutboxState::Delivered);
    let history = signe.gets(&format!("/api/v1/comments/{id}/history")).await.json(200);
    let kinds: Vec<&str> = history["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    let last = &kinds[kinds.len() - 3..];
    assert_eq!(last, ["comment.decided", "comment.handed-over", "comment.sent"]);
    let said = &history["events"][kinds.len() - 1];
    assert_eq!((&said["by"], &said["data"]["by_hand"]), (&json!("SV-1"), &json!(true)));
}

#[tokio::test]
async fn a_reply_that_cannot_be_posted_by_hand_brings_its_comment_back() {
    let desk = TestDesk::start().await;
    approved(&desk, &["thanks-general"]).await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let id = desk.has_comment("m-1", "Tack för bra information!").await;
    signe.claims(&id).await.is(200);
    let body = json!({ "kind": "reply", "revision": 1, "template": "thanks-general" });
    decides(&signe, &id, body).await.is(202);
    undo_is_over(&desk).await;
    let waits = outgoing(&desk).await;
    assert_eq!(waits[0].state, OutboxState::Asked);
    let answer = format!("/api/v1/outbox/{}/answer", waits[0].id);
    signe.posts(&answer, json!({ "said": "not-sent" })).await.is(200);
    assert_eq!(outgoing(&desk).await[0].state, OutboxState::Failed);
    assert_eq!(row(&desk, &id).await.state.as_str(), "open");
}

#[tokio::test]
async fn a_corrected_language_moves_the_comment_and_only_supervisors_judge_intent() {
    let desk = TestDesk::start().await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let sofia = desk.works(Cast::Sofia, Lane::Ar).await;
    let id = on_facebook(&desk, "1", QUESTION).await;
    let tags = format!("/api/v1/comments/{id}/tags");
    signe
        .posts(&tags, json!({ "language": "ar" }))
        .await
        .refuses(409, "claim_lost");
    signe.claims(&id).await.is(200);
    signe
        .posts(&tags, json!({ "intent": "disinformation" }))
        .await
        .refuses(403, "no-right");
    let body = json!({ "language": "ar", "flags": ["child-at-risk"], "narratives": ["silenced-coverup"] });
    let now = signe.posts(&tags, body).await.json(200);
    assert_eq!((&now["lane"], &now["urgent"]), (&json!("ar"), &json!(true)));
    assert_eq!(now["narratives"][0]["source"], "person");
    sofia.posts(&tags, json!({ "intent": "unclear" })).await.is(200);
    let stored: Value = serde_json::from_str(&row(&desk, &id).await.tags).unwrap();
    assert_eq!(stored["intent"], "unclear");
    let load = sofia.gets("/api/v1/load").await.json(200);
    let claimed: Vec<i64> = load["lanes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|lane| lane["claimed"].as_i64().unwrap())
        .collect();
    assert_eq!(claimed, [1, 0, 0, 0], "the board followed");
}
