//! Mastodon: acting, looking whether it took effect, and listening, against its stand-in.

use serde_json::json;

use super::*;
use crate::connector::mastodon::Mastodon;
use crate::connector::reading::{Reader, Untold};
use crate::connector::socket::Line;
use crate::connector::streaming::Listener;
use crate::connector::{CommentEvent, Happened, Inbound};
use crate::standin::{Entry, MastodonStandin, Standing, Trouble};
use crate::template::Limit;

const US: &str = "110000000000000001";
const ROOT: &str = "115400000000000001";
const TEXT: &str = "Hej! Läs på https://exempel.se/skyddsrum /Maja";
/// Longest wait of the connector for an answer that does not come.
const PATIENCE: Duration = Duration::from_secs(2);

struct Case {
    mastodon: Mastodon,
    account: Account,
    standin: MastodonStandin,
    comment: String,
    now: Arc<Mutex<DateTime<Utc>>>,
}

fn case() -> Case {
    let now = Arc::new(Mutex::new(Utc.with_ymd_and_hms(2026, 11, 22, 10, 0, 0).unwrap()));
    let told = Arc::clone(&now);
    let standin = MastodonStandin::start(Arc::new(move || *told.lock().unwrap()), US, "kust", TOKEN).unwrap();
    standin.publish(ROOT, "Vet du var ditt närmaste skyddsrum ligger?");
    let account = Account {
        platform: Platform::Mastodon,
        external_id: US.into(),
        api_url: standin.url(),
        app_secret: String::new(),
        verify_token: String::new(),
        access_token: TOKEN.into(),
        refresh_token: String::new(),
        settings: json!({ "statuses": [ROOT], "streaming_url": standin.streaming_url() }),
    };
    let comment = standin.write(ROOT, None, "Elin", "@kust Var ligger skyddsrummet?");
    let timing = Timing {
        connect: Duration::from_secs(2),
        total: PATIENCE,
    };
    Case {
        mastodon: Mastodon::new(timing),
        account,
        standin,
        comment,
        now,
    }
}

impl Case {
    fn reply(&self, text: &str) -> Action {
        Action::Reply {
            comment: self.comment.clone(),
            text: text.into(),
            place: Place::default(),
        }
    }

    fn delete(&self, comment: &str) -> Action {
        Action::Delete {
            comment: comment.into(),
            place: Place::default(),
        }
    }

    fn like(&self) -> Action {
        Action::Like {
            comment: self.comment.clone(),
            place: Place::default(),
        }
    }

    fn pass(&self, time: TimeDelta) {
        *self.now.lock().unwrap() += time;
    }

    async fn send(&self, action: &Action) -> Sent {
        self.mastodon.send(&self.account, action).await
    }

    async fn read_back(&self, action: &Action) -> Readback {
        let since = *self.now.lock().unwrap();
        self.mastodon.read_back(&self.account, action, since).await
    }

    fn own(&self) -> Vec<Entry> {
        let mut all = self.standin.entries();
        all.retain(|entry| entry.author == US && entry.id != ROOT && entry.standing != Standing::Gone);
        all
    }

    async fn page(&self, key: &str) -> Result<String, Untold> {
        let now = *self.now.lock().unwrap();
        self.mastodon.page(&self.account, key, None, now).await
    }
}

#[tokio::test]
async fn a_reply_stands_under_its_comment_and_names_the_person() {
    let case = case();
    assert_eq!(case.read_back(&case.reply(TEXT)).await, Readback::Absent);
    let id = made(case.send(&case.reply(TEXT)).await);
    let own = case.own();
    assert_eq!(
        (own[0].id.as_str(), own[0].parent.as_ref()),
        (id.as_str(), Some(&case.comment))
    );
    assert_eq!(own[0].text, format!("@elin@annan.example {TEXT}"));
    assert_eq!(case.read_back(&case.reply(TEXT)).await, found(&id));
}

#[tokio::test]
async fn a_reply_that_is_sent_again_within_the_hour_stands_there_once() {
    let case = case();
    let id = made(case.send(&case.reply(TEXT)).await);
    for _ in 0..3 {
        case.pass(TimeDelta::minutes(15));
        assert_eq!(made(case.send(&case.reply(TEXT)).await), id);
    }
    assert_eq!(case.own().len(), 1);
    assert_ne!(made(case.send(&case.reply("Något annat")).await), id);
    // After the hour the server has forgotten the key: only reading back tells.
    case.pass(TimeDelta::minutes(16));
    let since = *case.now.lock().unwrap() - TimeDelta::minutes(61);
    let action = case.reply(TEXT);
    assert_eq!(case.mastodon.read_back(&case.account, &action, since).await, found(&id));
    assert_ne!(made(case.send(&case.reply(TEXT)).await), id);
}

#[tokio::test]
async fn a_reply_whose_answer_is_lost_or_never_comes_is_found() {
    for trouble in [Trouble::LoseAnswer, Trouble::Silence] {
        let case = case();
        // The comment is looked up first.
        case.standin.next(Trouble::Nothing);
        case.standin.next(trouble);
        let sent = case.send(&case.reply(TEXT)).await;
        assert!(matches!(sent, Sent::Unknown { .. }), "{trouble:?}: {sent:?}");
        let own = case.own();
        assert_eq!(own.len(), 1, "{trouble:?}");
        assert_eq!(
            case.read_back(&case.reply(TEXT)).await,
            found(&own[0].id),
            "{trouble:?}"
        );
        assert_eq!(made(case.send(&case.reply(TEXT)).await), own[0].id);
        assert_eq!(case.own().len(), 1);
    }
}

#[tokio::test]
async fn a_letter_is_for_one_person_and_is_told_from_an_open_reply() {
    let case = case();
    let letter = Action::PrivateReply {
        comment: case.comment.clone(),
        text: TEXT.into(),
    };
    let open = made(case.send(&case.reply(TEXT)).await);
    assert_eq!(case.read_back(&letter).await, Readback::Absent);
    let id = made(case.send(&letter).await);
    assert_ne!(id, open);
    let standings: Vec<Standing> = case.own().iter().map(|entry| entry.standing).collect();
    assert_eq!(standings, [Standing::Public, Standing::Private]);
    assert_eq!(case.read_back(&letter).await, found(&id));
    let page = reqwest::get(case.standin.url()).await.unwrap().text().await.unwrap();
    assert_eq!(page.matches("/Maja").count(), 1);
}

#[tokio::test]
async fn a_like_may_be_repeated() {
    let case = case();
    for _ in 0..2 {
        assert_eq!(case.send(&case.like()).await, DONE);
    }
    assert!(case.standin.is_favourite(&case.comment));
}

#[tokio::test]
async fn only_the_accounts_own_is_deleted_and_thirty_in_half_an_hour() {
    let case = case();
    let refused = case.send(&case.delete(&case.comment)).await;
    assert!(matches!(refused, Sent::Refused { code: "invalid", .. }), "{refused:?}");
    let id = made(case.send(&case.reply(TEXT)).await);
    assert_eq!(case.read_back(&case.delete(&id)).await, Readback::Absent);
    for _ in 0..2 {
        assert_eq!(case.send(&case.delete(&id)).await, DONE);
    }
    assert_eq!(
        case.read_back(&case.delete(&id)).await,
        Readback::Found { external_id: None }
    );
    for _ in 3..30 {
        assert_eq!(case.send(&case.delete(&id)).await, DONE);
    }
    match case.send(&case.delete(&id)).await {
        Sent::Later {
            code: "rate-limited",
            after: Some(after),
            ..
        } => assert_eq!(after, Duration::from_secs(1_800)),
        other => panic!("{other:?}"),
    }
    case.pass(TimeDelta::minutes(30));
    assert_eq!(case.send(&case.delete(&id)).await, DONE);
}

#[tokio::test]
async fn every_error_is_told_for_what_it_is() {
    let later = |sent: Sent| match sent {
        Sent::Later { code, after, .. } => (code, after.is_some()),
        other => panic!("{other:?}"),
    };
    let case = case();
    case.standin.next(Trouble::TooMany);
    assert_eq!(later(case.send(&case.like()).await), ("rate-limited", true));
    case.pass(TimeDelta::minutes(5));
    case.standin.set_down(true);
    assert_eq!(later(case.send(&case.reply(TEXT)).await), ("unavailable", false));
    assert_eq!(case.page("mentions").await.unwrap_err().code, "unavailable");
    case.standin.set_down(false);
    // It failed while it wrote: nobody knows.
    case.standin.next(Trouble::Nothing);
    case.standin.next(Trouble::Failing);
    assert!(matches!(case.send(&case.reply(TEXT)).await, Sent::Unknown { .. }));
    case.standin.next(Trouble::Nonsense);
    assert_eq!(later(case.send(&case.reply(TEXT)).await), ("unavailable", false));
    assert_eq!(case.own().len(), 0);
    case.standin.put(&case.comment, Standing::Gone);
    assert!(matches!(
        case.send(&case.reply(TEXT)).await,
        Sent::Refused { code: "gone", .. }
    ));
    case.standin.next(Trouble::TokenVoid);
    assert!(matches!(
        case.send(&case.like()).await,
        Sent::Refused {
            code: "token-expired",
            ..
        }
    ));
    assert_eq!(case.page("mentions").await.unwrap_err().code, "token-expired");
}

#[tokio::test]
async fn the_server_counts_as_the_desk_does() {
    let case = case();
    let limit = Limit::to(Platform::Mastodon, Some("elin@annan.example"));
    let link = format!("https://exempel.se/{}", "a".repeat(100));
    let most = limit.most - limit.count(&link) - 1;
    let fits = format!("{} {link}", "å".repeat(most));
    let text = format!("{} {link}", "å".repeat(most + 1));
    assert_eq!((limit.over(&fits), limit.over(&text)), (0, 1));
    made(case.send(&case.reply(&fits)).await);
    let refused = case.send(&case.reply(&text)).await;
    assert!(
        matches!(&refused, Sent::Refused { code: "invalid", message } if message.contains("limit of 500")),
        "{refused:?}"
    );
}

#[tokio::test]
async fn calls_are_counted_and_the_wait_is_the_servers() {
    let case = case();
    for _ in 0..300 {
        case.page("mentions").await.unwrap();
    }
    let refused = case.page("mentions").await.unwrap_err();
    assert_eq!(
        (refused.code, refused.after),
        ("rate-limited", Some(Duration::from_secs(300)))
    );
    case.pass(TimeDelta::minutes(5));
    case.page("mentions").await.unwrap();
}

#[tokio::test]
async fn lists_go_on_until_their_end() {
    let case = case();
    for number in 0..90 {
        case.standin.write(ROOT, None, "Sam", &format!("@kust Fråga {number}"));
        case.standin.write(ROOT, None, "Sam", "Utan namn");
    }
    let (mut page, mut seen) = (None, Vec::new());
    loop {
        let now = *case.now.lock().unwrap();
        let body = case
            .mastodon
            .page(&case.account, "mentions", page.as_deref(), now)
            .await
            .unwrap();
        let listing = case.mastodon.take_apart(&case.account, "mentions", &body, now);
        let listing = listing.unwrap();
        if listing.comments.is_empty() {
            break;
        }
        seen.extend(listing.comments.into_iter().map(|seen| seen.comment.external_id));
        page = listing.next;
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 91);
    let thread = case.page(&format!("context/{ROOT}")).await.unwrap();
    let now = *case.now.lock().unwrap();
    let listing = case
        .mastodon
        .take_apart(&case.account, &format!("context/{ROOT}"), &thread, now);
    assert_eq!(listing.unwrap().comments.len(), 181);
}

/// The next thing that concerns the desk.
async fn heard(case: &Case, line: &mut Line) -> CommentEvent {
    let until = tokio::time::Instant::now() + Duration::from_secs(10);
    loop {
        let message = line.next(until).await.unwrap().expect("a message in time");
        let now = *case.now.lock().unwrap();
        let heard = case.mastodon.hear(&case.account, &message, now).unwrap();
        if let Some(Inbound::Comment(event)) = heard.events.into_iter().next() {
            return *event;
        }
    }
}

#[tokio::test]
async fn the_stream_tells_what_is_written_changed_and_deleted() {
    let case = case();
    let subscription = case.mastodon.subscription(&case.account, None).unwrap();
    let mut line = Line::open(&subscription).await.unwrap();
    // An answer that names nobody is not told, nor is a letter a comment.
    case.standin.write(ROOT, None, "Sam", "Utan namn");
    case.standin
        .write_as(Standing::Private, ROOT, None, "Sam", "@kust Ett brev");
    let id = case.standin.write(ROOT, None, "Sam", "@kust Hallå <b>där</b> & ni");
    let first = heard(&case, &mut line).await;
    assert_eq!((first.what, &first.external_id), (Happened::Added, &id));
    assert_eq!(first.text.as_deref(), Some("@kust Hallå <b>där</b> & ni"));
    assert_eq!(first.post.as_deref(), Some(ROOT));
    case.pass(TimeDelta::seconds(5));
    case.standin.edit(&id, "@kust Hallå igen");
    let edited = heard(&case, &mut line).await;
    assert_eq!(
        (edited.what, edited.text.as_deref()),
        (Happened::Edited, Some("@kust Hallå igen"))
    );
    case.standin.put(&id, Standing::Gone);
    assert_eq!(heard(&case, &mut line).await.what, Happened::Removed);
    // What is told while nobody listens is not told again.
    case.standin.mute(true);
    case.standin.write(ROOT, None, "Sam", "@kust Ohörd");
    case.standin.hang_up();
    let until = tokio::time::Instant::now() + Duration::from_secs(10);
    assert_eq!(line.next(until).await.unwrap_err().code, "unavailable");
}

#[tokio::test]
async fn the_stream_refuses_whom_it_does_not_know_and_is_gone_with_the_platform() {
    let case = case();
    let mut stranger = case.account.clone();
    stranger.access_token = "another".into();
    let subscription = case.mastodon.subscription(&stranger, None).unwrap();
    let refused = Line::open(&subscription).await.err().unwrap();
    assert_eq!(refused.code, "token-expired");
    let subscription = case.mastodon.subscription(&case.account, None).unwrap();
    let mut line = Line::open(&subscription).await.unwrap();
    case.standin.set_down(true);
    let until = tokio::time::Instant::now() + Duration::from_secs(10);
    assert_eq!(line.next(until).await.unwrap_err().code, "unavailable");
    assert_eq!(Line::open(&subscription).await.err().unwrap().code, "unavailable");
}
