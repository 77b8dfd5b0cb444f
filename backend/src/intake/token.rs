//! Tokens that run out are renewed before they do; where they cannot be, somebody is asked to sign in.

use chrono::TimeDelta;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::read_ones;
use super::row::change;
use crate::account;
use crate::app::App;
use crate::change::{Actor, Change, Failure, Step};
use crate::clock;
use crate::connector::reading::{Renewed, Untold};
use crate::connector::registry::Connected;
use crate::domain::event::EventKind;
use crate::domain::platform::ConnectorState;
use crate::store::Error;
use crate::store::entity::connector;

/// A token is renewed this long before it runs out.
const BEFORE_MS: i64 = 5 * 60_000;

/// Renews tokens that run out soon, or have.
///
/// # Errors
/// Any [`Error`].
pub async fn renew_soon(app: &App) -> Result<(), Error> {
    let soon = clock::ms(app.clock.now()) + BEFORE_MS;
    for read in read_ones(app) {
        let name = &*read.connected.name;
        let expires = connector::Entity::find_by_id(name)
            .one(app.db.reader())
            .await?
            .and_then(|row| row.token_expires_at);
        if read.connected.state == ConnectorState::Ok && expires.is_some_and(|at| at <= soon) {
            let why = Untold::new("token-expired", "the token runs out");
            renew_or_ask(app, &read.connected, &why).await?;
        }
    }
    Ok(())
}

/// Renews a token that the platform does not accept; where it cannot be renewed, the connector waits for a person.
///
/// # Errors
/// Any [`Error`].
pub async fn renew_or_ask(app: &App, connected: &Connected, why: &Untold) -> Result<(), Error> {
    let reader = connected.protocol.and_then(|protocol| protocol.reader());
    let renewed = match reader.and_then(|reader| reader.renew(&connected.account)) {
        Some(renewal) => renewal.await,
        None => Err(why.clone()),
    };
    let outcome = match renewed {
        Ok(renewed) => Outcome::Renewed(sealed(app, &connected.name, renewed)?),
        Err(untold) if untold.code == "token-expired" => Outcome::Void(untold.message),
        // Tried again when an errand next finds the token void.
        Err(untold) => {
            tracing::warn!(connector = %connected.name, code = untold.code, "the token could not be renewed");
            return Ok(());
        }
    };
    let step = Write {
        connector: connected.name.to_string(),
        outcome,
    };
    change(app, step).await?;
    app.load_connectors().await
}

/// The tokens as they are kept.
fn sealed(app: &App, name: &str, token: Renewed) -> Result<Renewed, Error> {
    let close = |text: &str, column| app.seal.close(text, &account::place(name, column));
    Ok(Renewed {
        access_token: close(&token.access_token, connector::Column::AccessToken)?,
        refresh_token: match &token.refresh_token {
            Some(next) => Some(close(next, connector::Column::RefreshToken)?),
            None => None,
        },
        lasts: token.lasts,
    })
}

enum Outcome {
    Renewed(Renewed),
    Void(String),
}

struct Write {
    connector: String,
    outcome: Outcome,
}

impl Step for Write {
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Self::Refusal>> {
        let update = connector::Entity::update_many().filter(connector::Column::Name.eq(&self.connector));
        let (update, state) = match &self.outcome {
            Outcome::Renewed(token) => {
                let lasts = token.lasts.and_then(|lasts| TimeDelta::from_std(lasts).ok());
                let expires = lasts.map(|lasts| clock::ms(change.now() + lasts));
                let update = update
                    .col_expr(connector::Column::AccessToken, Expr::value(token.access_token.as_str()))
                    .col_expr(connector::Column::TokenExpiresAt, Expr::value(expires))
                    .col_expr(connector::Column::LastError, Expr::value(None::<String>));
                let update = match &token.refresh_token {
                    Some(next) => update.col_expr(connector::Column::RefreshToken, Expr::value(next.as_str())),
                    None => update,
                };
                (update, ConnectorState::Ok)
            }
            Outcome::Void(message) => (
                update.col_expr(connector::Column::LastError, Expr::value(message.as_str())),
                ConnectorState::SignInNeeded,
            ),
        };
        change
            .execute(&update.col_expr(connector::Column::State, Expr::value(state)))
            .await?;
        let what = match self.outcome {
            Outcome::Renewed(_) => "token-renewed",
            Outcome::Void(_) => "sign-in-needed",
        };
        let data = json!({ "connector": self.connector, "state": state, "what": what });
        change.note(EventKind::Connector, None, Actor::Desk, data);
        Ok(())
    }
}
