//! What other processes changed: a command line on the same database, or another desk.
//!
//! What is kept in memory of people, sessions, shifts, templates and accounts follows the event table here (decision 0008).
//! An event of our own may come by again: everything done here may be done twice. Figures that may not are counted again
//! by a job of their own.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::app::App;
use crate::domain::event::EventKind;
use crate::domain::person::PersonState;
use crate::person::staff;
use crate::store::Error;
use crate::store::entity::event;
use crate::teaching::taught::teaches;

/// Most events looked at in one go.
const MOST: u64 = 500;
/// How many events before the start are looked at too: they may be from while the desk was reading.
const BEFORE: i64 = 100;

/// The kinds after which something kept is out of date.
const KINDS: [EventKind; 14] = [
    EventKind::PersonChanged,
    EventKind::SignedOut,
    EventKind::TokenChanged,
    EventKind::ShiftStarted,
    EventKind::ShiftEnded,
    EventKind::BreakStarted,
    EventKind::BreakEnded,
    EventKind::CampaignChanged,
    EventKind::Connector,
    EventKind::Template,
    EventKind::PackImported,
    EventKind::ExampleKept,
    EventKind::ExampleTakenBack,
    EventKind::NarrativeChanged,
];

/// How far the events have been followed.
#[derive(Debug, Clone, Copy)]
pub struct Followed(i64);

impl Followed {
    /// From where a desk that has just started goes on.
    #[must_use]
    pub fn by(app: &App) -> Self {
        Self(app.seq().saturating_sub(BEFORE))
    }

    /// Follows what was committed since.
    ///
    /// # Errors
    /// Any [`Error`]; the same events are then followed next time.
    pub async fn follow(&mut self, app: &App) -> Result<(), Error> {
        let last: Option<i64> = event::Entity::find()
            .select_only()
            .column(event::Column::Seq)
            .order_by_desc(event::Column::Seq)
            .into_tuple()
            .one(app.db.reader())
            .await?;
        let Some(last) = last.filter(|last| *last > self.0) else {
            return Ok(());
        };
        loop {
            let events = event::Entity::find()
                .filter(event::Column::Seq.gt(self.0))
                .filter(event::Column::Seq.lte(last))
                .filter(event::Column::Kind.is_in(KINDS))
                .order_by_asc(event::Column::Seq)
                .limit(MOST)
                .all(app.db.reader())
                .await?;
            apply(app, &events).await?;
            let full = events.len() as u64 == MOST;
            match events.last().filter(|_| full) {
                Some(event) => self.0 = event.seq,
                None => {
                    self.0 = last;
                    return Ok(());
                }
            }
        }
    }
}

async fn apply(app: &App, events: &[event::Model]) -> Result<(), Error> {
    let any = |kinds: &[EventKind]| events.iter().any(|event| kinds.contains(&event.kind));
    if any(&[EventKind::PersonChanged, EventKind::SignedOut, EventKind::TokenChanged]) {
        app.sessions.forget();
    }
    let people = any(&[EventKind::PersonChanged]);
    let shifts = any(&[
        EventKind::ShiftStarted,
        EventKind::ShiftEnded,
        EventKind::BreakStarted,
        EventKind::BreakEnded,
    ]);
    if shifts {
        app.duty.load(app.db.reader()).await?;
    }
    if people || shifts {
        // Closes what nobody may listen to any more.
        staff::read_again(app).await?;
    }
    let campaigns = any(&[EventKind::CampaignChanged]);
    if people || campaigns {
        app.shelf.forget_all();
    }
    if campaigns {
        app.posts.load(app.db.reader()).await?;
    }
    if any(&[EventKind::Connector]) {
        app.load_connectors().await?;
    }
    if campaigns || any(&[EventKind::Template, EventKind::PackImported]) {
        app.templates.forget();
    }
    if events.iter().any(|event| teaches(event.kind)) {
        app.taught.hear();
    }
    for event in events {
        end_sockets(app, event);
    }
    Ok(())
}

fn end_sockets(app: &App, event: &event::Model) {
    let Ok(data) = serde_json::from_str::<serde_json::Value>(&event.data) else {
        return;
    };
    let word = |name: &str| data.get(name).and_then(serde_json::Value::as_str);
    match event.kind {
        EventKind::SignedOut => {
            if let Some(session) = word("session").and_then(|word| word.parse().ok()) {
                app.hub.end_session(session);
            }
        }
        EventKind::TokenChanged => {
            if let Some(token) = word("ended").and_then(|word| word.parse().ok()) {
                app.hub.end_token(token);
            }
        }
        EventKind::PersonChanged => {
            // Sockets opened after an event of our own are of a newer session, and stay.
            if let Some(person) = word("ended").and_then(|word| word.parse().ok())
                && app
                    .people
                    .find(person)
                    .is_none_or(|person| person.state != PersonState::Active)
            {
                app.hub.end_person(person);
            }
        }
        _ => {}
    }
}
