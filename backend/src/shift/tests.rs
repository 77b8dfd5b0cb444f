//! Planning, checking in and out, against a database.

use crate::change::Failure;
use crate::clock;
use crate::domain::comment::CommentState;
use crate::domain::event::EventKind;
use crate::domain::id::{CommentId, PersonId};
use crate::domain::lane::Lane;
use crate::domain::role::Role;
use crate::domain::shift::ShiftState;
use crate::lane::claim::Claim;
use crate::person::change_person::ChangePerson;
use crate::person::staff::{self, Disable};
use crate::practice::Practice;
use crate::shift::ShiftRefused;
use crate::shift::attend::{CheckIn, CheckOut, CheckedOut, To};
use crate::shift::copy::{Copied, CopyWeek};
use crate::shift::handover_note::Note;
use crate::shift::plan::{CancelShift, PlanShift, Planned};
use crate::shift::roster;
use crate::shift::warn::Warning;
use crate::shift::week::Week;
use crate::store::entity::{comment, shift};

mod bell;
mod people;

const HOUR_MS: i64 = 3_600_000;

type Outcome<T> = Result<T, ShiftRefused>;

fn ruled<T>(outcome: Result<T, Failure<ShiftRefused>>) -> Outcome<T> {
    outcome.map_err(|failure| match failure {
        Failure::Refused(refused) => refused,
        Failure::Store(error) => panic!("{error}"),
    })
}

impl Practice {
    /// Plans a shift that begins and ends so many hours from now.
    async fn plan(&self, by: PersonId, person: PersonId, lane: Lane, from_h: i64, to_h: i64) -> Outcome<Planned> {
        let step = self.planning(by, person, lane, (from_h, to_h));
        ruled(self.app.writer.change(step).await)
    }

    fn planning(&self, by: PersonId, person: PersonId, lane: Lane, (from_h, to_h): (i64, i64)) -> PlanShift {
        let now = clock::ms(self.now());
        PlanShift {
            person,
            lane,
            starts_at: now + from_h * HOUR_MS,
            ends_at: now + to_h * HOUR_MS,
            breaks: Vec::new(),
            draft: false,
            by,
            config: self.app.config.shift.clone(),
        }
    }

    async fn check_in(&self, person: PersonId, to: To, handover_read: bool) -> Outcome<shift::Model> {
        let config = self.app.config.shift.clone();
        let step = CheckIn {
            person,
            to,
            handover_read,
            shown: None,
            config,
        };
        ruled(self.app.writer.change(step).await)
    }

    async fn check_out(&self, person: PersonId, shift: &shift::Model, waits: &str) -> Outcome<CheckedOut> {
        let note = Note {
            waits: waits.to_owned(),
            ..Note::default()
        };
        let step = CheckOut {
            person,
            shift: shift.id,
            note,
            config: self.app.config.shift.clone(),
        };
        ruled(self.app.writer.change(step).await)
    }

    async fn claim(&self, person: PersonId, comment: CommentId) -> comment::Model {
        let step = Claim {
            comment,
            person,
            lanes: self.app.duty.lanes(person),
            lease_ms: self.app.config.lane.lease().num_milliseconds(),
            most: 50,
        };
        self.app.writer.change(step).await.expect("the claim")
    }

    async fn state(&self, id: CommentId) -> CommentState {
        use sea_orm::EntityTrait;
        let row = comment::Entity::find_by_id(id).one(self.app.db.reader()).await;
        row.expect("a read").expect("the comment").state
    }
}

async fn desk() -> (Practice, PersonId, PersonId) {
    let desk = Practice::start().await;
    let lead = desk.person("lead", &[Role::Lead], &[]).await;
    let moderator = desk.person("ar", &[Role::Moderator], &[Lane::Ar, Lane::En]).await;
    (desk, lead, moderator)
}

#[actix_web::test]
async fn a_shift_cannot_overlap_another_of_the_same_person_in_any_lane() {
    let (desk, lead, ar) = desk().await;
    let first = desk.plan(lead, ar, Lane::Ar, 1, 5).await.expect("the first");
    let refused = desk.plan(lead, ar, Lane::En, 4, 6).await.expect_err("the second");
    assert_eq!(refused, ShiftRefused::Overlaps(Box::new(first.shift.clone())));
    assert!(
        desk.plan(lead, ar, Lane::En, 5, 6).await.is_ok(),
        "one may follow the other"
    );
    let cancel = CancelShift {
        shift: first.shift.id,
        by: lead,
    };
    ruled(desk.app.writer.change(cancel).await).expect("cancelled");
    assert!(
        desk.plan(lead, ar, Lane::En, 2, 4).await.is_ok(),
        "a cancelled one is in nobody's way"
    );
    let again = ruled(desk.app.writer.change(cancel).await).expect_err("twice");
    assert_eq!(again, ShiftRefused::State(ShiftState::Cancelled));
}

#[actix_web::test]
async fn a_shift_needs_a_person_who_can_work_the_lane_and_times_that_can_be() {
    let (desk, lead, ar) = desk().await;
    let refused = |outcome: Outcome<Planned>| outcome.map(|_| ()).expect_err("refused");
    assert_eq!(
        refused(desk.plan(lead, ar, Lane::Sv, 1, 5).await),
        ShiftRefused::WrongLane(Lane::Sv)
    );
    assert_eq!(
        refused(desk.plan(lead, lead, Lane::Ar, 1, 5).await),
        ShiftRefused::WrongLane(Lane::Ar)
    );
    for (from, to) in [(5, 5), (5, 4), (1, 26), (-5, -1)] {
        assert_eq!(
            refused(desk.plan(lead, ar, Lane::Ar, from, to).await),
            ShiftRefused::BadTime
        );
    }
    let warned = desk.plan(lead, ar, Lane::Ar, 1, 9).await.expect("planned");
    assert_eq!(warned.warnings, [Warning::Unbroken]);
    let warned = desk.plan(lead, ar, Lane::Ar, 13, 14).await.expect("planned");
    assert_eq!(warned.warnings, [Warning::Rest]);
}

#[actix_web::test]
async fn a_planned_shift_opens_half_an_hour_before_and_only_to_its_person() {
    let (desk, lead, ar) = desk().await;
    let other = desk.person("ar-2", &[Role::Moderator], &[Lane::Ar]).await;
    let planned = desk.plan(lead, ar, Lane::Ar, 1, 5).await.expect("planned").shift;
    let to = To::Shift(planned.id);
    let opens = planned.starts_at - HOUR_MS / 2;
    assert_eq!(desk.check_in(ar, to, false).await, Err(ShiftRefused::Early(opens)));
    assert_eq!(desk.check_in(other, to, false).await, Err(ShiftRefused::Absent));
    desk.advance_min(30);
    let started = desk.check_in(ar, to, false).await.expect("checked in");
    assert_eq!(started.state, ShiftState::Started);
    assert_eq!(desk.app.duty.lanes(ar), [Lane::Ar]);
    assert_eq!(
        desk.check_in(ar, to, false).await,
        Err(ShiftRefused::State(ShiftState::Started))
    );
    let refused = desk.check_out(other, &started, "").await.map(|_| ());
    assert_eq!(refused, Err(ShiftRefused::Absent));
    let late = desk.plan(lead, other, Lane::Ar, 1, 2).await.expect("planned").shift;
    desk.advance_min(121);
    assert_eq!(
        desk.check_in(other, To::Shift(late.id), false).await,
        Err(ShiftRefused::Over)
    );
}

#[actix_web::test]
async fn checking_in_to_a_lane_takes_the_planned_shift_or_makes_one() {
    let (desk, lead, ar) = desk().await;
    let planned = desk.plan(lead, ar, Lane::Ar, 0, 5).await.expect("planned").shift;
    let started = desk
        .check_in(ar, To::Lane(Lane::Ar), false)
        .await
        .expect("the planned one");
    assert_eq!(started.id, planned.id);
    let unplanned = desk.check_in(ar, To::Lane(Lane::En), false).await.expect("unplanned");
    assert_eq!(
        (unplanned.planned_by, unplanned.ends_at - unplanned.starts_at),
        (None, 8 * HOUR_MS)
    );
    assert_eq!(desk.app.duty.lanes(ar), [Lane::Ar, Lane::En]);
    assert_eq!(
        desk.check_in(ar, To::Lane(Lane::Ar), false).await,
        Err(ShiftRefused::CheckedIn(Lane::Ar))
    );
    assert_eq!(
        desk.check_in(ar, To::Lane(Lane::Sv), false).await,
        Err(ShiftRefused::WrongLane(Lane::Sv))
    );
    let supervisor = desk.person("sup", &[Role::Supervisor], &[Lane::Ar]).await;
    assert!(desk.check_in(supervisor, To::Lane(Lane::Ar), false).await.is_ok());
    let on = roster::now(&desk.app).await.expect("who is on");
    assert_eq!(on.len(), 3);
}

#[actix_web::test]
async fn check_out_gives_the_lanes_claims_back_and_leaves_a_handover_the_next_must_read() {
    let (desk, _, ar) = desk().await;
    let next = desk.person("ar-2", &[Role::Moderator], &[Lane::Ar]).await;
    let comment = desk.comment("1").await;
    let shift = desk.check_in(ar, To::Lane(Lane::Ar), false).await.expect("checked in");
    desk.claim(ar, comment).await;
    let done = desk
        .check_out(ar, &shift, " Två frågor väntar. ")
        .await
        .expect("checked out");
    assert_eq!(
        (done.given_back, done.handover.waits.as_str()),
        (1, "Två frågor väntar.")
    );
    assert_eq!(desk.state(comment).await, CommentState::Open);
    assert_eq!(desk.app.duty.lanes(ar), []);
    let told = desk.told().await;
    assert_eq!(
        told[told.len() - 2..],
        [EventKind::CommentReleased, EventKind::ShiftEnded]
    );
    assert_eq!(
        desk.check_in(next, To::Lane(Lane::Ar), false).await,
        Err(ShiftRefused::HandoverUnread(vec![done.handover]))
    );
    let again = desk.check_in(next, To::Lane(Lane::Ar), true).await.expect("read");
    desk.check_out(next, &again, "").await.expect("checked out");
    assert!(
        desk.check_in(next, To::Lane(Lane::Ar), false).await.is_ok(),
        "what was read once need not be read again, and an empty note need not be read at all"
    );
    assert!(
        desk.check_in(ar, To::Lane(Lane::Ar), false).await.is_ok(),
        "nobody must read their own"
    );
}

#[actix_web::test]
async fn a_handover_older_than_a_day_need_not_be_read() {
    let (desk, _, ar) = desk().await;
    let next = desk.person("ar-2", &[Role::Moderator], &[Lane::Ar]).await;
    let shift = desk.check_in(ar, To::Lane(Lane::Ar), false).await.expect("checked in");
    desk.check_out(ar, &shift, "Watch the film.")
        .await
        .expect("checked out");
    desk.advance_min(24 * 60 + 1);
    assert!(desk.check_in(next, To::Lane(Lane::Ar), false).await.is_ok());
}

#[actix_web::test]
async fn a_lane_taken_from_a_person_ends_their_shift_there_at_once() {
    let (desk, lead, ar) = desk().await;
    let comment = desk.comment("1").await;
    desk.check_in(ar, To::Lane(Lane::Ar), false).await.expect("checked in");
    desk.check_in(ar, To::Lane(Lane::En), false).await.expect("checked in");
    desk.claim(ar, comment).await;
    let step = ChangePerson {
        person: ar,
        by: lead,
        roles: None,
        lanes: Some(vec![Lane::En]),
        name: None,
        pseudonym: None,
    };
    staff::change(&desk.app, step).await.expect("changed");
    assert_eq!(desk.app.duty.lanes(ar), [Lane::En]);
    assert_eq!(desk.state(comment).await, CommentState::Open);
    let step = Disable {
        person: ar,
        by: Some(lead),
        disabled: true,
    };
    staff::change(&desk.app, step).await.expect("disabled");
    assert_eq!(desk.app.duty.lanes(ar), []);
    assert_eq!(
        desk.check_in(ar, To::Lane(Lane::En), false).await,
        Err(ShiftRefused::NoPerson)
    );
}

#[actix_web::test]
async fn a_week_is_copied_once_without_what_would_overlap_or_who_cannot_work() {
    let (desk, lead, ar) = desk().await;
    let monday = desk.plan(lead, ar, Lane::Ar, 1, 5).await.expect("planned").shift;
    desk.plan(lead, ar, Lane::Ar, 25, 29).await.expect("planned");
    desk.plan(lead, ar, Lane::En, 168 + 26, 168 + 28)
        .await
        .expect("in the way");
    let cancelled = desk.plan(lead, ar, Lane::Ar, 50, 54).await.expect("planned").shift;
    let cancel = CancelShift {
        shift: cancelled.id,
        by: lead,
    };
    ruled(desk.app.writer.change(cancel).await).expect("cancelled");
    let week: Week = "2026-W49".parse().expect("a week");
    let copy = CopyWeek { into: week, by: lead };
    let told = desk.told().await.len();
    let copied = ruled(desk.app.writer.change(copy).await);
    assert_eq!(
        copied,
        Ok(Copied {
            planned: 1,
            left_out: 1
        })
    );
    assert_eq!(desk.told().await[told..], [EventKind::ShiftPlanned]);
    let there = roster::of_week(&desk.app, week, true).await.expect("the roster");
    let times: Vec<_> = there
        .iter()
        .filter(|row| row.lane == Lane::Ar && row.published_at.is_none())
        .map(|row| (row.starts_at, row.ends_at, row.state))
        .collect();
    let later = 168 * HOUR_MS;
    assert_eq!(
        times,
        [(monday.starts_at + later, monday.ends_at + later, ShiftState::Planned)]
    );
    assert_eq!(
        ruled(desk.app.writer.change(copy).await),
        Err(ShiftRefused::NothingToCopy)
    );
    let step = ChangePerson {
        person: ar,
        by: lead,
        roles: None,
        lanes: Some(vec![Lane::En]),
        name: None,
        pseudonym: None,
    };
    staff::change(&desk.app, step).await.expect("changed");
    let copy = CopyWeek {
        into: week.next(),
        by: lead,
    };
    let copied = ruled(desk.app.writer.change(copy).await);
    assert_eq!(
        copied,
        Ok(Copied {
            planned: 1,
            left_out: 1
        })
    );
}

#[actix_web::test]
async fn a_week_that_has_passed_is_not_copied_into() {
    let (desk, lead, ar) = desk().await;
    desk.plan(lead, ar, Lane::Ar, 1, 5).await.expect("planned");
    desk.advance_min(14 * 24 * 60);
    let into: Week = "2026-W49".parse().expect("a week");
    let copied = ruled(desk.app.writer.change(CopyWeek { into, by: lead }).await);
    assert_eq!(copied, Err(ShiftRefused::NothingToCopy));
}

#[actix_web::test]
async fn the_roster_of_a_week_has_the_shifts_that_touch_it() {
    let (desk, lead, ar) = desk().await;
    // Sunday 23:00 to Monday 03:00 in Sweden belongs to both weeks.
    let over_midnight = desk.plan(lead, ar, Lane::Ar, 6 * 24 + 15, 6 * 24 + 19).await;
    let id = over_midnight.expect("planned").shift.id;
    let week: Week = "2026-W48".parse().expect("a week");
    for (week, there) in [(week, true), (week.next(), true), (week.previous(), false)] {
        let found = roster::of_week(&desk.app, week, false).await.expect("the roster");
        assert_eq!(found.iter().any(|row| row.id == id), there, "{week}");
    }
}

#[actix_web::test]
async fn the_kept_load_equals_a_count_after_a_shift_of_work() {
    let (desk, _, ar) = desk().await;
    let comments = [
        desk.comment("1").await,
        desk.comment("2").await,
        desk.comment("3").await,
    ];
    let shift = desk.check_in(ar, To::Lane(Lane::Ar), false).await.expect("checked in");
    for comment in &comments[..2] {
        desk.claim(ar, *comment).await;
    }
    let tile = |lane: Lane| crate::load::tiles(&desk.app).into_iter().find(|tile| tile.lane == lane);
    let busy = tile(Lane::Ar).expect("the lane");
    assert_eq!((busy.backlog, busy.claimed, busy.on_shift), (1, 2, 1));
    desk.check_out(ar, &shift, "").await.expect("checked out");
    let quiet = tile(Lane::Ar).expect("the lane");
    assert_eq!((quiet.backlog, quiet.claimed, quiet.on_shift), (3, 0, 0));
    let now = clock::ms(desk.now());
    let differed = desk.app.board.count(desk.app.db.reader(), now).await.expect("a count");
    assert!(!differed);
}
