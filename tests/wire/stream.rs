//! The event stream over a real socket: order, resume, `stale`, bounded memory.

use std::time::Duration;

use futures_util::future::join_all;
use klarsvar::domain::lane::Lane;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

use crate::support::sample::{ARABIC, SWEDISH};
use crate::support::stream::{Said, Stream};
use crate::support::{Cast, TestDesk, eventually};

fn numbers(frames: &[Value]) -> Vec<i64> {
    frames
        .iter()
        .map(|frame| frame["seq"].as_i64().expect("a number"))
        .collect()
}

/// The event numbers of a lane, as stored.
async fn stored(desk: &TestDesk, lane: Lane, since: i64) -> Vec<i64> {
    let events = desk.events().await;
    let told = |kind: &str| kind.starts_with("comment.") || kind == "decision.undone";
    events
        .iter()
        .filter(|event| event.lane == Some(lane) && event.seq > since && told(event.kind.as_str()))
        .map(|event| event.seq)
        .collect()
}

#[tokio::test]
async fn what_happens_to_a_comment_is_told_in_order_with_the_comment_as_it_is() {
    let desk = TestDesk::start().await;
    let amal = desk.works(Cast::Amal, Lane::Ar).await;
    let mut stream = amal.listens("topics=queue.ar").await;
    let id = desk.has_comment("e-1", ARABIC).await;
    amal.claims(&id).await.is(200);
    amal.releases(&id).await.is(200);
    let mut kinds = Vec::new();
    let mut last = 0;
    for _ in 0..3 {
        let frame = stream.frame().await;
        assert_eq!(frame["topic"], "queue.ar");
        assert_eq!(frame["data"]["comment"]["id"], id.as_str());
        assert!(frame["seq"].as_i64().unwrap() > last);
        assert!(frame["at"].as_str().unwrap().ends_with('Z'));
        last = frame["seq"].as_i64().unwrap();
        kinds.push(frame["type"].as_str().unwrap().to_owned());
    }
    assert_eq!(kinds, ["comment.open", "comment.claimed", "comment.released"]);
}

#[tokio::test]
async fn a_frame_covers_personal_data() {
    let desk = TestDesk::start().await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let mut stream = signe.listens("topics=queue.sv").await;
    desk.has_comment("e-1", "Mitt personnummer är 811228-9874, kan ni hjälpa mig?")
        .await;
    let frame = stream.until("comment.open", None).await;
    assert!(!frame.to_string().contains("9874"), "{frame}");
}

#[tokio::test]
async fn a_client_that_comes_back_gets_exactly_what_it_missed() {
    let desk = TestDesk::start().await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    desk.has_comments("before", 5, SWEDISH).await;
    let since = desk.last_seq().await;
    desk.has_comments("missed", 40, SWEDISH).await;
    desk.has_comments("other-lane", 5, ARABIC).await;
    let id = desk.has_comment("claimed", SWEDISH).await;
    signe.claims(&id).await.is(200);
    let expected = stored(&desk, Lane::Sv, since).await;
    assert_eq!(expected.len(), 42);
    let mut stream = signe.listens(&format!("topics=queue.sv&since={since}")).await;
    let frames = stream.up_to(*expected.last().unwrap()).await;
    assert_eq!(numbers(&frames), expected);
    signe.releases(&id).await.is(200);
    let live = stream.frame().await;
    assert_eq!(live["seq"].as_i64(), Some(desk.last_seq().await));
}

#[tokio::test]
async fn a_client_that_reconnects_all_the_time_sees_no_hole_and_no_repeat() {
    let desk = TestDesk::start().await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let start = desk.last_seq().await;
    let handing = async {
        for round in 0..40 {
            desk.has_comments(&format!("r{round}"), 5, SWEDISH).await;
        }
    };
    let listening = async {
        let (mut since, mut seen) = (start, Vec::new());
        while seen.len() < 200 {
            let mut stream = signe.listens(&format!("topics=queue.sv&since={since}")).await;
            for _ in 0..7 {
                if seen.len() == 200 {
                    break;
                }
                let frame = stream.frame().await;
                since = frame["seq"].as_i64().unwrap_or_else(|| panic!("{frame}"));
                seen.push(since);
            }
        }
        seen
    };
    let ((), seen) = futures_util::future::join(handing, listening).await;
    assert_eq!(seen, stored(&desk, Lane::Sv, start).await);
}

#[tokio::test]
async fn too_much_missed_is_told_as_stale_and_goes_on_live() {
    let desk = TestDesk::with(|config| config.wire.replay = 20).await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let since = desk.last_seq().await;
    desk.has_comments("missed", 30, SWEDISH).await;
    let mut stream = signe.listens(&format!("topics=queue.sv&since={since}")).await;
    assert_eq!(stream.frame().await, json!({ "type": "stale", "topic": "queue.sv" }));
    let id = desk.has_comment("live", SWEDISH).await;
    assert_eq!(stream.frame().await["data"]["comment"]["id"], id.as_str());
}

#[tokio::test]
async fn a_number_from_a_future_that_was_undone_is_stale() {
    let desk = TestDesk::start().await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let since = desk.last_seq().await + 1_000;
    let mut stream = signe.listens(&format!("topics=queue.sv&since={since}")).await;
    assert_eq!(stream.frame().await["type"], "stale");
}

#[tokio::test]
async fn the_stream_goes_on_after_a_restart_where_it_was() {
    let mut desk = TestDesk::start().await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let mut stream = signe.listens("topics=queue.sv").await;
    desk.has_comments("before", 3, SWEDISH).await;
    let last = desk.last_seq().await;
    stream.up_to(last).await;
    desk.restarts().await;
    let code = loop {
        if let Said::Closed(code) = stream.next().await {
            break code;
        }
    };
    assert!(matches!(code, Some(1012) | None), "{code:?}");
    desk.has_comments("after", 3, SWEDISH).await;
    let mut stream = signe.listens(&format!("topics=queue.sv&since={last}")).await;
    let expected = stored(&desk, Lane::Sv, last).await;
    assert_eq!(numbers(&stream.up_to(*expected.last().unwrap()).await), expected);
}

#[tokio::test]
async fn a_client_that_never_reads_is_bounded_and_reads_stale_when_it_wakes() {
    let desk = TestDesk::with(|config| config.wire.waiting_frames = 16).await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let sofia = desk.works(Cast::Sofia, Lane::Sv).await;
    let mut slow = signe.listens("topics=queue.sv").await;
    let mut quick = sofia.listens("topics=queue.sv").await;
    let text = format!("{SWEDISH} {}", "lång text ".repeat(700));
    let reading = async {
        let mut seen = 0;
        while seen < 1_200 {
            let frame = quick.frame().await;
            seen += if frame["type"] == "stale" { 1_200 } else { 1 };
        }
    };
    let before = memory_kb();
    let handing = desk.has_comments("flood", 1_200, &text);
    let (ids, ()) = futures_util::future::join(handing, reading).await;
    // 1,200 frames of 8 kB would be 10 MB for this one client alone.
    assert!(memory_kb() < before + 300_000, "{} kB more", memory_kb() - before);
    assert_eq!(ids.len(), 1_200);
    let mut frames = 0;
    loop {
        let frame = slow.frame().await;
        if frame["type"] == "stale" {
            assert_eq!(frame["topic"], "queue.sv");
            break;
        }
        frames += 1;
        assert!(frames < 1_200, "it was never told");
    }
    // While it still takes what waited, a new comment may overrun it once more; then it is told so, and never left without.
    for round in 0.. {
        assert!(round < 50, "it hears no comment again");
        let id = desk.has_comment(&format!("after{round}"), SWEDISH).await;
        if slow.open_or_stale(&id).await == "comment.open" {
            break;
        }
    }
}

fn memory_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("a status");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a line");
    line.split_whitespace()
        .nth(1)
        .and_then(|word| word.parse().ok())
        .expect("a number")
}

#[tokio::test]
async fn two_hundred_sockets_all_hear_the_same() {
    let desk = TestDesk::start().await;
    let sofia = desk.works(Cast::Sofia, Lane::Sv).await;
    let mut streams = join_all((0..200).map(|_| sofia.listens("topics=queue.sv,load"))).await;
    let first = desk.last_seq().await;
    desk.has_comments("all", 20, SWEDISH).await;
    let expected = stored(&desk, Lane::Sv, first).await;
    let last = *expected.last().unwrap();
    let heard = join_all(streams.iter_mut().map(|stream| stream.up_to(last))).await;
    for frames in heard {
        assert_eq!(numbers(&frames), expected);
    }
    drop(streams);
    eventually("closed sockets are forgotten", async || {
        (desk.app().hub.count() == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn the_handshake_is_the_one_browsers_ask_for() {
    let desk = TestDesk::start().await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let mut socket = TcpStream::connect(desk.door().address).await.unwrap();
    // The example of RFC 6455, section 1.3.
    let request = format!(
        "GET /api/v1/stream?topics=queue.sv HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-Fetch-Site: same-origin\r\nCookie: {}\r\n\r\n",
        desk.door().address,
        signe.cookie()
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    assert!(head.starts_with("http/1.1 101 "), "{head}");
    for line in [
        "upgrade: websocket\r\n",
        "connection: upgrade\r\n",
        "sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=\r\n",
    ] {
        assert_eq!(head.matches(line).count(), 1, "{line} {head}");
    }
    assert!(
        !head.contains("transfer-encoding") && !head.contains("content-length"),
        "{head}"
    );
}

#[tokio::test]
async fn what_is_no_handshake_is_refused() {
    let desk = TestDesk::start().await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    signe
        .gets("/api/v1/stream?topics=queue.sv")
        .await
        .refuses(400, "bad-input");
    for query in [
        "",
        "topics=",
        "topics=everything",
        "topics=queue.xx",
        "topics=item.1",
        "topics=queue.sv&since=yesterday",
    ] {
        assert_eq!(signe.is_refused_the_stream(query).await, 400, "{query}");
    }
}

#[tokio::test]
async fn a_client_that_says_too_much_is_closed_and_costs_nobody_else() {
    let desk = TestDesk::start().await;
    let signe = desk.works(Cast::Signe, Lane::Sv).await;
    let mut loud = signe.listens("topics=queue.sv").await;
    let mut quiet = signe.listens("topics=queue.sv").await;
    let _ = loud.says(Message::Text("x".repeat(1_000_000).into())).await;
    assert!(matches!(loud.next().await, Said::Closed(_)));
    let id = desk.has_comment("e-1", SWEDISH).await;
    quiet.until("comment.open", Some(&id)).await;
}

#[tokio::test]
async fn an_idle_client_hears_nothing() {
    let desk = TestDesk::start().await;
    let amal = desk.works(Cast::Amal, Lane::Ar).await;
    let mut stream: Stream = amal.listens("topics=queue.ar").await;
    desk.has_comments("sv", 5, SWEDISH).await;
    assert_eq!(
        stream.within(Duration::from_millis(300)).await,
        None,
        "another lane's events are not told"
    );
}
