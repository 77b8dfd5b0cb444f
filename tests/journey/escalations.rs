//! Questions to supervisors: two people where two are asked for, and none approves their own.

use klarsvar::domain::lane::Lane;
use reqwest::Method;
use serde_json::{Value, json};

use super::answers::{decides, on_facebook, outgoing, row};
use crate::support::{Answer, Cast, Member, TestDesk};

const CRITICISM: &str = "Jag är missnöjd med er handläggning, ni borde göra ett bättre jobb";
const DESPAIR: &str = "Jag orkar inte leva längre, jag vill dö";

async fn asks(member: &Member, id: &str, proposal: Value) -> Value {
    let body = json!({ "question": "Är det här kritik eller något annat?", "proposal": proposal });
    member
        .posts(&format!("/api/v1/comments/{id}/escalate"), body)
        .await
        .json(201)
}

async fn answers(member: &Member, question: &Value, body: Value) -> Answer {
    let id = question["escalation"].as_str().unwrap();
    member.posts(&format!("/api/v1/escalations/{id}/resolve"), body).await
}

async fn claimed(text: &str) -> (TestDesk, Member, Member, String) {
    let desk = TestDesk::start().await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let sofia = desk.signs_in(Cast::Sofia).await;
    let id = on_facebook(&desk, "1", text).await;
    signe.claims(&id).await.is(200);
    (desk, signe, sofia, id)
}

#[tokio::test]
async fn hiding_criticism_takes_a_second_person() {
    let (desk, signe, sofia, id) = claimed(CRITICISM).await;
    let hide = json!({ "kind": "hide", "revision": 1, "ground": "personal-data" });
    let refusal = decides(&signe, &id, hide).await.refuses(422, "guardrail");
    assert_eq!(refusal["findings"][0]["code"], "two-person");
    let question = asks(&signe, &id, json!({ "kind": "hide", "ground": "personal-data" })).await;
    assert_eq!(question["two_person"], true);
    assert_eq!(row(&desk, &id).await.state.as_str(), "escalated");
    answers(&signe, &question, json!({ "resolution": "approve" }))
        .await
        .refuses(403, "no-right");
    let list = sofia.gets("/api/v1/escalations").await.json(200);
    assert_eq!(list["items"][0]["asked_by"], "SV-1");
    assert_eq!(list["items"][0]["proposal"]["ground"], "personal-data");
    let done = answers(
        &sofia,
        &question,
        json!({ "resolution": "approve", "reason": "Telefonnummer" }),
    )
    .await
    .json(200);
    assert_eq!(done["state"], "decided");
    assert_eq!(outgoing(&desk).await.len(), 1);
    answers(&sofia, &question, json!({ "resolution": "approve" }))
        .await
        .refuses(409, "illegal-state");

    let undo = format!("/api/v1/decisions/{}", done["decision"].as_str().unwrap());
    let undone = sofia.asks(Method::DELETE, &undo, None).await.json(200);
    assert_eq!(undone["state"], "escalated", "an undone answer is a question again");
    assert_eq!(outgoing(&desk).await[0].state.as_str(), "undone");
    let list = sofia.gets("/api/v1/escalations").await.json(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn questions_come_page_by_page_each_once_waiting_and_answered() {
    let desk = TestDesk::start().await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let sofia = desk.signs_in(Cast::Sofia).await;
    let mut asked = Vec::new();
    for number in 1..=5 {
        let id = on_facebook(&desk, &number.to_string(), CRITICISM).await;
        signe.claims(&id).await.is(200);
        asked.push(asks(&signe, &id, json!({ "kind": "hide", "ground": "hate" })).await);
        // Two that are due at the same moment lie on two pages.
        if number != 2 {
            desk.clock.advance(chrono::TimeDelta::minutes(1));
        }
    }
    let pages = async |state: &str| {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/api/v1/escalations?state={state}&limit=2&cursor={cursor}");
            let page = sofia.gets(&path).await.json(200);
            let items = page["items"].as_array().unwrap().clone();
            assert!(items.len() <= 2);
            seen.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
            match page["cursor"].as_str() {
                Some(next) => next.clone_into(&mut cursor),
                None => return seen,
            }
        }
    };
    let in_order: Vec<String> = asked
        .iter()
        .map(|question| question["escalation"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(pages("open").await, in_order, "the soonest due first");
    for question in &asked {
        answers(&sofia, question, json!({ "resolution": "return", "advice": "Svara" }))
            .await
            .is(200);
        desk.clock.advance(chrono::TimeDelta::seconds(1));
    }
    let latest_first: Vec<String> = in_order.into_iter().rev().collect();
    assert_eq!(pages("resolved").await, latest_first);
    assert_eq!(pages("open").await, Vec::<String>::new());
    sofia
        .gets("/api/v1/escalations?cursor=nonsense")
        .await
        .refuses(400, "bad-input");
}

#[tokio::test]
async fn who_proposed_cannot_approve_even_as_supervisor() {
    let desk = TestDesk::start().await;
    let sofia = desk.works(Cast::Sofia, Lane::Sv).await;
    let id = on_facebook(&desk, "1", CRITICISM).await;
    sofia.claims(&id).await.is(200);
    let question = asks(&sofia, &id, json!({ "kind": "hide", "ground": "hate" })).await;
    answers(&sofia, &question, json!({ "resolution": "approve" }))
        .await
        .refuses(403, "second_person");
    let change = json!({ "resolution": "change", "decision": { "kind": "leave", "revision": 1 } });
    answers(&sofia, &question, change).await.refuses(403, "second_person");
    answers(&sofia, &question, json!({ "resolution": "take-over" }))
        .await
        .is(200);
    let hide = json!({ "kind": "hide", "revision": 1, "ground": "hate" });
    let refusal = decides(&sofia, &id, hide).await.refuses(422, "guardrail");
    assert_eq!(
        refusal["findings"][0]["code"], "two-person",
        "taking over is no way around"
    );
}

#[tokio::test]
async fn a_supervisor_who_takes_over_anothers_question_may_carry_it_out() {
    let (desk, signe, sofia, id) = claimed(CRITICISM).await;
    let question = asks(&signe, &id, json!({ "kind": "hide", "ground": "hate" })).await;
    answers(&sofia, &question, json!({ "resolution": "take-over" }))
        .await
        .is(200);
    assert_eq!(row(&desk, &id).await.claimed_by, Some(sofia.id));
    decides(&sofia, &id, json!({ "kind": "hide", "revision": 1, "ground": "hate" }))
        .await
        .is(202);
}

#[tokio::test]
async fn a_proposed_text_outside_the_templates_needs_the_supervisor() {
    let (desk, signe, sofia, id) = claimed("Vem beslutar om LVU, är det en domstol?").await;
    let text = "Det är förvaltningsrätten som beslutar, och barnet har ett eget ombud.";
    let question = asks(&signe, &id, json!({ "kind": "reply", "text": text })).await;
    assert_eq!(question["two_person"], false);
    let stale = json!({ "resolution": "approve", "revision": 7 });
    answers(&sofia, &question, stale).await.refuses(409, "stale_revision");
    answers(&sofia, &question, json!({ "resolution": "approve" }))
        .await
        .is(200);
    assert!(outgoing(&desk).await[0].action.contains("förvaltningsrätten"));
}

#[tokio::test]
async fn a_comment_about_wanting_to_die_is_never_closed_without_a_supervisor() {
    let (desk, signe, sofia, id) = claimed(DESPAIR).await;
    for kind in ["leave", "duplicate", "like"] {
        let refusal = decides(&signe, &id, json!({ "kind": kind, "revision": 1 }))
            .await
            .refuses(422, "guardrail");
        assert_eq!(refusal["findings"][0]["code"], "two-person", "{kind}");
    }
    let asked = decides(
        &signe,
        &id,
        json!({ "kind": "escalate", "revision": 1, "reason": "Hur svarar vi?" }),
    )
    .await
    .json(202);
    assert_eq!(
        asked["due_at"], "2026-11-22T10:15:00.000Z",
        "a flag is answered within 15 min"
    );
    answers(&sofia, &asked, json!({ "resolution": "return" }))
        .await
        .refuses(400, "bad-input");
    let advice = json!({ "resolution": "return", "advice": "Bra att du frågade. Ring 112 om det är bråttom." });
    assert_eq!(answers(&sofia, &asked, advice).await.json(200)["state"], "open");
    signe.claims(&id).await.is(200);
    decides(&signe, &id, json!({ "kind": "leave", "revision": 1 }))
        .await
        .is(202);
    assert_eq!(row(&desk, &id).await.state.as_str(), "decided");
}

#[tokio::test]
async fn overturning_needs_a_reason_and_a_question_needs_words() {
    let (_desk, signe, sofia, id) = claimed(CRITICISM).await;
    signe
        .posts(&format!("/api/v1/comments/{id}/escalate"), json!({ "question": "  " }))
        .await
        .refuses(400, "bad-input");
    let question = asks(&signe, &id, Value::Null).await;
    answers(&sofia, &question, json!({ "resolution": "approve" }))
        .await
        .refuses(400, "bad-input");
    answers(&sofia, &question, json!({ "resolution": "overturn" }))
        .await
        .refuses(400, "bad-input");
    let overturn = json!({ "resolution": "overturn", "reason": "Det är kritik." });
    assert_eq!(answers(&sofia, &question, overturn).await.json(200)["state"], "open");
}

#[tokio::test]
async fn another_persons_comment_cannot_be_escalated() {
    let (desk, _signe, _sofia, id) = claimed(CRITICISM).await;
    let other = &desk.hires(1, Lane::Sv).await[0];
    let body = json!({ "question": "Vad gör jag?" });
    let refusal = other
        .posts(&format!("/api/v1/comments/{id}/escalate"), body)
        .await
        .refuses(409, "claimed");
    assert_eq!(refusal["holder"], "SV-1");
}
