//! `klarsvar demo --json`: the whole main job on what it prints.

use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::support::Answer;
use crate::support::desk::http;
use crate::support::eventually::within;
use crate::support::process::program;
use crate::support::stream::Stream;

#[tokio::test]
async fn a_comment_arrives_is_claimed_answered_and_stands_on_the_platform() {
    let mut child = Command::new(program())
        .args(["demo", "--json", "--port", "0", "--rate", "120"])
        .env_remove("KLARSVAR_BIN")
        .env("KLARSVAR_LOG", "error")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the program starts");
    let mut out = BufReader::new(child.stdout.take().expect("its output")).lines();
    let line = tokio::time::timeout(Duration::from_secs(60), out.next_line())
        .await
        .expect("it is ready within a minute")
        .expect("its output")
        .expect("a line");
    let demo: Value = serde_json::from_str(&line).expect("JSON");
    let url = demo["ready"].as_str().expect("an address").to_owned();
    let roles: Vec<&str> = demo["people"]
        .as_array()
        .expect("people")
        .iter()
        .map(|one| one["role"].as_str().expect("a role"))
        .collect();
    assert_eq!(
        roles,
        ["moderator", "moderator", "supervisor", "lead", "editor", "admin"]
    );
    let http = http();
    let sign_in = async |one: &Value| {
        let body = json!({ "email": one["email"], "password": one["password"] });
        let sent = http.post(format!("{url}/api/v1/session")).json(&body).send().await;
        let answer = Answer::of(sent).await;
        answer.is(200);
        answer
            .header("set-cookie")
            .split(';')
            .next()
            .expect("a cookie")
            .to_owned()
    };
    for one in demo["people"].as_array().expect("people") {
        sign_in(one).await;
    }
    let moderator = demo["people"]
        .as_array()
        .expect("people")
        .iter()
        .find(|one| {
            one["role"] == "moderator"
                && one["lanes"]
                    .as_array()
                    .is_some_and(|lanes| lanes.contains(&json!("sv")))
        })
        .expect("a moderator of the Swedish lane");
    let cookie = sign_in(moderator).await;
    let post = async |path: &str, body: Value| {
        let request = http.post(format!("{url}/api/v1{path}")).header("cookie", &cookie);
        Answer::of(request.json(&body).send().await).await
    };
    let get = async |path: &str| {
        Answer::of(
            http.get(format!("{url}/api/v1{path}"))
                .header("cookie", &cookie)
                .send()
                .await,
        )
        .await
    };
    post("/shifts/check-in", json!({ "lane": "sv", "handover_read": true }))
        .await
        .is(200);
    let address = url.trim_start_matches("http://").parse().expect("an address");
    let mut stream = Stream::open(&address, "/api/v1/stream?topics=queue.sv", Some(&cookie))
        .await
        .expect("a stream");
    tokio::time::timeout(Duration::from_secs(60), stream.until("comment.open", None))
        .await
        .expect("a comment arrives");

    // One that an approved reply fits; what a person would pass on is passed over.
    let queue = get("/queue?lane=sv&limit=100").await.json(200);
    let mut sent = None;
    for listed in queue["items"].as_array().expect("a list") {
        let id = listed["id"].as_str().expect("an id");
        let item = get(&format!("/comments/{id}")).await.json(200);
        let Some(best) = item["suggestions"]
            .as_array()
            .and_then(|list| list.iter().find(|one| one["fits"] == true))
        else {
            continue;
        };
        if item["platform"] != "facebook" || post(&format!("/comments/{id}/claim"), json!({})).await.status != 200 {
            continue;
        }
        let reply = json!({
            "kind": "reply", "revision": item["revision"], "template": best["key"], "version": best["version_id"],
            "variant": best["variant"], "slots": best["slots"], "text": best["text"],
            "confirmed": ["claim-word", "other-language", "same-reply-thrice"],
        });
        if post(&format!("/comments/{id}/decision"), reply).await.status == 202 {
            sent = Some((id.to_owned(), best["text"].as_str().expect("a text").to_owned()));
            break;
        }
        post(&format!("/comments/{id}/release"), json!({})).await;
    }
    let (id, text) = sent.expect("a comment an approved reply fits");
    within(Duration::from_secs(120), "the platform has the reply", async || {
        let outbox = get("/outbox?limit=50").await.json(200);
        outbox["items"]
            .as_array()
            .expect("a list")
            .iter()
            .any(|row| row["comment"] == json!(id) && row["state"] == "delivered")
            .then_some(())
    })
    .await;
    let platforms = demo["platforms"].as_array().expect("platforms");
    assert_eq!(platforms.len(), 6);
    let page = platforms[0]["page"].as_str().expect("an address");
    let shown = http
        .get(page)
        .send()
        .await
        .expect("the page")
        .text()
        .await
        .expect("text");
    let first = text
        .lines()
        .next()
        .expect("a line")
        .split(['&', '<', '"', '\''])
        .next()
        .expect("words");
    assert!(shown.contains(first), "the public does not see: {text}");

    let id = child.id().expect("it runs").to_string();
    let told = Command::new("kill")
        .args(["-INT", &id])
        .status()
        .await
        .expect("kill is there");
    assert!(told.success());
    let ended = tokio::time::timeout(Duration::from_secs(15), child.wait())
        .await
        .expect("it stops");
    assert_eq!(ended.expect("it ends").code(), Some(0));
}
