//! Sending, and what is known when it fails.

use super::*;

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
async fn hiding_and_showing_take_effect_and_are_read_back() {
    for bench in both() {
        let (hide, show) = (
            bench.hide(),
            Action::Unhide {
                comment: bench.comment.clone(),
                place: Place {
                    ad: Some("12".into()),
                    ..Place::default()
                },
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
