//! A platform that answers what no platform should: each is told, nothing else stops, and reading goes on when it recovers.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::account::{self, SaveAccount};
use crate::domain::platform::Platform;
use crate::intake;
use crate::practice::Practice;
use crate::store::entity::{comment, errand};

const ERRAND: &str = "threads/published";

/// What the platform answers.
#[derive(Clone)]
enum Answer {
    /// A page with one comment.
    Page,
    /// The same page for ever, each naming itself as the next.
    Circle,
    /// To another address.
    Elsewhere(String),
    /// Fifty megabytes.
    Endless,
}

struct Bench {
    desk: Practice,
    says: Arc<Mutex<Answer>>,
    asked: Arc<AtomicUsize>,
    /// Bytes of the last body that were taken off the platform's hands.
    taken: Arc<AtomicUsize>,
}

fn page(next: Option<&str>) -> String {
    let snippet = json!({
        "channelId": "UCexempel", "videoId": "kExempel001", "textOriginal": "Vad betyder LVU?", "textDisplay": "Vad betyder LVU?",
        "authorDisplayName": "@elin", "authorChannelId": { "value": "UCelin" }, "canRate": true, "viewerRating": "none",
        "likeCount": 0, "publishedAt": "2026-11-23T06:59:00Z", "updatedAt": "2026-11-23T06:59:00Z"
    });
    let top = json!({ "kind": "youtube#comment", "id": "UgxOne", "snippet": snippet });
    let thread = json!({
        "kind": "youtube#commentThread", "id": "UgxOne",
        "snippet": { "channelId": "UCexempel", "videoId": "kExempel001", "topLevelComment": top, "canReply": true,
            "totalReplyCount": 0, "isPublic": true }
    });
    let mut list = json!({ "kind": "youtube#commentThreadListResponse", "items": [thread] });
    if let Some(next) = next {
        list["nextPageToken"] = Value::from(next);
    }
    list.to_string()
}

async fn serve(mut stream: TcpStream, says: Answer, taken: &AtomicUsize) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        if stream.read_buf(&mut request).await? == 0 {
            return Ok(());
        }
    }
    let (head, body) = match says {
        Answer::Page => (String::from("200 OK"), page(None)),
        Answer::Circle => (String::from("200 OK"), page(Some("again"))),
        Answer::Elsewhere(url) => (format!("302 Found\r\nLocation: {url}"), String::new()),
        Answer::Endless => {
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 52428800\r\n\r\n";
            stream.write_all(head.as_bytes()).await?;
            let megabyte = vec![b' '; 1024 * 1024];
            for _ in 0..50 {
                stream.write_all(&megabyte).await?;
                taken.fetch_add(megabyte.len(), Ordering::Relaxed);
            }
            return Ok(());
        }
    };
    let length = body.len();
    let answer = format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    stream.write_all(answer.as_bytes()).await
}

impl Bench {
    async fn start(says: Answer) -> Self {
        let platform = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = platform.local_addr().expect("an address");
        let bench = Self::reads(&format!("http://{address}/youtube/v3"), says).await;
        let (says, asked, taken) = (
            Arc::clone(&bench.says),
            Arc::clone(&bench.asked),
            Arc::clone(&bench.taken),
        );
        tokio::spawn(async move {
            while let Ok((stream, _)) = platform.accept().await {
                asked.fetch_add(1, Ordering::Relaxed);
                let now = says.lock().expect("what it says").clone();
                // The desk may hang up at any moment; that is what is tried.
                let _ = serve(stream, now, &taken).await;
            }
        });
        bench
    }

    async fn reads(api_url: &str, says: Answer) -> Self {
        let desk = Practice::start().await;
        let step = SaveAccount {
            name: "youtube".into(),
            platform: Platform::Youtube,
            account: Some("UCexempel".into()),
            api_url: Some(api_url.to_owned()),
            access_token: Some("token".into()),
            ..SaveAccount::by_hand("")
        };
        account::save(&desk.app, step).await.expect("a connector");
        intake::plan(&desk.app).await.expect("a plan");
        // The other errands of the account would call as well.
        errand::Entity::delete_many()
            .filter(errand::Column::Key.ne(ERRAND))
            .exec(desk.app.db.writer())
            .await
            .expect("one errand");
        Self {
            desk,
            says: Arc::new(Mutex::new(says)),
            asked: Arc::default(),
            taken: Arc::default(),
        }
    }

    /// Reads once, and gives the errand's row.
    async fn reading(&self, after: TimeDelta) -> errand::Model {
        self.desk.clock.advance(after);
        intake::work(&self.desk.app).await.expect("errands");
        let row = errand::Entity::find_by_id(("youtube".to_owned(), ERRAND.to_owned()));
        row.one(self.desk.app.db.reader())
            .await
            .expect("a read")
            .expect("the errand")
    }

    async fn comments(&self) -> usize {
        let all = comment::Entity::find().all(self.desk.app.db.reader()).await;
        all.expect("comments").len()
    }

    /// The platform answers as it should, and reading goes on by itself.
    async fn recovers(&self) {
        *self.says.lock().expect("what it says") = Answer::Page;
        let row = self.reading(TimeDelta::minutes(20)).await;
        assert_eq!((row.failures, row.last_error, self.comments().await), (0, None, 1));
    }
}

#[actix_web::test]
async fn a_redirect_is_not_followed_and_shows_the_token_to_nobody() {
    let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/youtube/v3/commentThreads", other.local_addr().unwrap());
    let bench = Bench::start(Answer::Elsewhere(url)).await;
    let row = bench.reading(TimeDelta::seconds(1)).await;
    assert!(row.failures == 1 && row.last_error.is_some());
    assert_eq!(bench.asked.load(Ordering::Relaxed), 1);
    bench.recovers().await;
    let called = futures_util::FutureExt::now_or_never(other.accept());
    assert!(called.is_none(), "nobody called the other address");
}

#[actix_web::test]
async fn pages_that_go_round_in_a_circle_end_the_reading_and_keep_what_they_showed() {
    let bench = Bench::start(Answer::Circle).await;
    let row = bench.reading(TimeDelta::seconds(1)).await;
    assert!(row.last_error.is_some_and(|said| said.contains("circle")));
    assert_eq!(bench.asked.load(Ordering::Relaxed), 2, "once round is enough");
    assert_eq!(bench.comments().await, 1);
    bench.recovers().await;
}

#[actix_web::test]
async fn an_answer_of_fifty_megabytes_is_cut_off() {
    let bench = Bench::start(Answer::Endless).await;
    let row = bench.reading(TimeDelta::seconds(1)).await;
    assert!(row.last_error.is_some_and(|said| said.contains("too long")));
    let taken = bench.taken.load(Ordering::Relaxed);
    assert!(taken < 24 * 1024 * 1024, "{taken} bytes were taken");
    bench.recovers().await;
}

#[actix_web::test]
async fn a_platform_without_a_name_or_with_a_broken_handshake_is_told_as_not_answering() {
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = plain.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = plain.accept().await {
            let _ = stream.write_all(b"this is no handshake\r\n").await;
        }
    });
    for url in [
        format!("https://{address}/youtube/v3"),
        "http://nowhere.invalid/v3".into(),
    ] {
        let bench = Bench::reads(&url, Answer::Page).await;
        let row = bench.reading(TimeDelta::seconds(1)).await;
        assert_eq!(row.failures, 1, "{url}");
        let said = row.last_error.unwrap();
        assert!(
            said.starts_with("unavailable") && !said.contains("token"),
            "{url}: {said}"
        );
        assert!(row.due_at <= bench.desk.app.now_ms() + 120_000, "asked again soon");
    }
}
