//! Single answers and what the desk makes of them.

use super::*;

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
async fn only_facebook_likes() {
    let [facebook, instagram] = both();
    let like = |bench: &Bench| Action::Like {
        comment: bench.comment.clone(),
        place: Place::default(),
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
        place: Place {
            ad: Some("120210000000000301".into()),
            ..Place::default()
        },
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
                place: Place::default(),
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
        let by_hand = matches!(platform, Platform::Snapchat | Platform::Manual);
        assert_eq!(crate::connector::of(*platform).is_none(), by_hand, "{platform}");
    }
}

#[tokio::test]
async fn answers_that_do_not_say_what_happened_are_unknown() {
    for mut bench in both() {
        for (status, body) in [
            (200, &b"{}"[..]),
            (200, b"<html>sign in to this network</html>"),
            (200, b"\xff\xfe"),
            (200, b""),
            (502, b"<html>bad gateway</html>"),
            (504, b""),
        ] {
            answering(&mut bench, status, body).await;
            for action in [bench.reply(), bench.private_reply()] {
                let sent = bench.send(&action).await;
                assert!(matches!(sent, Sent::Unknown { .. }), "{status} {body:?}: {sent:?}");
            }
            assert!(!matches!(
                bench.read_back(&bench.reply()).await,
                Readback::Absent | Readback::Found { .. }
            ));
        }
    }
}

#[tokio::test]
async fn answers_that_say_no_are_refusals() {
    for mut bench in both() {
        answering(&mut bench, 200, br#"{"success":false}"#).await;
        assert!(matches!(
            bench.send(&bench.hide()).await,
            Sent::Refused { code: "invalid", .. }
        ));
        answering(&mut bench, 200, br#"{"error":{"message":"m","code":190}}"#).await;
        assert!(matches!(
            bench.send(&bench.reply()).await,
            Sent::Refused {
                code: "token-expired",
                ..
            }
        ));
        answering(&mut bench, 302, b"").await;
        assert!(matches!(
            bench.send(&bench.reply()).await,
            Sent::Refused { code: "invalid", .. }
        ));
        answering(&mut bench, 429, b"slow down").await;
        assert!(matches!(
            bench.send(&bench.reply()).await,
            Sent::Later {
                code: "rate-limited",
                ..
            }
        ));
        answering(&mut bench, 502, b"<html>").await;
        assert!(matches!(
            bench.send(&bench.hide()).await,
            Sent::Later {
                code: "unavailable",
                ..
            }
        ));
    }
}
