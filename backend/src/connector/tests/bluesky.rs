//! Bluesky: acting, and looking whether it took effect, against its stand-in.

use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::connector::bluesky::Bluesky;
use crate::connector::reading::{Known, Reader, Renewed, Untold};
use crate::standin::{BlueskyStandin, Standing, Trouble};

const US: &str = "did:plc:bwo3lvww6gjr4ja72dn53dem";
const ROOT: &str = "at://did:plc:bwo3lvww6gjr4ja72dn53dem/app.bsky.feed.post/3n2stqboe222l";

struct Case {
    bluesky: Bluesky,
    account: Account,
    standin: BlueskyStandin,
    comment: String,
    now: DateTime<Utc>,
}

fn case() -> Case {
    let now: DateTime<Utc> = "2026-11-22T10:00:00Z".parse().unwrap();
    let standin = BlueskyStandin::start(Arc::new(move || now), US, TOKEN).unwrap();
    let account = Account {
        platform: Platform::Bluesky,
        external_id: US.into(),
        api_url: standin.api_url(),
        app_secret: String::new(),
        verify_token: String::new(),
        access_token: TOKEN.into(),
        refresh_token: standin.refresh_token(),
        settings: json!({ "posts": [ROOT], "langs": ["sv"] }),
    };
    let comment = standin.write(ROOT, None, "Elin", "Var ligger skyddsrummet?");
    let timing = Timing {
        connect: Duration::from_secs(2),
        total: Duration::from_secs(2),
    };
    Case {
        bluesky: Bluesky::new(timing),
        account,
        standin,
        comment,
        now,
    }
}

impl Case {
    fn place(&self) -> Place {
        Place {
            post: Some(ROOT.into()),
            ..Place::default()
        }
    }

    fn reply_to(&self, comment: &str) -> Action {
        Action::Reply {
            comment: comment.into(),
            text: "Hej! Läs på https://exempel.se/skyddsrum /Maja".into(),
            place: self.place(),
        }
    }

    fn reply(&self) -> Action {
        self.reply_to(&self.comment)
    }

    fn hide(&self) -> Action {
        Action::Hide {
            comment: self.comment.clone(),
            place: self.place(),
        }
    }

    fn unhide(&self) -> Action {
        Action::Unhide {
            comment: self.comment.clone(),
            place: self.place(),
        }
    }

    async fn send(&self, action: &Action) -> Sent {
        self.bluesky.send(&self.account, action).await
    }

    async fn read_back(&self, action: &Action) -> Readback {
        self.bluesky.read_back(&self.account, action, self.now).await
    }

    fn standing(&self) -> Standing {
        let all = self.standin.entries();
        all.iter().find(|entry| entry.id == self.comment).unwrap().standing
    }

    fn own(&self) -> usize {
        self.standin.entries().iter().filter(|entry| entry.author == US).count()
    }

    async fn page(&self, key: &str) -> Result<String, Untold> {
        self.bluesky.page(&self.account, key, None, self.now).await
    }
}

#[tokio::test]
async fn a_reply_stands_under_its_comment_in_the_right_thread() {
    let case = case();
    let below = case.standin.write(ROOT, Some(&case.comment), "Sam", "Samma fråga");
    assert_eq!(case.read_back(&case.reply_to(&below)).await, Readback::Absent);
    let id = made(case.send(&case.reply_to(&below)).await);
    let reply = &case.standin.replies(&below)[0];
    assert_eq!((&reply.id, reply.video.as_str()), (&id, ROOT));
    assert_eq!(case.read_back(&case.reply_to(&below)).await, found(&id));
}

#[tokio::test]
async fn a_reply_that_is_sent_again_and_again_stands_there_once() {
    let case = case();
    let id = made(case.send(&case.reply()).await);
    for _ in 0..3 {
        assert_eq!(made(case.send(&case.reply()).await), id);
    }
    assert_eq!(case.own(), 1);
}

#[tokio::test]
async fn a_reply_with_a_lost_answer_is_found_by_its_key() {
    let case = case();
    // The comment is looked up first.
    case.standin.next(Trouble::LoseAnswer);
    assert!(matches!(case.send(&case.reply()).await, Sent::Unknown { .. }));
    assert_eq!(case.read_back(&case.reply()).await, Readback::Absent);
    let calls = case.standin.calls();
    let id = made(case.send(&case.reply()).await);
    assert_eq!(case.standin.calls(), calls + 2);
    assert_eq!(case.read_back(&case.reply()).await, found(&id));
    assert_eq!(case.own(), 1);
}

#[tokio::test]
async fn a_reply_that_was_changed_since_is_not_written_over() {
    let case = case();
    let id = made(case.send(&case.reply()).await);
    case.standin.edit(&id, "Något annat");
    // Its record says what it said: the reply is there.
    assert_eq!(made(case.send(&case.reply()).await), id);
    assert_eq!(
        case.standin.entries().iter().find(|entry| entry.id == id).unwrap().text,
        "Något annat"
    );
}

#[tokio::test]
async fn hiding_keeps_the_rules_that_others_made() {
    let case = case();
    let other = case.standin.write(ROOT, None, "Sam", "Spam");
    case.standin.put(&other, Standing::Hidden);
    case.standin.allow(ROOT, json!([]));
    case.standin.race_once();
    assert_eq!(case.read_back(&case.hide()).await, Readback::Absent);
    assert_eq!(case.send(&case.hide()).await, DONE);
    assert_eq!(
        case.read_back(&case.hide()).await,
        Readback::Found { external_id: None }
    );
    assert_eq!(case.standing(), Standing::Hidden);
    let body = case.page(&format!("thread/{ROOT}")).await.unwrap();
    let thread: serde_json::Value = serde_json::from_str(&body).unwrap();
    let rules = &thread["threadgate"]["record"];
    assert_eq!(rules["allow"], json!([]));
    assert_eq!(rules["hiddenReplies"].as_array().map(Vec::len), Some(2));
    let calls = case.standin.calls();
    assert_eq!(case.send(&case.hide()).await, DONE);
    assert_eq!(case.standin.calls(), calls + 1, "what is so already is not written");
    assert_eq!(case.send(&case.unhide()).await, DONE);
    assert_eq!(case.standing(), Standing::Public);
    assert_eq!(
        case.read_back(&case.unhide()).await,
        Readback::Found { external_id: None }
    );
}

#[tokio::test]
async fn rules_are_made_where_there_are_none_and_a_race_is_won_or_told() {
    let case = case();
    case.standin.race_once();
    assert_eq!(case.send(&case.hide()).await, DONE);
    assert_eq!(case.standing(), Standing::Hidden);
    assert_eq!(case.standin.records("app.bsky.feed.threadgate"), 1);
}

#[tokio::test]
async fn only_answers_under_own_posts_are_hidden() {
    let case = case();
    let foreign = "at://did:plc:feofz666hlpdxwy5yiwtnzgk/app.bsky.feed.post/3n2v7k6r7k22l";
    let hide = Action::Hide {
        comment: case.comment.clone(),
        place: Place {
            post: Some(foreign.into()),
            ..Place::default()
        },
    };
    let calls = case.standin.calls();
    assert!(matches!(case.send(&hide).await, Sent::Refused { code: "invalid", .. }));
    assert_eq!(case.standin.calls(), calls);
    let unplaced = Action::Hide {
        comment: case.comment.clone(),
        place: Place::default(),
    };
    assert_eq!(case.send(&unplaced).await, DONE);
    assert_eq!(case.standing(), Standing::Hidden);
}

#[tokio::test]
async fn a_like_is_given_once() {
    let case = case();
    let like = Action::Like {
        comment: case.comment.clone(),
        place: case.place(),
    };
    for _ in 0..2 {
        assert_eq!(case.send(&like).await, DONE);
    }
    assert_eq!(case.standin.records("app.bsky.feed.like"), 1);
    assert_eq!(case.read_back(&like).await, Readback::Found { external_id: None });
}

#[tokio::test]
async fn own_replies_are_deleted_as_often_as_asked_and_others_never() {
    let case = case();
    let id = made(case.send(&case.reply()).await);
    let delete = |comment: &str| Action::Delete {
        comment: comment.into(),
        place: case.place(),
    };
    for _ in 0..2 {
        assert_eq!(case.send(&delete(&id)).await, DONE);
    }
    assert_eq!(
        case.read_back(&delete(&id)).await,
        Readback::Found { external_id: None }
    );
    assert_eq!(case.read_back(&case.reply()).await, Readback::Absent);
    let other = case.send(&delete(&case.comment)).await;
    assert!(matches!(other, Sent::Refused { code: "invalid", .. }), "{other:?}");
    assert_eq!(case.standing(), Standing::Public);
}

#[tokio::test]
async fn what_is_gone_is_not_answered() {
    let case = case();
    case.standin.put(&case.comment, Standing::Gone);
    let sent = case.send(&case.reply()).await;
    assert!(matches!(sent, Sent::Refused { code: "gone", .. }), "{sent:?}");
    assert_eq!(case.own(), 0);
}

#[tokio::test]
async fn every_failure_is_told_by_its_code() {
    let case = case();
    for (trouble, code) in [(Trouble::TooMany, "rate-limited"), (Trouble::Failing, "unavailable")] {
        case.standin.next(trouble);
        match case.send(&case.reply()).await {
            Sent::Later { code: told, after, .. } => {
                assert_eq!((told, after.is_some()), (code, trouble == Trouble::TooMany));
            }
            other => panic!("{other:?}"),
        }
        case.standin.next(trouble);
        assert_eq!(case.page("notifications").await.unwrap_err().code, code);
    }
    case.standin.next(Trouble::Nonsense);
    assert!(matches!(
        case.send(&case.reply()).await,
        Sent::Later {
            code: "unavailable",
            ..
        }
    ));
    let long = Action::Reply {
        comment: case.comment.clone(),
        text: "å".repeat(301),
        place: case.place(),
    };
    assert!(matches!(case.send(&long).await, Sent::Refused { code: "invalid", .. }));
    case.standin.set_down(true);
    assert_eq!(case.page("notifications").await.unwrap_err().code, "unavailable");
    assert!(matches!(case.read_back(&case.reply()).await, Readback::Later { .. }));
    assert_eq!(case.own(), 0);
}

#[tokio::test]
async fn a_session_that_has_run_out_is_renewed_with_both_tokens_new() {
    let mut case = case();
    case.standin.next(Trouble::TokenVoid);
    assert_eq!(case.page("notifications").await.unwrap_err().code, "token-expired");
    let sent = case.send(&case.reply()).await;
    assert!(
        matches!(
            sent,
            Sent::Refused {
                code: "token-expired",
                ..
            }
        ),
        "{sent:?}"
    );
    let Renewed {
        access_token,
        refresh_token,
        lasts,
    } = case
        .bluesky
        .renew(&case.account)
        .unwrap()
        .await
        .unwrap_or_else(|_| panic!("not renewed"));
    assert_eq!(lasts, Some(Duration::from_secs(7_200)));
    // Had the answer been lost, the old one would give the same for two hours.
    let again = case.bluesky.renew(&case.account).unwrap().await.ok();
    assert_eq!(again.and_then(|again| again.refresh_token), refresh_token);
    case.account.access_token = access_token;
    assert_ne!(refresh_token.as_ref(), Some(&case.account.refresh_token));
    case.account.refresh_token = refresh_token.unwrap();
    made(case.send(&case.reply()).await);
    case.account.refresh_token = "revoked".into();
    let void = case.bluesky.renew(&case.account).unwrap().await.err();
    assert_eq!(void.map(|untold| untold.code), Some("token-expired"));
    case.account.refresh_token.clear();
    assert!(case.bluesky.renew(&case.account).is_none());
}

#[tokio::test]
async fn what_is_written_is_read_and_what_is_gone_is_missed() {
    let case = case();
    let below = case.standin.write(ROOT, Some(&case.comment), "Sam", "Samma fråga");
    made(case.send(&case.reply()).await);
    let ids = |key: &str, body: &str| -> Vec<String> {
        let listing = case.bluesky.take_apart(&case.account, key, body, case.now).unwrap();
        assert_eq!(listing.ignored, 0);
        listing
            .comments
            .into_iter()
            .map(|seen| seen.comment.external_id)
            .collect()
    };
    let body = case.page("notifications").await.unwrap();
    assert_eq!(ids("notifications", &body), [below.clone(), case.comment.clone()]);
    let key = format!("thread/{ROOT}");
    assert_eq!(ids(&key, &case.page(&key).await.unwrap()).len(), 3);
    case.standin.put(&below, Standing::Gone);
    let known: Vec<Known> = [&case.comment, &below]
        .into_iter()
        .map(|id| Known {
            external_id: id.clone(),
            parent: None,
            post: Some(ROOT.into()),
            ad: None,
            written_at: case.now,
        })
        .collect();
    let pages = case.bluesky.check(&case.account, &known, case.now).await.unwrap();
    assert_eq!(pages.len(), 1);
    assert_eq!(ids(&pages[0].0, &pages[0].1).join(" "), case.comment);
}

#[tokio::test]
async fn notifications_are_read_page_by_page() {
    let case = case();
    for n in 0..150 {
        case.standin.write(ROOT, None, "Elin", &format!("nr {n}"));
    }
    let (mut next, mut ids) = (None::<String>, Vec::new());
    for _ in 0..5 {
        let body = case
            .bluesky
            .page(&case.account, "notifications", next.as_deref(), case.now)
            .await
            .unwrap();
        let listing = case
            .bluesky
            .take_apart(&case.account, "notifications", &body, case.now)
            .unwrap();
        ids.extend(listing.comments.into_iter().map(|seen| seen.comment.external_id));
        next = listing.next;
        if next.is_none() {
            break;
        }
    }
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), next), (151, None));
}
