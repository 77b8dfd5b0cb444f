//! The roster's answers: drafts, exchanges, absences.

use serde_json::{Value, json};

use super::Held;
use crate::support::{Cast, Member, TestDesk};

/// Drafts, exchanges and absences of later days.
pub(super) async fn planned(desk: &TestDesk, held: &mut Held) {
    let (lars, amal, signe) = (
        desk.signs_in(Cast::Lars).await,
        desk.signs_in(Cast::Amal).await,
        desk.signs_in(Cast::Signe).await,
    );
    let adam = desk.signs_in(Cast::Adam).await;
    adam.posts(
        &format!("/api/v1/users/{}", signe.id),
        json!({ "lanes": ["sv", "en", "ar"] }),
    )
    .await
    .json(200);
    let day = |person: &Member, day: u32| {
        json!({
            "person": person.id, "lane": "ar", "draft": true,
            "starts_at": format!("2026-12-{day:02}T08:00:00Z"), "ends_at": format!("2026-12-{day:02}T14:00:00Z"),
            "breaks": [{ "from": format!("2026-12-{day:02}T11:00:00Z"), "to": format!("2026-12-{day:02}T11:30:00Z") }],
        })
    };
    let mut shifts = Vec::new();
    for number in [1, 2, 3] {
        shifts.push(
            held.asks(&lars, "POST /shifts", "/shifts", Some(day(&amal, number)))
                .await,
        );
    }
    let week = json!({ "week": "2026-W49" });
    held.asks(&lars, "POST /shifts/publish", "/shifts/publish", Some(week))
        .await;
    let mut asked = Vec::new();
    for shift in &shifts {
        let new = json!({ "shift": shift["id"], "of": signe.id });
        asked.push(held.asks(&amal, "POST /exchanges", "/exchanges", Some(new)).await);
    }
    held.gets(&lars, "/exchanges").await;
    let at = |one: &Value, said: &str| format!("/exchanges/{}/{said}", one["id"].as_str().expect("an id"));
    for one in &asked[..2] {
        held.asks(&signe, "POST /exchanges/{id}/{said}", &at(one, "accept"), None)
            .await;
    }
    held.asks(&lars, "POST /exchanges/{id}/approve", &at(&asked[0], "approve"), None)
        .await;
    held.asks(&lars, "POST /exchanges/{id}/refuse", &at(&asked[1], "refuse"), None)
        .await;
    held.asks(&amal, "POST /exchanges/{id}/{said}", &at(&asked[2], "withdraw"), None)
        .await;
    let ill = json!({ "kind": "sick", "from": "2026-12-02T00:00:00Z", "to": "2026-12-03T00:00:00Z" });
    let ill = held.asks(&amal, "POST /absences", "/absences", Some(ill)).await;
    held.gets(&amal, "/absences?week=2026-W49").await;
    let back = format!("/absences/{}/take-back", ill["id"].as_str().expect("an id"));
    held.asks(&amal, "POST /absences/{id}/take-back", &back, None).await;
}

/// What somebody on a shift can do besides its comments.
pub(super) async fn at_work(held: &mut Held, who: &Member, shift: &Value) {
    let prolong = format!("/shifts/{}/prolong", shift["id"].as_str().expect("an id"));
    // Hours before the bell: what it refuses is held against the document too.
    held.asks(who, "POST /shifts/{id}/prolong", &prolong, None).await;
    held.asks(who, "POST /shifts/break", "/shifts/break", None).await;
    held.asks(who, "POST /shifts/break/end", "/shifts/break/end", None)
        .await;
}
