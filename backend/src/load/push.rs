//! Tells those who watch the load what changed, at most once a second and at least every five.

use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::{Tile, tiles, view_of};
use crate::app::App;
use crate::clock;
use crate::domain::event::EventKind;
use crate::wire::frame::{self, Told};
use crate::wire::hub::{Format, Frame};
use crate::wire::topic::Topic;

/// Told at least this often, so that a watcher knows the figures are live, in milliseconds.
const AT_LEAST_EVERY_MS: i64 = 5_000;

/// What was told last, and when.
#[derive(Debug, Default)]
pub struct LastTold(Mutex<Option<(i64, Vec<Tile>)>>);

impl LastTold {
    /// Whether these figures are to be told now; if so they are remembered as told.
    fn is_due(&self, now: i64, tiles: &[Tile]) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = match last.as_ref() {
            Some((at, told)) => now - at >= AT_LEAST_EVERY_MS || differ(told, tiles),
            None => true,
        };
        if due {
            *last = Some((now, tiles.to_vec()));
        }
        due
    }
}

/// Whether anything differs but the clock: waiting grows by itself and is told with the next change.
fn differ(told: &[Tile], tiles: &[Tile]) -> bool {
    let still = |tile: &Tile| Tile {
        at: 0,
        oldest_s: tile.oldest_s.map(|_| 0),
        ..tile.clone()
    };
    told.len() != tiles.len() || told.iter().zip(tiles).any(|(a, b)| still(a) != still(b))
}

/// Looks at every lane and tells the load to who listens, if it is due. True if it was told.
pub fn tell(app: &App) -> bool {
    // Looking also keeps the instants since when lanes are as they are, so it is done though nobody listens.
    let tiles = tiles(app);
    if !app.hub.formats(Topic::Load).contains(&Format::Json) {
        return false;
    }
    let now = clock::ms(app.clock.now());
    if !app.last_told.is_due(now, &tiles) {
        return false;
    }
    let data: Value = view_of(app, &tiles);
    let told = Told {
        seq: app.seq(),
        at: now,
        kind: EventKind::Load.as_str(),
        data: &data,
        comment: None,
    };
    let frame = Frame {
        topic: Topic::Load,
        seq: told.seq,
        text: frame::json(Topic::Load, &told).into(),
    };
    app.hub.send(Format::Json, &frame);
    true
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use serde_json::Value;

    use super::tell;
    use crate::practice::Practice;
    use crate::wire::hub::{Format, Listener, Notice};
    use crate::wire::topic::Topic;

    #[actix_web::test]
    async fn load_is_told_when_it_changed_or_five_seconds_passed_and_somebody_listens() {
        let desk = Practice::start().await;
        let second = || desk.clock.advance(TimeDelta::seconds(1));
        assert!(!tell(&desk.app), "nobody listens");
        let nobody = Listener {
            person: None,
            session: None,
            token: None,
        };
        let mut listening = desk.app.hub.listen(nobody, Format::Json, &[Topic::Load], 8);
        assert!(tell(&desk.app), "the first look");
        for _ in 0..4 {
            second();
            assert!(!tell(&desk.app), "nothing changed");
        }
        second();
        assert!(tell(&desk.app), "five seconds passed");
        desk.comment("1").await;
        second();
        assert!(tell(&desk.app), "a comment came");
        second();
        assert!(!tell(&desk.app), "it only waits longer");
        let mut frames = Vec::new();
        while let Ok(Notice::Frame(frame)) = listening.queue.try_recv() {
            frames.push(serde_json::from_str::<Value>(&frame.text).expect("JSON"));
        }
        assert_eq!(frames.len(), 3);
        let last = &frames[2];
        assert_eq!((&last["type"], &last["topic"]), (&"load".into(), &"load".into()));
        assert_eq!(last["seq"].as_i64(), Some(desk.app.seq()));
        assert_eq!(last["data"]["lanes"][0]["backlog"], 1);
        assert_eq!(
            last["data"]["lanes"][0]["state"], "watch",
            "it waits and nobody is there"
        );
        assert_eq!(frames[0]["data"]["lanes"][0]["state"], "idle");
    }
}
