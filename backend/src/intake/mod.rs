//! 0. Asking: platforms that tell nothing by themselves are read page by page, by errands that fall due.
//!
//! What a page shows is compared with what the desk knows ([`compare`]), and only the difference goes the way of every
//! delivery. A page is read again until it is in the database, so nothing is lost when the desk stops in between.

pub mod budget;
mod check;
mod compare;
mod errand;
pub mod listen;
mod row;
pub mod sight;
mod ties;
pub mod token;
pub mod told;
pub mod truth;

#[cfg(test)]
mod bad_answers;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use tokio::task::JoinHandle;

use crate::app::App;
use crate::clock;
use crate::connector::reading::{Errand, Reader};
use crate::connector::registry::Connected;
use crate::domain::platform::ConnectorState;
use crate::store::Error;
use crate::store::entity::errand as table;

/// Errands that one pass takes up.
const MOST: u64 = 200;
/// How long an errand belongs to who took it.
const LEASE_MS: i64 = 180_000;
/// Comments are looked after as long as this.
const CHECKED_DAYS: i64 = 7;
/// The errand by which known comments are looked after.
const CHECK: &str = "check";
/// One round of looking after takes a day.
const CHECK_EVERY: Duration = Duration::from_secs(86_400);

/// A connector that is read, with how.
struct Read {
    connected: Arc<Connected>,
    reader: &'static dyn Reader,
}

impl Read {
    fn of(connected: Arc<Connected>) -> Option<Self> {
        let reader = connected.protocol?.reader()?;
        Some(Self { connected, reader })
    }

    fn errands(&self) -> Vec<Errand> {
        let check = Errand {
            key: CHECK.to_owned(),
            every: CHECK_EVERY,
            cost: 1,
            is_live: false,
            back: None,
        };
        let mut errands = self.reader.errands(&self.connected.account);
        if self.reader.checked_at_once() > 0 && !errands.is_empty() {
            errands.push(check);
        }
        errands.extend(listen::errand(&self.connected));
        errands
    }
}

fn read_ones(app: &App) -> impl Iterator<Item = Read> {
    app.connectors.list().into_iter().filter_map(Read::of)
}

/// Puts down errands that connectors have and nobody knows yet; due at once.
///
/// # Errors
/// Any [`Error`].
pub async fn plan(app: &App) -> Result<(), Error> {
    for read in read_ones(app) {
        let known: Vec<String> = table::Entity::find()
            .select_only()
            .column(table::Column::Key)
            .filter(table::Column::Connector.eq(&*read.connected.name))
            .filter(table::Column::DueAt.lt(i64::MAX))
            .into_tuple()
            .all(app.db.reader())
            .await?;
        let errands = read.errands();
        let new = errands.iter().filter(|errand| !known.contains(&errand.key));
        let gone = known
            .iter()
            .filter(|key| !errands.iter().any(|errand| errand.key == **key));
        let step = row::Plan {
            connector: Arc::clone(&read.connected.name),
            new: new
                .map(|errand| {
                    (
                        errand.key.clone(),
                        i64::try_from(errand.every.as_millis()).unwrap_or(i64::MAX),
                    )
                })
                .collect(),
            gone: gone.cloned().collect(),
        };
        if !step.new.is_empty() || !step.gone.is_empty() {
            row::change(app, step).await?;
        }
    }
    Ok(())
}

/// Does every errand that is due and waits until they are done.
///
/// # Errors
/// As [`dispatch`].
pub async fn work(app: &Arc<App>) -> Result<(), Error> {
    for task in dispatch(app).await? {
        // Errs when the task panicked; its errands come again when their lease is over.
        let _ = task.await;
    }
    Ok(())
}

/// Begins every errand that is due, connectors beside each other, each its errands one after the other.
///
/// # Errors
/// Any [`Error`] of finding out what is due. What fails for one errand stands in its row and comes again.
pub async fn dispatch(app: &Arc<App>) -> Result<Vec<JoinHandle<()>>, Error> {
    let now = clock::ms(app.clock.now());
    let due = table::Entity::find()
        .filter(table::Column::DueAt.lte(now))
        .filter(table::Column::Key.ne(listen::LISTEN))
        .order_by_asc(table::Column::DueAt)
        .limit(MOST)
        .all(app.db.reader())
        .await?;
    let mut by_connector: HashMap<String, Vec<table::Model>> = HashMap::new();
    for row in due {
        by_connector.entry(row.connector.clone()).or_default().push(row);
    }
    Ok(by_connector
        .into_iter()
        .filter_map(|(name, rows)| Some((Read::of(app.connectors.find(&name)?)?, rows)))
        .filter(|(read, _)| read.connected.state == ConnectorState::Ok)
        .map(|(read, rows)| {
            let app_ = Arc::clone(app);
            app.tasks.spawn(async move {
                for row in rows {
                    if app_.stop.is_cancelled() {
                        return;
                    }
                    let key = row.key.clone();
                    if let Err(error) = errand::run(&app_, &read, row).await {
                        tracing::warn!(%error, connector = %read.connected.name, key, "an errand is not finished; it comes again");
                    }
                }
            })
        })
        .collect())
}
