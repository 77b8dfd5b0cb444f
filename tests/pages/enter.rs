//! Entering comments by hand, and carrying out by hand what was decided on them. All without script.

use chrono::TimeDelta;
use klarsvar::domain::lane::Lane;
use klarsvar::store::entity::outbox;
use sea_orm::EntityTrait;
use serde_json::json;

use super::{form, page};
use crate::journey::answers::{decides, undo_is_over};
use crate::journey::templates::approved;
use crate::support::{Cast, TestDesk};

/// A form's body.
fn body(fields: &[(&str, &str)]) -> String {
    let escaped = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
                byte => format!("%{byte:02X}"),
            })
            .collect()
    };
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", escaped(value)))
        .collect();
    pairs.join("&")
}

const TEXT: &str = "Tack för bra information!\n\n@noor\nهل يمكنني الحصول على مترجم في الاجتماع؟";

#[tokio::test]
async fn what_is_pasted_is_looked_at_and_then_stands_in_its_lanes_with_who_entered_it() {
    let desk = TestDesk::start().await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let shown = page(&desk, &signe, "/enter").await;
    shown.is(200);
    assert!(shown.text.contains("value=\"manual|\""), "{}", shown.text);
    let fields = [
        ("place", "manual|"),
        ("text", TEXT),
        ("at", "2026-11-22T09:30"),
        ("link", "https://www.snapchat.com/t/abc"),
        ("screenshot", "dnr 2026/117"),
    ];
    let looked = form(&desk, &signe, "/enter", &body(&fields), false).await;
    looked.is(200);
    for part in ["value=\"0.1\" checked", "value=\"1.1\" checked", "noor"] {
        assert!(looked.text.contains(part), "{part}: {}", looked.text);
    }
    assert!(desk.comments().await.is_empty(), "looking stores nothing");

    let stored = [&fields[..], &[("take", "0.1"), ("take", "1.1")]].concat();
    for notice in ["entered", "entered-none"] {
        let sent = form(&desk, &signe, "/enter/store", &body(&stored), false).await;
        sent.is(303);
        assert_eq!(sent.header("location"), format!("/enter?notice={notice}"));
    }
    let rows = desk.comments().await;
    assert_eq!(rows.len(), 2);
    let arabic = rows.iter().find(|row| row.lane == Lane::Ar).expect("an Arabic comment");
    assert_eq!(arabic.author_handle.as_deref(), Some("noor"));
    assert_eq!(arabic.written_at, 1_795_336_200_000, "half past nine in Sweden");
    let kept = desk.deliveries().await;
    assert_eq!(kept.len(), 1);
    assert!(String::from_utf8_lossy(&kept[0].body).contains("dnr 2026/117"));
    let swedish = rows.iter().find(|row| row.lane == Lane::Sv).expect("a Swedish comment");
    let history = format!("/api/v1/comments/{}/history", swedish.id);
    let history = signe.gets(&history).await.json(200);
    assert_eq!(history["events"][0]["by"], "SV-1");
    let item = page(&desk, &signe, &format!("/desk/{}", swedish.id)).await;
    assert!(
        item.text.contains("Öppna kommentaren på plattformen") && item.text.contains("dnr 2026/117"),
        "{}",
        item.text
    );
    let go = page(&desk, &signe, &format!("/go?comment={}&to=link", swedish.id)).await;
    assert!(go.text.contains("www.snapchat.com"), "{}", go.text);
}

#[tokio::test]
async fn the_same_words_again_are_another_comment_only_if_somebody_says_so() {
    let desk = TestDesk::start().await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let fields = [("place", "manual|"), ("text", "Ja!\n\nJa!")];
    let looked = form(&desk, &signe, "/enter", &body(&fields), false).await;
    assert!(looked.text.contains("value=\"0.1\" checked"), "{}", looked.text);
    assert!(
        looked.text.contains("value=\"1.2\">") && !looked.text.contains("value=\"1.2\" checked"),
        "{}",
        looked.text
    );
    for take in [&["0.1"][..], &["0.1"], &["0.1", "1.2"], &["0.1", "1.2"]] {
        let taken = take.iter().map(|take| ("take", *take));
        let fields: Vec<_> = fields.into_iter().chain(taken).collect();
        form(&desk, &signe, "/enter/store", &body(&fields), false).await.is(303);
        assert_eq!(desk.comments().await.len(), take.len());
    }
}

#[tokio::test]
async fn a_form_that_cannot_be_read_says_why_and_keeps_what_was_written() {
    let desk = TestDesk::start().await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let many = "a\n\n".repeat(101);
    for (fields, at) in [
        (vec![("place", "facebook|"), ("text", "kvar")], "#place"),
        (vec![("place", "nowhere|x"), ("text", "kvar")], "#place"),
        (vec![("place", "manual|"), ("text", " \n ")], "#text"),
        (vec![("place", "manual|"), ("text", &many)], "#text"),
        (vec![("place", "manual|"), ("text", "kvar"), ("at", "igår")], "#at"),
        (vec![("place", "manual|"), ("text", "kvar"), ("link", "a\0b")], "#link"),
    ] {
        for path in ["/enter", "/enter/store"] {
            let answer = form(&desk, &signe, path, &body(&fields), false).await;
            answer.is(400);
            assert!(answer.text.contains(&format!("href=\"{at}\"")), "{at}: {}", answer.text);
        }
    }
    assert!(desk.comments().await.is_empty());
}

#[tokio::test]
async fn a_reply_to_post_by_hand_is_shown_with_its_text_and_marked_as_sent() {
    let desk = TestDesk::start().await;
    approved(&desk, &["thanks-general"]).await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let amal = desk.works(Cast::Amal, Lane::Ar).await;
    let fields = [
        ("place", "manual|"),
        ("text", "Tack för bra information!"),
        ("take", "0.1"),
    ];
    form(&desk, &signe, "/enter/store", &body(&fields), false).await.is(303);
    let id = desk.comments().await[0].id.to_string();
    signe.claims(&id).await.is(200);
    let reply = json!({ "kind": "reply", "revision": 1, "template": "thanks-general" });
    decides(&signe, &id, reply).await.is(202);
    let early = page(&desk, &signe, "/by-hand").await;
    assert!(
        early.text.contains("hand-none"),
        "it can still be undone: {}",
        early.text
    );
    undo_is_over(&desk).await;
    let row = outbox::Entity::find().one(&desk.db).await.unwrap().expect("an action");
    let shown = page(&desk, &signe, "/by-hand").await;
    let wait = format!("wait-{}", row.id);
    assert!(
        shown.text.contains(&wait) && shown.text.contains("<textarea"),
        "{}",
        shown.text
    );
    let other = page(&desk, &amal, "/by-hand").await;
    assert!(!other.text.contains(&wait), "another lane: {}", other.text);
    let strip = page(&desk, &signe, "/desk").await;
    let link = format!("/by-hand#{wait}");
    assert!(strip.text.contains(&link), "{}", strip.text);
    desk.clock.advance(TimeDelta::minutes(2));
    let later = page(&desk, &signe, "/desk").await;
    assert!(
        !later.text.contains(&link) && later.text.contains("För hand</span> <span class=\"count\">1<"),
        "{}",
        later.text
    );
    let said = body(&[("did", "sent"), ("back", "/by-hand")]);
    let sent = form(&desk, &signe, &format!("/outbox/{}/answer", row.id), &said, false).await;
    sent.is(303);
    assert_eq!(sent.header("location"), "/by-hand?notice=saved");
    let done = page(&desk, &signe, "/by-hand").await;
    assert!(!done.text.contains(&wait), "{}", done.text);
}
