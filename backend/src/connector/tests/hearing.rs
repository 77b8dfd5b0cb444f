//! What the stand-in tells is verified and read by the desk's side.

use super::*;
use crate::connector::{CommentEvent, Happened, Inbound};

/// Takes one delivery: the signature header and the body.
async fn delivery(listener: &tokio::net::TcpListener) -> (String, Vec<u8>) {
    let (mut stream, _) = listener.accept().await.unwrap();
    let (mut read, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        let header = |name: &str| {
            let line = text.lines().find(|line| line.to_ascii_lowercase().starts_with(name))?;
            Some(line.split_once(": ")?.1.trim().to_owned())
        };
        let end = text.find("\r\n\r\n").map(|at| at + 4);
        if let (Some(end), Some(length)) = (end, header("content-length"))
            && read.len() == end + length.parse::<usize>().unwrap()
        {
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            stream.write_all(answer).await.unwrap();
            return (header("x-hub-signature-256").unwrap(), read[end..].to_vec());
        }
        let count = stream.read(&mut chunk).await.unwrap();
        assert!(count > 0, "cut short");
        read.extend_from_slice(&chunk[..count]);
    }
}

async fn heard(bench: &Bench, listener: &tokio::net::TcpListener) -> CommentEvent {
    let (signature, body) = delivery(listener).await;
    let header = |name: &str| (name == "x-hub-signature-256").then(|| signature.clone());
    let now = bench.now();
    assert_eq!(bench.connector.verify(&bench.account, &header, &body, now), Ok(()));
    let mut changed = body.clone();
    changed.push(b' ');
    assert!(bench.connector.verify(&bench.account, &header, &changed, now).is_err());
    let parsed = bench.connector.parse(&body, now).unwrap();
    assert_eq!((parsed.events.len(), parsed.ignored), (1, 0));
    match parsed.events.into_iter().next() {
        Some(Inbound::Comment(comment)) => *comment,
        other => panic!("no comment: {other:?}"),
    }
}

#[tokio::test]
async fn comments_and_own_replies_are_heard_as_they_were_written() {
    for bench in both() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        bench.standin.deliver_to(
            bench.account.platform,
            &format!("http://{}/", listener.local_addr().unwrap()),
        );
        let text = "Se / \u{202e}001\u{202c} شكراً 👨🏽\u{200d}👩🏻 \"<b>\"\n\\u00e5 å";
        let id = bench.standin.write_comment(public(&bench.post(), None, text)).unwrap();
        let event = heard(&bench, &listener).await;
        assert_eq!(
            (event.what, event.external_id.as_str(), event.own),
            (Happened::Added, id.as_str(), false)
        );
        assert_eq!((event.text.as_deref(), event.parent.as_ref()), (Some(text), None));
        assert_eq!((event.post, event.at), (Some(bench.post()), bench.now()));

        let reply = bench.reply();
        let (sent, event) = tokio::join!(bench.send(&reply), heard(&bench, &listener));
        assert_eq!(event.external_id, made(sent));
        assert!(event.own);
        assert_eq!(event.parent.as_deref(), Some(bench.comment.as_str()));
    }
}

#[tokio::test]
async fn what_the_desk_does_on_facebook_is_heard_back() {
    let bench = bench(Platform::Facebook);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    bench.standin.deliver_to(
        Platform::Facebook,
        &format!("http://{}/", listener.local_addr().unwrap()),
    );
    for (action, what) in [(bench.hide(), Happened::Hidden), (bench.delete(), Happened::Removed)] {
        let (sent, event) = tokio::join!(bench.send(&action), heard(&bench, &listener));
        assert_eq!((sent, event.what, event.author), (DONE, what, None));
        assert_eq!(event.external_id, bench.comment);
    }
}
