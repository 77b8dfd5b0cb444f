//! 6. The outbox: decisions on their way to a platform, at most once in effect.
//!
//! Nothing goes out before its row is committed as `sending`, and nothing that may be out there goes out again before
//! somebody looked. Decides nothing: what is said was decided, and is undone, elsewhere.

mod comment;
pub mod enqueue;
mod order;
pub mod person;
mod readback;
pub mod retry;
mod send;
mod settle;
pub mod waiting;

#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::clock;
use crate::connector::Action;
use crate::connector::registry::Connected;
use crate::domain::decision::{DecisionKind, OutboxState};
use crate::domain::platform::ConnectorState;
use crate::store::Error;
use crate::store::entity::outbox;

/// Most rows looked at in one pass.
const MOST: u64 = 500;
/// How long a call under way may still take once the desk is told to stop.
const LAST_CALLS: Duration = Duration::from_secs(5);

/// What one pass did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Worked {
    /// Actions handed to a platform.
    pub sent: usize,
    /// Actions looked for on a platform.
    pub read: usize,
    /// Actions refused before anything went out, or given to a person.
    pub other: usize,
}

/// Carries out what is due and waits until it is settled.
///
/// # Errors
/// Any [`Error`] of finding out what is due. What fails for one row is logged and comes again.
pub async fn work(app: &Arc<App>) -> Result<Worked, Error> {
    let mut worked = Worked::default();
    for lane in dispatch(app).await? {
        // Errs when the task panicked; its rows are then `sending` and read back later.
        if let Ok(lane) = lane.await {
            worked.sent += lane.sent;
            worked.read += lane.read;
            worked.other += lane.other;
        }
    }
    Ok(worked)
}

/// Starts what is due, a few calls at once per connector; connectors do not wait for each other.
///
/// # Errors
/// Any [`Error`] of finding out what is due.
pub async fn dispatch(app: &Arc<App>) -> Result<Vec<JoinHandle<Worked>>, Error> {
    let due = due(app).await?;
    let mut by_connector: HashMap<String, VecDeque<outbox::Model>> = HashMap::new();
    for row in due {
        by_connector.entry(row.connector.clone()).or_default().push_back(row);
    }
    let mut started = Vec::new();
    for (name, rows) in by_connector {
        let name: Arc<str> = name.into();
        let gate = app.connectors.gate(&name);
        let calls = rows.len();
        let rows = Arc::new(Mutex::new(rows));
        for _ in 0..calls {
            let Ok(permit) = Arc::clone(&gate).try_acquire_owned() else {
                break;
            };
            let (app_, name, rows) = (Arc::clone(app), Arc::clone(&name), Arc::clone(&rows));
            started.push(
                app.tasks
                    .spawn(async move { carry_out(&app_, &name, &rows, permit).await }),
            );
        }
    }
    Ok(started)
}

/// The actions that are not finished. Literal states: bound values would hide the partial index `outbox_due` from SQLite's
/// planner.
fn under_way() -> Expr {
    Expr::cust("\"outbox\".\"state\" IN ('pending', 'sending', 'unknown')")
}

/// What is due, in order, without what waits for something older.
async fn due(app: &App) -> Result<Vec<outbox::Model>, Error> {
    let waiting: Vec<String> = app
        .connectors
        .list()
        .iter()
        // Where only deliveries stopped, the platform itself can be reached.
        .filter(|connector| {
            connector.state != ConnectorState::Ok || (connector.blind_since.is_some() && !connector.is_told())
        })
        .map(|connector| connector.name.to_string())
        .collect();
    let mut due = outbox::Entity::find()
        .filter(under_way())
        .filter(outbox::Column::DueAt.lte(clock::ms(app.clock.now())));
    if !waiting.is_empty() {
        due = due.filter(outbox::Column::Connector.is_not_in(waiting));
    }
    let due = due
        .order_by_asc(outbox::Column::DueAt)
        .order_by_asc(outbox::Column::Id)
        .limit(MOST)
        .all(app.db.reader())
        .await?;
    order::first_in_line(app, due).await
}

/// One of the calls a connector may have under way: takes row after row.
async fn carry_out(
    app: &App,
    connector: &str,
    rows: &Mutex<VecDeque<outbox::Model>>,
    _permit: OwnedSemaphorePermit,
) -> Worked {
    let mut worked = Worked::default();
    while !app.stop.is_cancelled() {
        let next = rows.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let Some(row) = next else { break };
        let id = row.id;
        if let Err(error) = carry_out_one(app, connector, row, &mut worked).await {
            tracing::warn!(%error, outbox = %id, "an action is not settled; it comes again");
        }
    }
    worked
}

async fn carry_out_one(app: &App, connector: &str, row: outbox::Model, worked: &mut Worked) -> Result<(), Error> {
    let connected = app.connectors.find(connector);
    let Ok(action) = serde_json::from_str::<Action>(&row.action) else {
        worked.other += 1;
        return settle::broken(app, row).await;
    };
    let Some((connected, protocol)) = connected.and_then(|known| known.protocol.map(|protocol| (known, protocol)))
    else {
        worked.other += 1;
        return settle::by_hand(app, row).await;
    };
    // Another call may have found out meanwhile that nothing gets through.
    if connected.state != ConnectorState::Ok {
        return Ok(());
    }
    let way = Way {
        app,
        connected: &connected,
        protocol,
        action: &action,
    };
    match row.state {
        OutboxState::Pending => send::send(&way, row, worked).await,
        OutboxState::Sending | OutboxState::Unknown => readback::read_back(&way, row, worked).await,
        OutboxState::Asked | OutboxState::Delivered | OutboxState::Failed | OutboxState::Undone => Ok(()),
    }
}

/// What one action needs on its way.
struct Way<'a> {
    app: &'a App,
    connected: &'a Connected,
    protocol: &'static dyn crate::connector::Connector,
    action: &'a Action,
}

impl Way<'_> {
    fn now_ms(&self) -> i64 {
        clock::ms(self.app.clock.now())
    }

    fn answer_within(&self) -> Duration {
        Duration::from_secs(self.app.config.outbox.answer_within_s.into())
    }

    /// From when a row that is still `sending` belongs to nobody any more.
    fn abandoned_ms(&self) -> i64 {
        retry::ms(self.answer_within() * 2)
    }

    /// Waits for a call as long as an answer may take, and not for ever once the desk stops.
    async fn bounded<T>(&self, call: impl Future<Output = T>) -> Option<T> {
        let stopped = async {
            self.app.stop.cancelled().await;
            tokio::time::sleep(LAST_CALLS).await;
        };
        tokio::select! {
            answer = tokio::time::timeout(self.answer_within(), call) => answer.ok(),
            () = stopped => None,
        }
    }
}

/// The decision an action carries out.
#[must_use]
pub const fn kind_of(action: &Action) -> DecisionKind {
    match action {
        Action::Reply { .. } => DecisionKind::Reply,
        Action::Hide { .. } => DecisionKind::Hide,
        Action::Unhide { .. } => DecisionKind::Unhide,
        Action::Delete { .. } => DecisionKind::Delete,
        Action::Like { .. } => DecisionKind::Like,
        Action::PrivateReply { .. } => DecisionKind::PrivateReply,
    }
}
