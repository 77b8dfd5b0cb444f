//! The served document of the API: whole, and true of real answers.

use std::collections::BTreeSet;

use klarsvar::domain::lane::Lane;
use klarsvar::http::routes::{Need, TABLE};
use reqwest::Method;
use serde_json::{Value, json};

use crate::journey::answers::{decides, on_facebook};
use crate::journey::templates::{approved, versions};
use crate::support::sample::{SWEDISH, handed};
use crate::support::schema::faults;
use crate::support::{Answer, Cast, Member, TestDesk};

mod roster;
mod stories;

const QUESTION: &str = "Vem beslutar om LVU, är det en domstol?";

async fn document(desk: &TestDesk) -> Value {
    desk.nobody().gets("/api/v1/openapi.json").await.json(200)
}

#[tokio::test]
async fn every_route_of_the_api_is_in_it_and_nothing_else() {
    let document = document(&TestDesk::start().await).await;
    let mut written = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            written.insert(format!("{method} {path}"));
            assert!(operation["summary"].is_string(), "{method} {path} says nothing");
            let answers = operation["responses"].as_object().expect("answers");
            assert!(answers.len() > 1, "{method} {path} gives nothing");
        }
    }
    let mut routed = BTreeSet::new();
    for (method, path, need) in TABLE.iter().filter(|(_, path, _)| path.starts_with("/api/v1/")) {
        routed.insert(format!("{method} {path}"));
        let right = &document["paths"][path][method]["x-right"];
        match need {
            Need::Nothing => assert!(right.is_null(), "{method} {path}"),
            Need::Right(needed) => assert_eq!(right, needed.as_str(), "{method} {path}"),
        }
    }
    assert_eq!(written, routed);
}

#[tokio::test]
async fn the_notes_are_of_routes_that_are_there() {
    let notes = std::fs::read_to_string(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../backend/src/http/api/openapi.json"),
    )
    .expect("the notes");
    let notes: Value = serde_json::from_str(&notes).expect("JSON");
    for name in notes["operations"].as_object().expect("operations").keys() {
        let is_there = TABLE
            .iter()
            .any(|(method, path, _)| format!("{method} {path}") == *name);
        assert!(is_there, "{name} is no route");
    }
}

#[tokio::test]
async fn every_schema_it_names_is_in_it() {
    let document = document(&TestDesk::start().await).await;
    let text = document.to_string();
    let mut named = BTreeSet::new();
    for part in text.split("\"#/components/schemas/").skip(1) {
        named.insert(part.split('"').next().expect("a name").to_owned());
    }
    let there: BTreeSet<String> = document["components"]["schemas"]
        .as_object()
        .expect("schemas")
        .keys()
        .cloned()
        .collect();
    assert_eq!(named, there, "named, and there");
}

/// The document, the operations whose answers were held against it, and what was wrong.
struct Held {
    document: Value,
    seen: BTreeSet<String>,
    wrong: Vec<String>,
}

impl Held {
    /// Holds an answer, and what was sent, against an operation.
    fn holds(&mut self, operation: &str, sent: Option<&Value>, answer: &Answer) -> Value {
        self.seen.insert(operation.to_owned());
        let (method, path) = operation.split_once(' ').expect("method and path");
        let operation_of = &self.document["paths"][format!("/api/v1{path}")][method.to_lowercase()];
        let given = &operation_of["responses"][answer.status.to_string()];
        let (given, media) = match given.is_object() {
            true => (given, "application/json"),
            false => (&operation_of["responses"]["default"], "application/problem+json"),
        };
        let mut wrong = Vec::new();
        if answer.status < 300 && media != "application/json" {
            wrong.push(format!("gives {}, which is not written", answer.status));
        }
        let body: Value = serde_json::from_str(&answer.text).unwrap_or_default();
        match given["content"][media].get("schema") {
            Some(schema) => {
                let mut found = faults(&self.document, schema, &body);
                // A problem has members of its own besides those every one has.
                found.retain(|fault| media == "application/json" || !fault.ends_with("is not in the document"));
                wrong.extend(found);
            }
            None if !answer.text.is_empty() => wrong.push(format!("gives a body: {}", answer.text)),
            None => {}
        }
        if let Some(sent) = sent {
            match operation_of["requestBody"]["content"]["application/json"].get("schema") {
                Some(schema) => wrong.extend(faults(&self.document, schema, sent)),
                None => wrong.push("takes nothing, it says".to_owned()),
            }
        }
        self.wrong
            .extend(wrong.into_iter().map(|fault| format!("{operation}: {fault}")));
        body
    }

    async fn asks(&mut self, by: &Member, operation: &str, at: &str, sent: Option<Value>) -> Value {
        let (method, _) = operation.split_once(' ').expect("method and path");
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let answer = by.asks(method, &format!("/api/v1{at}"), sent.as_ref()).await;
        self.holds(operation, sent.as_ref(), &answer)
    }

    async fn gets(&mut self, by: &Member, path: &str) -> Value {
        let route = path.split('?').next().expect("a path").to_owned();
        self.asks(by, &format!("GET {route}"), path, None).await
    }
}

#[tokio::test]
async fn real_answers_are_as_it_says() {
    let desk = TestDesk::start().await;
    let mut held = Held {
        document: document(&desk).await,
        seen: BTreeSet::new(),
        wrong: Vec::new(),
    };
    comments_and_decisions(&desk, &mut held).await;
    questions_and_texts(&desk, &mut held).await;
    staff_and_set_up(&desk, &mut held).await;
    stories::told_again(&desk, &mut held).await;
    teaching(&desk, &mut held).await;
    assert_eq!(held.wrong, Vec::<String>::new());
    let routes: BTreeSet<String> = TABLE
        .iter()
        .filter_map(|(method, path, _)| Some(format!("{} {}", method.to_uppercase(), path.strip_prefix("/api/v1")?)))
        .collect();
    let unseen: Vec<&String> = routes.difference(&held.seen).collect();
    // The stream answers 101, and its frames are tested where sockets are.
    let expected = [
        "GET /openapi.json",
        "GET /stream",
        "POST /outbox/{id}/answer",
        "POST /outbox/{id}/retry",
    ];
    assert_eq!(unseen, expected, "operations no answer was held against");
}

async fn comments_and_decisions(desk: &TestDesk, held: &mut Held) {
    let one = handed("o-1", SWEDISH);
    let answer = desk.hands_in(&one).await;
    held.holds("POST /comments", Some(&one), &answer);
    let list = json!([handed("o-2", SWEDISH), handed("o-1", SWEDISH)]);
    held.holds("POST /comments", Some(&list), &desk.hands_in(&list).await);
    held.holds("POST /comments", Some(&one), &desk.hands_in(&one).await);
    approved(desk, &["who-decides"]).await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    held.gets(&signe, "/queue?lane=sv&limit=1").await;
    held.gets(&signe, "/queue").await;
    let next = held
        .asks(&signe, "POST /queue/next", "/queue/next", Some(json!({ "lane": "sv" })))
        .await;
    let id = next["id"].as_str().expect("an id").to_owned();
    let at = |what: &str| format!("/comments/{id}{what}");
    held.asks(&signe, "GET /comments/{id}", &at(""), None).await;
    held.asks(&signe, "POST /comments/{id}/claim", &at("/claim"), None)
        .await;
    held.asks(&signe, "POST /comments/{id}/extend", &at("/extend"), None)
        .await;
    held.asks(
        &signe,
        "POST /comments/{id}/tags",
        &at("/tags"),
        Some(json!({ "classes": ["question-about-services"] })),
    )
    .await;
    let draft = json!({ "text": "Hej", "template": "who-decides", "variant": "sv", "slots": { "kommun": "Umeå" } });
    held.asks(&signe, "POST /comments/{id}/draft", &at("/draft"), Some(draft))
        .await;
    held.asks(&signe, "GET /comments/{id}/draft", &at("/draft"), None).await;
    held.asks(&signe, "POST /comments/{id}/release", &at("/release"), None)
        .await;
    let id = on_facebook(desk, "77", QUESTION).await;
    signe.claims(&id).await.is(200);
    let refused = json!({ "kind": "reply", "revision": 1, "text": "Eget" });
    let at = format!("/comments/{id}/decision");
    held.asks(&signe, "POST /comments/{id}/decision", &at, Some(refused))
        .await;
    let reply = json!({ "kind": "reply", "revision": 1, "template": "who-decides" });
    let made = held
        .asks(&signe, "POST /comments/{id}/decision", &at, Some(reply))
        .await;
    held.gets(&signe, "/outbox?limit=5").await;
    let undo = format!("/decisions/{}", made["decision"].as_str().expect("an id"));
    held.asks(&signe, "DELETE /decisions/{id}", &undo, None).await;
    held.asks(
        &signe,
        "GET /comments/{id}/history",
        &format!("/comments/{id}/history"),
        None,
    )
    .await;
    decides(&signe, &id, json!({ "kind": "leave", "revision": 1 }))
        .await
        .is(202);
}

async fn teaching(desk: &TestDesk, held: &mut Held) {
    let (sofia, edvin) = (desk.signs_in(Cast::Sofia).await, desk.signs_in(Cast::Edvin).await);
    let id = desk
        .has_comment("t-1", "Glassbilen kommer på torsdagar, ring 070-174 06 05")
        .await;
    held.gets(&sofia, "/agreement").await;
    let blind = format!("/comments/{id}/blind");
    let nothing = Some(json!({ "narratives": [], "classes": [] }));
    held.asks(&sofia, "POST /comments/{id}/blind", &blind, nothing).await;
    let tags = json!({ "narratives": ["west-islamophobic"] });
    sofia.posts(&format!("/api/v1/comments/{id}/tags"), tags).await.is(200);
    held.asks(&sofia, "GET /comments/{id}/why", &format!("/comments/{id}/why"), None)
        .await;
    let kept = held.gets(&sofia, "/examples?limit=5").await;
    let example = format!("/examples/{}", kept["items"][0]["id"].as_str().expect("an id"));
    held.asks(&sofia, "DELETE /examples/{id}", &example, None).await;
    let phrase =
        |text: &str| json!({ "key": "taxi-rule", "titles": { "sv": "Taxi styr" }, "phrases": { "sv": [text] } });
    for (word, what) in [("taxi styr", "put-aside"), ("glassbilen kommer", "publish")] {
        let made = held
            .asks(&edvin, "POST /narratives", "/narratives", Some(phrase(word)))
            .await;
        let at = format!("/narratives/versions/{}", made["id"].as_str().expect("an id"));
        held.asks(
            &sofia,
            "POST /narratives/versions/{id}/test",
            &format!("{at}/test"),
            None,
        )
        .await;
        let operation = format!("POST /narratives/versions/{{id}}/{what}");
        held.asks(&sofia, &operation, &format!("{at}/{what}"), None).await;
    }
    held.gets(&sofia, "/narratives").await;
    held.asks(&sofia, "GET /narratives/{key}", "/narratives/taxi-rule", None)
        .await;
    let to = Some(json!({ "to": 2 }));
    held.asks(
        &sofia,
        "POST /narratives/{key}/revert",
        "/narratives/taxi-rule/revert",
        to,
    )
    .await;
}

async fn questions_and_texts(desk: &TestDesk, held: &mut Held) {
    let (signe, sofia) = (desk.signs_in(Cast::Signe).await, desk.signs_in(Cast::Sofia).await);
    for number in ["81", "82"] {
        let id = on_facebook(desk, number, QUESTION).await;
        signe.claims(&id).await.is(200);
        let question = json!({ "question": "Vad gör vi?", "proposal": { "kind": "hide", "ground": "spam" } });
        let at = format!("/comments/{id}/escalate");
        held.asks(&signe, "POST /comments/{id}/escalate", &at, Some(question))
            .await;
    }
    let list = held.gets(&sofia, "/escalations?limit=1").await;
    let id = list["items"][0]["id"].as_str().expect("an id").to_owned();
    held.asks(&sofia, "GET /escalations/{id}", &format!("/escalations/{id}"), None)
        .await;
    let approve = json!({ "resolution": "approve", "reason": "Reklam" });
    let at = format!("/escalations/{id}/resolve");
    held.asks(&sofia, "POST /escalations/{id}/resolve", &at, Some(approve))
        .await;
    held.gets(&sofia, "/escalations?state=resolved").await;

    let edvin = desk.signs_in(Cast::Edvin).await;
    held.asks(&edvin, "POST /templates/pack", "/templates/pack", None).await;
    held.gets(&edvin, "/templates").await;
    held.asks(&edvin, "GET /templates/{key}", "/templates/who-decides", None)
        .await;
    let text = "Domstolen beslutar om LVU.";
    let edit = json!({ "variant": "sv", "short": text, "long": text });
    held.asks(
        &edvin,
        "POST /templates/{key}/versions",
        "/templates/court-decides/versions",
        Some(edit),
    )
    .await;
    let version = versions(&edvin, "court-decides", "sv").await[0]["id"].clone();
    let at = format!("/templates/versions/{}", version.as_str().expect("an id"));
    held.asks(
        &edvin,
        "POST /templates/versions/{id}/submit",
        &format!("{at}/submit"),
        None,
    )
    .await;
    let until = json!({ "expires_on": "2027-11-01" });
    held.asks(
        &sofia,
        "POST /templates/versions/{id}/{move}",
        &format!("{at}/approve"),
        Some(until),
    )
    .await;
}

async fn staff_and_set_up(desk: &TestDesk, held: &mut Held) {
    let (lars, adam) = (desk.signs_in(Cast::Lars).await, desk.signs_in(Cast::Adam).await);
    let (amal, agnes) = (desk.signs_in(Cast::Amal).await, desk.signs_in(Cast::Agnes).await);
    let plan = |from: &str, to: &str| json!({ "person": amal.id, "lane": "ar", "starts_at": from, "ends_at": to });
    let today = plan("2026-11-22T10:00:00Z", "2026-11-22T16:00:00Z");
    let shift = held.asks(&lars, "POST /shifts", "/shifts", Some(today)).await;
    let later = plan("2026-11-24T10:00:00Z", "2026-11-24T16:00:00Z");
    let other = held.asks(&lars, "POST /shifts", "/shifts", Some(later)).await;
    let of = |shift: &Value, what: &str| format!("/shifts/{}/{what}", shift["id"].as_str().expect("an id"));
    held.asks(&lars, "POST /shifts/{id}/cancel", &of(&other, "cancel"), None)
        .await;
    roster::planned(desk, held).await;
    held.gets(&lars, "/shifts").await;
    let read = json!({ "handover_read": true });
    held.asks(&amal, "POST /shifts/{id}/check-in", &of(&shift, "check-in"), Some(read))
        .await;
    held.gets(&amal, "/shifts/now").await;
    roster::at_work(held, &amal, &shift).await;
    held.gets(&amal, "/me").await;
    let left = json!({ "going_on": "Lugnt", "waits": "", "watch": "Rykten" });
    held.asks(
        &amal,
        "POST /shifts/{id}/check-out",
        &of(&shift, "check-out"),
        Some(left),
    )
    .await;
    held.gets(&amal, "/shifts/handover?lane=ar").await;
    let back = json!({ "lane": "ar", "handover_read": true });
    held.asks(&amal, "POST /shifts/check-in", "/shifts/check-in", Some(back))
        .await;
    held.gets(&lars, "/load").await;
    held.gets(&lars, "/staffing?lane=sv").await;
    desk.runs(|app| async move { klarsvar::load::outlook::look_ahead(&app).await })
        .await
        .expect("an outlook");
    held.gets(&lars, "/staffing?lane=sv").await;
    crate::journey::waves::is_on(desk).await;
    held.gets(&lars, "/waves?limit=5").await;

    let new = json!({ "email": "ny@desk.example", "name": "Ny Person", "pseudonym": "SV-8", "roles": ["moderator"], "lanes": ["sv"] });
    let user = held.asks(&adam, "POST /users", "/users", Some(new)).await;
    let at = format!("/users/{}", user["id"].as_str().expect("an id"));
    held.asks(&adam, "POST /users/{id}", &at, Some(json!({ "lanes": ["en"] })))
        .await;
    for what in ["disable", "enable", "reset"] {
        held.asks(
            &adam,
            &format!("POST /users/{{id}}/{what}"),
            &format!("{at}/{what}"),
            None,
        )
        .await;
    }
    held.gets(&adam, "/users").await;
    let token = json!({ "name": "programme 2", "rights": ["ingest"] });
    let token = held.asks(&adam, "POST /tokens", "/tokens", Some(token)).await;
    held.gets(&adam, "/tokens").await;
    let at = format!("/tokens/{}", token["id"].as_str().expect("an id"));
    held.asks(&adam, "DELETE /tokens/{id}", &at, None).await;
    held.gets(&adam, "/connectors").await;
    let connector = json!({ "name": "manual", "platform": "manual" });
    held.asks(&adam, "POST /connectors", "/connectors", Some(connector))
        .await;
    let campaign = json!({ "name": "Fakta", "ads": [{ "connector": "facebook", "external_id": "1" }], "posts": [] });
    let saved = held
        .asks(&lars, "POST /campaigns", "/campaigns", Some(campaign.clone()))
        .await;
    let at = format!("/campaigns/{}", saved["id"].as_str().expect("an id"));
    held.asks(&lars, "POST /campaigns/{id}", &at, Some(campaign)).await;
    let material =
        json!({ "name": "film", "variant": "sv", "kind": "film", "title": "Film", "link": "https://a.se/film" });
    let materials = format!("{at}/materials");
    let made = held
        .asks(&lars, "POST /campaigns/{id}/materials", &materials, Some(material))
        .await;
    held.asks(&lars, "GET /campaigns/{id}/materials", &materials, None)
        .await;
    let retire = format!("{materials}/{}/retire", made["id"].as_str().expect("an id"));
    held.asks(&lars, "POST /campaigns/{id}/materials/{material}/retire", &retire, None)
        .await;
    held.gets(&amal, "/campaigns").await;
    held.gets(&agnes, "/audit?limit=100").await;

    let nobody = desk.nobody();
    let credentials = json!({ "email": Cast::Agnes.email(), "password": crate::support::cast::PASSWORD });
    held.asks(&nobody, "POST /session", "/session", Some(credentials)).await;
    let list = held.gets(&agnes, "/me/sessions").await;
    let other = list["sessions"]
        .as_array()
        .expect("sessions")
        .iter()
        .find(|one| one["current"] == false);
    let at = format!(
        "/me/sessions/{}",
        other.expect("another session")["id"].as_str().expect("an id")
    );
    held.asks(&agnes, "DELETE /me/sessions/{id}", &at, None).await;
    let passwords = json!({ "present": crate::support::cast::PASSWORD, "new": "ett helt annat och långt lösenord" });
    held.asks(&agnes, "POST /me/password", "/me/password", Some(passwords))
        .await;
    held.asks(&agnes, "DELETE /session", "/session", None).await;
}
