//! The bell, what is left by itself, and breaks, against a database.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{HOUR_MS, desk, ruled};
use crate::change::Failure;
use crate::clock;
use crate::domain::comment::CommentState;
use crate::domain::event::EventKind;
use crate::domain::id::{CommentId, PersonId};
use crate::domain::lane::Lane;
use crate::domain::platform::Platform;
use crate::domain::role::Role;
use crate::lane::claim::{Claim, ClaimRefused};
use crate::person::staff::{self, Disable};
use crate::practice::Practice;
use crate::shift::ShiftRefused;
use crate::shift::attend::{CheckIn, To};
use crate::shift::bell::{Prolong, ring};
use crate::shift::facts::{Facts, Returned};
use crate::shift::handover_note::{reads, since};
use crate::shift::on_break::{EndBreak, StartBreak};
use crate::store::entity::{connector, draft, handover, shift};

impl Practice {
    async fn left(&self, lane: Lane) -> Vec<handover::Model> {
        since(self.app.db.reader(), lane, 0).await.expect("the handovers")
    }

    async fn prolong(&self, person: PersonId, row: &shift::Model) -> Result<shift::Model, ShiftRefused> {
        let config = self.app.config.shift.clone();
        let step = Prolong {
            person,
            shift: row.id,
            config,
        };
        ruled(self.app.writer.change(step).await)
    }

    /// Something is typed and not sent.
    async fn types(&self, person: PersonId, comment: CommentId) {
        use sea_orm::IntoActiveModel;
        let row = draft::Model {
            comment_id: comment,
            person_id: person,
            content: "{}".to_owned(),
            updated_at: clock::ms(self.now()),
        };
        draft::Entity::insert(row.into_active_model())
            .exec_without_returning(self.app.db.writer())
            .await
            .expect("a draft");
    }
}

#[actix_web::test]
async fn claims_go_back_at_the_bell_without_any_browser_and_the_draft_stays() {
    let (desk, lead, ar) = desk().await;
    desk.plan(lead, ar, Lane::Ar, 0, 1).await.expect("planned");
    let comment = desk.comment("1").await;
    desk.check_in(ar, To::Lane(Lane::Ar), false).await.expect("checked in");
    desk.advance_min(59);
    let number = desk.claim(ar, comment).await.number;
    desk.types(ar, comment).await;
    assert_eq!(ring(&desk.app).await.expect("the job"), 0, "a minute before");
    assert_eq!(desk.state(comment).await, CommentState::Claimed);
    desk.advance_min(1);
    assert_eq!(ring(&desk.app).await.expect("the job"), 1);
    assert_eq!(desk.state(comment).await, CommentState::Open);
    assert_eq!(desk.app.duty.lanes(ar), []);
    let drafts = draft::Entity::find().all(desk.app.db.reader()).await.expect("drafts");
    assert_eq!(drafts.len(), 1, "what was typed is kept");
    let left = desk.left(Lane::Ar).await;
    let facts = Facts::of(&left[0]);
    let returned = Returned {
        id: comment,
        number,
        draft: true,
    };
    assert_eq!((left.len(), facts.returned, facts.at_bell), (1, vec![returned], true));
    assert_eq!(ring(&desk.app).await.expect("the job"), 0, "a job may run twice");
    assert_eq!(desk.left(Lane::Ar).await.len(), 1);
}

#[actix_web::test]
async fn a_shift_is_prolonged_in_its_last_quarter_of_an_hour_and_by_nobody_else() {
    let (desk, lead, ar) = desk().await;
    let other = desk.person("ar-2", &[Role::Moderator], &[Lane::Ar]).await;
    let row = desk.plan(lead, ar, Lane::Ar, 0, 1).await.expect("planned").shift;
    assert_eq!(
        desk.prolong(ar, &row).await,
        Err(ShiftRefused::State(row.state)),
        "not checked in"
    );
    desk.check_in(ar, To::Lane(Lane::Ar), false).await.expect("checked in");
    desk.advance_min(44);
    let from = row.ends_at - HOUR_MS / 4;
    assert_eq!(desk.prolong(ar, &row).await, Err(ShiftRefused::EarlyToProlong(from)));
    desk.advance_min(1);
    assert_eq!(desk.prolong(other, &row).await, Err(ShiftRefused::Absent));
    let prolonged = desk.prolong(ar, &row).await.expect("prolonged");
    assert_eq!(prolonged.ends_at, row.ends_at + HOUR_MS / 2);
    desk.advance_min(15);
    assert_eq!(
        ring(&desk.app).await.expect("the job"),
        0,
        "the old bell rings for nobody"
    );
    desk.advance_min(30);
    assert_eq!(
        desk.prolong(ar, &row).await,
        Err(ShiftRefused::Over),
        "the bell rang, whether or not the job has run"
    );
    assert_eq!(ring(&desk.app).await.expect("the job"), 1);
}

#[actix_web::test]
async fn a_shift_is_not_prolonged_past_a_day() {
    let (desk, lead, ar) = desk().await;
    let row = desk.plan(lead, ar, Lane::Ar, 0, 24).await.expect("planned").shift;
    desk.check_in(ar, To::Lane(Lane::Ar), false).await.expect("checked in");
    desk.advance_min(24 * 60 - 5);
    assert_eq!(desk.prolong(ar, &row).await, Err(ShiftRefused::BadTime));
}

#[actix_web::test]
async fn the_handover_names_what_waits_in_the_lane_and_what_changed_during_the_shift() {
    let (desk, _, ar) = desk().await;
    let escalated = desk.comment("1").await;
    let row = desk.check_in(ar, To::Lane(Lane::Ar), false).await.expect("checked in");
    let number = desk.claim(ar, escalated).await.number;
    let ask = crate::escalation::Open {
        comment: escalated,
        person: ar,
        question: "Får vi svara?".to_owned(),
        proposal: None,
    };
    assert!(desk.app.writer.change(ask).await.is_ok(), "the question is asked");
    desk.tells_of_templates().await;
    blinded(&desk).await;
    desk.advance_min(5);
    let done = desk.check_out(ar, &row, "").await.expect("checked out");
    let facts = Facts::of(&done.handover);
    assert_eq!((facts.escalations_count, facts.escalations[0].number), (1, number));
    let changed: Vec<_> = facts
        .templates
        .iter()
        .map(|one| (one.key.as_str(), one.version, one.state.as_str()))
        .collect();
    assert_eq!(
        changed,
        [("court-decides", 4, "paused")],
        "its last change in the shift"
    );
    assert_eq!((facts.blind[0].connector.as_str(), facts.blind[0].since), ("hand", 5));
    assert!(facts.returned.is_empty() && facts.waves.is_empty() && !facts.at_bell && facts.says());
    let elsewhere = desk.check_in(ar, To::Lane(Lane::En), false).await.expect("checked in");
    let done = desk.check_out(ar, &elsewhere, "").await.expect("checked out");
    let facts = Facts::of(&done.handover);
    assert_eq!(
        (facts.escalations_count, facts.templates.len()),
        (0, 0),
        "another lane, a later shift"
    );
}

async fn blinded(desk: &Practice) {
    use sea_orm::sea_query::Expr;
    connector::Entity::update_many()
        .col_expr(connector::Column::BlindSince, Expr::value(5_i64))
        .filter(connector::Column::Platform.eq(Platform::Manual))
        .exec(desk.app.db.writer())
        .await
        .expect("an account that is blind");
}

impl Practice {
    /// A template is approved, then paused: the events of it alone.
    async fn tells_of_templates(&self) {
        for state in ["approved", "paused"] {
            let step =
                Say(serde_json::json!({ "key": "court-decides", "variant": "ar", "version": 4, "state": state }));
            assert!(self.app.writer.change(step).await.is_ok());
        }
    }
}

struct Say(serde_json::Value);

impl crate::change::Step for Say {
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut crate::change::Change) -> Result<(), Failure<Self::Refusal>> {
        change.note(EventKind::Template, None, crate::change::Actor::Desk, self.0.clone());
        Ok(())
    }
}

#[actix_web::test]
async fn everything_others_left_is_signed_and_nothing_that_was_not_shown() {
    let (desk, _, ar) = desk().await;
    let second = desk.person("ar-2", &[Role::Moderator], &[Lane::Ar]).await;
    let next = desk.person("ar-3", &[Role::Moderator], &[Lane::Ar]).await;
    let mut left = Vec::new();
    for (who, note) in [(ar, "Två frågor väntar."), (second, "Filmen har nytt ljud.")] {
        let row = desk.check_in(who, To::Lane(Lane::Ar), true).await.expect("checked in");
        left.insert(0, desk.check_out(who, &row, note).await.expect("checked out").handover);
        desk.advance_min(1);
    }
    let unread = ShiftRefused::HandoverUnread(left.clone());
    assert_eq!(
        desk.check_in(next, To::Lane(Lane::Ar), false).await,
        Err(unread.clone())
    );
    let shown = |shown: Vec<_>| CheckIn {
        person: next,
        to: To::Lane(Lane::Ar),
        handover_read: true,
        shown: Some(shown),
        config: desk.app.config.shift.clone(),
    };
    let one = ruled(desk.app.writer.change(shown(vec![left[0].id])).await);
    assert_eq!(one, Err(unread), "the other came in between");
    let both = left.iter().map(|one| one.id).collect();
    ruled(desk.app.writer.change(shown(both)).await).expect("checked in");
    let signed = reads(desk.app.db.reader(), &left).await.expect("who has read");
    let by_next: Vec<_> = signed
        .iter()
        .filter(|read| read.person_id == next)
        .map(|read| read.read_at)
        .collect();
    assert_eq!(by_next, [clock::ms(desk.now()); 2]);
}

#[actix_web::test]
async fn who_was_writing_when_the_bell_rang_leaves_a_note_that_is_signed_too() {
    let (desk, lead, ar) = desk().await;
    let next = desk.person("ar-2", &[Role::Moderator], &[Lane::Ar]).await;
    let comment = desk.comment("1").await;
    desk.plan(lead, ar, Lane::Ar, 0, 1).await.expect("planned");
    let row = desk.check_in(ar, To::Lane(Lane::Ar), false).await.expect("checked in");
    desk.claim(ar, comment).await;
    desk.advance_min(60);
    ring(&desk.app).await.expect("the job");
    let first = desk.check_in(next, To::Lane(Lane::Ar), true).await.expect("signed");
    let told = desk.told().await.len();
    assert_eq!(
        desk.check_out(ar, &row, " ").await.map(|_| ()),
        Err(ShiftRefused::State(crate::domain::shift::ShiftState::Ended)),
        "nothing to add"
    );
    let late = desk.check_out(ar, &row, "Ring pressjouren.").await.expect("kept");
    assert_eq!(
        (late.given_back, late.handover.waits.as_str()),
        (0, "Ring pressjouren.")
    );
    assert_eq!(
        desk.told().await[told..],
        [EventKind::ShiftPlanned],
        "the shift ends once"
    );
    assert!(desk.check_out(ar, &row, "Och en sak till.").await.is_err(), "one note");
    desk.check_out(next, &first, "").await.expect("checked out");
    assert_eq!(
        desk.check_in(next, To::Lane(Lane::Ar), false).await,
        Err(ShiftRefused::HandoverUnread(vec![late.handover]))
    );
}

#[actix_web::test]
async fn a_person_disabled_in_the_middle_of_a_shift_leaves_a_handover() {
    let (desk, lead, ar) = desk().await;
    let comment = desk.comment("1").await;
    desk.check_in(ar, To::Lane(Lane::Ar), false).await.expect("checked in");
    desk.claim(ar, comment).await;
    let step = Disable {
        person: ar,
        by: Some(lead),
        disabled: true,
    };
    staff::change(&desk.app, step).await.expect("disabled");
    let left = desk.left(Lane::Ar).await;
    assert_eq!(Facts::of(&left[0]).returned[0].id, comment);
    assert_eq!(desk.state(comment).await, CommentState::Open);
}

#[actix_web::test]
async fn who_is_on_a_break_is_not_on_duty_and_holds_nothing() {
    let (desk, _, ar) = desk().await;
    let (held, free) = (desk.comment("1").await, desk.comment("2").await);
    let on = StartBreak { person: ar };
    let off = EndBreak { person: ar };
    assert_eq!(ruled(desk.app.writer.change(on).await), Err(ShiftRefused::NotOn));
    let row = desk.check_in(ar, To::Lane(Lane::Ar), false).await.expect("checked in");
    assert_eq!(ruled(desk.app.writer.change(off).await), Err(ShiftRefused::NoBreak));
    desk.claim(ar, held).await;
    let resting = ruled(desk.app.writer.change(on).await).expect("a break");
    assert_eq!(resting[0].break_since, Some(clock::ms(desk.now())));
    assert_eq!(desk.state(held).await, CommentState::Open);
    assert_eq!(
        (desk.app.duty.lanes(ar), desk.app.duty.in_lane(Lane::Ar)),
        (vec![], vec![])
    );
    assert_eq!(desk.app.duty.shift(ar, Lane::Ar), Some(row.id), "the shift is still on");
    let claim = Claim {
        comment: free,
        person: ar,
        lanes: desk.app.duty.lanes(ar),
        lease_ms: 1_000,
        most: 50,
    };
    let refused = desk.app.writer.change(claim).await;
    assert!(matches!(
        refused,
        Err(Failure::Refused(ClaimRefused::OtherLane(Lane::Ar)))
    ));
    assert_eq!(ruled(desk.app.writer.change(on).await), Err(ShiftRefused::OnBreak));
    assert_eq!(
        desk.check_in(ar, To::Lane(Lane::En), true).await,
        Err(ShiftRefused::OnBreak)
    );
    ruled(desk.app.writer.change(off).await).expect("back");
    assert_eq!(desk.app.duty.lanes(ar), [Lane::Ar]);
    ruled(desk.app.writer.change(on).await).expect("another");
    desk.app.duty.load(desk.app.db.reader()).await.expect("read again");
    assert!(
        desk.app.duty.is_on_break(ar),
        "a desk that starts knows who is on a break"
    );
    desk.advance_min(8 * 60);
    assert_eq!(
        ring(&desk.app).await.expect("the job"),
        1,
        "the bell rings on a break too"
    );
    assert!(!desk.app.duty.is_on_break(ar));
}
