//! Drafts and publishing, breaks planned, absence, exchanges, and days of 23 and 25 hours, against a database.

use super::{HOUR_MS, Outcome, desk, ruled};
use crate::clock;
use crate::domain::id::{PersonId, ShiftId};
use crate::domain::lane::Lane;
use crate::domain::role::Role;
use crate::domain::shift::{AbsenceKind, ExchangeState, ShiftState};
use crate::person::staff::{self, Disable};
use crate::practice::Practice;
use crate::shift::ShiftRefused;
use crate::shift::absence::{NoteAbsence, Noted, TakeBackAbsence};
use crate::shift::attend::To;
use crate::shift::exchange::{AnswerExchange, AskExchange, Said};
use crate::shift::plan::PlanShift;
use crate::shift::publish::PublishWeek;
use crate::shift::roster::{self, can_be_worked, coverage};
use crate::shift::warn::Warning;
use crate::shift::week::Week;
use crate::store::entity::exchange;

impl Practice {
    async fn draft(&self, by: PersonId, person: PersonId, lane: Lane, hours: (i64, i64)) -> ShiftId {
        let step = PlanShift {
            draft: true,
            ..self.planning(by, person, lane, hours)
        };
        ruled(self.app.writer.change(step).await).expect("a draft").shift.id
    }

    async fn absent(&self, by: PersonId, person: PersonId, hours: (i64, i64)) -> Outcome<Noted> {
        let now = clock::ms(self.now());
        let step = NoteAbsence {
            person,
            kind: AbsenceKind::Sick,
            from: now + hours.0 * HOUR_MS,
            to: now + hours.1 * HOUR_MS,
            by,
        };
        ruled(self.app.writer.change(step).await)
    }

    async fn asks(
        &self,
        by: PersonId,
        of: PersonId,
        shift: ShiftId,
        back: Option<ShiftId>,
    ) -> Outcome<exchange::Model> {
        let step = AskExchange {
            shift,
            by,
            of,
            in_return: back,
        };
        ruled(self.app.writer.change(step).await)
    }

    async fn say(&self, by: PersonId, of: &exchange::Model, said: Said) -> Outcome<ExchangeState> {
        let step = AnswerExchange {
            exchange: of.id,
            said,
            by,
        };
        ruled(self.app.writer.change(step).await).map(|row| row.state)
    }

    async fn of_whom(&self, shift: ShiftId) -> (PersonId, ShiftState) {
        let row = roster::find(&self.app, shift)
            .await
            .expect("a read")
            .expect("the shift");
        (row.person_id, row.state)
    }
}

fn week() -> Week {
    "2026-W48".parse().expect("a week")
}

#[actix_web::test]
async fn a_draft_is_nobodys_until_the_week_is_published_and_then_its_person_is_told() {
    let (desk, lead, ar) = desk().await;
    let draft = desk.draft(lead, ar, Lane::Ar, (1, 5)).await;
    let next_week = desk.draft(lead, ar, Lane::Ar, (7 * 24 + 1, 7 * 24 + 5)).await;
    assert_eq!(told(&desk).await["draft"], true, "so nobody hears of it");
    let seen = |drafts| roster::of_week(&desk.app, week(), drafts);
    assert_eq!(seen(false).await.expect("the roster"), []);
    assert_eq!(seen(true).await.expect("the roster")[0].id, draft);
    assert_eq!(roster::mine(&desk.app, ar).await.expect("own"), None);
    desk.advance_min(45);
    assert_eq!(
        desk.check_in(ar, To::Shift(draft), false).await,
        Err(ShiftRefused::Absent)
    );
    let publish = PublishWeek { week: week(), by: lead };
    assert_eq!(ruled(desk.app.writer.change(publish).await), Ok(1));
    assert_eq!(
        roster::mine(&desk.app, ar).await.expect("own").map(|row| row.id),
        Some(draft)
    );
    let told = told(&desk).await;
    assert_eq!(
        (&told["what"], &told["draft"]),
        (&"published".into(), &serde_json::Value::Null)
    );
    assert_eq!(told["tells"], serde_json::json!([ar]));
    assert_eq!(
        ruled(desk.app.writer.change(publish).await),
        Err(ShiftRefused::NothingToPublish)
    );
    let other = roster::find(&desk.app, next_week).await.expect("a read").expect("it");
    assert_eq!(other.published_at, None, "another week is left alone");
    assert!(desk.check_in(ar, To::Shift(draft), false).await.is_ok());
}

async fn told(desk: &Practice) -> serde_json::Value {
    use sea_orm::{EntityTrait, QueryOrder};
    let last = crate::store::entity::event::Entity::find()
        .order_by_desc(crate::store::entity::event::Column::Seq)
        .one(desk.app.db.reader())
        .await
        .expect("a read")
        .expect("an event");
    serde_json::from_str(&last.data).expect("JSON")
}

#[actix_web::test]
async fn breaks_are_planned_within_the_shift() {
    let (desk, lead, ar) = desk().await;
    let with = |from_min: i64, to_min: i64| {
        let step = desk.planning(lead, ar, Lane::Ar, (1, 9));
        let at = |minutes: i64| step.starts_at + minutes * 60_000;
        PlanShift {
            breaks: vec![(at(from_min), at(to_min))],
            ..step.clone()
        }
    };
    for (from, to) in [(-10, 20), (470, 490), (60, 60), (60, 30)] {
        let refused = ruled(desk.app.writer.change(with(from, to)).await).map(|_| ());
        assert_eq!(refused, Err(ShiftRefused::BadBreak), "{from} {to}");
    }
    let planned = ruled(desk.app.writer.change(with(240, 270)).await).expect("planned");
    assert_eq!(planned.warnings, []);
}

#[actix_web::test]
async fn rest_is_looked_for_across_the_border_of_the_week() {
    let (desk, lead, ar) = desk().await;
    let sunday = desk
        .plan(lead, ar, Lane::Ar, 6 * 24 + 8, 6 * 24 + 12)
        .await
        .expect("planned");
    assert_eq!(sunday.warnings, [], "16 to 20 on Sunday");
    let monday = desk
        .plan(lead, ar, Lane::Ar, 6 * 24 + 22, 6 * 24 + 26)
        .await
        .expect("planned");
    assert_eq!(monday.warnings, [Warning::Rest], "6 on Monday");
    let near = roster::near_week(&desk.app, week().next()).await.expect("the roster");
    assert!(
        near.iter().any(|row| row.id == sunday.shift.id),
        "the page of next week knows of it"
    );
}

#[actix_web::test]
async fn an_absence_leaves_a_gap_and_taking_it_back_fills_it() {
    let (desk, lead, ar) = desk().await;
    let first = desk.plan(lead, ar, Lane::Ar, 1, 5).await.expect("planned").shift.id;
    let later = desk.plan(lead, ar, Lane::Ar, 49, 53).await.expect("planned").shift.id;
    let people = |shifts: &[crate::store::entity::shift::Model]| coverage(shifts, Lane::Ar, week())[0].people;
    assert_eq!(
        people(&roster::of_week(&desk.app, week(), false).await.expect("the roster")),
        1
    );
    let noted = desk.absent(ar, ar, (0, 24)).await.expect("noted");
    assert_eq!(noted.left.iter().map(|row| row.id).collect::<Vec<_>>(), [first]);
    assert_eq!(
        people(&roster::of_week(&desk.app, week(), false).await.expect("the roster")),
        0
    );
    assert_eq!(desk.of_whom(later).await.1, ShiftState::Planned);
    let data = told(&desk).await.to_string();
    assert!(!data.contains("sick"), "why is in no event: {data}");
    assert_eq!(
        desk.plan(lead, ar, Lane::Ar, 6, 8).await.map(|_| ()),
        Err(ShiftRefused::Away)
    );
    assert_eq!(
        desk.absent(lead, ar, (23, 48)).await.map(|_| ()),
        Err(ShiftRefused::Away)
    );
    for hours in [(5, 5), (5, 4), (-5, -1), (0, 20_000)] {
        assert_eq!(
            desk.absent(lead, ar, hours).await.map(|_| ()),
            Err(ShiftRefused::BadTime)
        );
    }
    assert_eq!(
        desk.check_in(ar, To::Shift(first), false).await,
        Err(ShiftRefused::State(ShiftState::Absent))
    );
    let back = |by, plans| TakeBackAbsence {
        absence: noted.absence.id,
        by,
        plans,
    };
    let other = desk.person("ar-2", &[Role::Moderator], &[Lane::Ar]).await;
    let refused = ruled(desk.app.writer.change(back(other, false)).await).map(|_| ());
    assert_eq!(refused, Err(ShiftRefused::Absent), "another's");
    ruled(desk.app.writer.change(back(lead, true)).await).expect("taken back");
    assert_eq!(desk.of_whom(first).await.1, ShiftState::Planned);
    assert!(ruled(desk.app.writer.change(back(lead, true)).await).is_err(), "once");
}

#[actix_web::test]
async fn an_exchange_is_accepted_by_the_other_and_approved_by_the_lead() {
    let (desk, lead, ar) = desk().await;
    let other = desk.person("ar-2", &[Role::Moderator], &[Lane::Ar]).await;
    let given = desk.plan(lead, ar, Lane::Ar, 25, 29).await.expect("planned").shift.id;
    let back = desk
        .plan(lead, other, Lane::Ar, 49, 53)
        .await
        .expect("planned")
        .shift
        .id;
    let asked = desk.asks(ar, other, given, Some(back)).await.expect("asked");
    assert_eq!(desk.asks(ar, other, given, None).await, Err(ShiftRefused::Exchanging));
    let early = desk.say(lead, &asked, Said::Approve).await;
    assert_eq!(early, Err(ShiftRefused::Answered(ExchangeState::Asked)));
    assert_eq!(desk.say(ar, &asked, Said::Accept).await, Err(ShiftRefused::Absent));
    assert_eq!(desk.say(other, &asked, Said::Accept).await, Ok(ExchangeState::Accepted));
    assert_eq!(
        desk.say(other, &asked, Said::Approve).await,
        Err(ShiftRefused::SecondPerson)
    );
    assert_eq!(desk.of_whom(given).await.0, ar, "nothing has changed hands yet");
    assert_eq!(desk.say(lead, &asked, Said::Approve).await, Ok(ExchangeState::Approved));
    assert_eq!((desk.of_whom(given).await.0, desk.of_whom(back).await.0), (other, ar));
    assert_eq!(told(&desk).await["tells"], serde_json::json!([ar, other]));
    let again = desk.say(lead, &asked, Said::Refuse).await;
    assert_eq!(again, Err(ShiftRefused::Answered(ExchangeState::Approved)));
}

#[actix_web::test]
async fn an_exchange_that_fits_no_more_when_it_is_approved_is_refused_whole() {
    let (desk, lead, ar) = desk().await;
    let other = desk.person("ar-2", &[Role::Moderator], &[Lane::Ar]).await;
    let swedish = desk.person("sv", &[Role::Moderator], &[Lane::Sv]).await;
    let given = desk.plan(lead, ar, Lane::Ar, 25, 29).await.expect("planned").shift.id;
    let back = desk
        .plan(lead, other, Lane::Ar, 49, 53)
        .await
        .expect("planned")
        .shift
        .id;
    assert_eq!(desk.asks(ar, ar, given, None).await, Err(ShiftRefused::SecondPerson));
    assert_eq!(desk.asks(other, ar, given, None).await, Err(ShiftRefused::Absent));
    assert_eq!(
        desk.asks(ar, swedish, given, None).await,
        Err(ShiftRefused::WrongLane(Lane::Ar))
    );
    let asked = desk.asks(ar, other, given, Some(back)).await.expect("asked");
    desk.say(other, &asked, Said::Accept).await.expect("accepted");
    let in_the_way = desk.plan(lead, ar, Lane::Ar, 52, 54).await.expect("planned").shift;
    assert_eq!(
        desk.say(lead, &asked, Said::Approve).await,
        Err(ShiftRefused::Overlaps(Box::new(in_the_way)))
    );
    assert_eq!((desk.of_whom(given).await.0, desk.of_whom(back).await.0), (ar, other));
    assert_eq!(desk.say(ar, &asked, Said::Withdraw).await, Ok(ExchangeState::Withdrawn));
    assert!(desk.asks(ar, other, given, None).await.is_ok(), "and may be asked anew");
}

#[actix_web::test]
async fn who_was_disabled_covers_nothing_they_were_planned_for() {
    let (desk, lead, ar) = desk().await;
    let row = desk.plan(lead, ar, Lane::Ar, 1, 5).await.expect("planned").shift;
    assert!(can_be_worked(&row, &desk.app.people));
    let step = Disable {
        person: ar,
        by: Some(lead),
        disabled: true,
    };
    staff::change(&desk.app, step).await.expect("disabled");
    assert!(!can_be_worked(&row, &desk.app.people));
    assert_eq!(
        desk.plan(lead, ar, Lane::Ar, 6, 8).await.map(|_| ()),
        Err(ShiftRefused::NoPerson)
    );
}

#[actix_web::test]
async fn nights_of_nine_and_of_seven_hours_are_planned_and_covered() {
    for (start, from, to, hours) in [
        (
            "2026-10-24T06:00:00Z",
            "2026-10-24T20:00:00Z",
            "2026-10-25T05:00:00Z",
            25,
        ),
        (
            "2026-03-28T06:00:00Z",
            "2026-03-28T21:00:00Z",
            "2026-03-29T04:00:00Z",
            23,
        ),
    ] {
        let desk = Practice::start_at(start).await;
        let lead = desk.person("lead", &[Role::Lead], &[]).await;
        let ar = desk.person("ar", &[Role::Moderator], &[Lane::Ar]).await;
        let ms = |word: &str| clock::ms(word.parse().expect("an instant"));
        let step = PlanShift {
            starts_at: ms(from),
            ends_at: ms(to),
            ..desk.planning(lead, ar, Lane::Ar, (1, 2))
        };
        let planned = ruled(desk.app.writer.change(step).await).expect("planned");
        assert_eq!(planned.warnings, [Warning::Unbroken, Warning::Alone], "{start}");
        let week = Week::of(desk.now());
        let shifts = roster::of_week(&desk.app, week, false).await.expect("the roster");
        let sunday = &coverage(&shifts, Lane::Ar, week)[6];
        assert_eq!((sunday.hours, sunday.people), (hours, 1));
        let covered: i64 = sunday
            .slots
            .iter()
            .filter(|slot| slot.planned > 0)
            .map(|slot| slot.to - slot.from)
            .sum();
        // 22 to 6 on the wall: from midnight on seven hours in autumn and five in spring, counted by whole parts of two.
        let after_midnight = ms(to) - clock::ms(week.days()[6].start());
        assert_eq!(covered, after_midnight / (2 * HOUR_MS) * (2 * HOUR_MS), "{start}");
    }
}
