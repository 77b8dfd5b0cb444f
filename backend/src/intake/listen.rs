//! Listening: platforms that tell over a socket have somebody on the line, one instance at a time.
//!
//! Being on the line is an errand that lasts: taken with a lease that is prolonged while the line lives, and begun again
//! after a pause when it breaks. What is heard goes the way of every delivery. What is told meanwhile is found by reading.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::errand::{Reading, after};
use super::row::{Finish, GoesOn, Take, change};
use super::{Read, token};
use crate::app::App;
use crate::clock;
use crate::connector::reading::{Errand, Untold};
use crate::connector::registry::Connected;
use crate::connector::socket::Line;
use crate::connector::streaming::{Heard, Listener, Subscription};
use crate::connector::{Happened, Inbound, ParseError};
use crate::delivery::take_apart::{keep_page, keep_unreadable};
use crate::domain::platform::ConnectorState;
use crate::store::Error;
use crate::store::entity::{comment, errand as table};

/// The errand of being on the line.
pub const LISTEN: &str = "listen";
/// How long the line belongs to who took it; after a crash nobody listens for as long.
const LEASE_MS: i64 = 45_000;
/// How often it is written down that the line lives.
const MARK_EVERY: Duration = Duration::from_secs(15);
/// Shortest pause before a broken line is opened again.
const PAUSE: Duration = Duration::from_secs(2);

fn listener(connected: &Connected) -> Option<&'static dyn Listener> {
    connected.protocol?.listener()
}

/// The errand of an account that is listened to.
pub(super) fn errand(connected: &Connected) -> Option<Errand> {
    listener(connected)?.subscription(&connected.account, None)?;
    Some(Errand {
        key: LISTEN.to_owned(),
        every: PAUSE,
        cost: 0,
        // Reading goes on beside it, only later.
        is_live: false,
        back: None,
    })
}

/// Gets on every line that nobody is on. The tasks end when their line breaks or the desk stops.
///
/// # Errors
/// Any [`Error`] of finding out which.
pub async fn dispatch(app: &Arc<App>) -> Result<Vec<JoinHandle<()>>, Error> {
    let due = table::Entity::find()
        .filter(table::Column::Key.eq(LISTEN))
        .filter(table::Column::DueAt.lte(clock::ms(app.clock.now())))
        .all(app.db.reader())
        .await?;
    let free = due.into_iter().filter_map(|row| {
        let read = Read::of(app.connectors.find(&row.connector)?)?;
        let listener = listener(&read.connected)?;
        (read.connected.state == ConnectorState::Ok).then_some((read, listener, row))
    });
    Ok(free
        .map(|(read, listener, row)| {
            let app_ = Arc::clone(app);
            app.tasks.spawn(async move {
                let name = Arc::clone(&read.connected.name);
                if let Err(error) = run(&app_, &read, listener, row).await {
                    tracing::warn!(%error, connector = %name, "listening broke off; it begins again");
                }
            })
        })
        .collect())
}

/// Is on the line until it breaks, if nobody else is.
async fn run(app: &App, read: &Read, listener: &dyn Listener, row: table::Model) -> Result<(), Error> {
    let Some(subscription) = listener.subscription(&read.connected.account, row.cursor.as_deref()) else {
        return Ok(());
    };
    let until = clock::ms(app.clock.now()) + LEASE_MS;
    let take = Take {
        row: row.clone(),
        until,
    };
    if !change(app, take).await? {
        return Ok(());
    }
    let mut on = OnTheLine {
        app,
        read,
        listener,
        row: table::Model { due_at: until, ..row },
    };
    let untold = match on.listen(&subscription).await? {
        Ended::Elsewhere => return Ok(()),
        Ended::Stopped => None,
        Ended::Broken(untold) => Some(untold),
    };
    if let Some(untold) = &untold
        && untold.code == "token-expired"
    {
        token::renew_or_ask(app, &read.connected, untold).await?;
    }
    let row = after(app, read, on.row, &Reading::default(), untold, app.clock.now()).await?;
    let (spend, deeper) = (None, Vec::new());
    change(app, Finish { row, spend, deeper }).await
}

/// What happened, without what is told of everybody: changes of comments that the desk never had. Should one be told of
/// before the comment itself, reading puts it right.
async fn of_concern(app: &App, connected: &Connected, events: Vec<Inbound>) -> Result<Vec<Inbound>, Error> {
    let mut kept = Vec::with_capacity(events.len());
    for event in events {
        let which = match &event {
            Inbound::Comment(event) if event.what != Happened::Added => {
                comment::Column::ExternalId.eq(&event.external_id)
            }
            Inbound::AuthorRemoved { author, .. } => comment::Column::AuthorId.eq(author),
            Inbound::Comment(_) | Inbound::PostRemoved { .. } => {
                kept.push(event);
                continue;
            }
        };
        let known = comment::Entity::find()
            .filter(comment::Column::Connector.eq(&*connected.name))
            .filter(which)
            .limit(1)
            .one(app.db.reader())
            .await?;
        if known.is_some() {
            kept.push(event);
        }
    }
    Ok(kept)
}

/// Why listening ended.
enum Ended {
    /// The desk stops.
    Stopped,
    /// The lease was lost to another instance.
    Elsewhere,
    /// There is no line, or no more.
    Broken(Untold),
}

struct OnTheLine<'a> {
    app: &'a App,
    read: &'a Read,
    listener: &'a dyn Listener,
    row: table::Model,
}

impl OnTheLine<'_> {
    async fn listen(&mut self, subscription: &Subscription) -> Result<Ended, Error> {
        let app = self.app;
        let mut line = match Line::open(subscription).await {
            Ok(line) => line,
            Err(untold) => return Ok(Ended::Broken(untold)),
        };
        loop {
            if !self.mark().await? {
                return Ok(Ended::Elsewhere);
            }
            let until = Instant::now() + MARK_EVERY;
            loop {
                let heard = tokio::select! {
                    () = app.stop.cancelled() => {
                        line.close().await;
                        return Ok(Ended::Stopped);
                    }
                    heard = line.next(until) => heard,
                };
                match heard {
                    Ok(Some(message)) => self.take_in(message).await?,
                    Ok(None) => break,
                    Err(untold) => return Ok(Ended::Broken(untold)),
                }
                // A line that never falls silent is marked as well.
                if Instant::now() >= until {
                    break;
                }
            }
        }
    }

    async fn take_in(&mut self, message: String) -> Result<(), Error> {
        let (app, connected) = (self.app, &self.read.connected);
        match self.listener.hear(&connected.account, &message, app.clock.now()) {
            Ok(heard) => {
                let Heard {
                    events,
                    ignored,
                    cursor,
                } = heard;
                let events = of_concern(app, connected, events).await?;
                if !events.is_empty() {
                    keep_page(app, connected, Bytes::from(message), events, ignored).await?;
                } else if ignored > 0 {
                    keep_unreadable(
                        app,
                        connected,
                        Bytes::from(message),
                        "parts of the message cannot be read",
                    )
                    .await?;
                }
                // Only what is kept is gone on from.
                self.row.cursor = cursor.or(self.row.cursor.take());
                Ok(())
            }
            Err(ParseError::Unreadable(why) | ParseError::Foreign(why)) => {
                keep_unreadable(app, connected, Bytes::from(message), &why).await
            }
        }
    }

    /// Writes down that the line lives; false when it belongs to another instance by now.
    async fn mark(&mut self) -> Result<bool, Error> {
        let now = clock::ms(self.app.clock.now());
        let was_due_at = self.row.due_at;
        self.row.due_at = now + LEASE_MS;
        self.row.last_ok_at = Some(now);
        self.row.failures = 0;
        self.row.last_error = None;
        let row = self.row.clone();
        change(self.app, GoesOn { row, was_due_at }).await
    }
}
