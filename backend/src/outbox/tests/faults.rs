//! Every documented fault ends in the right state, and a reply is there exactly once.

use super::*;
use crate::account::{self, SaveAccount};

impl Desk {
    /// The row as a crash between the mark and the answer leaves it.
    async fn crashed(&self) -> Case {
        let case = self.reply().await;
        let (id, now) = (case.outbox, self.now());
        self.write(move |change| {
            let leave = outbox::Entity::update_many()
                .col_expr(outbox::Column::State, Expr::value(OutboxState::Sending))
                .col_expr(outbox::Column::Tries, Expr::value(1))
                .col_expr(outbox::Column::FirstTriedAt, Expr::value(now))
                .col_expr(outbox::Column::DueAt, Expr::value(now + 2_000))
                .filter(outbox::Column::Id.eq(id));
            change.later(&leave);
            std::future::ready(())
        })
        .await;
        case
    }
}

#[tokio::test]
async fn a_lost_answer_after_the_effect_is_found_and_not_sent_again() {
    for desk in both().await {
        for fault in [Fault::EffectThenDrop, Fault::EffectThenHang] {
            let case = desk.reply().await;
            desk.fail(fault);
            desk.work().await;
            assert_eq!(desk.row(&case).await.state, OutboxState::Unknown, "{fault:?}");
            assert_eq!(desk.work().await, Worked::default(), "{fault:?}: too early to look");
            desk.work_until_quiet().await;
            assert_eq!(
                desk.standing(&case).await,
                (OutboxState::Delivered, CommentState::Decided)
            );
            let replies = desk.standin.replies(&case.external);
            assert_eq!(replies.len(), 1, "{fault:?}");
            assert_eq!(desk.row(&case).await.external_id, Some(replies[0].id.clone()));
            assert_eq!(desk.standin.reply_posts(&case.external), 1, "{fault:?}");
            // The next text is the same; a day later nobody takes it for this one.
            desk.pass(86_400);
        }
    }
}

#[tokio::test]
async fn a_lost_call_without_effect_is_looked_for_and_then_sent_again() {
    for desk in both().await {
        for fault in [
            Fault::Drop,
            Fault::Hang,
            Fault::Refuse(Refusal::Duplicate),
            Fault::Refuse(Refusal::Transient),
        ] {
            let case = desk.reply().await;
            desk.fail(fault);
            desk.work().await;
            assert_eq!(desk.row(&case).await.state, OutboxState::Unknown, "{fault:?}");
            desk.work_until_quiet().await;
            assert_eq!(desk.row(&case).await.state, OutboxState::Delivered, "{fault:?}");
            assert_eq!(desk.standin.replies(&case.external).len(), 1, "{fault:?}");
            assert_eq!(desk.standin.reply_posts(&case.external), 2, "{fault:?}");
            desk.pass(86_400);
        }
    }
}

#[tokio::test]
async fn reading_back_that_fails_is_tried_again_before_anything_is_sent() {
    let desk = desk(Platform::Facebook).await;
    let case = desk.reply().await;
    desk.fail(Fault::EffectThenDrop);
    desk.standin.fail_next(1, Scope::Reads, Fault::Drop);
    desk.standin
        .fail_next(1, Scope::Reads, Fault::Refuse(Refusal::PageLimit));
    desk.work_until_quiet().await;
    assert_eq!(desk.row(&case).await.state, OutboxState::Delivered);
    assert_eq!(desk.standin.reply_posts(&case.external), 1);
}

#[tokio::test]
async fn what_cannot_be_read_back_is_asked_of_a_person() {
    let desk = desk(Platform::Facebook).await;
    let case = desk.reply().await;
    desk.fail(Fault::EffectThenDrop);
    desk.standin.fail_next(50, Scope::Reads, Fault::Drop);
    desk.work_until_quiet().await;
    assert_eq!(desk.standing(&case).await, (OutboxState::Asked, CommentState::Decided));
    assert_eq!(desk.told(&case, EventKind::CommentFailed).await[0]["code"], "asked");
    assert_eq!(desk.standin.reply_posts(&case.external), 1);
}

#[tokio::test]
async fn the_same_text_in_one_thread_is_not_taken_for_the_lost_one() {
    let desk = desk(Platform::Facebook).await;
    let first = desk.reply().await;
    desk.work_until_quiet().await;
    let below = desk.comment("there", Some(&first.external)).await;
    let action = reply_to(&below.1);
    let second = desk.decide("there", below, action).await;
    desk.fail(Fault::Drop);
    desk.work_until_quiet().await;
    assert_eq!(desk.row(&second).await.state, OutboxState::Asked);
    assert_eq!(desk.row(&first).await.state, OutboxState::Delivered);
}

#[tokio::test]
async fn a_refused_reply_fails_and_its_comment_comes_back() {
    for desk in both().await {
        for (refusal, code) in [(Refusal::Parameter, "invalid"), (Refusal::Blocked, "blocked")] {
            let case = desk.reply().await;
            desk.fail(Fault::Refuse(refusal));
            desk.work().await;
            assert_eq!(desk.standing(&case).await, (OutboxState::Failed, CommentState::Open));
            assert_eq!(desk.told(&case, EventKind::CommentFailed).await[0]["code"], code);
            desk.pass(7_200);
            assert_eq!(desk.work().await, Worked::default());
            assert_eq!(desk.standin.reply_posts(&case.external), 1);
        }
    }
}

#[tokio::test]
async fn acting_on_what_is_gone_withdraws_the_comment() {
    for desk in both().await {
        let case = desk.reply().await;
        desk.standin.forget(&case.external);
        desk.work().await;
        assert_eq!(
            desk.standing(&case).await,
            (OutboxState::Failed, CommentState::Withdrawn)
        );
        assert_eq!(desk.row(&case).await.code.as_deref(), Some("gone"));
        assert_eq!(desk.told(&case, EventKind::CommentWithdrawn).await.len(), 1);
    }
}

#[tokio::test]
async fn a_limit_holds_everything_of_the_connector_as_long_as_the_platform_says() {
    let desk = desk(Platform::Facebook).await;
    let cases = [desk.reply().await, desk.reply().await];
    desk.standin
        .fail_next(2, Scope::Writes, Fault::Refuse(Refusal::BusinessLimit(17)));
    desk.work().await;
    let later = desk.reply().await;
    assert_eq!(desk.row(&cases[0]).await.code.as_deref(), Some("rate-limited"));
    let until = desk.row(&cases[0]).await.due_at;
    assert!(until >= desk.now() + 17 * 60_000, "{until}");
    let calls = desk.standin.calls();
    desk.pass(16 * 60);
    assert!(desk.work().await.sent <= 1, "only what came after");
    assert!(desk.standin.calls() <= calls + 1);
    desk.pass(70);
    desk.work_until_quiet().await;
    for case in cases.iter().chain([&later]) {
        assert_eq!(desk.standin.replies(&case.external).len(), 1);
    }
}

#[tokio::test]
async fn a_void_token_stops_the_connector_and_loses_nothing() {
    for (refusal, state) in [
        (Refusal::TokenExpired, ConnectorState::SignInNeeded),
        (Refusal::PermissionLost, ConnectorState::PermissionLost),
    ] {
        let desk = desk(Platform::Facebook).await;
        let first = desk.reply().await;
        desk.fail(Fault::Refuse(refusal));
        desk.work().await;
        let second = desk.reply().await;
        assert_eq!(desk.connector_state().await, state);
        desk.pass(7_200);
        assert_eq!(desk.work().await, Worked::default());
        for case in [&first, &second] {
            assert_eq!(desk.standing(case).await, (OutboxState::Pending, CommentState::Decided));
        }
        let told = event::Entity::find()
            .filter(event::Column::Kind.eq(EventKind::Connector))
            .all(desk.app.db.reader())
            .await
            .unwrap();
        assert_eq!(told.len(), 1);
        assert!(told[0].data.contains(state.as_str()), "{}", told[0].data);
        let renewed = SaveAccount {
            name: "there".into(),
            platform: Platform::Facebook,
            access_token: Some(TOKEN.into()),
            state: Some(ConnectorState::Ok),
            ..SaveAccount::by_hand("")
        };
        assert!(account::save(&desk.app, renewed).await.is_ok());
        desk.work_until_quiet().await;
        for case in [&first, &second] {
            assert_eq!(desk.standin.replies(&case.external).len(), 1);
        }
    }
}

#[tokio::test]
async fn a_platform_that_stays_away_fails_the_action_after_its_tries() {
    let desk = desk(Platform::Facebook).await;
    desk.add_connector("away", "http://127.0.0.1:9".into()).await;
    let at = desk.comment("away", None).await;
    let action = reply_to(&at.1);
    let case = desk.decide("away", at, action).await;
    desk.work_until_quiet().await;
    let row = desk.row(&case).await;
    assert_eq!((row.tries, row.code.as_deref()), (4, Some("unavailable")));
    assert_eq!(desk.standing(&case).await, (OutboxState::Failed, CommentState::Open));
    let back = desk.told(&case, EventKind::CommentOpen).await;
    assert_eq!(back.last().unwrap()["reason"], "failed");
}

#[tokio::test]
async fn an_outage_of_two_hours_fails_nothing() {
    let desk = desk_with(Platform::Facebook, |outbox| outbox.patience_h = 6).await;
    let (case, lost) = (desk.reply().await, desk.reply().await);
    desk.standin.fail_next(1, Scope::Writes, Fault::EffectThenDrop);
    desk.work().await;
    desk.standin.set_down(true);
    for _ in 0..240 {
        desk.work().await;
        desk.pass(30);
    }
    desk.standin.set_down(false);
    for _ in 0..130 {
        desk.work().await;
        desk.pass(30);
    }
    for case in [&case, &lost] {
        assert_eq!(desk.row(case).await.state, OutboxState::Delivered);
        assert_eq!(desk.standin.replies(&case.external).len(), 1);
    }
}

#[tokio::test]
async fn a_crash_after_the_effect_is_found_and_not_sent_again() {
    for desk in both().await {
        let case = desk.crashed().await;
        let connected = desk.app.connectors.find("there").unwrap();
        let reply = reply_to(&case.external);
        let sent = connected.protocol.unwrap().send(&connected.account, &reply);
        assert!(matches!(sent.await, crate::connector::Sent::Done { .. }));
        desk.pass(1);
        assert_eq!(desk.work().await, Worked::default(), "it may still be under way");
        desk.work_until_quiet().await;
        assert_eq!(desk.row(&case).await.state, OutboxState::Delivered);
        assert_eq!(desk.standin.reply_posts(&case.external), 1);
        assert_eq!(desk.own().await.len(), 1);
    }
}

#[tokio::test]
async fn a_crash_before_the_effect_is_looked_for_and_then_sent() {
    for desk in both().await {
        let case = desk.crashed().await;
        desk.work_until_quiet().await;
        assert_eq!(desk.row(&case).await.state, OutboxState::Delivered);
        assert_eq!(desk.standin.replies(&case.external).len(), 1);
        assert_eq!(desk.standin.reply_posts(&case.external), 1);
    }
}
