//! Who may listen, and that a right taken away ends the listening within a second.

use std::time::Duration;

use klarsvar::domain::lane::Lane;
use klarsvar::person::staff::Disable;
use serde_json::json;

use crate::support::sample::{ARABIC, SWEDISH};
use crate::support::stream::{Said, Stream};
use crate::support::{Cast, TestDesk};

/// How soon a right taken away has to be gone.
const AT_ONCE: Duration = Duration::from_secs(1);

/// Whether the socket ends in time.
async fn ends(stream: &mut Stream) -> bool {
    while let Some(said) = stream.within(AT_ONCE).await {
        if matches!(said, Said::Closed(_)) {
            return true;
        }
    }
    false
}

#[tokio::test]
async fn a_lane_is_told_to_who_is_checked_in_or_watches_all() {
    let desk = TestDesk::start().await;
    let amal = desk.signs_in(Cast::Amal).await;
    assert_eq!(amal.is_refused_the_stream("topics=queue.ar").await, 403);
    desk.checks_in(&amal, Lane::Ar).await;
    drop(amal.listens("topics=queue.ar").await);
    assert_eq!(amal.is_refused_the_stream("topics=queue.sv").await, 403);
    assert_eq!(amal.is_refused_the_stream("topics=queue.ar,queue.sv").await, 403);
    for who in [Cast::Sofia, Cast::Lars] {
        drop(desk.signs_in(who).await.listens("topics=queue.ar,load").await);
    }
    for who in [Cast::Edvin, Cast::Adam, Cast::Agnes] {
        assert_eq!(
            desk.signs_in(who).await.is_refused_the_stream("topics=queue.ar").await,
            403,
            "{who:?}"
        );
    }
    assert_eq!(desk.nobody().is_refused_the_stream("topics=queue.ar").await, 401);
}

#[tokio::test]
async fn each_topic_asks_for_its_right() {
    let desk = TestDesk::start().await;
    let id = desk.has_comment("ar-1", ARABIC).await;
    let item = format!("item.{id}");
    // Who may listen without being checked in anywhere.
    for (topic, allowed) in [
        (item.as_str(), vec![Cast::Sofia, Cast::Lars]),
        ("esc", vec![Cast::Sofia]),
        ("load", vec![Cast::Sofia, Cast::Lars]),
        (
            "roster",
            vec![Cast::Amal, Cast::Sofia, Cast::Lars, Cast::Edvin, Cast::Adam],
        ),
        ("tpl", vec![Cast::Amal, Cast::Sofia, Cast::Lars, Cast::Edvin]),
        ("connectors", vec![Cast::Sofia, Cast::Lars, Cast::Adam]),
    ] {
        for who in [
            Cast::Amal,
            Cast::Sofia,
            Cast::Lars,
            Cast::Edvin,
            Cast::Adam,
            Cast::Agnes,
        ] {
            let member = desk.signs_in(who).await;
            let query = format!("topics={topic}");
            if allowed.contains(&who) {
                drop(member.listens(&query).await);
            } else {
                assert_eq!(member.is_refused_the_stream(&query).await, 403, "{topic} {who:?}");
            }
        }
    }
    let (amal, sofia) = (desk.signs_in(Cast::Amal).await, desk.signs_in(Cast::Sofia).await);
    drop(amal.listens(&format!("topics=user.{}", amal.id)).await);
    assert_eq!(
        sofia.is_refused_the_stream(&format!("topics=user.{}", amal.id)).await,
        403,
        "another person's own affairs"
    );
}

#[tokio::test]
async fn checking_out_closes_the_lane_within_a_second() {
    let desk = TestDesk::start().await;
    let amal = desk.signs_in(Cast::Amal).await;
    let shift = desk.checks_in(&amal, Lane::Ar).await;
    let mut stream = amal.listens("topics=queue.ar,roster").await;
    desk.checks_out(&amal, Lane::Ar, shift).await;
    let closed = loop {
        match stream.within(AT_ONCE).await {
            Some(Said::Frame(frame)) if frame["type"] == "closed" => break frame,
            Some(Said::Frame(_)) => {}
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(closed, json!({ "type": "closed", "topic": "queue.ar" }));
    desk.has_comment("ar-1", ARABIC).await;
    while let Some(said) = stream.within(Duration::from_millis(300)).await {
        assert!(
            matches!(&said, Said::Frame(frame) if frame["topic"] == "roster"),
            "{said:?}"
        );
    }
}

#[tokio::test]
async fn checking_out_of_one_lane_leaves_the_other() {
    let desk = TestDesk::start().await;
    let signe = desk.signs_in(Cast::Signe).await;
    let swedish = desk.checks_in(&signe, Lane::Sv).await;
    desk.checks_in(&signe, Lane::En).await;
    let mut stream = signe.listens("topics=queue.sv,queue.en").await;
    desk.checks_out(&signe, Lane::Sv, swedish).await;
    desk.has_comment("sv-1", SWEDISH).await;
    let id = desk.has_comment("en-1", crate::support::sample::ENGLISH).await;
    loop {
        let frame = stream.frame().await;
        assert!(frame["type"] == "closed" || frame["topic"] == "queue.en", "{frame}");
        if frame["data"]["comment"]["id"] == id.as_str() {
            break;
        }
    }
}

#[tokio::test]
async fn signing_out_closes_the_sockets_of_that_session_only() {
    let desk = TestDesk::start().await;
    let first = desk.works(Cast::Signe, Lane::Sv).await;
    let second = desk.signs_in(Cast::Signe).await;
    let mut ended = first.listens("topics=queue.sv").await;
    let mut open = second.listens("topics=queue.sv").await;
    first.signs_out().await.is(204);
    assert!(ends(&mut ended).await, "the socket of the ended session is open");
    first.gets("/api/v1/me").await.refuses(401, "not-signed-in");
    let id = desk.has_comment("e-1", SWEDISH).await;
    open.until("comment.open", Some(&id)).await;
}

#[tokio::test]
async fn disabling_a_person_ends_every_socket_and_session_and_gives_the_claims_back() {
    let desk = TestDesk::start().await;
    let id = desk.has_comment("e-1", SWEDISH).await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    signe.claims(&id).await.is(200);
    let mut stream = signe.listens("topics=queue.sv").await;
    desk.writes(Disable {
        person: signe.id,
        by: None,
        disabled: true,
    })
    .await;
    assert!(ends(&mut stream).await, "the socket of a disabled person is open");
    signe.gets("/api/v1/me").await.refuses(401, "not-signed-in");
    signe.extends(&id).await.refuses(401, "not-signed-in");
    assert_eq!(desk.comments().await[0].claimed_by, None);
}

#[tokio::test]
async fn a_client_that_never_reads_is_ended_too() {
    let desk = TestDesk::with(|config| config.wire.waiting_frames = 4).await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let slow = signe.listens("topics=queue.sv").await;
    let text = format!("{SWEDISH} {}", "lång text ".repeat(1_500));
    desk.has_comments("flood", 500, &text).await;
    signe.signs_out().await.is(204);
    crate::support::eventually("the desk has let go of the socket", async || {
        (desk.app().hub.count() == 0).then_some(())
    })
    .await;
    drop(slow);
}
