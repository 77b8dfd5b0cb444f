//! The roster of a week: who works when, and planning it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{NaiveDateTime, NaiveTime};
use sea_orm::EntityTrait;
use serde::Deserialize;

use super::roster::side;
use super::{change, is_told_beside, lead, page, shell};
use crate::app::App;
use crate::change::Failure;
use crate::clock;
use crate::domain::id::PersonId;
use crate::domain::lane::Lane;
use crate::domain::role::Right;
use crate::forecast::AHEAD;
use crate::http::api::comments::id;
use crate::http::api::shifts::problem;
use crate::http::extract::{By, Desk, Who, right};
use crate::http::problem::Problem;
use crate::load::drawn::most;
use crate::load::outlook;
use crate::shift::ShiftRefused;
use crate::shift::copy::CopyWeek;
use crate::shift::plan::{CancelShift, PlanShift, Span};
use crate::shift::roster::{self, can_be_worked};
use crate::shift::week::{Day, Week};
use crate::store::entity::shift;
use crate::view::model::Owner;
use crate::view::model::composer::Fault;
use crate::view::model::coverage::{Needs, covered};
use crate::view::model::desk::Empty;
use crate::view::model::need::whole;
use crate::view::model::shift::{self as model, Drawn, OnNow, Page, Plan};

/// The minutes of a browser's `datetime-local` field (HTML, 4.10.5.1.11).
const LOCAL: &str = "%Y-%m-%dT%H:%M";

/// Which week.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    #[serde(default)]
    week: String,
    /// The day that a narrow screen shows, 1 is Monday.
    #[serde(default)]
    day: String,
}

pub(super) fn week_of(app: &App, word: &str) -> Result<Week, Problem> {
    match word {
        "" => Ok(Week::of(app.clock.now())),
        word => word.parse().map_err(|error| Problem::bad_input(format!("{error}."))),
    }
}

/// `GET /shifts?week=2026-W48`.
///
/// # Errors
/// 400 for a word that is no week, 401, 403, 503.
pub async fn list(
    app: Desk,
    by: By<right::SeeShifts>,
    request: HttpRequest,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, Problem> {
    let week = week_of(&app, &ask.week)?;
    let said = Said {
        day: ask.day.parse().ok(),
        ..Said::default()
    };
    show(&app, &by, &request, week, said, StatusCode::OK).await
}

/// What a roster is shown with: what was filled in, and what was wrong with it.
#[derive(Debug, Default)]
pub(super) struct Said {
    plan: Option<Plan>,
    day: Option<u32>,
    pub(super) errors: Vec<Fault>,
}

pub(super) async fn show(
    app: &Desk,
    by: &Who,
    request: &HttpRequest,
    week: Week,
    said: Said,
    status: StatusCode,
) -> Result<HttpResponse, Problem> {
    let shell = shell(app, request, by).await?;
    let now = app.now_ms();
    let can_plan = by.rights.has(Right::PlanShifts);
    let shifts = roster::of_week(app, week, can_plan).await?;
    let near = roster::near_week(app, week).await?;
    let viewer = by.person_id()?;
    let mine = roster::mine(app, viewer).await?;
    let chosen = said
        .day
        .filter(|day| (1..=7).contains(day))
        .unwrap_or_else(|| today(app, week));
    let counted: Vec<shift::Model> = shifts
        .iter()
        .filter(|row| can_be_worked(row, &app.people))
        .cloned()
        .collect();
    let needs = if by.rights.has(Right::SeeLoad) && week.end() > app.clock.now() {
        needs(app, now)
    } else {
        Needs::new()
    };
    let model = Page {
        week: week.to_string(),
        week_no: week.number(),
        previous: week.previous().to_string(),
        previous_no: week.previous().number(),
        next: week.next().to_string(),
        seq: shell.seq,
        mine: mine.map(|row| model::mine(&row, &app.config.shift, now)),
        now: Lane::ALL.iter().map(|lane| on_now(app, *lane)).collect(),
        days: model::heads(week, chosen, now),
        rows: model::rows(&shifts, &near, week, &app.people, &app.config.shift, now),
        coverage: covered(&counted, week, &needs, now),
        drawn: drawn(app, week),
        empty: Empty {
            id: "shifts-empty",
            sentence: "empty-shifts",
            checked_at: None,
            href: None,
            link: "empty-clear-filter",
        },
        can_plan,
        errors: said.errors,
        people: if can_plan { workers(app) } else { Vec::new() },
        lanes: Lane::ALL,
        plan: said.plan.unwrap_or_else(|| blank(app, week)),
        chosen,
        drafts: shifts.iter().filter(|row| is_draft(row, week)).count(),
        unstaffed: if can_plan { unstaffed(app) } else { Vec::new() },
        on_break: app.duty.is_on_break(viewer),
        side: side(app, by, week, &shifts).await?,
        shell,
    };
    page(app, model.shell.locale_key, status, "pages/shifts", &model)
}

/// The day of the week that is today, 1 is Monday; Monday in another week.
fn today(app: &App, week: Week) -> u32 {
    let today = Day::of(app.clock.now());
    let days = week.days();
    let place = days.iter().position(|day| *day == today).unwrap_or(0);
    u32::try_from(place).map_or(1, |place| place + 1)
}

/// Whether a shift waits to be published with this week.
fn is_draft(row: &shift::Model, week: Week) -> bool {
    let from = clock::ms(week.start());
    row.published_at.is_none() && row.starts_at >= from
}

/// Lanes that nobody can work.
fn unstaffed(app: &App) -> Vec<Lane> {
    use crate::domain::person::PersonState;
    let people = app.people.list();
    let works = |lane: Lane| {
        people.iter().any(|person| {
            person.state == PersonState::Active && person.rights().has(Right::WorkLane) && person.lanes.contains(&lane)
        })
    };
    Lane::ALL.iter().copied().filter(|lane| !works(*lane)).collect()
}

/// What each lane needs in the half hours that are forecast; a lane whose need cannot be told is left out.
fn needs(app: &App, now: i64) -> Needs {
    Lane::ALL
        .iter()
        .filter_map(|lane| {
            let ahead = app.outlooks.of(*lane, now)?;
            let load = app.board.load(*lane, now, app.config.lane.near_min);
            let halves = outlook::halves(app, &ahead, load.backlog + load.claimed, now, 2 * AHEAD).ok()?;
            Some((*lane, halves.iter().map(|half| (half.at, half.need.needed())).collect()))
        })
        .collect()
}

/// The lanes that ads draw comments to on any day of the week.
fn drawn(app: &App, week: Week) -> Vec<Drawn> {
    let of_day = |lane: Lane, day: Day| most(app, lane, clock::ms(day.start()), clock::ms(day.end())).map(whole);
    let lanes = Lane::ALL.iter().map(|lane| Drawn {
        lane: *lane,
        days: week.days().iter().map(|day| of_day(*lane, *day)).collect(),
    });
    lanes.filter(|row| row.days.iter().any(Option::is_some)).collect()
}

fn on_now(app: &App, lane: Lane) -> OnNow {
    let people = app.duty.in_lane(lane);
    let mut people: Vec<String> = people.into_iter().map(|person| app.people.pseudonym(person)).collect();
    people.sort();
    OnNow { lane, people }
}

/// Those who can be planned.
fn workers(app: &App) -> Vec<Owner> {
    use crate::domain::person::PersonState;
    app.people
        .list()
        .iter()
        .filter(|person| person.state == PersonState::Active && person.rights().has(Right::WorkLane))
        .map(|person| Owner {
            id: person.id,
            pseudonym: person.pseudonym.clone(),
        })
        .collect()
}

/// A day's shift today, or on Monday in another week.
fn blank(app: &App, week: Week) -> Plan {
    let today = Day::of(app.clock.now());
    let days = week.days();
    let date = days
        .iter()
        .find(|day| **day == today)
        .or(days.first())
        .unwrap_or(&today)
        .date;
    Plan {
        start: format!("{date}T08:00"),
        end: format!("{date}T16:00"),
        ..Plan::default()
    }
}

/// A shift to plan, as the form sends it; times are wall-clock times in Sweden.
#[derive(Debug, Deserialize)]
pub struct New {
    #[serde(default)]
    week: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    lane: String,
    #[serde(default)]
    start: String,
    #[serde(default)]
    end: String,
    #[serde(default)]
    break_from: String,
    #[serde(default)]
    break_to: String,
}

/// `POST /shifts`: a draft, until the week is published.
///
/// # Errors
/// 401, 403, 503; what else is refused is told beside the form.
pub async fn plan(
    app: Desk,
    by: By<right::PlanShifts>,
    request: HttpRequest,
    new: web::Form<New>,
) -> Result<HttpResponse, Problem> {
    let new = new.into_inner();
    let planned = match wanted(&new) {
        Ok((person, lane, (starts_at, ends_at), breaks)) => {
            let step = PlanShift {
                person,
                lane,
                starts_at,
                ends_at,
                breaks,
                draft: true,
                by: by.person_id()?,
                config: app.config.shift.clone(),
            };
            match change(&app, &by, &request, step).await? {
                Ok(()) => Ok(()),
                Err(Failure::Refused(refused)) => Err(problem(&refused, &app.people)),
                Err(Failure::Store(error)) => return Err(error.into()),
            }
        }
        Err(refused) => Err(problem(&refused, &app.people)),
    };
    let week = week_of(&app, &new.week)?;
    let Err(problem) = planned else {
        return Ok(lead(&request, &format!("/shifts?week={week}&notice=saved")));
    };
    if !is_told_beside(&problem) {
        return Err(problem);
    }
    let plan = Plan {
        person: new.person,
        lane: new.lane,
        start: new.start,
        end: new.end,
        break_from: new.break_from,
        break_to: new.break_to,
    };
    let said = Said {
        plan: Some(plan),
        ..Said::wrong(&problem)
    };
    show(&app, &by, &request, week, said, problem.status).await
}

impl Said {
    /// Nothing but what was wrong.
    pub(super) fn wrong(problem: &Problem) -> Self {
        Self {
            errors: vec![Fault::of(problem.code)],
            ..Self::default()
        }
    }
}

type Wanted = (PersonId, Lane, Span, Vec<Span>);

fn wanted(new: &New) -> Result<Wanted, ShiftRefused> {
    let person = new.person.parse().map_err(|_| ShiftRefused::NoPerson)?;
    let lane = new.lane.parse().map_err(|_| ShiftRefused::BadTime)?;
    let span = instant(&new.start)
        .zip(instant(&new.end))
        .ok_or(ShiftRefused::BadTime)?;
    let breaks = match (new.break_from.as_str(), new.break_to.as_str()) {
        ("", "") => Vec::new(),
        (from, to) => vec![break_of(span.0, from, to).ok_or(ShiftRefused::BadBreak)?],
    };
    Ok((person, lane, span, breaks))
}

/// A break at wall-clock times of the day on which a shift begins, or of the next if that would be before it.
fn break_of(starts_at: i64, from: &str, to: &str) -> Option<Span> {
    let time = |word: &str| NaiveTime::parse_from_str(word.get(..5)?, "%H:%M").ok();
    let from = after(starts_at, time(from)?)?;
    Some((from, after(from, time(to)?)?))
}

/// The first instant at this wall-clock time that is not before another.
fn after(instant: i64, time: NaiveTime) -> Option<i64> {
    let day = Day::of(clock::from_ms(instant));
    let next = Day {
        date: day.date.succ_opt()?,
    };
    [day, next]
        .iter()
        .map(|day| clock::ms(day.at(time)))
        .find(|at| *at >= instant)
}

/// A wall-clock time in Sweden as milliseconds.
pub(super) fn instant(word: &str) -> Option<i64> {
    let local = NaiveDateTime::parse_from_str(word, LOCAL)
        .or_else(|_| NaiveDateTime::parse_from_str(word, "%Y-%m-%dT%H:%M:%S"))
        .ok()?;
    let time: NaiveTime = local.time();
    Some(clock::ms(Day { date: local.date() }.at(time)))
}

/// Into which week to copy.
#[derive(Debug, Deserialize)]
pub struct Copy {
    #[serde(default)]
    week: String,
}

/// `POST /shifts/copy`: the shifts of the week before once more.
///
/// # Errors
/// 400 for a word that is no week, 401, 403, 503; that there is nothing to copy is told on the page.
pub async fn copy(
    app: Desk,
    by: By<right::PlanShifts>,
    request: HttpRequest,
    form: web::Form<Copy>,
) -> Result<HttpResponse, Problem> {
    let week = week_of(&app, &form.week)?;
    let step = CopyWeek {
        into: week,
        by: by.person_id()?,
    };
    match change(&app, &by, &request, step).await? {
        Ok(()) => Ok(lead(&request, &format!("/shifts?week={week}&notice=copied"))),
        Err(Failure::Refused(refused)) => {
            let problem = problem(&refused, &app.people);
            show(&app, &by, &request, week, Said::wrong(&problem), problem.status).await
        }
        Err(Failure::Store(error)) => Err(error.into()),
    }
}

/// `POST /shifts/{id}/cancel`.
///
/// # Errors
/// 401, 403, 404, 409 `shift-state`, 503.
pub async fn cancel(
    app: Desk,
    by: By<right::PlanShifts>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let step = CancelShift {
        shift: id(&path)?,
        by: by.person_id()?,
    };
    let of = step.shift;
    match change(&app, &by, &request, step).await? {
        Ok(()) => {
            let row = shift::Entity::find_by_id(of).one(app.db.reader()).await?;
            let row = row.ok_or_else(Problem::not_found)?;
            let week = Week::of(clock::from_ms(row.starts_at));
            Ok(lead(&request, &format!("/shifts?week={week}&notice=saved")))
        }
        Err(Failure::Refused(refused)) => Err(problem(&refused, &app.people)),
        Err(Failure::Store(error)) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::{break_of, instant};

    #[test]
    fn a_break_after_midnight_is_on_the_next_day_also_when_the_clocks_go_back() {
        let at = |word: &str| instant(word).expect("a time");
        let night = at("2026-10-24T22:00");
        let three = (at("2026-10-25T03:00"), at("2026-10-25T03:30"));
        assert_eq!(break_of(night, "03:00", "03:30"), Some(three));
        assert_eq!(three.0 - night, 6 * 3_600_000, "one hour comes twice");
        assert_eq!(
            break_of(night, "23:00", "00:30"),
            Some((at("2026-10-24T23:00"), at("2026-10-25T00:30")))
        );
        for (from, to) in [("", "03:00"), ("3", "4"), ("25:00", "26:00"), ("åå:åå", "x")] {
            assert_eq!(break_of(night, from, to), None, "{from} {to}");
        }
    }

    #[test]
    fn a_time_of_the_form_is_swedish_wall_clock_time() {
        assert_eq!(instant("2026-11-23T08:00"), Some(1_795_417_200_000));
        assert_eq!(instant("2026-07-01T08:00:00"), Some(1_782_885_600_000));
        for word in ["", "2026-11-23", "08:00", "2026-13-01T08:00", "2026-11-23T08:00Z"] {
            assert_eq!(instant(word), None, "{word}");
        }
    }
}
