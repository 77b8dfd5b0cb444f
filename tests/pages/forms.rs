//! A form that is sent twice has one effect: by the same key as often as it likes, and without one by the rules.

use futures_util::future::join;
use klarsvar::domain::lane::Lane;
use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE};

use crate::journey::answers::on_facebook;
use crate::journey::templates::approved;
use crate::support::{Answer, Cast, Member, TestDesk};

const QUESTION: &str = "Vem beslutar om LVU, är det en domstol?";

async fn sends(desk: &TestDesk, by: &Member, path: &str, body: &str, key: Option<&str>) -> Answer {
    let mut request = desk
        .door()
        .http
        .post(format!("{}{path}", desk.url()))
        .header(COOKIE, by.cookie())
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(ACCEPT, "text/html")
        .body(body.to_owned());
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    Answer::of(request.send().await).await
}

/// Sends a form twice at once, and once more, with the same key or without any; gives the answers.
async fn thrice(desk: &TestDesk, by: &Member, path: &str, body: &str, key: Option<&str>) -> Vec<Answer> {
    let send = || sends(desk, by, path, body, key);
    let (first, second) = join(send(), send()).await;
    vec![first, second, send().await]
}

async fn count(desk: &TestDesk, kind: &str) -> usize {
    desk.events()
        .await
        .iter()
        .filter(|event| event.kind.as_str() == kind)
        .count()
}

/// Somebody, a form of theirs, and the kind of event that tells of its one effect.
struct Form {
    by: Member,
    path: String,
    body: String,
    kind: &'static str,
}

async fn forms(desk: &TestDesk) -> Vec<Form> {
    approved(desk, &["who-decides"]).await;
    let (signe, sofia) = (
        desk.works(Cast::Signe, Lane::Sv).await,
        desk.signs_in(Cast::Sofia).await,
    );
    let (lars, edvin) = (desk.signs_in(Cast::Lars).await, desk.signs_in(Cast::Edvin).await);
    let amal = desk.works(Cast::Amal, Lane::Ar).await;
    let mut ids = Vec::new();
    for number in ["1", "2", "3", "4"] {
        let id = on_facebook(desk, number, QUESTION).await;
        signe.claims(&id).await.is(200);
        ids.push(id);
    }
    let ask = serde_json::json!({ "question": "Vad gör vi?" });
    let asked = signe
        .posts(&format!("/api/v1/comments/{}/escalate", ids[1]), ask)
        .await
        .json(201);
    let made = signe
        .posts(
            &format!("/api/v1/comments/{}/decision", ids[2]),
            serde_json::json!({ "kind": "leave", "revision": 1 }),
        )
        .await
        .json(202);
    let shift = amal.gets("/api/v1/me").await.json(200)["shift"][0]["shift"].clone();
    let version = crate::journey::templates::versions(&edvin, "court-decides", "sv").await[0]["id"].clone();
    let word = |value: &serde_json::Value| value.as_str().expect("an id").to_owned();
    let form = |by: &Member, path: String, body: String, kind| Form {
        by: by.clone(),
        path,
        body,
        kind,
    };
    vec![
        form(
            &signe,
            format!("/desk/{}/escalate", ids[0]),
            "question=Vad+nu".into(),
            "escalation.opened",
        ),
        form(
            &sofia,
            format!("/esc/{}/resolve", word(&asked["escalation"])),
            "kind=return&advice=Svara+sakligt".into(),
            "escalation.resolved",
        ),
        form(
            &signe,
            format!("/decisions/{}/undo", word(&made["decision"])),
            String::new(),
            "decision.undone",
        ),
        form(
            &signe,
            format!("/desk/{}/release", ids[3]),
            String::new(),
            "comment.released",
        ),
        form(
            &lars,
            "/shifts".into(),
            format!(
                "person={}&lane=sv&start=2026-11-25T08:00&end=2026-11-25T16:00&week=",
                signe.id
            ),
            "shift.planned",
        ),
        form(
            &edvin,
            "/templates/court-decides/sv/submit".into(),
            format!("version={}", word(&version)),
            "template",
        ),
        form(
            &amal,
            format!("/shifts/{}/check-out", word(&shift)),
            "going_on=Lugnt&waits=&watch=".into(),
            "shift.ended",
        ),
    ]
}

#[tokio::test]
async fn with_the_same_key_a_form_has_one_effect_and_the_same_answer() {
    let desk = TestDesk::start().await;
    for (number, form) in forms(&desk).await.into_iter().enumerate() {
        let before = count(&desk, form.kind).await;
        let answers = thrice(&desk, &form.by, &form.path, &form.body, Some(&format!("form-{number}"))).await;
        assert_eq!(count(&desk, form.kind).await, before + 1, "{} {answers:#?}", form.path);
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        assert_eq!(statuses, [303, 303, 303], "{} {answers:#?}", form.path);
    }
}

#[tokio::test]
async fn without_a_key_a_form_sent_twice_has_one_effect() {
    let desk = TestDesk::start().await;
    for form in forms(&desk).await {
        let before = count(&desk, form.kind).await;
        let answers = thrice(&desk, &form.by, &form.path, &form.body, None).await;
        assert_eq!(count(&desk, form.kind).await, before + 1, "{} {answers:#?}", form.path);
        assert!(
            answers.iter().any(|answer| answer.status == 303),
            "{} {answers:#?}",
            form.path
        );
        assert!(
            answers.iter().all(|answer| answer.status < 500),
            "{} {answers:#?}",
            form.path
        );
    }
}

#[tokio::test]
async fn a_key_that_was_another_forms_is_refused() {
    let desk = TestDesk::start().await;
    let lars = desk.signs_in(Cast::Lars).await;
    let person = desk.signs_in(Cast::Signe).await.id;
    let plan = |day: u32| format!("person={person}&lane=sv&start=2026-11-{day}T08:00&end=2026-11-{day}T16:00&week=");
    sends(&desk, &lars, "/shifts", &plan(25), Some("k")).await.is(303);
    sends(&desk, &lars, "/shifts", &plan(26), Some("k")).await.is(422);
    assert_eq!(count(&desk, "shift.planned").await, 1);
}
