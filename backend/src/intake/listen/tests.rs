//! A desk on the line with a platform that tells over a socket.

#![expect(clippy::result_large_err, reason = "the socket library's own form of a refusal")]

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::SinkExt;
use futures_util::future::BoxFuture;
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};

use super::{LISTEN, dispatch};
use crate::connector::reading::{Known, Listing, Reader, Untold};
use crate::connector::registry::Connected;
use crate::connector::streaming::{Heard, Listener, Subscription};
use crate::connector::{
    Account, Action, Capabilities, CommentEvent, Connector, Counting, Happened, Inbound, ParseError, Parsed, Readback,
    Sent, VerifyError, reading,
};
use crate::domain::comment::CommentState;
use crate::domain::platform::{ConnectorState, Platform};
use crate::intake;
use crate::practice::Practice;
use crate::store::entity::{comment, connector, delivery, errand};

/// A platform that tells `{"id": …, "text": …, "n": …}` and goes on after `n`.
struct Radio;

impl Listener for Radio {
    fn subscription(&self, account: &Account, cursor: Option<&str>) -> Option<Subscription> {
        let url = match cursor {
            Some(cursor) => format!("{}?cursor={cursor}", account.setting("stream_url")?),
            None => account.setting("stream_url")?.to_owned(),
        };
        let bearer = Some(account.access_token.clone());
        Some(Subscription { url, bearer })
    }

    fn hear(&self, _account: &Account, message: &str, received_at: DateTime<Utc>) -> Result<Heard, ParseError> {
        let said: serde_json::Value =
            serde_json::from_str(message).map_err(|error| ParseError::Unreadable(error.to_string()))?;
        let event = said["id"].as_str().map(|id| {
            Inbound::Comment(Box::new(CommentEvent {
                what: match said["gone"].as_bool() {
                    Some(true) => Happened::Removed,
                    _ => Happened::Added,
                },
                account: "radio".into(),
                external_id: id.into(),
                parent: None,
                post: None,
                ad: None,
                ad_title: None,
                author: None,
                own: false,
                text: said["text"].as_str().map(Into::into),
                attachments: Vec::new(),
                declared_language: None,
                at: received_at,
                created_at: None,
            }))
        });
        Ok(Heard {
            events: event.into_iter().collect(),
            ignored: 0,
            cursor: said["n"].as_i64().map(|n| n.to_string()),
        })
    }
}

impl Reader for Radio {
    fn errands(&self, _account: &Account) -> Vec<reading::Errand> {
        Vec::new()
    }

    fn page<'a>(
        &'a self,
        _account: &'a Account,
        _key: &'a str,
        _page: Option<&'a str>,
        _now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<String, Untold>> {
        Box::pin(async { Err(Untold::new("gone", "nothing to read")) })
    }

    fn take_apart(&self, _: &Account, _: &str, _: &str, _: DateTime<Utc>) -> Result<Listing, ParseError> {
        Ok(Listing::default())
    }

    fn checked_at_once(&self) -> usize {
        0
    }

    fn check<'a>(
        &'a self,
        _account: &'a Account,
        _known: &'a [Known],
        _now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Vec<(String, String)>, Untold>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}

impl Connector for Radio {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            can_reply: false,
            can_hide: false,
            can_delete: false,
            can_private_reply: false,
            can_like: false,
            hide_means: "hide-only-author-sees",
            reply_limit: 0,
            private_reply_limit: 0,
            counting: Counting::CodePoints,
        }
    }

    fn reader(&self) -> Option<&dyn Reader> {
        Some(self)
    }

    fn listener(&self) -> Option<&dyn Listener> {
        Some(self)
    }

    fn handshake(&self, _account: &Account, _query: &str) -> Option<String> {
        None
    }

    fn verify(
        &self,
        _: &Account,
        _: &dyn Fn(&str) -> Option<String>,
        _: &[u8],
        _: DateTime<Utc>,
    ) -> Result<(), VerifyError> {
        Err(VerifyError::Missing)
    }

    fn parse(&self, _body: &[u8], _received_at: DateTime<Utc>) -> Result<Parsed, ParseError> {
        Ok(Parsed::default())
    }

    fn send<'a>(&'a self, _account: &'a Account, _action: &'a Action) -> BoxFuture<'a, Sent> {
        Box::pin(async { Sent::Done { external_id: None } })
    }

    fn read_back<'a>(&'a self, _: &'a Account, _: &'a Action, _: DateTime<Utc>) -> BoxFuture<'a, Readback> {
        Box::pin(async { Readback::Absent })
    }
}

struct Bench {
    desk: Practice,
    platform: TcpListener,
}

impl Bench {
    async fn start() -> Self {
        let desk = Practice::start().await;
        let platform = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = platform.local_addr().expect("an address");
        // Saved without an event: no follower may put the platform's real protocol in the place of this one.
        let row = connector::Model::new("radio", Platform::Mastodon, 0);
        let insert = connector::Entity::insert(row.into_active_model());
        insert.exec(desk.app.db.writer()).await.expect("a connector");
        desk.app.connectors.put(Connected {
            name: "radio".into(),
            account: Account {
                platform: Platform::Mastodon,
                external_id: "radio".into(),
                api_url: format!("http://{address}"),
                app_secret: String::new(),
                verify_token: String::new(),
                access_token: "token".into(),
                refresh_token: String::new(),
                settings: json!({ "stream_url": format!("ws://{address}/stream") }),
            },
            protocol: Some(&Radio),
            state: ConnectorState::Ok,
            is_locked: false,
            blind_since: None,
        });
        intake::plan(&desk.app).await.expect("a plan");
        desk.clock.advance(TimeDelta::seconds(1));
        Self { desk, platform }
    }

    /// Somebody calls: their request's address and token, and the line.
    async fn called(&self) -> (String, String, WebSocketStream<TcpStream>) {
        let (stream, _) = self.platform.accept().await.expect("a call");
        let mut asked = (String::new(), String::new());
        let line = tokio_tungstenite::accept_hdr_async(stream, |request: &Request, response: Response| {
            let token = request.headers()["authorization"].to_str().unwrap();
            asked = (request.uri().to_string(), token.to_owned());
            Ok(response)
        })
        .await
        .expect("a line");
        (asked.0, asked.1, line)
    }

    async fn row(&self) -> errand::Model {
        errand::Entity::find_by_id(("radio".to_owned(), LISTEN.to_owned()))
            .one(self.desk.app.db.reader())
            .await
            .expect("a read")
            .expect("the errand")
    }
}

#[actix_web::test]
async fn what_is_told_comes_in_and_a_broken_line_goes_on_where_it_ended() {
    let bench = Bench::start().await;
    let tasks = dispatch(&bench.desk.app).await.unwrap();
    assert_eq!(tasks.len(), 1);
    let (uri, token, mut line) = bench.called().await;
    assert_eq!((uri.as_str(), token.as_str()), ("/stream", "Bearer token"));
    for (id, n) in [("a", 6), ("b", 7), ("a", 8)] {
        let said = json!({ "id": id, "text": "Vad betyder LVU?", "n": n }).to_string();
        line.send(Message::text(said)).await.unwrap();
    }
    for id in ["b", "somebody else's"] {
        let said = json!({ "id": id, "gone": true }).to_string();
        line.send(Message::text(said)).await.unwrap();
    }
    line.send(Message::text("{ not json")).await.unwrap();
    line.close(None).await.unwrap();
    for task in tasks {
        task.await.unwrap();
    }
    let reader = bench.desk.app.db.reader();
    let mut states: Vec<(String, CommentState)> = comment::Entity::find()
        .all(reader)
        .await
        .unwrap()
        .into_iter()
        .map(|row| (row.external_id, row.state))
        .collect();
    states.sort_by(|a, b| a.0.cmp(&b.0));
    let expected = [("a".into(), CommentState::Open), ("b".into(), CommentState::Withdrawn)];
    assert_eq!(
        states, expected,
        "told twice, there once; a stranger's is not there at all"
    );
    let unreadable = delivery::Entity::find().all(reader).await.unwrap();
    assert_eq!(unreadable.iter().filter(|row| row.error.is_some()).count(), 1);
    let row = bench.row().await;
    assert_eq!((row.cursor.as_deref(), row.failures), (Some("8"), 1));
    assert!(
        dispatch(&bench.desk.app).await.unwrap().is_empty(),
        "not without a pause"
    );
    bench.desk.clock.advance(TimeDelta::seconds(5));
    let tasks = dispatch(&bench.desk.app).await.unwrap();
    assert_eq!(tasks.len(), 1);
    assert_eq!(bench.called().await.0, "/stream?cursor=8");
}

#[actix_web::test]
async fn one_is_on_the_line_and_another_takes_over_when_that_one_is_gone() {
    let bench = Bench::start().await;
    let first = dispatch(&bench.desk.app).await.unwrap();
    let second = dispatch(&bench.desk.app).await.unwrap();
    // One of the two has taken the errand by now; the other ends without a call.
    let (_, _, line) = bench.called().await;
    while bench.row().await.last_ok_at.is_none() {
        tokio::task::yield_now().await;
    }
    assert!(dispatch(&bench.desk.app).await.unwrap().is_empty(), "somebody is on it");
    bench.desk.clock.advance(TimeDelta::seconds(50));
    let third = dispatch(&bench.desk.app).await.unwrap();
    assert_eq!(third.len(), 1, "the lease is over");
    let (_, _, next) = bench.called().await;
    drop((line, next));
    for task in first.into_iter().chain(second).chain(third) {
        task.await.unwrap();
    }
}

#[actix_web::test]
async fn a_token_that_is_void_is_asked_for_once() {
    let bench = Bench::start().await;
    let tasks = dispatch(&bench.desk.app).await.unwrap();
    let (stream, _) = bench.platform.accept().await.unwrap();
    let refused = tokio_tungstenite::accept_hdr_async(stream, |_: &Request, _: Response| {
        let mut no = ErrorResponse::new(None);
        *no.status_mut() = tokio_tungstenite::tungstenite::http::StatusCode::UNAUTHORIZED;
        Err(no)
    })
    .await;
    assert!(refused.is_err());
    for task in tasks {
        task.await.unwrap();
    }
    let row = connector::Entity::find_by_id("radio")
        .one(bench.desk.app.db.reader())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.state, ConnectorState::SignInNeeded);
    assert!(bench.row().await.last_error.unwrap().starts_with("token-expired"));
    bench.desk.clock.advance(TimeDelta::minutes(30));
    assert!(
        dispatch(&bench.desk.app).await.unwrap().is_empty(),
        "not before somebody signed in"
    );
}
