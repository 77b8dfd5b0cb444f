//! Bluesky: listening to its stand-in's stream.

use serde_json::json;

use super::*;
use crate::connector::bluesky::Bluesky;
use crate::connector::socket::Line;
use crate::connector::streaming::{Heard, Listener};
use crate::connector::{CommentEvent, Happened, Inbound};
use crate::standin::{BlueskyStandin, Standing};

const US: &str = "did:plc:bwo3lvww6gjr4ja72dn53dem";
const ROOT: &str = "at://did:plc:bwo3lvww6gjr4ja72dn53dem/app.bsky.feed.post/3n2stqboe222l";

struct Case {
    bluesky: Bluesky,
    account: Account,
    standin: BlueskyStandin,
    now: Arc<Mutex<DateTime<Utc>>>,
}

fn case() -> Case {
    let now = Arc::new(Mutex::new(Utc.with_ymd_and_hms(2026, 11, 22, 10, 0, 0).unwrap()));
    let told = Arc::clone(&now);
    let standin = BlueskyStandin::start(Arc::new(move || *told.lock().unwrap()), US, TOKEN).unwrap();
    let account = Account {
        platform: Platform::Bluesky,
        external_id: US.into(),
        api_url: standin.api_url(),
        app_secret: String::new(),
        verify_token: String::new(),
        access_token: TOKEN.into(),
        refresh_token: standin.refresh_token(),
        settings: json!({ "posts": [ROOT], "stream_url": standin.stream_url() }),
    };
    Case {
        bluesky: Bluesky::new(Timing::default()),
        account,
        standin,
        now,
    }
}

impl Case {
    async fn line(&self, cursor: Option<&str>) -> Line {
        let subscription = self.bluesky.subscription(&self.account, cursor).unwrap();
        Line::open(&subscription).await.unwrap()
    }

    async fn hears(&self, line: &mut Line) -> (CommentEvent, Option<String>) {
        let until = tokio::time::Instant::now() + Duration::from_secs(10);
        let message = line.next(until).await.unwrap().expect("a message in time");
        let now = *self.now.lock().unwrap();
        let Heard { events, cursor, .. } = self.bluesky.hear(&self.account, &message, now).unwrap();
        match events.into_iter().next() {
            Some(Inbound::Comment(event)) => (*event, cursor),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn the_stream_tells_what_is_written_changed_and_deleted() {
    let case = case();
    let mut line = case.line(None).await;
    let id = case.standin.write(ROOT, None, "Elin", "Var ligger skyddsrummet?");
    let (first, _) = case.hears(&mut line).await;
    assert_eq!((first.what, &first.external_id), (Happened::Added, &id));
    assert_eq!(first.post.as_deref(), Some(ROOT));
    assert_eq!(first.text.as_deref(), Some("Var ligger skyddsrummet?"));
    case.standin.edit(&id, "Var ligger det?");
    let (edited, _) = case.hears(&mut line).await;
    assert_eq!(
        (edited.what, edited.text.as_deref()),
        (Happened::Edited, Some("Var ligger det?"))
    );
    case.standin.put(&id, Standing::Gone);
    let (gone, _) = case.hears(&mut line).await;
    assert_eq!((gone.what, &gone.external_id), (Happened::Removed, &id));
    case.standin.hang_up();
    let until = tokio::time::Instant::now() + Duration::from_secs(10);
    assert_eq!(line.next(until).await.unwrap_err().code, "unavailable");
}

#[tokio::test]
async fn what_was_told_meanwhile_is_told_again_to_who_says_from_when() {
    let case = case();
    let mut line = case.line(None).await;
    case.standin.write(ROOT, None, "Elin", "Före");
    let (_, cursor) = case.hears(&mut line).await;
    line.close().await;
    *case.now.lock().unwrap() += TimeDelta::minutes(1);
    let missed = case.standin.write(ROOT, None, "Elin", "Medan ingen lyssnade");
    let mut line = case.line(cursor.as_deref()).await;
    // The connector goes back a little: the last one heard comes again.
    assert_eq!(case.hears(&mut line).await.0.text.as_deref(), Some("Före"));
    assert_eq!(case.hears(&mut line).await.0.external_id, missed);
    let later = case.standin.write(ROOT, None, "Elin", "Efter");
    assert_eq!(case.hears(&mut line).await.0.external_id, later);
}

#[tokio::test]
async fn the_accounts_own_reply_is_told_as_its_own() {
    let case = case();
    let comment = case.standin.write(ROOT, None, "Elin", "Var ligger skyddsrummet?");
    let mut line = case.line(None).await;
    let reply = Action::Reply {
        comment,
        text: "Hej Elin!".into(),
        place: Place {
            post: Some(ROOT.into()),
            ..Place::default()
        },
    };
    let id = made(case.bluesky.send(&case.account, &reply).await);
    let (told, _) = case.hears(&mut line).await;
    assert_eq!((told.external_id, told.own), (id, true));
}
