//! Two processes that write events to one SQLite database.

use std::convert::Infallible;

use sea_orm::{EntityTrait, QueryOrder, QuerySelect};

use super::*;
use crate::change::Actor;
use crate::domain::event::EventKind;
use crate::practice::Practice;
use crate::store::entity::event;

struct Note(usize);

impl Step for Note {
    type Out = ();
    type Refusal = Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Infallible>> {
        for _ in 0..self.0 {
            change.note(EventKind::Connector, None, Actor::Desk, serde_json::Value::Null);
        }
        Ok(())
    }
}

#[actix_web::test]
async fn two_processes_number_their_events_without_hole_or_repeat() {
    let practice = Practice::start().await;
    let app = &practice.app;
    let db = Db::open(&app.config.database.url).await.expect("the same database");
    let (other, writing) = Writer::start(db, Arc::clone(&app.clock), Arc::clone(&app.ids), Box::new(|_| {}));
    run(DbBackend::Sqlite, writing).expect("a second writer");

    for count in [1, 3, 2] {
        assert!(app.writer.change(Note(count)).await.is_ok());
        assert!(app.writer.change(Note(1)).await.is_ok());
        assert!(other.change(Note(count)).await.is_ok());
    }
    let together: Vec<_> = (0..20)
        .map(|_| (app.writer.change(Note(1)), other.change(Note(2))))
        .collect();
    for (ours, theirs) in together {
        let (ours, theirs) = tokio::join!(ours, theirs);
        assert!(ours.is_ok() && theirs.is_ok());
    }

    let numbers: Vec<i64> = event::Entity::find()
        .select_only()
        .column(event::Column::Seq)
        .order_by_asc(event::Column::Seq)
        .into_tuple()
        .all(app.db.reader())
        .await
        .expect("a read");
    let last = i64::try_from(numbers.len()).expect("a few");
    assert!(last >= 75, "all of them are there: {last}");
    assert_eq!(numbers, (1..=last).collect::<Vec<_>>());
}
