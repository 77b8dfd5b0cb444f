//! What is done beside the roster: publishing a week, exchanges of shifts, absences.

use actix_web::{HttpRequest, HttpResponse, web};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Deserialize;

use super::shifts::{Said as Shown, instant, show, week_of};
use super::{change, is_told_beside, lead};
use crate::app::App;
use crate::change::{Failure, Step};
use crate::clock;
use crate::domain::id::PersonId;
use crate::domain::person::PersonState;
use crate::domain::role::Right;
use crate::domain::shift::ShiftState;
use crate::http::api::absences::note_step;
use crate::http::api::comments::id;
use crate::http::api::exchanges::concerns;
use crate::http::api::shifts::problem;
use crate::http::extract::{By, Desk, Who, right};
use crate::http::problem::Problem;
use crate::shift::absence::{TakeBackAbsence, of_time};
use crate::shift::exchange::{AnswerExchange, AskExchange, Said, open};
use crate::shift::publish::PublishWeek;
use crate::shift::week::{Day, Week};
use crate::shift::{ShiftRefused, roster};
use crate::store::entity::shift;
use crate::view::model::Owner;
use crate::view::model::roster::{Side, absence, exchange, line};

/// How far ahead a person is shown shifts to exchange, in milliseconds: eight weeks.
const AHEAD_MS: i64 = 56 * 24 * 3_600_000;

/// What stands beside the roster for a viewer.
///
/// # Errors
/// 503.
pub(super) async fn side(app: &App, by: &Who, week: Week, shifts: &[shift::Model]) -> Result<Side, Problem> {
    let viewer = by.person_id()?;
    let (works, plans) = (by.rights.has(Right::WorkLane), by.rights.has(Right::PlanShifts));
    let now = app.now_ms();
    let to_come =
        |row: &&shift::Model| row.state == ShiftState::Planned && row.starts_at > now && row.published_at.is_some();
    let mut side = Side::default();
    if works {
        let own = roster::of_person(app, viewer, (now, now + AHEAD_MS)).await?;
        side.own = own.iter().filter(to_come).map(|row| line(row, &app.people)).collect();
        let others = shifts.iter().filter(to_come).filter(|row| row.person_id != viewer);
        side.others = others.map(|row| line(row, &app.people)).collect();
        side.colleagues = colleagues(app, viewer);
    }
    let asked: Vec<_> = open(app.db.reader())
        .await?
        .into_iter()
        .filter(|row| concerns(row, by))
        .collect();
    let ids = asked
        .iter()
        .flat_map(|row| [Some(row.shift_id), row.in_return])
        .flatten();
    let of: Vec<shift::Model> = shift::Entity::find()
        .filter(shift::Column::Id.is_in(ids))
        .filter(shift::Column::State.eq(ShiftState::Planned))
        .filter(shift::Column::StartsAt.gt(now))
        .all(app.db.reader())
        .await?;
    side.exchanges = asked
        .iter()
        .filter_map(|row| exchange(row, &of, viewer, plans, &app.people))
        .collect();
    let away = of_time(app.db.reader(), (clock::ms(week.start()), clock::ms(week.end()))).await?;
    side.absences = away
        .iter()
        .map(|row| absence(row, viewer, plans, &app.people))
        .collect();
    let today = Day::of(app.clock.now()).date;
    side.absent_from = format!("{today}T00:00");
    side.absent_to = format!("{}T00:00", today.succ_opt().unwrap_or(today));
    Ok(side)
}

/// Those with whom shifts can be exchanged.
fn colleagues(app: &App, viewer: PersonId) -> Vec<Owner> {
    app.people
        .list()
        .iter()
        .filter(|person| person.id != viewer && person.state == PersonState::Active)
        .filter(|person| person.rights().has(Right::WorkLane))
        .map(|person| Owner {
            id: person.id,
            pseudonym: person.pseudonym.clone(),
        })
        .collect()
}

/// Makes a change of the roster and leads back to its week; what is refused is told on the page.
async fn act(
    app: &Desk,
    by: &Who,
    request: &HttpRequest,
    week: Week,
    notice: &str,
    step: impl Step<Refusal = ShiftRefused>,
) -> Result<HttpResponse, Problem> {
    match change(app, by, request, step).await? {
        Ok(()) => Ok(lead(request, &format!("/shifts?week={week}&notice={notice}"))),
        Err(Failure::Refused(refused)) => told(app, by, request, week, problem(&refused, &app.people)).await,
        Err(Failure::Store(error)) => Err(error.into()),
    }
}

async fn told(
    app: &Desk,
    by: &Who,
    request: &HttpRequest,
    week: Week,
    problem: Problem,
) -> Result<HttpResponse, Problem> {
    if is_told_beside(&problem) {
        show(app, by, request, week, Shown::wrong(&problem), problem.status).await
    } else {
        Err(problem)
    }
}

/// Which week the form stood on.
#[derive(Debug, Deserialize)]
pub struct On {
    #[serde(default)]
    week: String,
}

/// `POST /shifts/publish`.
///
/// # Errors
/// 400 for a word that is no week, 401, 403, 503; that nothing waits is told on the page.
pub async fn publish(
    app: Desk,
    by: By<right::PlanShifts>,
    request: HttpRequest,
    on: web::Form<On>,
) -> Result<HttpResponse, Problem> {
    let week = week_of(&app, &on.week)?;
    let step = PublishWeek {
        week,
        by: by.person_id()?,
    };
    act(&app, &by, &request, week, "published", step).await
}

/// An exchange to ask for, as the form sends it.
#[derive(Debug, Deserialize)]
pub struct NewExchange {
    #[serde(default)]
    week: String,
    #[serde(default)]
    shift: String,
    #[serde(default)]
    of: String,
    #[serde(default)]
    in_return: String,
}

/// `POST /shifts/exchange`.
///
/// # Errors
/// 400, 401, 403, 404, 503; what else is refused is told on the page.
pub async fn ask(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    new: web::Form<NewExchange>,
) -> Result<HttpResponse, Problem> {
    let week = week_of(&app, &new.week)?;
    let step = AskExchange {
        shift: id(&new.shift)?,
        by: by.person_id()?,
        of: id(&new.of)?,
        in_return: match new.in_return.as_str() {
            "" => None,
            word => Some(id(word)?),
        },
    };
    act(&app, &by, &request, week, "saved", step).await
}

/// `POST /shifts/exchange/{id}/{said}`: who is asked accepts or declines, who asked withdraws, the lead approves or refuses.
///
/// # Errors
/// 401, 403, 404, 503; what else is refused is told on the page.
pub async fn answer(
    app: Desk,
    by: By<right::SeeShifts>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    on: web::Form<On>,
) -> Result<HttpResponse, Problem> {
    let said = Said::of(&path.1).ok_or_else(Problem::not_found)?;
    let needed = if said.is_the_leads() {
        Right::PlanShifts
    } else {
        Right::WorkLane
    };
    if !by.rights.has(needed) {
        return Err(Problem::no_right());
    }
    let step = AnswerExchange {
        exchange: id(&path.0)?,
        said,
        by: by.person_id()?,
    };
    act(&app, &by, &request, week_of(&app, &on.week)?, "saved", step).await
}

/// An absence, as the form sends it; times are wall-clock times in Sweden.
#[derive(Debug, Deserialize)]
pub struct NewAbsence {
    #[serde(default)]
    week: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

/// `POST /shifts/absence`.
///
/// # Errors
/// 400, 401, 403, 503; what else is refused is told on the page.
pub async fn note(
    app: Desk,
    by: By<right::SeeShifts>,
    request: HttpRequest,
    new: web::Form<NewAbsence>,
) -> Result<HttpResponse, Problem> {
    let week = week_of(&app, &new.week)?;
    let person = match new.person.as_str() {
        "" => None,
        word => Some(id(word)?),
    };
    let kind = new
        .kind
        .parse()
        .map_err(|_| Problem::bad_input("Choose why the person is away."))?;
    let Some(span) = instant(&new.from).zip(instant(&new.to)) else {
        return told(&app, &by, &request, week, problem(&ShiftRefused::BadTime, &app.people)).await;
    };
    let step = note_step(&by, person, kind, span)?;
    act(&app, &by, &request, week, "saved", step).await
}

/// `POST /shifts/absence/{id}/take-back`.
///
/// # Errors
/// 401, 403, 404, 503.
pub async fn take_back(
    app: Desk,
    by: By<right::SeeShifts>,
    request: HttpRequest,
    path: web::Path<String>,
    on: web::Form<On>,
) -> Result<HttpResponse, Problem> {
    let step = TakeBackAbsence {
        absence: id(&path)?,
        by: by.person_id()?,
        plans: by.rights.has(Right::PlanShifts),
    };
    act(&app, &by, &request, week_of(&app, &on.week)?, "saved", step).await
}
