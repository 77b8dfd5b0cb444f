//! Exchanges of shifts: asked, accepted by the colleague, approved by the lead.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use super::comments::id;
use super::shifts::problem;
use crate::domain::id::{PersonId, ShiftId};
use crate::domain::role::Right;
use crate::http::extract::{By, Desk, Who, right};
use crate::http::idempotency::{Answer, once};
use crate::http::problem::Problem;
use crate::lane::item::rfc3339;
use crate::person::people::People;
use crate::shift::exchange::{AnswerExchange, AskExchange, Said, open};
use crate::store::entity::exchange;

fn view(row: &exchange::Model, people: &People) -> Value {
    let person = |id: PersonId| json!({ "id": id, "pseudonym": people.pseudonym(id) });
    json!({
        "id": row.id,
        "shift": row.shift_id,
        "by": person(row.asked_by),
        "of": person(row.asked_of),
        "in_return": row.in_return,
        "state": row.state,
        "asked_at": rfc3339(row.asked_at),
    })
}

/// Whether an exchange concerns a caller: theirs, or they plan.
#[must_use]
pub fn concerns(row: &exchange::Model, by: &Who) -> bool {
    let own = by.person.as_ref().map(|person| person.id);
    by.rights.has(Right::PlanShifts) || own == Some(row.asked_by) || own == Some(row.asked_of)
}

/// `GET /api/v1/exchanges`: those that wait and concern the caller.
///
/// # Errors
/// 401, 403.
pub async fn list(app: Desk, by: By<right::SeeShifts>) -> Result<HttpResponse, Problem> {
    let rows = open(app.db.reader()).await?;
    let items: Vec<Value> = rows
        .iter()
        .filter(|row| concerns(row, &by))
        .map(|row| view(row, &app.people))
        .collect();
    Ok(HttpResponse::Ok().json(json!({ "items": items })))
}

/// An exchange to ask for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct New {
    shift: ShiftId,
    of: PersonId,
    #[serde(default)]
    in_return: Option<ShiftId>,
}

/// `POST /api/v1/exchanges`.
///
/// # Errors
/// 404 for a shift that is not the person's, 409 `shift-state`, `exchange-state`, 422 `wrong-lane`.
pub async fn create(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    new: web::Json<New>,
) -> Result<HttpResponse, Problem> {
    let step = AskExchange {
        shift: new.shift,
        by: by.person_id()?,
        of: new.of,
        in_return: new.in_return,
    };
    let desk = app.clone();
    once(&app, &by, &request, step, move |row| {
        Answer::created(view(row, &desk.people))
    })
    .await
    .map_err(|failed| failed.problem(|refused| problem(&refused, &app.people)))
}

/// `POST /api/v1/exchanges/{id}/accept`, `decline`, `withdraw`.
///
/// # Errors
/// 404 for another's, 409 `exchange-state`.
pub async fn answer(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let said = Said::of(&path.1)
        .filter(|said| !said.is_the_leads())
        .ok_or_else(Problem::not_found)?;
    say(&app, &by, &request, &path.0, said).await
}

/// `POST /api/v1/exchanges/{id}/approve`.
///
/// # Errors
/// 403 `second-person` for an own one, 404, 409 `exchange-state`, `shift-overlap`, `shift-state`, `away`.
pub async fn approve(
    app: Desk,
    by: By<right::PlanShifts>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    say(&app, &by, &request, &path, Said::Approve).await
}

/// `POST /api/v1/exchanges/{id}/refuse`.
///
/// # Errors
/// 403 `second-person` for an own one, 404, 409 `exchange-state`.
pub async fn refuse(
    app: Desk,
    by: By<right::PlanShifts>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    say(&app, &by, &request, &path, Said::Refuse).await
}

async fn say(app: &Desk, by: &Who, request: &HttpRequest, of: &str, said: Said) -> Result<HttpResponse, Problem> {
    let step = AnswerExchange {
        exchange: id(of)?,
        said,
        by: by.person_id()?,
    };
    let desk = app.clone();
    once(app, by, request, step, move |row| Answer::ok(view(row, &desk.people)))
        .await
        .map_err(|failed| failed.problem(|refused| problem(&refused, &app.people)))
}
