//! Sending and reading back over HTTP, against a platform that fails in every documented way.

mod answers;
mod bluesky;
mod bluesky_hears;
mod hearing;
mod mastodon;
mod mastodon_acts;
mod reading;
mod sending;
mod videos;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::http::Timing;
use super::{Account, Action, Connector, Place, Readback, Sent, facebook::Facebook, instagram::Instagram};
use crate::domain::platform::Platform;
use crate::standin::{Fault, Holder, NewComment, Post, Refusal, Scope, Standin, StandinConfig};

const PAGE: &str = "410000000000017";
const ACCOUNT: &str = "17841400000000019";
const TOKEN: &str = "test-page-token-0001";

struct Bench {
    standin: Standin,
    connector: Box<dyn Connector>,
    account: Account,
    now: Arc<Mutex<DateTime<Utc>>>,
    comment: String,
}

fn bench(platform: Platform) -> Bench {
    let now = Arc::new(Mutex::new(Utc.with_ymd_and_hms(2026, 11, 22, 10, 0, 0).unwrap()));
    let told = Arc::clone(&now);
    let standin = Standin::start(StandinConfig::new(Arc::new(move || *told.lock().unwrap()))).unwrap();
    let facebook = platform == Platform::Facebook;
    let (id, name, post) = if facebook {
        (PAGE, "Kustberedskapsverket", "410000000000017_520000000000101")
    } else {
        (ACCOUNT, "kustberedskap", "17990000000000001")
    };
    standin.add_holder(Holder {
        platform,
        id: id.into(),
        name: name.into(),
        token: TOKEN.into(),
        page: (!facebook).then(|| PAGE.into()),
    });
    standin.add_post(Post {
        id: post.into(),
        holder: id.into(),
        text: "Vet du var ditt närmaste skyddsrum ligger?".into(),
        dark: true,
        ad: None,
    });
    let timing = Timing {
        connect: Duration::from_secs(2),
        total: Duration::from_millis(400),
    };
    let connector: Box<dyn Connector> = if facebook {
        Box::new(Facebook::new(timing))
    } else {
        Box::new(Instagram::new(timing))
    };
    let account = Account {
        platform,
        external_id: id.into(),
        api_url: standin.api_url(),
        app_secret: "test-app-secret-0001".into(),
        verify_token: "desk-verify-token".into(),
        access_token: TOKEN.into(),
        refresh_token: String::new(),
        settings: serde_json::Value::Null,
    };
    let comment = standin
        .write_comment(public(post, None, "Var hittar jag närmaste skyddsrum? 🙂"))
        .unwrap();
    Bench {
        standin,
        connector,
        account,
        now,
        comment,
    }
}

fn both() -> [Bench; 2] {
    [bench(Platform::Facebook), bench(Platform::Instagram)]
}

fn public(post: &str, parent: Option<&str>, text: &str) -> NewComment {
    NewComment {
        post: post.into(),
        parent: parent.map(str::to_owned),
        author_id: "7300000000000011".into(),
        author_name: "Elin Exempel".into(),
        text: Some(text.into()),
        photo: None,
    }
}

impl Bench {
    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap()
    }

    fn pass(&self, time: TimeDelta) {
        *self.now.lock().unwrap() += time;
    }

    fn post(&self) -> String {
        self.standin.comment(&self.comment).unwrap().post
    }

    fn reply(&self) -> Action {
        Action::Reply {
            comment: self.comment.clone(),
            text: "Hej Elin! Se Skyddsrumskartan.\n/ Maja & 100 % å".into(),
            place: Place::default(),
        }
    }

    fn hide(&self) -> Action {
        Action::Hide {
            comment: self.comment.clone(),
            place: Place::default(),
        }
    }

    fn delete(&self) -> Action {
        Action::Delete {
            comment: self.comment.clone(),
            place: Place::default(),
        }
    }

    fn private_reply(&self) -> Action {
        Action::PrivateReply {
            comment: self.comment.clone(),
            text: "Hej Elin, vi hör av oss.".into(),
        }
    }

    async fn send(&self, action: &Action) -> Sent {
        self.connector.send(&self.account, action).await
    }

    async fn read_back(&self, action: &Action) -> Readback {
        self.connector.read_back(&self.account, action, self.now()).await
    }

    fn fail(&self, scope: Scope, fault: Fault) {
        self.standin.fail_next(1, scope, fault);
    }
}

fn made(sent: Sent) -> String {
    match sent {
        Sent::Done { external_id: Some(id) } => id,
        other => panic!("not made: {other:?}"),
    }
}

fn found(id: &str) -> Readback {
    Readback::Found {
        external_id: Some(id.into()),
    }
}

const DONE: Sent = Sent::Done { external_id: None };

/// Points the account at a server that gives every call the same answer.
async fn answering(bench: &mut Bench, status: u16, body: &'static [u8]) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    bench.account.api_url = format!("http://{}/v26.0", listener.local_addr().unwrap());
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} X\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(&[head.as_bytes(), body].concat()).await;
            let _ = stream.shutdown().await;
        }
    });
}
