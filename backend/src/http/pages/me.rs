//! A person's own settings and password, and the accessibility statement.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{bare_shell, locale, page, see_other, shell};
use crate::app::App;
use crate::change::{Actor, Change, Failure, Step};
use crate::domain::event::EventKind;
use crate::domain::id::PersonId;
use crate::http::api::session::change_password;
use crate::http::extract::{Anybody, By, Desk, Who, right};
use crate::http::problem::Problem;
use crate::person::people::Person;
use crate::shift::calendar;
use crate::store::entity::person;
use crate::view::LocaleKey;
use crate::view::model::composer::Fault;
use crate::view::model::me::{Kept, Page, SETTINGS, settings};
use crate::view::model::shell::Shell;

/// `GET /me`.
///
/// # Errors
/// 401, 503.
pub async fn form(app: Desk, by: By<right::SignedIn>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    show(&app, &by, &request, StatusCode::OK, Vec::new(), None).await
}

pub(super) async fn show(
    app: &Desk,
    by: &Who,
    request: &HttpRequest,
    status: StatusCode,
    errors: Vec<Fault>,
    address: Option<String>,
) -> Result<HttpResponse, Problem> {
    let shell = shell(app, request, by).await?;
    let person = by.person()?;
    let kept = kept(app, person.id).await?;
    let model = Page {
        email: person.email.clone(),
        errors,
        choices: settings(&kept),
        calendar_since: calendar::since(app, person.id).await?,
        address,
        shell,
    };
    page(app, model.shell.locale_key, status, "pages/me", &model)
}

/// What a person has set; what cannot be read is as if nothing were set.
///
/// # Errors
/// 401 for somebody who is gone, 503.
pub async fn kept(app: &App, id: PersonId) -> Result<Kept, Problem> {
    let row = person::Entity::find_by_id(id).one(app.db.reader()).await?;
    let row = row.ok_or_else(Problem::not_signed_in)?;
    Ok(serde_json::from_str(&row.settings).unwrap_or_default())
}

/// `POST /me`.
///
/// # Errors
/// 400 for a word that is none of a setting's, 401, 503.
pub async fn save(
    app: Desk,
    by: By<right::SignedIn>,
    fields: web::Form<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let person = by.person()?.clone();
    let mut kept = kept(&app, person.id).await?;
    for (name, value) in fields.into_inner() {
        let known = SETTINGS.iter().any(|(known, _)| *known == name);
        if known && !kept.set(&name, &value) {
            return Err(Problem::bad_input("A setting has a word that is none of its own."));
        }
    }
    let locale = with_digits(person.locale.parse().unwrap_or(LocaleKey::Sv), &kept);
    let step = Keep {
        person: person.id,
        settings: json!(kept).to_string(),
        locale,
    };
    app.writer.change(step).await?;
    app.people.put(Person {
        locale: locale.as_str().to_owned(),
        ..Person::clone(&person)
    });
    Ok(see_other("/me?notice=saved"))
}

/// Arabic with the digits a person has chosen; other languages as they are.
#[must_use]
pub fn with_digits(locale: LocaleKey, kept: &Kept) -> LocaleKey {
    match (locale, kept.value("digits")) {
        (LocaleKey::Ar | LocaleKey::ArArab, "arab") => LocaleKey::ArArab,
        (LocaleKey::Ar | LocaleKey::ArArab, _) => LocaleKey::Ar,
        (other, _) => other,
    }
}

/// Keeps a person's settings.
struct Keep {
    person: PersonId,
    settings: String,
    locale: LocaleKey,
}

impl Step for Keep {
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Self::Refusal>> {
        let set = person::Entity::update_many()
            .col_expr(person::Column::Settings, Expr::value(self.settings.as_str()))
            .col_expr(person::Column::Locale, Expr::value(self.locale.as_str()))
            .filter(person::Column::Id.eq(self.person));
        change.execute(&set).await?;
        change.note(
            EventKind::PersonChanged,
            None,
            Actor::Person(self.person),
            json!({ "person": self.person, "what": "settings" }),
        );
        Ok(())
    }
}

/// The present and the new password.
#[derive(Deserialize)]
pub struct Passwords {
    #[serde(default)]
    current: String,
    #[serde(default)]
    password: String,
}

/// `POST /me/password`. Every other session of the person ends.
///
/// # Errors
/// 401, 429, 503; what else is refused is told beside the form.
pub async fn password(
    app: Desk,
    by: By<right::SignedIn>,
    request: HttpRequest,
    given: web::Form<Passwords>,
) -> Result<HttpResponse, Problem> {
    let refused = match change_password(&app, &by, &given.current, &given.password).await {
        Ok(()) => return Ok(see_other("/me?notice=saved")),
        Err(problem) => problem,
    };
    let fault = match refused.code {
        "sign-in-refused" => Fault::at("current", "password-wrong"),
        code @ ("password-short" | "password-same" | "password-unfit") => Fault::at("password", code),
        _ => return Err(refused),
    };
    show(&app, &by, &request, StatusCode::UNPROCESSABLE_ENTITY, vec![fault], None).await
}

#[derive(Serialize)]
struct Statement {
    shell: Shell,
}

/// `GET /accessibility`, for everybody.
///
/// # Errors
/// 503.
pub async fn accessibility(app: Desk, Anybody(who): Anybody, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let shell = match &who {
        Some(who) => shell(&app, &request, who).await?,
        None => bare_shell(&request, None),
    };
    page(
        &app,
        locale(&request),
        StatusCode::OK,
        "pages/accessibility",
        &Statement { shell },
    )
}

#[cfg(test)]
mod tests {
    use super::with_digits;
    use crate::view::LocaleKey;
    use crate::view::model::me::Kept;

    #[test]
    fn digits_change_arabic_and_nothing_else() {
        let mut kept = Kept::default();
        assert!(kept.set("digits", "arab"));
        assert_eq!(with_digits(LocaleKey::Ar, &kept), LocaleKey::ArArab);
        assert_eq!(with_digits(LocaleKey::Sv, &kept), LocaleKey::Sv);
        assert!(kept.set("digits", "latn"));
        assert_eq!(with_digits(LocaleKey::ArArab, &kept), LocaleKey::Ar);
    }
}
