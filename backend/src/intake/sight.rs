//! Whether the desk sees what happens on a platform. Blind is said as soon as two readings are missed, with since when and why.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::row::change;
use super::{CHECK, Read, read_ones, told};
use crate::app::App;
use crate::change::{Actor, Change, Failure, Step};
use crate::clock;
use crate::domain::event::EventKind;
use crate::domain::platform::ConnectorState;
use crate::store::Error;
use crate::store::entity::{connector, errand};

/// Readings that may be missed.
const MISSED: i64 = 2;

/// Looks at every connector that is read, and tells of each that went blind or sees again.
///
/// # Errors
/// Any [`Error`].
pub async fn look(app: &App) -> Result<(), Error> {
    for read in read_ones(app) {
        let blind = match read.connected.is_told() {
            true => deaf_since(app, &read).await?,
            false => blind_since(app, &read).await?,
        };
        if blind.as_ref().map(|blind| blind.0) != read.connected.blind_since {
            let (since, why) = blind.unzip();
            // Still blind, only longer than was thought.
            if since.is_some() && read.connected.blind_since.is_some() {
                continue;
            }
            let step = Tell {
                connector: read.connected.name.to_string(),
                since,
                why: why.flatten(),
            };
            change(app, step).await?;
            app.load_connectors().await?;
        }
    }
    Ok(())
}

/// Since when nothing was read that should have been, and why.
async fn blind_since(app: &App, read: &Read) -> Result<Option<(i64, Option<String>)>, Error> {
    let now = clock::ms(app.clock.now());
    let live: Vec<String> = read
        .errands()
        .into_iter()
        .filter(|errand| errand.is_live)
        .map(|errand| errand.key)
        .collect();
    let rows = errand::Entity::find()
        .filter(errand::Column::Connector.eq(&*read.connected.name))
        .filter(errand::Column::Key.is_in(live))
        .all(app.db.reader())
        .await?;
    let gone = |row: &errand::Model| {
        row.last_error
            .as_deref()
            .is_some_and(|error| error.starts_with("gone:"))
    };
    Ok(rows
        .into_iter()
        // A video that is closed is no channel that is dead.
        .filter(|row| !gone(row))
        .map(|row| (row.last_ok_at.unwrap_or(row.created_at), row))
        .filter(|(seen, row)| {
            let state = read.connected.state;
            let waits = now - seen > MISSED * row.every_ms;
            waits || (state != ConnectorState::Ok && state != ConnectorState::Paused)
        })
        .min_by_key(|(seen, _)| *seen)
        .map(|(seen, row)| (seen, row.last_error)))
}

/// Since when a platform that delivers was neither heard nor read, or delivered nothing though reading finds what it should
/// have.
async fn deaf_since(app: &App, read: &Read) -> Result<Option<(i64, Option<String>)>, Error> {
    let row = connector::Entity::find_by_id(&*read.connected.name)
        .one(app.db.reader())
        .await?;
    let Some(mut row) = row else { return Ok(None) };
    told::keep(app, &mut row).await?;
    if let Some(last) = last_read(app, read).await? {
        let seen = last
            .last_ok_at
            .unwrap_or(last.created_at)
            .max(row.last_event_at.unwrap_or(0));
        let now = clock::ms(app.clock.now());
        // Where somebody must sign in, that is told already, and deliveries come in all the same.
        if now - seen > MISSED * last.every_ms && read.connected.state == ConnectorState::Ok {
            return Ok(Some((seen, last.last_error)));
        }
    }
    let silent = told::silent_since(app, &row).await?;
    let why = |count| format!("deliveries-stopped: {count} comments were found that no delivery told of");
    Ok(silent.map(|(since, count)| (since, Some(why(count)))))
}

/// Of what is read of a platform that delivers, what was read last: as long as anything is, the platform answers.
async fn last_read(app: &App, read: &Read) -> Result<Option<errand::Model>, Error> {
    let keys = read.errands().into_iter().filter(|errand| errand.key != CHECK);
    let rows = errand::Entity::find()
        .filter(errand::Column::Connector.eq(&*read.connected.name))
        .filter(errand::Column::Key.is_in(keys.map(|errand| errand.key)))
        .all(app.db.reader())
        .await?;
    Ok(rows
        .into_iter()
        .max_by_key(|row| row.last_ok_at.unwrap_or(row.created_at)))
}

struct Tell {
    connector: String,
    since: Option<i64>,
    why: Option<String>,
}

impl Step for Tell {
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Self::Refusal>> {
        let update = connector::Entity::update_many()
            .col_expr(connector::Column::BlindSince, Expr::value(self.since))
            .filter(connector::Column::Name.eq(&self.connector));
        let update = match &self.why {
            Some(why) => update.col_expr(connector::Column::LastError, Expr::value(why.as_str())),
            None => update,
        };
        change.execute(&update).await?;
        let what = if self.since.is_some() { "blind" } else { "sees-again" };
        let data = json!({ "connector": self.connector, "what": what, "since": self.since, "why": self.why });
        change.note(EventKind::Connector, None, Actor::Desk, data);
        Ok(())
    }
}
