//! API tokens, for administrators.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use super::comments::id;
use super::users::{named, no_randomness};
use crate::domain::role::Right;
use crate::http::extract::{By, Desk, right};
use crate::http::idempotency::{Answer, once, once_without};
use crate::http::problem::Problem;
use crate::lane::item::rfc3339;
use crate::person::people::words;
use crate::person::secret;
use crate::person::token::{self, AddToken, WithdrawToken};

/// `GET /api/v1/tokens`. Secrets are not kept and so not shown.
///
/// # Errors
/// 401, 403.
pub async fn list(app: Desk, _by: By<right::ManagePeople>) -> Result<HttpResponse, Problem> {
    let tokens: Vec<Value> = token::list(&app)
        .await?
        .into_iter()
        .map(|row| {
            json!({
                "id": row.id,
                "name": row.name,
                "rights": words::<Right>(&row.rights),
                "by": row.made_by.map(|by| app.people.pseudonym(by)),
                "created_at": rfc3339(row.created_at),
                "withdrawn_at": row.withdrawn_at.map(rfc3339),
            })
        })
        .collect();
    Ok(HttpResponse::Ok().json(json!({ "tokens": tokens })))
}

/// A token to make.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct New {
    name: String,
    rights: Vec<Right>,
}

/// `POST /api/v1/tokens`. The token is in the answer, once.
///
/// # Errors
/// 400.
pub async fn create(
    app: Desk,
    by: By<right::ManagePeople>,
    request: HttpRequest,
    new: web::Json<New>,
) -> Result<HttpResponse, Problem> {
    named("name", &new.name)?;
    if new.rights.is_empty() {
        return Err(Problem::bad_input("Name at least one right, for example ingest."));
    }
    let made = secret::make().map_err(|_| no_randomness())?;
    let step = AddToken {
        name: new.name.trim().to_owned(),
        digest: secret::digest(&made),
        rights: new.rights.clone(),
        by: Some(by.person_id()?),
    };
    let (name, rights) = (step.name.clone(), step.rights.clone());
    let answer = move |id: &_| Answer::created(json!({ "id": id, "name": name, "rights": rights, "token": made }));
    Ok(once_without(&["token"], &app, &by, &request, step, answer).await?)
}

/// `DELETE /api/v1/tokens/{id}`.
///
/// # Errors
/// 404.
pub async fn withdraw(
    app: Desk,
    by: By<right::ManagePeople>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let step = WithdrawToken {
        token: id(&path)?,
        by: by.person_id()?,
    };
    let answer = |known: &bool| Answer {
        status: if *known {
            StatusCode::NO_CONTENT
        } else {
            StatusCode::NOT_FOUND
        },
        body: Value::Null,
    };
    let response = once(&app, &by, &request, step, answer).await?;
    if response.status() == StatusCode::NOT_FOUND {
        return Err(Problem::not_found());
    }
    Ok(response)
}
