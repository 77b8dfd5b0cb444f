//! The staff: adding, changing, disabling, a new first password. A password is shown once, on the page that made it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::{page, see_other, shell};
use crate::app::App;
use crate::change::{Failure, Step};
use crate::domain::id::PersonId;
use crate::domain::lane::Lane;
use crate::domain::role::Role;
use crate::http::api::comments::id;
use crate::http::api::users::{hashed, is_address, last_seen, refused};
use crate::http::extract::{By, Desk, Who, right};
use crate::http::problem::Problem;
use crate::person::change_person::ChangePerson;
use crate::person::staff::{self, AddPerson, Disable, ResetPassword, StaffRefused, new_password};
use crate::store::entity::person;
use crate::view::model::composer::Fault;
use crate::view::model::desk::Empty;
use crate::view::model::person::{self as model, First, Form, Page};

/// Longest name or pseudonym, in characters.
const LONGEST: usize = 200;

/// `GET /people`.
///
/// # Errors
/// 401, 403, 503.
pub async fn list(app: Desk, by: By<right::ManagePeople>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    show(&app, &by, &request, StatusCode::OK, None, Vec::new(), None).await
}

async fn show(
    app: &Desk,
    by: &Who,
    request: &HttpRequest,
    status: StatusCode,
    password: Option<First>,
    errors: Vec<Fault>,
    sent: Option<Sent>,
) -> Result<HttpResponse, Problem> {
    let shell = shell(app, request, by).await?;
    let viewer = by.person_id()?;
    let seen = last_seen(app).await?;
    let sent = sent.unwrap_or_default();
    let model = Page {
        password,
        rows: app
            .people
            .list()
            .iter()
            .map(|person| model::row(person, viewer, &seen))
            .collect(),
        empty: Empty {
            id: "people-empty",
            sentence: "empty-people",
            checked_at: None,
            href: None,
            link: "empty-clear-filter",
        },
        errors,
        form: Form {
            roles: model::roles(&sent.roles),
            lanes: model::lanes(&sent.lanes),
            email: sent.email,
            name: sent.name,
            pseudonym: sent.pseudonym,
        },
        shell,
    };
    page(app, model.shell.locale_key, status, "pages/people", &model)
}

/// The fields of a form; roles and lanes may come several times.
#[derive(Debug, Default, Clone)]
struct Sent {
    email: String,
    name: String,
    pseudonym: String,
    roles: Vec<Role>,
    lanes: Vec<Lane>,
}

impl Sent {
    fn of(fields: Vec<(String, String)>) -> Self {
        let mut sent = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "email" => value.trim().clone_into(&mut sent.email),
                "name" => value.trim().clone_into(&mut sent.name),
                "pseudonym" => value.trim().clone_into(&mut sent.pseudonym),
                "roles" => sent.roles.extend(value.parse::<Role>().ok()),
                "lanes" => sent.lanes.extend(value.parse::<Lane>().ok()),
                _ => {}
            }
        }
        sent
    }

    fn faults(&self) -> Vec<Fault> {
        let fits = |text: &str| {
            let length = text.chars().count();
            (1..=LONGEST).contains(&length) && !text.contains('\0')
        };
        let mut faults = Vec::new();
        if !is_address(&self.email) {
            faults.push(Fault::at("p-email", "bad-email"));
        }
        if !fits(&self.name) {
            faults.push(Fault::at("p-name", "required"));
        }
        if !fits(&self.pseudonym) {
            faults.push(Fault::at("p-pseudonym", "required"));
        }
        faults
    }
}

/// `POST /people`.
///
/// # Errors
/// 401, 403, 503; what else is refused is told beside the form.
pub async fn add(
    app: Desk,
    by: By<right::ManagePeople>,
    request: HttpRequest,
    fields: web::Form<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let sent = Sent::of(fields.into_inner());
    let faults = sent.faults();
    if !faults.is_empty() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return show(&app, &by, &request, status, None, faults, Some(sent)).await;
    }
    let made = made()?;
    let (given, who, new) = (made.clone(), by.person_id()?, sent.clone());
    let step = hashed(move || {
        AddPerson::new(
            &new.email,
            &new.name,
            &new.pseudonym,
            new.roles,
            new.lanes,
            &given,
            true,
            Some(who),
        )
    })
    .await?;
    match staff::change(&app, step).await {
        Ok(row) => shown_once(&app, &by, &request, row, made).await,
        Err(Failure::Store(error)) => Err(error.into()),
        Err(Failure::Refused(refusal)) => {
            let problem = told(refusal);
            let faults = vec![Fault::of(problem.code)];
            show(&app, &by, &request, problem.status, None, faults, Some(sent)).await
        }
    }
}

fn made() -> Result<String, Problem> {
    new_password().map_err(|_| {
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "The system gives no randomness for a password. Try again in a moment.",
        )
    })
}

/// The page that tells a new password. It is no redirect: the password stands nowhere from which it could be read again.
async fn shown_once(
    app: &Desk,
    by: &Who,
    request: &HttpRequest,
    row: person::Model,
    text: String,
) -> Result<HttpResponse, Problem> {
    let password = First {
        pseudonym: row.pseudonym,
        text,
    };
    show(app, by, request, StatusCode::OK, Some(password), Vec::new(), None).await
}

/// A refusal with the code the page has a sentence for.
fn told(refusal: StaffRefused) -> Problem {
    match refusal {
        StaffRefused::Taken => Problem {
            code: "taken",
            ..refused(refusal)
        },
        StaffRefused::Absent | StaffRefused::LastAdmin => refused(refusal),
    }
}

/// `POST /people/{id}`: roles and lanes.
///
/// # Errors
/// 401, 403, 404, 503; what else is refused is told on the page.
pub async fn change(
    app: Desk,
    by: By<right::ManagePeople>,
    request: HttpRequest,
    path: web::Path<String>,
    fields: web::Form<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let sent = Sent::of(fields.into_inner());
    let step = ChangePerson {
        person: id(&path)?,
        by: by.person_id()?,
        roles: Some(sent.roles),
        lanes: Some(sent.lanes),
        name: None,
        pseudonym: None,
    };
    settle(&app, &by, &request, step).await
}

/// `POST /people/{id}/disable`.
///
/// # Errors
/// 401, 403, 404, 503; what else is refused is told on the page.
pub async fn disable(
    app: Desk,
    by: By<right::ManagePeople>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    set_disabled(&app, &by, &request, id(&path)?, true).await
}

/// `POST /people/{id}/enable`.
///
/// # Errors
/// As [`disable`].
pub async fn enable(
    app: Desk,
    by: By<right::ManagePeople>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    set_disabled(&app, &by, &request, id(&path)?, false).await
}

async fn set_disabled(
    app: &Desk,
    by: &Who,
    request: &HttpRequest,
    person: PersonId,
    disabled: bool,
) -> Result<HttpResponse, Problem> {
    let step = Disable {
        person,
        by: Some(by.person_id()?),
        disabled,
    };
    settle(app, by, request, step).await
}

/// `POST /people/{id}/reset`: a new first password.
///
/// # Errors
/// 401, 403, 404, 503.
pub async fn reset(
    app: Desk,
    by: By<right::ManagePeople>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let made = made()?;
    let (given, person, who) = (made.clone(), id(&path)?, by.person_id()?);
    let step = hashed(move || ResetPassword::new(person, &given, true, Some(who))).await?;
    match staff::change(&app, step).await {
        Ok(row) => shown_once(&app, &by, &request, row, made).await,
        Err(Failure::Store(error)) => Err(error.into()),
        Err(Failure::Refused(refusal)) => Err(refused(refusal)),
    }
}

async fn settle<S>(app: &Desk, by: &Who, request: &HttpRequest, step: S) -> Result<HttpResponse, Problem>
where
    S: Step<Out = person::Model, Refusal = StaffRefused>,
{
    match staff::change(app as &App, step).await {
        Ok(row) => Ok(see_other(&format!("/people?notice=saved#person-{}", row.id))),
        Err(Failure::Store(error)) => Err(error.into()),
        Err(Failure::Refused(StaffRefused::Absent)) => Err(Problem::not_found()),
        Err(Failure::Refused(refusal)) => {
            let problem = told(refusal);
            let faults = vec![Fault::of(problem.code)];
            show(app, by, request, problem.status, None, faults, None).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Sent;
    use crate::domain::lane::Lane;
    use crate::domain::role::Role;

    fn sent(fields: &[(&str, &str)]) -> Sent {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Sent::of(fields.iter().map(owned).collect())
    }

    #[test]
    fn roles_and_lanes_are_all_read_and_unknown_ones_passed_over() {
        let sent = sent(&[
            ("roles", "lead"),
            ("roles", "root"),
            ("roles", "editor"),
            ("lanes", "ar"),
        ]);
        assert_eq!(
            (sent.roles, sent.lanes),
            (vec![Role::Lead, Role::Editor], vec![Lane::Ar])
        );
    }

    #[test]
    fn each_field_that_is_wrong_is_named() {
        let faults = sent(&[("email", "nobody"), ("name", "  "), ("pseudonym", &"x".repeat(201))]).faults();
        let fields: Vec<_> = faults.iter().filter_map(|fault| fault.field.as_deref()).collect();
        assert_eq!(fields, ["p-email", "p-name", "p-pseudonym"]);
        assert!(
            sent(&[("email", "a@b.se"), ("name", "A"), ("pseudonym", "AR-1")])
                .faults()
                .is_empty()
        );
    }
}
