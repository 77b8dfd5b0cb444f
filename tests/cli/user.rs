//! `klarsvar user …` beside a running desk: what it changes holds there within seconds.

use std::time::Duration;

use klarsvar::domain::lane::Lane;
use klarsvar::store::entity::{comment, event};
use sea_orm::EntityTrait;

use super::runs;
use crate::support::database::{self, INGEST_TOKEN};
use crate::support::eventually::within;
use crate::support::process::{Process, free_port};
use crate::support::sample::{SWEDISH, handed};
use crate::support::stream::{Said, Stream};
use crate::support::{Answer, Cast};

/// "At once", for a person at another keyboard.
const AT_ONCE: Duration = Duration::from_secs(5);

#[tokio::test]
async fn who_is_disabled_is_out_at_once_and_their_claim_goes_back() {
    let place = database::fresh().await;
    let db = database::look(&place.url).await;
    database::start_shift(&db, Cast::Signe, Lane::Sv).await;
    let process = Process::serves(&place.url, free_port()).await;
    let signe = process.door.member(Cast::Signe.email()).await;
    let request = process.door.http.post(format!("{}/api/v1/comments", process.door.url));
    let handed = request
        .bearer_auth(INGEST_TOKEN)
        .json(&handed("u-1", SWEDISH))
        .send()
        .await;
    Answer::of(handed).await.is(201);
    signe.takes_next().await.is(200);
    let mut stream = Stream::open(
        &process.door.address,
        "/api/v1/stream?topics=queue.sv",
        Some(signe.cookie()),
    )
    .await
    .expect("a stream");

    let said = runs(&place.url, &["user", "disable", Cast::Signe.email()]).await;
    assert_eq!(said.code, Some(0), "{}", said.err);
    within(AT_ONCE, "the session is over", async || {
        (signe.gets("/api/v1/me").await.status == 401).then_some(())
    })
    .await;
    tokio::time::timeout(AT_ONCE, async {
        while !matches!(stream.next().await, Said::Closed(_)) {}
    })
    .await
    .expect("the socket is closed");
    let rows = comment::Entity::find().all(&db).await.expect("comments");
    assert!(rows.iter().all(|row| row.claimed_by.is_none()), "{rows:?}");
    let email = Cast::Signe.email();
    let wrong = process.door.http.post(format!("{}/api/v1/session", process.door.url));
    let body = serde_json::json!({ "email": email, "password": crate::support::cast::PASSWORD });
    Answer::of(wrong.json(&body).send().await).await.is(401);
    let (code, _) = process.stops_when_asked().await;
    assert_eq!(code, Some(0));
    let events = event::Entity::find().all(&db).await.expect("events");
    assert!(events.iter().any(|event| event.kind.as_str() == "person.changed"));
}

#[tokio::test]
async fn a_reset_password_ends_the_sessions_and_lets_in_with_the_new_one_only() {
    let place = database::fresh().await;
    let process = Process::serves(&place.url, free_port()).await;
    let edvin = process.door.member(Cast::Edvin.email()).await;
    edvin.gets("/api/v1/me").await.is(200);
    let said = runs(&place.url, &["user", "reset", Cast::Edvin.email()]).await;
    assert_eq!(said.code, Some(0), "{}", said.err);
    let password = said
        .out
        .trim()
        .split_once(' ')
        .expect("address and password")
        .1
        .to_owned();
    within(AT_ONCE, "the session is over", async || {
        (edvin.gets("/api/v1/me").await.status == 401).then_some(())
    })
    .await;
    for (password, status) in [(crate::support::cast::PASSWORD, 401), (password.as_str(), 200)] {
        let request = process.door.http.post(format!("{}/api/v1/session", process.door.url));
        let body = serde_json::json!({ "email": Cast::Edvin.email(), "password": password });
        Answer::of(request.json(&body).send().await).await.is(status);
    }
}

#[tokio::test]
async fn who_is_added_beside_a_running_desk_is_known_there() {
    let place = database::fresh().await;
    let process = Process::serves(&place.url, free_port()).await;
    let adam = process.door.member(Cast::Adam.email()).await;
    let arguments = [
        "--json",
        "user",
        "add",
        "--email",
        "ny@desk.example",
        "--name",
        "Ny",
        "--pseudonym",
        "SV-7",
        "--roles",
        "moderator",
        "--lanes",
        "sv",
    ];
    let said = runs(&place.url, &arguments).await;
    assert_eq!(said.code, Some(0), "{}", said.err);
    within(AT_ONCE, "the desk lists the person", async || {
        let users = adam.gets("/api/v1/users").await.json(200);
        users["users"]
            .as_array()
            .expect("a list")
            .iter()
            .any(|user| user["email"] == "ny@desk.example")
            .then_some(())
    })
    .await;
    let again = runs(&place.url, &arguments).await;
    assert_eq!(again.code, Some(2), "an address that is taken is bad input");
    assert_eq!(again.err.lines().count(), 1, "{}", again.err);
}
