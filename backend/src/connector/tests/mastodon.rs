//! Mastodon's documented payloads, each of which is either understood or of no concern; and what an answer is sent as.

use serde_json::{Value, json};

use super::*;
use crate::connector::mastodon::Mastodon;
use crate::connector::{Happened, Inbound};

fn payload(path: &str) -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/payloads/mastodon");
    std::fs::read_to_string(format!("{root}/{path}")).unwrap()
}

fn account(api_url: String) -> Account {
    Account {
        platform: Platform::Mastodon,
        external_id: "110000000000000001".into(),
        api_url,
        app_secret: String::new(),
        verify_token: String::new(),
        access_token: TOKEN.into(),
        refresh_token: String::new(),
        settings: json!({ "statuses": ["115500000000000001"] }),
    }
}

#[test]
fn frames_of_the_stream_say_what_is_documented() {
    let mastodon = Mastodon::new(Timing::default());
    let account = account("http://127.0.0.1:1".into());
    let now = "2026-11-22T10:05:00Z".parse().unwrap();
    let hear = |file: &str| {
        let listener = mastodon.listener().unwrap();
        let heard = listener
            .hear(&account, &payload(&format!("frames/{file}.json")), now)
            .unwrap();
        heard.events.into_iter().next().map(|event| match event {
            Inbound::Comment(comment) => *comment,
            other => panic!("{other:?}"),
        })
    };
    let first = hear("01_notification_mention_sv").unwrap();
    assert_eq!(first.external_id, "115500000000000101");
    assert_eq!(
        (first.parent, first.post.as_deref()),
        (None, Some("115500000000000001"))
    );
    assert_eq!(first.declared_language.as_deref(), Some("sv"));
    assert!(first.text.unwrap().starts_with("@kust "));
    let edited = hear("06_status_update_edit").unwrap();
    assert_eq!(edited.what, Happened::Edited);
    assert_eq!(
        edited.text.as_deref(),
        Some("@kust Hur länge håller vatten i en plastdunk? 💧")
    );
    assert_eq!(hear("07_status_update_edit_duplicate"), Some(edited));
    assert_eq!(hear("08_delete").unwrap().what, Happened::Removed);
    let warned = hear("15_notification_content_warning_and_html").unwrap();
    assert_eq!(
        warned.text.as_deref(),
        Some("politik\n\n@kust Se https://exempel.example/a?b=1&c=2\n1 < 2 & fet")
    );
    for file in [
        "05_notification_mention_direct",
        "09_update_home_unrelated",
        "10_notification_favourite",
        "11_filters_changed_without_payload",
        "12_error_unknown_stream",
        "18_unknown_event",
    ] {
        assert_eq!(hear(file), None, "{file}");
    }
}

#[test]
fn threads_show_answers_that_mention_nobody() {
    let mastodon = Mastodon::new(Timing::default());
    let account = account("http://127.0.0.1:1".into());
    let file: Value = serde_json::from_str(&payload("api/context_ok.json")).unwrap();
    let body = file["response"]["body"].to_string();
    let reader = mastodon.reader().unwrap();
    let now = "2026-11-22T10:05:00Z".parse().unwrap();
    let listing = reader
        .take_apart(&account, "context/115500000000000001", &body, now)
        .unwrap();
    assert_eq!((listing.comments.len(), listing.ignored), (5, 0));
    let last = &listing.comments[4].comment;
    assert_eq!(last.parent.as_deref(), Some("115500000000000103"));
    assert_eq!(last.post.as_deref(), Some("115500000000000001"));
    let own: Vec<_> = listing.comments.iter().filter(|seen| seen.comment.own).collect();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].comment.external_id, "115500000000000190");
}

#[tokio::test]
async fn another_attempt_at_an_answer_carries_the_same_key_and_names_the_person() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let account = account(format!("http://{}", listener.local_addr().unwrap()));
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = String::new();
            let mut part = [0; 4096];
            loop {
                let read = stream.read(&mut part).await.unwrap();
                request.push_str(&String::from_utf8_lossy(&part[..read]));
                if read == 0 || request.starts_with("GET") || request.contains("visibility=") {
                    break;
                }
            }
            kept.lock().unwrap().push(request);
            let body = r#"{"id":"190","visibility":"unlisted","account":{"id":"21","acct":"elin@annan.example"}}"#;
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    let mastodon = Mastodon::new(Timing::default());
    let reply = |text: &str| Action::Reply {
        comment: "101".into(),
        text: text.into(),
        place: Place::default(),
    };
    for text in ["Byt vatten", "Byt vatten", "Byt ofta"] {
        let sent = mastodon.send(&account, &reply(text)).await;
        assert_eq!(
            sent,
            Sent::Done {
                external_id: Some("190".into())
            }
        );
    }
    let asked = asked.lock().unwrap();
    let posts: Vec<&String> = asked.iter().filter(|request| request.starts_with("POST")).collect();
    let key = |request: &str| {
        let line = request.lines().find(|line| line.starts_with("idempotency-key:"));
        line.unwrap().to_owned()
    };
    assert_eq!(posts.len(), 3);
    assert!(posts[0].contains("status=%40elin%40annan.example+Byt+vatten&in_reply_to_id=101&visibility=unlisted"));
    assert_eq!(key(posts[0]), key(posts[1]));
    assert_ne!(key(posts[0]), key(posts[2]));
}
