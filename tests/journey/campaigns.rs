//! Campaigns: ads with their runs, and materials that approved replies point to.

use klarsvar::domain::lane::Lane;
use reqwest::Method;
use serde_json::{Value, json};

use super::answers::{decides, on_facebook};
use super::templates::versions;
use crate::support::{Cast, Member, TestDesk};

const LINK: &str = "https://exempel.se/film";

async fn campaign(lars: &Member) -> String {
    let made = lars
        .posts("/api/v1/campaigns", json!({ "name": "Fakta om LVU" }))
        .await
        .json(201);
    format!("/api/v1/campaigns/{}/materials", made["id"].as_str().unwrap())
}

fn film(name: &str, variant: &str, link: &str) -> Value {
    json!({ "name": name, "variant": variant, "kind": "film", "title": "Så går en utredning till", "link": link })
}

async fn uses(lars: &Member, materials: &str) -> Value {
    lars.gets(materials).await.json(200)["materials"][0]["uses"].clone()
}

/// An approved Swedish text of `who-decides` that points to the film by its name.
async fn points_to_the_film(desk: &TestDesk) {
    let (editor, supervisor) = (desk.signs_in(Cast::Edvin).await, desk.signs_in(Cast::Sofia).await);
    let text = json!({ "variant": "sv", "short": "Se filmen: {{film_utredning}}", "long": "En domstol beslutar. Se filmen: {{film_utredning}}" });
    let written = editor
        .posts("/api/v1/templates/who-decides/versions", text)
        .await
        .json(201);
    for (who, what) in [(&editor, "submit"), (&supervisor, "approve")] {
        let path = format!("/api/v1/templates/versions/{}/{what}", written["id"].as_str().unwrap());
        who.asks(Method::POST, &path, None).await.is(200);
    }
}

#[tokio::test]
async fn a_reply_points_to_a_material_by_name_its_use_is_counted_and_a_retired_one_stops_the_text() {
    let desk = TestDesk::start().await;
    super::templates::approved(&desk, &["who-decides"]).await;
    let lars = desk.signs_in(Cast::Lars).await;
    let editor = desk.signs_in(Cast::Edvin).await;
    let early = json!({ "variant": "sv", "short": "x {{film_utredning}}", "long": "x {{film_utredning}}" });
    let refusal = editor
        .posts("/api/v1/templates/who-decides/versions", early)
        .await
        .refuses(422, "guardrail");
    assert_eq!(
        refusal["findings"][0]["code"], "unknown-slot",
        "there is no such material yet"
    );

    let materials = campaign(&lars).await;
    let made = lars
        .posts(&materials, film("film_utredning", "sv", LINK))
        .await
        .json(201);
    points_to_the_film(&desk).await;
    assert_eq!(versions(&editor, "who-decides", "sv").await[0]["state"], "approved");

    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let id = on_facebook(&desk, "1", "Vem beslutar om LVU, är det en domstol?").await;
    signe.claims(&id).await.is(200);
    // Whatever is sent for the slot, the approved link stands in the text.
    let answer = json!({ "kind": "reply", "template": "who-decides", "revision": 1, "slots": { "film_utredning": "https://evil.example" } });
    let decided = decides(&signe, &id, answer.clone()).await.json(202);
    assert_eq!(uses(&lars, &materials).await, 1);
    let undo = format!("/api/v1/decisions/{}", decided["decision"].as_str().unwrap());
    signe.asks(Method::DELETE, &undo, None).await.is(200);
    assert_eq!(
        uses(&lars, &materials).await,
        0,
        "an answer that was undone points to nothing"
    );

    let retire = format!("{materials}/{}/retire", made["id"].as_str().unwrap());
    lars.asks(Method::POST, &retire, None).await.is(204);
    let refusal = decides(&signe, &id, answer).await.refuses(422, "guardrail");
    assert_eq!(
        refusal["findings"][0]["code"], "unapproved-text",
        "nobody fills it: {refusal}"
    );
    let plain = json!({ "kind": "reply", "template": "who-decides", "revision": 1 });
    let refusal = decides(&signe, &id, plain).await.refuses(422, "guardrail");
    assert_eq!(refusal["findings"][0]["code"], "unfilled-slot", "{refusal}");
}

#[tokio::test]
async fn a_name_stands_for_one_link_for_good() {
    let desk = TestDesk::start().await;
    let lars = desk.signs_in(Cast::Lars).await;
    let materials = campaign(&lars).await;
    let made = lars.posts(&materials, film("film", "sv", LINK)).await.json(201);
    lars.posts(&materials, film("film", "ar", LINK)).await.is(201);
    let retire = format!("{materials}/{}/retire", made["id"].as_str().unwrap());
    lars.asks(Method::POST, &retire, None).await.is(204);
    lars.asks(Method::POST, &retire, None).await.is(404);
    let other = film("film", "sv", "https://exempel.se/annan");
    lars.posts(&materials, other).await.refuses(409, "name-taken");
    for (wrong, code) in [
        (film("Film", "sv", LINK), "bad-name"),
        (film("link", "sv", LINK), "bad-name"),
        (film("film2", "sv", "javascript:alert(1)"), "bad-link"),
        (film("film2", "sv", "http://exempel.se"), "bad-link"),
    ] {
        lars.posts(&materials, wrong).await.refuses(422, code);
    }
    let amal = desk.signs_in(Cast::Amal).await;
    amal.posts(&materials, film("film3", "sv", LINK))
        .await
        .refuses(403, "no-right");
}
