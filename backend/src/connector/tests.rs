//! Sending and reading back over HTTP, against a platform that fails in every documented way.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};

use super::graph::Timing;
use super::{Account, Action, Connector, Readback, Sent, facebook::Facebook, instagram::Instagram};
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
        }
    }

    fn hide(&self) -> Action {
        Action::Hide {
            comment: self.comment.clone(),
            ad: None,
        }
    }

    fn delete(&self) -> Action {
        Action::Delete {
            comment: self.comment.clone(),
            ad: None,
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

#[tokio::test]
async fn a_reply_lands_under_the_comment_and_is_found_again() {
    for bench in both() {
        let reply = bench.reply();
        assert_eq!(bench.read_back(&reply).await, Readback::Absent);
        let id = made(bench.send(&reply).await);
        let replies = bench.standin.replies(&bench.comment);
        assert_eq!(replies.len(), 1);
        assert_eq!(replies[0].id, id);
        assert_eq!(
            replies[0].text.as_deref(),
            Some("Hej Elin! Se Skyddsrumskartan.\n/ Maja & 100 % å")
        );
        assert_eq!(replies[0].author_id, bench.account.external_id);
        assert_eq!(bench.read_back(&reply).await, found(&id));
        assert_eq!(bench.standin.reply_posts(&bench.comment), 1);
    }
}

#[tokio::test]
async fn a_reply_to_a_reply_is_found_under_the_top() {
    for bench in both() {
        let below = bench
            .standin
            .write_comment(public(&bench.post(), Some(&bench.comment), "Samma fråga"))
            .unwrap();
        let reply = Action::Reply {
            comment: below,
            text: "Hej!".into(),
        };
        assert_eq!(bench.read_back(&reply).await, Readback::Absent);
        let id = made(bench.send(&reply).await);
        assert_eq!(bench.standin.replies(&bench.comment)[1].id, id);
        assert_eq!(bench.read_back(&reply).await, found(&id));
    }
}

#[tokio::test]
async fn every_refusal_of_a_reply_ends_as_the_table_says_and_without_effect() {
    let limits = [
        Refusal::AppLimit,
        Refusal::UserLimit,
        Refusal::PageLimit,
        Refusal::CustomLimit,
    ];
    for bench in both() {
        let refuse = |refusal| bench.fail(Scope::Writes, Fault::Refuse(refusal));
        for limit in limits {
            refuse(limit);
            assert!(
                matches!(
                    bench.send(&bench.reply()).await,
                    Sent::Later {
                        code: "rate-limited",
                        ..
                    }
                ),
                "{limit:?}"
            );
        }
        refuse(Refusal::BusinessLimit(17));
        let Sent::Later { code, after, .. } = bench.send(&bench.reply()).await else {
            panic!("not later")
        };
        assert_eq!((code, after), ("rate-limited", Some(Duration::from_secs(17 * 60))));
        for (refusal, expected) in [
            (Refusal::TokenExpired, "token-expired"),
            (Refusal::PermissionLost, "permission-lost"),
            (Refusal::PermissionMissing, "permission-lost"),
            (Refusal::Blocked, "blocked"),
            (Refusal::Parameter, "invalid"),
        ] {
            refuse(refusal);
            let sent = bench.send(&bench.reply()).await;
            assert!(
                matches!(&sent, Sent::Refused { code, .. } if *code == expected),
                "{refusal:?}: {sent:?}"
            );
        }
        for refusal in [Refusal::Transient, Refusal::Duplicate] {
            refuse(refusal);
            assert!(
                matches!(bench.send(&bench.reply()).await, Sent::Unknown { .. }),
                "{refusal:?}"
            );
        }
        refuse(Refusal::Transient);
        assert!(matches!(
            bench.send(&bench.hide()).await,
            Sent::Later {
                code: "unavailable",
                ..
            }
        ));
        assert!(bench.standin.replies(&bench.comment).is_empty());
        assert!(!bench.standin.comment(&bench.comment).unwrap().hidden);
    }
}

#[tokio::test]
async fn a_lost_answer_is_unknown_and_the_reply_is_found_by_reading_back() {
    for bench in both() {
        for fault in [Fault::EffectThenDrop, Fault::EffectThenHang] {
            bench.pass(TimeDelta::hours(1));
            let before = bench.standin.replies(&bench.comment).len();
            bench.fail(Scope::Writes, fault);
            let reply = bench.reply();
            assert!(matches!(bench.send(&reply).await, Sent::Unknown { .. }), "{fault:?}");
            let replies = bench.standin.replies(&bench.comment);
            assert_eq!(replies.len(), before + 1, "{fault:?}");
            assert_eq!(bench.read_back(&reply).await, found(&replies[before].id), "{fault:?}");
        }
    }
}

#[tokio::test]
async fn a_call_without_effect_is_unknown_and_reading_back_says_absent() {
    for bench in both() {
        for fault in [Fault::Drop, Fault::Hang] {
            bench.fail(Scope::Writes, fault);
            assert!(
                matches!(bench.send(&bench.reply()).await, Sent::Unknown { .. }),
                "{fault:?}"
            );
            assert_eq!(bench.read_back(&bench.reply()).await, Readback::Absent, "{fault:?}");
        }
        assert_eq!(bench.standin.reply_posts(&bench.comment), 2);
        made(bench.send(&bench.reply()).await);
        assert_eq!(bench.standin.replies(&bench.comment).len(), 1);
    }
}

#[tokio::test]
async fn slow_answers_within_the_time_are_waited_for() {
    let bench = bench(Platform::Facebook);
    bench.fail(Scope::Writes, Fault::Slow(Duration::from_millis(50)));
    made(bench.send(&bench.reply()).await);
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent_and_it_is_tried_later() {
    for mut bench in both() {
        let closed = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        bench.account.api_url = format!("http://{closed}/v26.0");
        for action in [bench.reply(), bench.hide(), bench.private_reply()] {
            assert!(matches!(
                bench.send(&action).await,
                Sent::Later {
                    code: "unavailable",
                    ..
                }
            ));
        }
        assert!(matches!(bench.read_back(&bench.reply()).await, Readback::Later { .. }));
    }
}

#[tokio::test]
async fn hiding_and_showing_take_effect_and_are_read_back() {
    for bench in both() {
        let (hide, show) = (
            bench.hide(),
            Action::Unhide {
                comment: bench.comment.clone(),
                ad: Some("12".into()),
            },
        );
        assert_eq!(bench.read_back(&hide).await, Readback::Absent);
        assert_eq!(bench.send(&hide).await, DONE);
        assert_eq!(bench.send(&hide).await, DONE);
        assert!(bench.standin.comment(&bench.comment).unwrap().hidden);
        assert_eq!(bench.read_back(&hide).await, Readback::Found { external_id: None });
        assert_eq!(bench.read_back(&show).await, Readback::Absent);
        assert_eq!(bench.send(&show).await, DONE);
        assert!(!bench.standin.comment(&bench.comment).unwrap().hidden);
        bench.fail(Scope::Writes, Fault::EffectThenDrop);
        assert!(matches!(bench.send(&hide).await, Sent::Unknown { .. }));
        assert_eq!(bench.read_back(&hide).await, Readback::Found { external_id: None });
    }
}

#[tokio::test]
async fn removing_twice_is_done_twice() {
    for bench in both() {
        assert_eq!(bench.read_back(&bench.delete()).await, Readback::Absent);
        assert_eq!(bench.send(&bench.delete()).await, DONE);
        assert_eq!(bench.standin.comment(&bench.comment).map(|c| c.id), None);
        assert_eq!(bench.send(&bench.delete()).await, DONE);
        assert_eq!(
            bench.read_back(&bench.delete()).await,
            Readback::Found { external_id: None }
        );
    }
}

#[tokio::test]
async fn acting_on_what_is_gone_is_refused_as_gone() {
    for bench in both() {
        bench.standin.forget(&bench.comment);
        for action in [bench.reply(), bench.hide(), bench.private_reply()] {
            assert!(
                matches!(bench.send(&action).await, Sent::Refused { code: "gone", .. }),
                "{action:?}"
            );
        }
        // Whether the reply was made before the comment vanished can no longer be seen.
        assert!(matches!(
            bench.read_back(&bench.reply()).await,
            Readback::CannotTell { .. }
        ));
        assert_eq!(bench.read_back(&bench.hide()).await, Readback::Absent);
    }
}

#[tokio::test]
async fn only_facebook_likes() {
    let [facebook, instagram] = both();
    let like = |bench: &Bench| Action::Like {
        comment: bench.comment.clone(),
    };
    assert_eq!(facebook.send(&like(&facebook)).await, DONE);
    assert!(facebook.standin.comment(&facebook.comment).unwrap().liked);
    let calls = instagram.standin.calls();
    assert!(matches!(
        instagram.send(&like(&instagram)).await,
        Sent::Refused { code: "invalid", .. }
    ));
    assert_eq!(instagram.standin.calls(), calls);
    assert!(facebook.connector.capabilities().can_like && !instagram.connector.capabilities().can_like);
}

#[tokio::test]
async fn a_private_reply_goes_out_once() {
    for bench in both() {
        made(bench.send(&bench.private_reply()).await);
        let sent = bench.send(&bench.private_reply()).await;
        assert!(matches!(
            sent,
            Sent::Refused {
                code: "already-answered",
                ..
            }
        ));
        assert_eq!(
            bench.standin.comment(&bench.comment).unwrap().private_replies,
            ["Hej Elin, vi hör av oss."]
        );
    }
}

#[tokio::test]
async fn a_private_reply_after_a_week_is_too_late() {
    for bench in both() {
        bench.pass(TimeDelta::days(7) + TimeDelta::seconds(1));
        let sent = bench.send(&bench.private_reply()).await;
        assert!(matches!(sent, Sent::Refused { code: "too-late", .. }));
    }
}

#[tokio::test]
async fn a_private_reply_with_a_lost_answer_is_left_to_a_person() {
    for bench in both() {
        for fault in [Fault::EffectThenDrop, Fault::Drop, Fault::Refuse(Refusal::Transient)] {
            bench.fail(Scope::Writes, fault);
            let calls = bench.standin.calls();
            assert!(
                matches!(bench.send(&bench.private_reply()).await, Sent::Unknown { .. }),
                "{fault:?}"
            );
            assert_eq!(bench.standin.calls(), calls + 1, "{fault:?}");
            let shown = bench.read_back(&bench.private_reply()).await;
            assert!(matches!(shown, Readback::CannotTell { .. }), "{fault:?}");
        }
    }
}

#[tokio::test]
async fn a_long_thread_is_read_to_its_end() {
    for bench in both() {
        let post = bench.post();
        let mut others = Vec::new();
        for n in 0..250 {
            others.push(
                bench
                    .standin
                    .write_comment(public(&post, Some(&bench.comment), &format!("nr {n}")))
                    .unwrap(),
            );
        }
        // A whole page of removed rows: it comes empty, with more to follow.
        for id in &others[..120] {
            bench.standin.forget(id);
        }
        let calls = bench.standin.calls();
        assert_eq!(bench.read_back(&bench.reply()).await, Readback::Absent);
        assert!(bench.standin.calls() - calls >= 4);
        let id = made(bench.send(&bench.reply()).await);
        assert_eq!(bench.read_back(&bench.reply()).await, found(&id));
    }
}

#[tokio::test]
async fn a_list_that_breaks_off_is_never_called_absent() {
    for bench in both() {
        for fault in [
            Fault::Drop,
            Fault::Hang,
            Fault::Refuse(Refusal::Transient),
            Fault::Refuse(Refusal::PageLimit),
            Fault::Refuse(Refusal::TokenExpired),
        ] {
            bench.fail(Scope::Reads, fault);
            let shown = bench.read_back(&bench.reply()).await;
            assert!(matches!(shown, Readback::Later { .. }), "{fault:?}: {shown:?}");
        }
        let post = bench.post();
        for n in 0..120 {
            bench
                .standin
                .write_comment(public(&post, Some(&bench.comment), &format!("nr {n}")))
                .unwrap();
        }
        // The comment and the first page are read; the second page fails.
        bench.standin.fail_next(2, Scope::Reads, Fault::Slow(Duration::ZERO));
        bench.fail(Scope::Reads, Fault::Refuse(Refusal::AppLimit));
        assert!(matches!(bench.read_back(&bench.reply()).await, Readback::Later { .. }));
    }
}

#[tokio::test]
async fn only_a_reply_of_ours_written_since_counts() {
    for bench in both() {
        let Action::Reply { text, .. } = bench.reply() else {
            unreachable!()
        };
        bench
            .standin
            .write_comment(public(&bench.post(), Some(&bench.comment), &text))
            .unwrap();
        assert_eq!(bench.read_back(&bench.reply()).await, Readback::Absent);
        let old = made(bench.send(&bench.reply()).await);
        assert_eq!(bench.read_back(&bench.reply()).await, found(&old));
        bench.pass(TimeDelta::hours(1));
        assert_eq!(bench.read_back(&bench.reply()).await, Readback::Absent);
    }
}

#[tokio::test]
async fn the_empty_list_of_a_persons_token_is_not_taken_for_absence() {
    let mut bench = bench(Platform::Facebook);
    made(bench.send(&bench.reply()).await);
    bench.standin.add_user_token("test-user-token-0001");
    bench.account.access_token = "test-user-token-0001".into();
    let shown = bench.read_back(&bench.reply()).await;
    assert!(matches!(shown, Readback::CannotTell { .. }), "{shown:?}");
}

#[tokio::test]
async fn a_token_the_platform_does_not_know_is_told_as_expired() {
    for mut bench in both() {
        bench.account.access_token = "another".into();
        let sent = bench.send(&bench.reply()).await;
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
    }
}

#[tokio::test]
async fn instagram_repeats_without_the_ad_where_it_is_not_taken() {
    let bench = bench(Platform::Instagram);
    let hide = Action::Hide {
        comment: bench.comment.clone(),
        ad: Some("120210000000000301".into()),
    };
    let calls = bench.standin.calls();
    bench.fail(Scope::Writes, Fault::Refuse(Refusal::Parameter));
    assert_eq!(bench.send(&hide).await, DONE);
    assert_eq!(bench.standin.calls(), calls + 2);
    bench
        .standin
        .fail_next(2, Scope::Writes, Fault::Refuse(Refusal::Parameter));
    assert!(matches!(bench.send(&hide).await, Sent::Refused { code: "invalid", .. }));
    let reply = bench.send(&bench.reply()).await;
    assert!(
        matches!(reply, Sent::Refused { code: "invalid", .. }),
        "replies to hidden comments are refused"
    );
}

#[tokio::test]
async fn ids_that_are_none_of_the_platform_make_no_call() {
    for bench in both() {
        let calls = bench.standin.calls();
        for comment in ["../me", "1/likes", "", "1?fields=x"] {
            let delete = Action::Delete {
                comment: comment.into(),
                ad: None,
            };
            assert!(
                matches!(bench.send(&delete).await, Sent::Refused { code: "invalid", .. }),
                "{comment}"
            );
            assert!(
                matches!(bench.read_back(&delete).await, Readback::CannotTell { .. }),
                "{comment}"
            );
        }
        assert_eq!(bench.standin.calls(), calls);
    }
}

#[test]
fn platforms_without_a_connector_have_none() {
    for platform in Platform::ALL {
        let spoken = matches!(platform, Platform::Facebook | Platform::Instagram);
        assert_eq!(super::of(*platform).is_some(), spoken, "{platform}");
    }
}
