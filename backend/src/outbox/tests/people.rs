//! What a person says about an action.

use super::*;
use crate::outbox::person::{Answer, PersonRefused, RetryNow, Said};

impl Desk {
    async fn say(&self, case: &Case, said: Said) -> Result<OutboxState, Failure<PersonRefused>> {
        let step = Answer {
            outbox: case.outbox,
            person: person(),
            lanes: None,
            said,
        };
        self.app.writer.change(step).await
    }

    async fn retry(&self, case: &Case) -> Result<OutboxState, Failure<PersonRefused>> {
        let step = RetryNow {
            outbox: case.outbox,
            person: person(),
            lanes: None,
        };
        self.app.writer.change(step).await
    }

    /// A private reply whose answer was lost: nobody but a person can look.
    async fn asked(&self) -> Case {
        let case = self.private_reply().await;
        self.fail(Fault::EffectThenDrop);
        self.work_until_quiet().await;
        assert_eq!(self.standing(&case).await, (OutboxState::Asked, CommentState::Decided));
        case
    }
}

#[tokio::test]
async fn a_lost_private_reply_is_asked_about_and_never_sent_again_by_itself() {
    for desk in both().await {
        let case = desk.asked().await;
        assert_eq!(desk.told(&case, EventKind::CommentFailed).await[0]["code"], "asked");
        desk.pass(7_200);
        desk.work_until_quiet().await;
        assert_eq!(desk.standin.comment(&case.external).unwrap().private_replies.len(), 1);
        assert!(matches!(desk.say(&case, Said::Sent).await, Ok(OutboxState::Delivered)));
        assert_eq!(desk.told(&case, EventKind::CommentSent).await.len(), 1);
        let again = desk.say(&case, Said::NotSent).await;
        assert!(matches!(
            again,
            Err(Failure::Refused(PersonRefused::NotNow(OutboxState::Delivered)))
        ));
    }
}

#[tokio::test]
async fn what_a_person_did_not_find_is_sent_again() {
    let desk = desk(Platform::Facebook).await;
    let case = desk.private_reply().await;
    desk.fail(Fault::Drop);
    desk.work_until_quiet().await;
    assert!(matches!(desk.say(&case, Said::NotSent).await, Ok(OutboxState::Pending)));
    desk.work_until_quiet().await;
    assert_eq!(desk.row(&case).await.state, OutboxState::Delivered);
    assert_eq!(desk.standin.comment(&case.external).unwrap().private_replies.len(), 1);
}

#[tokio::test]
async fn a_person_of_another_lane_cannot_answer() {
    let desk = desk(Platform::Facebook).await;
    let case = desk.asked().await;
    let step = Answer {
        outbox: case.outbox,
        person: person(),
        lanes: Some(Vec::new()),
        said: Said::Sent,
    };
    let refused = desk.app.writer.change(step).await;
    assert!(matches!(refused, Err(Failure::Refused(PersonRefused::Absent))));
    assert_eq!(desk.row(&case).await.state, OutboxState::Asked);
}

#[tokio::test]
async fn a_failed_reply_is_retried_once_and_leaves_its_lane() {
    let desk = desk(Platform::Facebook).await;
    let case = desk.reply().await;
    desk.fail(Fault::Refuse(Refusal::Parameter));
    desk.work().await;
    assert_eq!(desk.standing(&case).await, (OutboxState::Failed, CommentState::Open));
    assert!(matches!(desk.retry(&case).await, Ok(OutboxState::Pending)));
    assert_eq!(
        desk.standing(&case).await,
        (OutboxState::Pending, CommentState::Decided)
    );
    assert!(matches!(
        desk.retry(&case).await,
        Err(Failure::Refused(PersonRefused::NotNow(OutboxState::Pending)))
    ));
    desk.work_until_quiet().await;
    assert_eq!(desk.standin.replies(&case.external).len(), 1);
}

#[tokio::test]
async fn a_failed_reply_to_a_comment_somebody_holds_is_not_retried() {
    let desk = desk(Platform::Facebook).await;
    let case = desk.reply().await;
    desk.fail(Fault::Refuse(Refusal::Parameter));
    desk.work().await;
    let id = case.comment;
    let other = PersonId(uuid::Uuid::from_bytes([2; 16]));
    desk.write(move |change| {
        let hold = comment::Entity::update_many()
            .col_expr(comment::Column::State, Expr::value(CommentState::Claimed))
            .col_expr(comment::Column::ClaimedBy, Expr::value(other))
            .filter(comment::Column::Id.eq(id));
        change.later(&hold);
        std::future::ready(())
    })
    .await;
    let refused = desk.retry(&case).await;
    assert!(matches!(
        refused,
        Err(Failure::Refused(PersonRefused::CommentIs(CommentState::Claimed)))
    ));
    assert_eq!(desk.standing(&case).await, (OutboxState::Failed, CommentState::Claimed));
}
