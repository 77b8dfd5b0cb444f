//! Staff, for administrators.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use sea_orm::{EntityTrait, QuerySelect};
use serde::Deserialize;
use serde_json::{Value, json};

use super::comments::id;
use crate::app::App;
use crate::domain::id::PersonId;
use crate::domain::lane::Lane;
use crate::domain::role::Role;
use crate::http::extract::{By, Desk, right};
use crate::http::idempotency::{Answer, Unanswered, once_without};
use crate::http::problem::Problem;
use crate::lane::item::rfc3339;
use crate::person::change_person::ChangePerson;
use crate::person::people::Person;
use crate::person::staff::{self, AddPerson, Disable, ResetPassword, StaffRefused, new_password};
use crate::store::Error;
use crate::store::entity::session;

/// Longest name, pseudonym or address, in characters.
const LONGEST: usize = 200;

/// `GET /api/v1/users`.
///
/// # Errors
/// 401, 403.
pub async fn list(app: Desk, _by: By<right::ManagePeople>) -> Result<HttpResponse, Problem> {
    let seen = last_seen(&app).await?;
    let users: Vec<Value> = app
        .people
        .list()
        .iter()
        .map(|person| {
            let mut user = view(person);
            user["last_seen_at"] = json!(seen.get(&person.id).copied().map(rfc3339));
            user
        })
        .collect();
    Ok(HttpResponse::Ok().json(json!({ "users": users })))
}

/// When each signed-in person was last seen, in milliseconds.
///
/// # Errors
/// Any [`Error`].
pub async fn last_seen(app: &App) -> Result<HashMap<PersonId, i64>, Error> {
    let rows = session::Entity::find().limit(10_000).all(app.db.reader()).await?;
    let mut seen = HashMap::new();
    for row in rows {
        let at = seen.entry(row.person_id).or_insert(row.seen_at);
        *at = Ord::max(*at, row.seen_at);
    }
    Ok(seen)
}

fn view(person: &Person) -> Value {
    json!({
        "id": person.id,
        "email": person.email,
        "name": person.name,
        "pseudonym": person.pseudonym,
        "roles": person.roles,
        "lanes": person.lanes,
        "state": person.state,
        "must_change_password": person.must_change_password,
    })
}

/// A person to add.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct New {
    email: String,
    name: String,
    pseudonym: String,
    roles: Vec<Role>,
    #[serde(default)]
    lanes: Vec<Lane>,
}

/// `POST /api/v1/users`. The first password is in the answer, once.
///
/// # Errors
/// 400, 409 `conflict`.
pub async fn create(
    app: Desk,
    by: By<right::ManagePeople>,
    request: HttpRequest,
    new: web::Json<New>,
) -> Result<HttpResponse, Problem> {
    let New {
        email,
        name,
        pseudonym,
        roles,
        lanes,
    } = new.into_inner();
    if !is_address(&email) {
        return Err(Problem::bad_input(
            "'email' is not an address. Write it like name@example.se.",
        ));
    }
    named("name", &name)?;
    named("pseudonym", &pseudonym)?;
    let password = new_password().map_err(|_| no_randomness())?;
    let (given, who) = (password.clone(), by.person.as_ref().map(|person| person.id));
    let step = hashed(move || AddPerson::new(&email, &name, &pseudonym, roles, lanes, &given, true, who)).await?;
    answer_once(&app, &by, &request, step, move |person| {
        let mut body = view(person);
        body["password"] = json!(password);
        Answer::created(body)
    })
    .await
}

/// What to change; what is left out stays.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    #[serde(default)]
    roles: Option<Vec<Role>>,
    #[serde(default)]
    lanes: Option<Vec<Lane>>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    pseudonym: Option<String>,
}

/// `POST /api/v1/users/{id}`.
///
/// # Errors
/// 404, 409 `conflict`, `last-admin`.
pub async fn change(
    app: Desk,
    by: By<right::ManagePeople>,
    request: HttpRequest,
    path: web::Path<String>,
    changes: web::Json<Changes>,
) -> Result<HttpResponse, Problem> {
    let changes = changes.into_inner();
    for (name, value) in [("name", &changes.name), ("pseudonym", &changes.pseudonym)] {
        value.as_deref().map_or(Ok(()), |value| named(name, value))?;
    }
    let trimmed = |text: Option<String>| text.map(|text| text.trim().to_owned());
    let step = ChangePerson {
        person: id(&path)?,
        by: by.person_id()?,
        roles: changes.roles,
        lanes: changes.lanes,
        name: trimmed(changes.name),
        pseudonym: trimmed(changes.pseudonym),
    };
    answer_once(&app, &by, &request, step, |person| Answer::ok(view(person))).await
}

/// `POST /api/v1/users/{id}/disable`.
///
/// # Errors
/// 404, 409 `last-admin`.
pub async fn disable(
    app: Desk,
    by: By<right::ManagePeople>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    set_disabled(app, by, request, path, true).await
}

/// `POST /api/v1/users/{id}/enable`.
///
/// # Errors
/// 404.
pub async fn enable(
    app: Desk,
    by: By<right::ManagePeople>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    set_disabled(app, by, request, path, false).await
}

async fn set_disabled(
    app: Desk,
    by: By<right::ManagePeople>,
    request: HttpRequest,
    path: web::Path<String>,
    disabled: bool,
) -> Result<HttpResponse, Problem> {
    let step = Disable {
        person: id(&path)?,
        by: Some(by.person_id()?),
        disabled,
    };
    answer_once(&app, &by, &request, step, |person| Answer::ok(view(person))).await
}

/// `POST /api/v1/users/{id}/reset`. The new first password is in the answer, once.
///
/// # Errors
/// 404.
pub async fn reset(
    app: Desk,
    by: By<right::ManagePeople>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (person, who) = (id(&path)?, by.person_id()?);
    let password = new_password().map_err(|_| no_randomness())?;
    let given = password.clone();
    let step = hashed(move || ResetPassword::new(person, &given, true, Some(who))).await?;
    answer_once(&app, &by, &request, step, move |person| {
        let mut body = view(person);
        body["password"] = json!(password);
        Answer::ok(body)
    })
    .await
}

/// Makes a step that hashes a password, away from the threads that serve others.
///
/// # Errors
/// 500 when there is no randomness for the salt.
pub async fn hashed<S: Send + 'static, E: Send + 'static>(
    make: impl FnOnce() -> Result<S, E> + Send + 'static,
) -> Result<S, Problem> {
    match tokio::task::spawn_blocking(make).await {
        Ok(Ok(step)) => Ok(step),
        Ok(Err(_)) | Err(_) => Err(no_randomness()),
    }
}

async fn answer_once<S>(
    app: &Desk,
    by: &By<right::ManagePeople>,
    request: &HttpRequest,
    step: S,
    answer: impl Fn(&Person) -> Answer + Send + Sync + 'static,
) -> Result<HttpResponse, Problem>
where
    S: crate::change::Step<Out = crate::store::entity::person::Model, Refusal = StaffRefused>,
{
    let answer = move |row: &crate::store::entity::person::Model| answer(&Person::of(row));
    let answered = once_without(&["password"], app, by, request, step, answer).await;
    let response = answered.map_err(|failed: Unanswered<StaffRefused>| failed.problem(refused))?;
    staff::read_again(app).await?;
    Ok(response)
}

/// A refusal about staff, for API and pages.
#[must_use]
pub fn refused(refused: StaffRefused) -> Problem {
    match refused {
        StaffRefused::Absent => Problem::not_found(),
        StaffRefused::Taken => Problem::new(
            StatusCode::CONFLICT,
            "conflict",
            "Somebody has this address or pseudonym. Choose another.",
        ),
        StaffRefused::LastAdmin => Problem::new(
            StatusCode::CONFLICT,
            "last-admin",
            "This is the last administrator. Make somebody else one first.",
        ),
    }
}

pub(super) fn no_randomness() -> Problem {
    Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        "Something is wrong in the desk. It has been noted; tell your administrator the time.",
    )
}

pub(super) fn named(field: &str, value: &str) -> Result<(), Problem> {
    let length = value.trim().chars().count();
    if length == 0 || length > LONGEST || value.chars().any(char::is_control) {
        return Err(Problem::bad_input(format!(
            "'{field}' must have 1 to {LONGEST} characters on one line."
        )));
    }
    Ok(())
}

/// Whether a word can be an address; whether it is one only a letter shows.
#[must_use]
pub fn is_address(word: &str) -> bool {
    let word = word.trim();
    word.chars().count() <= LONGEST
        && !word.chars().any(|sign| sign.is_whitespace() || sign.is_control())
        && word
            .rsplit_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn an_address_has_a_name_and_a_host() {
        for word in ["amal@example.se", " amal@example.se ", "å.ä@exempel.se"] {
            assert!(is_address(word), "{word}");
        }
        for word in [
            "",
            "amal",
            "@example.se",
            "amal@",
            "a b@example.se",
            "amal@.se",
            "a\n@b.se",
        ] {
            assert!(!is_address(word), "{word}");
        }
    }
}
