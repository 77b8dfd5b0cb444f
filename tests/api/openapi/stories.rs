//! What a story's routes answer.

use serde_json::json;

use super::Held;
use crate::support::sample::handed;
use crate::support::{Cast, TestDesk};

/// Two stories, one of them renamed, split and merged.
pub(super) async fn told_again(desk: &TestDesk, held: &mut Held) {
    let told = "Soc hämtade grannens tvillingar från förskolan i Malmö för att kylen var tom";
    let other = "The office on Storgatan sends every family that asks for help to the same foster home abroad";
    for (number, text) in [("91", told), ("92", told), ("93", other), ("94", other)] {
        desk.hands_in(&handed(number, text)).await.json(201);
    }
    desk.runs(async |app| {
        klarsvar::story::gather::gather(&app).await.expect("stories are read");
        klarsvar::story::tally::tally(&app).await.expect("stories are counted");
    })
    .await;
    let sofia = desk.signs_in(Cast::Sofia).await;
    let list = held.gets(&sofia, "/stories?limit=50").await;
    let twice = list["stories"]
        .as_array()
        .expect("stories")
        .iter()
        .filter(|one| one["size"] == 2);
    let ids: Vec<String> = twice.map(|one| one["id"].as_str().expect("an id").to_owned()).collect();
    assert!(ids.len() >= 2, "{list:#?}");
    let one = held
        .asks(&sofia, "GET /stories/{id}", &format!("/stories/{}", ids[0]), None)
        .await;
    let at = format!("/stories/{}/rename", ids[0]);
    held.asks(
        &sofia,
        "POST /stories/{id}/rename",
        &at,
        Some(json!({ "title": "Tvillingarna" })),
    )
    .await;
    let leaving = json!({ "comments": [one["items"][0]["id"]] });
    let at = format!("/stories/{}/split", ids[0]);
    held.asks(&sofia, "POST /stories/{id}/split", &at, Some(leaving)).await;
    let at = format!("/stories/{}/merge", ids[0]);
    held.asks(&sofia, "POST /stories/{id}/merge", &at, Some(json!({ "into": ids[1] })))
        .await;
}
