//! Turns committed events into frames, for those topics and formats somebody listens to.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::frame::{self, Told};
use super::html;
use super::hub::{Format, Frame};
use super::topic::{Topic, topics_of};
use crate::app::App;
use crate::change::Event;
use crate::domain::id::CommentId;
use crate::lane::shelf;
use crate::store::Error;

/// More events than this waiting at once are not told one by one: their topics are stale.
const TOO_MANY: usize = 4_096;

/// Publishes what is committed, in order, until the writer is gone. Pages get theirs merged, at most one frame a pause.
pub async fn run(app: Arc<App>, mut committed: mpsc::UnboundedReceiver<Vec<Event>>) {
    let mut groups = Vec::new();
    let mut desk = html::Desk::default();
    loop {
        let due = desk.next();
        tokio::select! {
            count = committed.recv_many(&mut groups, 64) => {
                if count == 0 {
                    return;
                }
                let events: Vec<Event> = groups.drain(..).flatten().collect();
                if !app.hub.is_idle() {
                    tell(&app, &mut desk, &events).await;
                }
            }
            () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => desk.send(&app).await,
        }
    }
}

async fn tell(app: &App, desk: &mut html::Desk, events: &[Event]) {
    if events.len() > TOO_MANY {
        desk.overrun(app, events);
        for topic in events.iter().flat_map(topics_of).collect::<HashSet<_>>() {
            app.hub.stale(topic);
        }
        return;
    }
    match html::named(app, events).await {
        Ok(named) => desk.note(app, &named),
        Err(error) => {
            tracing::warn!(%error, "frames could not be made; their topics are stale");
            desk.overrun(app, events);
        }
    }
    if let Err(error) = publish(app, events).await {
        tracing::warn!(%error, "frames could not be made; their topics are stale");
        for topic in events.iter().flat_map(topics_of).collect::<HashSet<_>>() {
            app.hub.stale(topic);
        }
    }
}

async fn publish(app: &App, events: &[Event]) -> Result<(), Error> {
    let mut formats: HashMap<Topic, HashSet<Format>> = HashMap::new();
    for topic in events.iter().flat_map(topics_of) {
        formats.entry(topic).or_insert_with(|| app.hub.formats(topic));
    }
    let wants_json = |topic: &Topic| {
        formats
            .get(topic)
            .is_some_and(|formats| formats.contains(&Format::Json))
    };
    let told: Vec<(&Event, Vec<Topic>)> = events
        .iter()
        .map(|event| {
            (
                event,
                topics_of(event).into_iter().filter(wants_json).collect::<Vec<_>>(),
            )
        })
        .filter(|(_, topics)| !topics.is_empty())
        .collect();
    let ids: Vec<CommentId> = told.iter().filter_map(|(event, _)| event.comment).collect();
    let items = shelf::items(app, &ids).await?;
    for (event, topics) in told {
        let comment = event.comment.and_then(|id| items.get(&id).map(|item| &**item));
        let parts = Told {
            seq: event.seq,
            at: event.at,
            kind: event.kind.as_str(),
            data: &event.data,
            comment,
        };
        for topic in topics {
            let text = frame::json(topic, &parts).into();
            app.hub.send(
                Format::Json,
                &Frame {
                    topic,
                    seq: event.seq,
                    text,
                },
            );
        }
    }
    Ok(())
}
