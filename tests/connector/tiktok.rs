//! TikTok, delivered and read as the payload files have it, and the state the desk ends in.

use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use klarsvar::account::{SaveAccount, save};
use klarsvar::connector::{Action, Place, Sent};
use klarsvar::domain::platform::{ConnectorState, Platform};
use serde_json::{Value, json};
use sha2::Sha256;

use super::facebook::holds;
use super::youtube::{acts, after, reads};
use crate::support::exchanges::Exchanges;
use crate::support::graph::payload;
use crate::support::{Answer, TestDesk};

const SECRET: &str = "test-tt-app-secret-0001";
const VIDEO: &str = "7500000000000000103";

async fn delivers(desk: &TestDesk, body: &Value) -> Answer {
    let body = body.to_string();
    let time = desk.app().clock.now().timestamp();
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any length is a key");
    mac.update(format!("{time}.{body}").as_bytes());
    let signature = format!("t={time},s={}", hex::encode(mac.finalize().into_bytes()));
    desk.sends(|http, url| {
        http.post(format!("{url}/hooks/tiktok"))
            .header("tiktok-signature", signature)
            .body(body)
    })
    .await
}

/// One account for the ads, one for the account's own videos.
async fn accounts(desk: &TestDesk, platform: &Exchanges) {
    let account = |id: &str, token: &str, settings: Value| SaveAccount {
        account: Some(id.into()),
        api_url: Some(format!("{}/open_api/v1.3", platform.url)),
        app_secret: Some(SECRET.into()),
        verify_token: Some("none".into()),
        access_token: Some(token.into()),
        settings: Some(settings.to_string()),
        ..SaveAccount::by_hand("")
    };
    let organic = json!({ "api": "organic", "videos": [VIDEO], "own_author": "u0000000000000000000001" });
    reads(
        desk,
        "tiktok",
        Platform::Tiktok,
        account("_000KustBeredskapOpenId01", "test-tt-account-token-0001", organic),
    )
    .await;
    let ads = account(
        "7410000000000000011",
        "test-tt-advertiser-token-0001",
        json!({ "api": "ads" }),
    );
    reads(desk, "tiktok-ads", Platform::Tiktok, ads).await;
}

async fn pauses(desk: &TestDesk, name: &str) {
    let pause = SaveAccount {
        name: name.into(),
        platform: Platform::Tiktok,
        state: Some(ConnectorState::Paused),
        ..SaveAccount::by_hand("")
    };
    desk.runs(move |app| async move { save(&app, pause).await.map(|_| ()) })
        .await
        .expect("paused");
}

#[tokio::test]
async fn the_scenario_ends_in_the_documented_state() {
    let desk = TestDesk::start().await;
    let platform = Exchanges::start("tiktok/api/ads_list_empty.json");
    accounts(&desk, &platform).await;
    let scenario = payload("tiktok/scenario.json");
    let steps = scenario["steps"].as_array().unwrap();
    let mut polls = 0;
    for (at, step) in steps.iter().enumerate() {
        let place = Place {
            post: Some(VIDEO.into()),
            ..Place::default()
        };
        if let Some(file) = step["deliver"].as_str() {
            delivers(&desk, &payload(&format!("tiktok/{file}"))).await.is(200);
            desk.is_through().await;
        } else if let Some(file) = step["poll"].as_str() {
            platform.plan(&format!("tiktok/{file}"));
            polls += 1;
            if steps.get(at + 1).is_some_and(|next| next["poll"].is_string()) {
                continue;
            }
            if file.contains("ads_list") {
                platform.plan("tiktok/api/ads_adgroup_get_ok.json");
                polls += 1;
            }
            let is_round = file.contains("after_deletion");
            if is_round {
                // The files do not say what the account's own list would answer by then.
                pauses(&desk, "tiktok").await;
                for file in ["ads_adgroup_get_ok", "ads_list_after_deletion", "ads_list_arabic"] {
                    platform.always(&format!("tiktok/api/{file}.json"));
                }
            }
            // The round of a day looks after every comment: what a whole list leaves out is gone.
            after(&desk, if is_round { 86_400 } else { 1_800 }).await;
        } else {
            let action = &step["action"];
            platform.plan(&format!("tiktok/{}", action["exchange"].as_str().unwrap()));
            polls += 1;
            let comment = action["comment_id"].as_str().unwrap().to_owned();
            if action["kind"] == "reply" {
                let text = "Ja! Länk i profilen. /Maja".to_owned();
                let sent = acts(&desk, "tiktok", Action::Reply { comment, text, place }).await;
                assert_eq!(
                    sent,
                    Sent::Done {
                        external_id: Some("7500000000000000390".into())
                    }
                );
            } else {
                let sent = acts(&desk, "tiktok-ads", Action::Hide { comment, place }).await;
                assert_eq!(sent, Sent::Done { external_id: None });
            }
        }
    }
    assert_eq!(platform.met().len(), polls, "{:?}", platform.met());
    for line in scenario["expected"]["comments"].as_array().unwrap() {
        let mut line = line.clone();
        let fields = line.as_object_mut().unwrap();
        // The ad is what a comment keeps; its group and campaign are the ad's.
        let has_ad = fields.remove("campaign_id").is_some() | fields.remove("adgroup_id").is_some();
        let id = fields["id"].as_str().unwrap().to_owned();
        let row = desk.comment(&id).await.unwrap_or_else(|| panic!("{id}"));
        assert!(row.ad.is_some() || !has_ad, "{id}");
        fields.entry("state").or_insert("visible".into());
        holds(&desk, &line).await;
    }
}

#[tokio::test]
async fn a_delivery_of_yesterday_is_not_taken_again() {
    let desk = TestDesk::start().await;
    let platform = Exchanges::start("tiktok/api/ads_list_empty.json");
    accounts(&desk, &platform).await;
    let body = payload("tiktok/webhooks/01_insert_sv.json").to_string();
    let time = (desk.app().clock.now() - TimeDelta::days(1)).timestamp();
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("{time}.{body}").as_bytes());
    let signature = format!("t={time},s={}", hex::encode(mac.finalize().into_bytes()));
    let answer = desk
        .sends(|http, url| {
            http.post(format!("{url}/hooks/tiktok"))
                .header("tiktok-signature", signature)
                .body(body)
        })
        .await;
    answer.refuses(401, "wrong-signature");
    assert_eq!(desk.deliveries().await.len(), 0);
}
