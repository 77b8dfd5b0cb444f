//! Templates: from the pack's draft to an approved text, and out of use again.

use klarsvar::domain::lane::Lane;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::desk::Door;
use crate::support::{Cast, Member, TestDesk};

/// The versions of a template in a language, the newest first.
pub async fn versions(reader: &Member, key: &str, variant: &str) -> Vec<Value> {
    let document = reader.gets(&format!("/api/v1/templates/{key}")).await.json(200);
    let all = document["versions"].as_array().unwrap();
    all.iter()
        .filter(|version| version["variant"] == variant)
        .cloned()
        .collect()
}

async fn does(member: &Member, version: &Value, what: &str) -> crate::support::Answer {
    let id = version["id"].as_str().unwrap();
    let path = format!("/api/v1/templates/versions/{id}/{what}");
    member.asks(Method::POST, &path, None).await
}

/// Imports the pack and has these templates approved in every language.
pub async fn approved(desk: &TestDesk, keys: &[&str]) {
    approved_by(desk.door(), keys).await;
}

/// The same at any desk that answers.
pub async fn approved_by(door: &Door, keys: &[&str]) {
    let (editor, approver) = (
        door.member(Cast::Edvin.email()).await,
        door.member(Cast::Sofia.email()).await,
    );
    editor.asks(Method::POST, "/api/v1/templates/pack", None).await.is(200);
    for key in keys {
        for variant in ["sv", "ar", "en"] {
            let version = &versions(&editor, key, variant).await[0];
            does(&editor, version, "submit").await.is(200);
            does(&approver, version, "approve").await.is(200);
        }
    }
}

#[tokio::test]
async fn the_pack_arrives_as_drafts_and_arrives_once() {
    let desk = TestDesk::start().await;
    let editor = desk.signs_in(Cast::Edvin).await;
    let import = async || {
        editor
            .asks(Method::POST, "/api/v1/templates/pack", None)
            .await
            .json(200)
    };
    assert_eq!(import().await, json!({ "added": 49, "known": 0 }));
    assert_eq!(import().await, json!({ "added": 0, "known": 49 }));
    let list = editor.gets("/api/v1/templates").await.json(200);
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 49);
    for item in items {
        let variants = item["variants"].as_array().unwrap();
        assert_eq!(variants.len(), 3, "{item}");
        assert!(variants.iter().all(|variant| variant["state"] == "draft"), "{item}");
    }
    let one = editor.gets("/api/v1/templates/court-decides").await.json(200);
    assert!(!one["facts"].as_array().unwrap().is_empty());
    assert!(one["facts"][0]["statement"].is_string());
}

#[tokio::test]
async fn nobody_approves_what_they_wrote_or_submitted() {
    let desk = TestDesk::start().await;
    approved(&desk, &[]).await;
    let (editor, supervisor) = (desk.signs_in(Cast::Edvin).await, desk.signs_in(Cast::Sofia).await);
    let moderator = desk.signs_in(Cast::Signe).await;
    let draft = &versions(&editor, "who-decides", "sv").await[0];
    does(&supervisor, draft, "approve").await.refuses(409, "template-state");
    does(&supervisor, draft, "submit").await.refuses(403, "no-right");
    does(&editor, draft, "submit").await.is(200);
    does(&editor, draft, "approve").await.refuses(403, "second_person");
    does(&moderator, draft, "approve").await.refuses(403, "no-right");
    does(&supervisor, draft, "approve").await.is(200);
    let now = &versions(&editor, "who-decides", "sv").await[0];
    assert_eq!(now["approved_by"], "SUP-1");
    assert_eq!(
        versions(&editor, "who-decides", "ar").await[0]["state"],
        "draft",
        "each language is approved for itself"
    );
}

#[tokio::test]
async fn an_approved_text_stays_until_its_successor_is_approved() {
    let desk = TestDesk::start().await;
    approved(&desk, &["who-decides"]).await;
    let (editor, supervisor) = (desk.signs_in(Cast::Edvin).await, desk.signs_in(Cast::Sofia).await);
    let text =
        json!({ "variant": "sv", "short": "En domstol beslutar.", "long": "En domstol beslutar. Läs mer: {{link}}" });
    let edit = "/api/v1/templates/who-decides/versions";
    let written = editor.posts(edit, text.clone()).await.json(201);
    assert_eq!(
        (written["version"].as_i64(), &written["state"]),
        (Some(2), &json!("draft"))
    );
    let states = async || -> Vec<String> {
        versions(&editor, "who-decides", "sv")
            .await
            .iter()
            .map(|version| version["state"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(states().await, ["draft", "approved"]);
    does(&editor, &written, "submit").await.is(200);
    does(&supervisor, &written, "send-back").await.is(200);
    does(&editor, &written, "submit").await.is(200);
    does(&supervisor, &written, "approve").await.is(200);
    assert_eq!(states().await, ["approved", "retired"]);

    let broken = json!({ "variant": "sv", "short": "{{plats}}", "long": "x" });
    let refusal = editor.posts(edit, broken).await.refuses(422, "guardrail");
    assert_eq!(refusal["findings"][0]["code"], "unknown-slot");
    supervisor.posts(edit, text).await.refuses(403, "no-right");
}

#[tokio::test]
async fn only_approved_texts_of_the_comments_language_are_suggested_and_a_paused_one_no_longer() {
    let desk = TestDesk::start().await;
    let amal = desk.works(Cast::Amal, Lane::Ar).await;
    let id = desk
        .has_comment("t-1", "هل صحيح أن المحكمة هي التي تقرر في قضايا LVU؟")
        .await;
    let suggested = async || -> Vec<Value> {
        let body = amal.reads(&id).await.json(200);
        body["suggestions"].as_array().unwrap().clone()
    };
    assert!(suggested().await.is_empty(), "drafts are never suggested");
    approved(&desk, &["court-decides", "who-decides", "off-topic-pointer"]).await;
    let both = suggested().await;
    assert_eq!(both.len(), 2, "{both:?}");
    for one in &both {
        assert_eq!((&one["variant"], &one["fits"]), (&json!("ar"), &json!(true)));
        assert!(!one["text"].as_str().unwrap().contains("{{"));
    }
    let supervisor = desk.signs_in(Cast::Sofia).await;
    let version = &versions(&supervisor, both[0]["key"].as_str().unwrap(), "ar").await[0];
    does(&supervisor, version, "pause").await.is(200);
    assert_eq!(suggested().await.len(), 1);
    does(&supervisor, version, "resume").await.is(200);
    assert_eq!(suggested().await.len(), 2);
}
