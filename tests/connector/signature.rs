//! Who may deliver: the handshake and the signature over the raw body.

use klarsvar::connector::registry::Connected;
use klarsvar::domain::platform::Platform;
use serde_json::Value;

use crate::support::graph::{APP_SECRET, VERIFY_TOKEN, comment_change, escaped, payload, signature};
use crate::support::{Answer, TestDesk};

/// Gives a connector another secret.
fn uses_secret(desk: &TestDesk, name: &str, secret: &str) {
    let old = desk.app().connectors.find(name).expect("a connector");
    let mut account = old.account.clone();
    account.app_secret = secret.to_owned();
    desk.app().connectors.put(Connected {
        name: old.name.clone(),
        account,
        protocol: klarsvar::connector::of(old.platform()),
        state: old.state,
        is_locked: false,
        blind_since: old.blind_since,
    });
}

async fn vectors_hold(platform: Platform) {
    let desk = TestDesk::start().await;
    let name = platform.as_str();
    let file = payload(&format!("{name}/signature_vectors.json"));
    let vectors = file["vectors"].as_array().expect("vectors");
    assert!(vectors.iter().any(|one| one["valid"] == true) && vectors.iter().any(|one| one["valid"] == false));
    let mut kept = 0;
    for vector in vectors {
        uses_secret(&desk, name, vector["secret"].as_str().expect("a secret"));
        let body = vector["body"].as_str().expect("a body").as_bytes().to_vec();
        let mut headers = Vec::new();
        for (header, value) in vector["headers"].as_object().expect("headers") {
            headers.push((header.clone(), value.as_str().expect("a value").to_owned()));
        }
        let answer = desk
            .sends(|http, url| {
                let request = http.post(format!("{url}/hooks/{name}")).body(body);
                headers
                    .into_iter()
                    .fold(request, |request, (header, value)| request.header(header, value))
            })
            .await;
        if vector["valid"] == true {
            answer.is(200);
            kept += 1;
        } else {
            answer.refuses(401, "wrong-signature");
        }
        desk.is_through().await;
        assert!(desk.deliveries().await.len() <= kept, "{}", vector["name"]);
    }
    assert!(kept > 0 && !desk.deliveries().await.is_empty());
}

#[tokio::test]
async fn facebook_s_signature_vectors_hold() {
    vectors_hold(Platform::Facebook).await;
}

#[tokio::test]
async fn instagram_s_signature_vectors_hold() {
    vectors_hold(Platform::Instagram).await;
}

#[tokio::test]
async fn one_changed_byte_or_a_rewritten_body_is_refused_and_not_kept() {
    let desk = TestDesk::start().await;
    let body = payload("facebook/webhooks/02_comment_add_ar.json");
    let sent = escaped(&body);
    let sign = signature(APP_SECRET, sent.as_bytes());
    let mut changed = sent.clone().into_bytes();
    changed[40] ^= 1;
    for other in [changed, body.to_string().into_bytes(), Vec::new()] {
        desk.delivers_raw("facebook", other, Some(&sign))
            .await
            .refuses(401, "wrong-signature");
    }
    let shortened = sent.as_bytes()[..sent.len() - 1].to_vec();
    desk.delivers_raw("facebook", shortened, Some(&sign))
        .await
        .refuses(401, "wrong-signature");
    for header in [
        None,
        Some(""),
        Some("sha256="),
        Some("sha1=0000"),
        Some("sha256=zz"),
        Some("öäå"),
    ] {
        desk.delivers_raw("facebook", sent.clone().into_bytes(), header)
            .await
            .refuses(401, "wrong-signature");
    }
    assert!(desk.deliveries().await.is_empty());
    assert!(desk.comments().await.is_empty());
}

#[tokio::test]
async fn a_delivery_to_nobody_is_not_found() {
    let desk = TestDesk::start().await;
    let body = comment_change("1", "add", 1_795_341_600, serde_json::json!({ "message": "Hej" }));
    desk.delivers("nobody", &body).await.refuses(404, "not-found");
    // Comments of this connector are entered by hand; nobody may deliver to it.
    desk.delivers("manual", &body).await.refuses(404, "not-found");
    assert!(desk.deliveries().await.is_empty());
}

async fn handshake(desk: &TestDesk, query: &str) -> Answer {
    desk.nobody().gets(&format!("/hooks/facebook?{query}")).await
}

#[tokio::test]
async fn the_handshake_echoes_the_challenge_for_the_right_word_only() {
    let desk = TestDesk::start().await;
    let right = handshake(
        &desk,
        &format!("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={VERIFY_TOKEN}"),
    )
    .await;
    assert_eq!(right.is(200).text, "1158201444");
    assert!(right.header("content-type").starts_with("text/plain"));
    for query in [
        "",
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=wrong",
        "hub.mode=subscribe&hub.challenge=1",
        &format!("hub.mode=subscribe&hub.verify_token={VERIFY_TOKEN}"),
        &format!("hub.mode=unsubscribe&hub.challenge=1&hub.verify_token={VERIFY_TOKEN}"),
    ] {
        handshake(&desk, query).await.refuses(403, "wrong-word");
    }
    desk.nobody()
        .gets("/hooks/nobody?hub.mode=subscribe")
        .await
        .refuses(404, "not-found");
}

#[tokio::test]
async fn a_challenge_with_markup_is_not_a_page() {
    let desk = TestDesk::start().await;
    let query =
        format!("hub.mode=subscribe&hub.challenge=%3Cscript%3Ealert(1)%3C/script%3E&hub.verify_token={VERIFY_TOKEN}");
    let answer = handshake(&desk, &query).await;
    if answer.status == 200 {
        assert!(answer.header("content-type").starts_with("text/plain"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    } else {
        answer.refuses(403, "wrong-word");
    }
}

#[tokio::test]
async fn documented_handshakes_are_answered_as_documented() {
    let desk = TestDesk::start().await;
    for name in ["00_handshake_ok", "00_handshake_wrong_token"] {
        let exchange: Value = payload(&format!("facebook/api/{name}.json"));
        let query: Vec<String> = exchange["request"]["query"]
            .as_object()
            .expect("a query")
            .iter()
            .map(|(key, value)| {
                format!(
                    "{key}={}",
                    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
                )
            })
            .collect();
        let answer = handshake(&desk, &query.join("&")).await;
        let status = exchange["response"]["status"].as_u64().expect("a status");
        assert_eq!(u64::from(answer.status), status, "{name} {}", query.join("&"));
    }
}
