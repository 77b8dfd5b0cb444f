//! The rows of errands: put down, taken by one, finished.

use std::sync::Arc;

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::CHECK;
use super::budget::Spend;
use crate::app::App;
use crate::change::{Change, Failure, Step};
use crate::store::Error;
use crate::store::entity::errand::{Column, Entity, Model};

/// Runs a step that nothing refuses.
pub(super) async fn change<S: Step<Refusal = std::convert::Infallible>>(app: &App, step: S) -> Result<S::Out, Error> {
    match app.writer.change(step).await {
        Ok(out) => Ok(out),
        Err(Failure::Store(error)) => Err(error),
        Err(Failure::Refused(never)) => match never {},
    }
}

/// An errand nobody has done yet.
fn fresh(connector: &str, key: &str, now: i64) -> Model {
    Model {
        connector: connector.to_owned(),
        key: key.to_owned(),
        cursor: None,
        due_at: now,
        every_ms: 0,
        activity: 0,
        last_ok_at: None,
        failures: 0,
        last_error: None,
        created_at: now,
    }
}

fn key() -> OnConflict {
    OnConflict::columns([Column::Connector, Column::Key])
}

/// Puts down errands to begin, and takes away those that are no more.
pub(super) struct Plan {
    pub(super) connector: Arc<str>,
    pub(super) new: Vec<(String, i64)>,
    pub(super) gone: Vec<String>,
}

impl Step for Plan {
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Self::Refusal>> {
        let now = change.now_ms();
        for (name, every_ms) in &self.new {
            let row = Model {
                // There is nothing to look after yet.
                due_at: if name == CHECK { now + every_ms } else { now },
                every_ms: *every_ms,
                ..fresh(&self.connector, name, now)
            };
            // Another instance may have put it down meanwhile.
            change.later(&Entity::insert(row.into_active_model()).on_conflict(key().do_nothing().to_owned()));
        }
        if !self.gone.is_empty() {
            change.later(
                &Entity::delete_many()
                    .filter(Column::Connector.eq(&*self.connector))
                    .filter(Column::Key.is_in(&self.gone)),
            );
        }
        Ok(())
    }
}

/// Takes a due errand for a while, if nobody else has.
pub(super) struct Take {
    pub(super) row: Model,
    /// Until when, in milliseconds.
    pub(super) until: i64,
}

impl Step for Take {
    type Out = bool;
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<bool, Failure<Self::Refusal>> {
        let take = Entity::update_many()
            .col_expr(Column::DueAt, Expr::value(self.until))
            .filter(Column::Connector.eq(&self.row.connector))
            .filter(Column::Key.eq(&self.row.key))
            .filter(Column::DueAt.eq(self.row.due_at));
        Ok(change.execute(&take).await? == 1)
    }
}

/// Writes down that an errand goes on well, if it still belongs to who took it.
pub(super) struct GoesOn {
    pub(super) row: Model,
    /// Until when it belonged to them, in milliseconds.
    pub(super) was_due_at: i64,
}

impl Step for GoesOn {
    type Out = bool;
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<bool, Failure<Self::Refusal>> {
        let row = &self.row;
        let update = Entity::update_many()
            .col_expr(Column::Cursor, Expr::value(row.cursor.clone()))
            .col_expr(Column::DueAt, Expr::value(row.due_at))
            .col_expr(Column::LastOkAt, Expr::value(row.last_ok_at))
            .col_expr(Column::Failures, Expr::value(row.failures))
            .col_expr(Column::LastError, Expr::value(row.last_error.clone()))
            .filter(Column::Connector.eq(&row.connector))
            .filter(Column::Key.eq(&row.key))
            .filter(Column::DueAt.eq(self.was_due_at));
        Ok(change.execute(&update).await? == 1)
    }
}

/// Writes down how an errand went and when it comes again, what it cost, and the versions of what was read deeper.
pub(super) struct Finish {
    pub(super) row: Model,
    pub(super) spend: Option<Spend>,
    pub(super) deeper: Vec<(String, String)>,
}

impl Step for Finish {
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Self::Refusal>> {
        let row = &self.row;
        change.later(
            &Entity::update_many()
                .col_expr(Column::Cursor, Expr::value(row.cursor.clone()))
                .col_expr(Column::DueAt, Expr::value(row.due_at))
                .col_expr(Column::EveryMs, Expr::value(row.every_ms))
                .col_expr(Column::Activity, Expr::value(row.activity))
                .col_expr(Column::LastOkAt, Expr::value(row.last_ok_at))
                .col_expr(Column::Failures, Expr::value(row.failures))
                .col_expr(Column::LastError, Expr::value(row.last_error.clone()))
                .filter(Column::Connector.eq(&row.connector))
                .filter(Column::Key.eq(&row.key)),
        );
        for (name, version) in &self.deeper {
            let read = Model {
                cursor: Some(version.clone()),
                // Read again only when a page tells that there is more.
                due_at: i64::MAX,
                last_ok_at: Some(change.now_ms()),
                ..fresh(&row.connector, name, change.now_ms())
            };
            let again = key().update_columns([Column::Cursor, Column::LastOkAt]).to_owned();
            change.later(&Entity::insert(read.into_active_model()).on_conflict(again));
        }
        if let Some(spend) = &self.spend {
            spend.write(change);
        }
        Ok(())
    }
}
