//! Connectors: what the desk is connected as. Secrets go in by these routes and come out by none.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::account::{self, AccountRefused, SaveAccount};
use crate::domain::platform::{ConnectorState, Platform};
use crate::http::extract::{By, Desk, right};
use crate::http::idempotency::{Answer, once};
use crate::http::problem::Problem;
use crate::lane::item::rfc3339;
use crate::store::entity::connector;

/// Longest value of a field, in bytes: platforms' tokens have some hundred.
const LONGEST: usize = 4_096;

/// `GET /api/v1/connectors`.
///
/// # Errors
/// 401, 403.
pub async fn list(app: Desk, _by: By<right::ReadConnectors>) -> Result<HttpResponse, Problem> {
    let connectors: Vec<Value> = account::list(&app).await?.iter().map(view).collect();
    Ok(HttpResponse::Ok().json(json!({ "connectors": connectors })))
}

/// A connector as the API shows it: of a secret only whether there is one.
fn view(row: &connector::Model) -> Value {
    json!({
        "name": row.name,
        "platform": row.platform,
        "account": row.account,
        "api_url": row.api_url,
        "state": row.state,
        "has_app_secret": !row.app_secret.is_empty(),
        "has_verify_token": !row.verify_token.is_empty(),
        "has_access_token": !row.access_token.is_empty(),
        "has_refresh_token": !row.refresh_token.is_empty(),
        "settings": serde_json::from_str::<Value>(&row.settings).unwrap_or_default(),
        "blind_since": row.blind_since.map(rfc3339),
        "last_event_at": row.last_event_at.map(rfc3339),
        "last_error": row.last_error,
        "created_at": rfc3339(row.created_at),
        "hook": format!("/hooks/{}", row.name),
    })
}

/// A connector to add or change.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Save {
    name: String,
    platform: Platform,
    #[serde(default)]
    account: Option<String>,
    #[serde(default)]
    api_url: Option<String>,
    #[serde(default)]
    app_secret: Option<String>,
    #[serde(default)]
    verify_token: Option<String>,
    #[serde(default)]
    access_token: Option<String>,
    #[serde(default)]
    refresh_token: Option<String>,
    #[serde(default)]
    settings: Option<serde_json::Map<String, Value>>,
    #[serde(default)]
    state: Option<ConnectorState>,
}

/// `POST /api/v1/connectors`: adds one, or changes the one of this name. What is left out stays.
///
/// # Errors
/// 400, 409 `conflict` when the name stands for another platform.
pub async fn save(
    app: Desk,
    by: By<right::WriteConnectors>,
    request: HttpRequest,
    save: web::Json<Save>,
) -> Result<HttpResponse, Problem> {
    let step = checked(save.into_inner(), by.actor())?;
    let answer = |row: &connector::Model| Answer::ok(view(row));
    let response = once(&app, &by, &request, step, answer)
        .await
        .map_err(|failed| failed.problem(refused))?;
    app.load_connectors().await?;
    Ok(response)
}

fn checked(save: Save, by: crate::change::Actor) -> Result<SaveAccount, Problem> {
    let fits = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-';
    if save.name.is_empty() || save.name.len() > 40 || !save.name.chars().all(fits) {
        return Err(Problem::bad_input(
            "'name' must have 1 to 40 of the characters a-z, 0-9 and '-'; it is part of an address.",
        ));
    }
    for (name, value) in [
        ("account", &save.account),
        ("api_url", &save.api_url),
        ("app_secret", &save.app_secret),
        ("verify_token", &save.verify_token),
        ("access_token", &save.access_token),
        ("refresh_token", &save.refresh_token),
    ] {
        let unfit = |value: &String| value.len() > LONGEST || value.chars().any(char::is_control);
        if value.as_ref().is_some_and(unfit) {
            return Err(Problem::bad_input(format!(
                "'{name}' is longer than {LONGEST} bytes or holds control characters."
            )));
        }
    }
    let api_url = match save.api_url.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(url) => match url.parse::<actix_web::http::Uri>() {
            Ok(uri) if matches!(uri.scheme_str(), Some("https" | "http")) && uri.host().is_some() => {
                Some(url.trim_end_matches('/').to_owned())
            }
            _ => {
                return Err(Problem::bad_input(
                    "'api_url' must begin with https:// and name a host.",
                ));
            }
        },
    };
    Ok(SaveAccount {
        name: save.name,
        platform: save.platform,
        account: save.account,
        api_url,
        app_secret: save.app_secret,
        verify_token: save.verify_token,
        access_token: save.access_token,
        refresh_token: save.refresh_token,
        settings: save.settings.map(|settings| Value::Object(settings).to_string()),
        state: save.state,
        by,
    })
}

fn refused(refused: AccountRefused) -> Problem {
    match refused {
        AccountRefused::OtherPlatform(platform) => Problem::new(
            StatusCode::CONFLICT,
            "conflict",
            format!("This name stands for an account on {platform}. Choose another name."),
        )
        .with("platform", platform.as_str()),
        AccountRefused::Missing(field) => {
            Problem::bad_input(format!("A new account on this platform needs '{field}'.")).with("field", field)
        }
    }
}
