//! The ordinary way, and what decides when something goes out.

use super::*;
use crate::domain::comment::Visibility;

#[tokio::test]
async fn a_reply_goes_out_when_due_and_is_shown_in_the_thread_once() {
    for desk in both().await {
        let case = desk.reply().await;
        let later = desk.now() + 10_000;
        let id = case.outbox;
        desk.write(move |change| {
            let wait = outbox::Entity::update_many()
                .col_expr(outbox::Column::DueAt, Expr::value(later))
                .filter(outbox::Column::Id.eq(id));
            change.later(&wait);
            std::future::ready(())
        })
        .await;
        desk.pass(9);
        assert_eq!(desk.work().await, Worked::default());
        assert_eq!(desk.standin.reply_posts(&case.external), 0);
        desk.pass(1);
        assert_eq!(desk.work().await.sent, 1);
        assert_eq!(
            desk.standing(&case).await,
            (OutboxState::Delivered, CommentState::Decided)
        );
        let [reply] = desk.standin.replies(&case.external).try_into().unwrap();
        assert_eq!(desk.row(&case).await.external_id, Some(reply.id.clone()));
        let own = desk.own().await;
        assert_eq!(own.len(), 1);
        assert_eq!(own[0].external_id, reply.id);
        assert_eq!(own[0].parent.as_deref(), Some(case.external.as_str()));
        assert_eq!(own[0].text.as_deref(), Some(REPLY));
        let told = desk.told(&case, EventKind::CommentSent).await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0]["external_id"], reply.id);
        assert!(!told[0].to_string().contains("Socialtjänsten"));
        assert_eq!(desk.work().await, Worked::default());
        assert_eq!(desk.standin.reply_posts(&case.external), 1);
    }
}

#[tokio::test]
async fn two_passes_at_once_send_once() {
    let desk = desk(Platform::Facebook).await;
    let case = desk.reply().await;
    let passes = futures_util::future::join_all((0..10).map(|_| desk.work())).await;
    assert_eq!(passes.iter().map(|worked| worked.sent).sum::<usize>(), 1);
    assert_eq!(desk.standin.reply_posts(&case.external), 1);
}

#[tokio::test]
async fn hiding_is_shown_at_once_and_removing_withdraws() {
    for desk in both().await {
        let hidden = desk.hide().await;
        let at = desk.comment("there", None).await;
        let delete = Action::Delete {
            comment: at.1.clone(),
            place: Place::default(),
        };
        let removed = desk.decide("there", at, delete).await;
        desk.work_until_quiet().await;
        assert!(desk.standin.comment(&hidden.external).unwrap().hidden);
        assert_eq!(desk.stored(&hidden).await.visibility, Visibility::Hidden);
        assert_eq!(desk.told(&hidden, EventKind::CommentVisibility).await.len(), 1);
        assert!(desk.standin.comment(&removed.external).is_none());
        assert_eq!(
            desk.standing(&removed).await,
            (OutboxState::Delivered, CommentState::Withdrawn)
        );
    }
}

#[tokio::test]
async fn actions_on_one_comment_go_out_in_order() {
    let desk = desk(Platform::Facebook).await;
    let first = desk.hide().await;
    let show = Action::Unhide {
        comment: first.external.clone(),
        place: Place::default(),
    };
    let second = desk
        .decide("there", (first.comment, first.external.clone()), show)
        .await;
    desk.fail(Fault::Refuse(Refusal::Transient));
    desk.work().await;
    assert_eq!(desk.row(&first).await.state, OutboxState::Pending);
    assert_eq!(desk.row(&second).await.tries, 0);
    desk.work_until_quiet().await;
    assert!(!desk.standin.comment(&first.external).unwrap().hidden);
    assert_eq!(desk.row(&second).await.state, OutboxState::Delivered);
}

#[tokio::test]
async fn answers_in_one_thread_go_out_in_the_order_of_their_decisions() {
    for desk in both().await {
        let first = desk.reply().await;
        let below = desk.comment("there", Some(&first.external)).await;
        let action = Action::Reply {
            comment: below.1.clone(),
            text: "Det beslutar en domstol om.".into(),
            place: Place {
                parent: Some(first.external.clone()),
                ..Place::default()
            },
        };
        let second = desk.decide("there", below, action).await;
        // The outcome of the first is unknown for a while.
        desk.fail(Fault::EffectThenDrop);
        desk.work().await;
        assert_eq!(desk.row(&first).await.state, OutboxState::Unknown);
        let elsewhere = desk.reply().await;
        desk.work().await;
        assert_eq!(desk.row(&second).await.tries, 0, "it waits for the first's fate");
        assert_eq!(desk.row(&elsewhere).await.state, OutboxState::Delivered);
        desk.work_until_quiet().await;
        assert_eq!(desk.row(&first).await.state, OutboxState::Delivered);
        assert_eq!(desk.row(&second).await.state, OutboxState::Delivered);
        let texts: Vec<Option<String>> = desk
            .standin
            .replies(&first.external)
            .into_iter()
            .filter(|reply| reply.author_id == desk.account())
            .map(|reply| reply.text)
            .collect();
        assert_eq!(texts.len(), 2);
        assert_eq!(texts[1].as_deref(), Some("Det beslutar en domstol om."));
    }
}

#[tokio::test]
async fn a_reply_to_a_text_that_changed_does_not_go_out() {
    let desk = desk(Platform::Facebook).await;
    let case = desk.reply().await;
    let id = case.comment;
    desk.write(move |change| {
        let edit = comment::Entity::update_many()
            .col_expr(comment::Column::Revision, Expr::value(2))
            .filter(comment::Column::Id.eq(id));
        change.later(&edit);
        std::future::ready(())
    })
    .await;
    desk.work().await;
    assert_eq!(desk.standing(&case).await, (OutboxState::Failed, CommentState::Open));
    assert_eq!(desk.row(&case).await.code.as_deref(), Some("stale-revision"));
    assert_eq!(desk.standin.reply_posts(&case.external), 0);
}

#[tokio::test]
async fn an_undone_action_does_not_go_out() {
    let desk = desk(Platform::Facebook).await;
    let case = desk.reply().await;
    let id = case.outbox;
    desk.write(move |change| {
        let undo = outbox::Entity::update_many()
            .col_expr(outbox::Column::State, Expr::value(OutboxState::Undone))
            .filter(outbox::Column::Id.eq(id));
        change.later(&undo);
        std::future::ready(())
    })
    .await;
    assert_eq!(desk.work().await, Worked::default());
    assert_eq!(desk.standin.reply_posts(&case.external), 0);
}

#[tokio::test]
async fn where_nothing_is_connected_a_person_is_asked_to_do_it() {
    let desk = desk(Platform::Facebook).await;
    let at = desk.comment("by-hand", None).await;
    let action = reply_to(&at.1);
    let case = desk.decide("by-hand", at, action).await;
    assert_eq!(desk.work().await.other, 1);
    assert_eq!(desk.standing(&case).await, (OutboxState::Asked, CommentState::Decided));
    assert_eq!(desk.row(&case).await.code.as_deref(), Some("by-hand"));
}

#[tokio::test]
async fn a_hanging_platform_holds_up_no_other() {
    let desk = desk(Platform::Facebook).await;
    let told = Arc::clone(&desk.clock);
    let other = Standin::start(StandinConfig::new(Arc::new(move || told.now()))).unwrap();
    other.add_holder(Holder {
        platform: Platform::Facebook,
        id: desk.account().into(),
        name: "Andra".into(),
        token: TOKEN.into(),
        page: None,
    });
    desk.add_connector("other", other.api_url()).await;
    desk.standin.fail_next(20, Scope::Writes, Fault::Hang);
    for _ in 0..8 {
        desk.reply().await;
    }
    let at = desk.comment("other", None).await;
    let action = reply_to(&at.1);
    let case = desk.decide("other", at, action).await;
    let lanes = dispatch(&desk.app).await.unwrap();
    let deadline = tokio::time::timeout(Duration::from_millis(900), async {
        while !matches!(desk.row(&case).await.state, OutboxState::Failed) {
            tokio::task::yield_now().await;
        }
    });
    deadline.await.unwrap();
    let sending = outbox::Entity::find()
        .filter(outbox::Column::State.eq(OutboxState::Sending))
        .all(desk.app.db.reader())
        .await
        .unwrap();
    assert_eq!(
        sending.len(),
        4,
        "a platform that hangs holds its few calls and no more"
    );
    desk.standin.release();
    drop(lanes);
}
