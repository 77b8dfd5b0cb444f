//! A desk for unit tests: its own SQLite file, a clock that stands still, a few people. Compiled for tests only.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use klarsvar_migrations::Migrator;
use sea_orm::{EntityTrait, QueryOrder};
use sea_orm_migration::MigratorTrait;
use tempfile::TempDir;

use crate::app::App;
use crate::clock::{Clock, HandClock};
use crate::config::Config;
use crate::connector::{CommentEvent, Happened, Inbound};
use crate::delivery::take_apart::keep_and_apply;
use crate::domain::event::EventKind;
use crate::domain::id::{CommentId, PersonId};
use crate::domain::lane::Lane;
use crate::domain::platform::Platform;
use crate::domain::role::Role;
use crate::person::staff::{self, AddPerson};
use crate::store::Db;
use crate::store::entity::event;

/// The password of everybody here.
pub const PASSWORD: &str = "a password for practice";

/// A running desk and what it lives in.
pub struct Practice {
    pub app: Arc<App>,
    pub clock: Arc<HandClock>,
    _dir: TempDir,
}

impl Practice {
    /// A desk on Monday 23 November 2026, 08:00 in Sweden.
    pub async fn start() -> Self {
        Self::start_at("2026-11-23T07:00:00Z").await
    }

    pub async fn start_at(now: &str) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let mut config = Config::default();
        config.database.url = format!("sqlite://{}", dir.path().join("desk.db").display());
        let db = Db::open(&config.database.url).await.expect("a database");
        Migrator::up(db.writer(), None).await.expect("the schema");
        db.close().await;
        let clock = Arc::new(HandClock::at(now.parse().expect("an instant")));
        let app = App::start(config, Arc::clone(&clock) as Arc<dyn Clock>)
            .await
            .expect("a desk");
        Self { app, clock, _dir: dir }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub fn advance_min(&self, minutes: i64) {
        self.clock.advance(TimeDelta::minutes(minutes));
    }

    pub async fn person(&self, name: &str, roles: &[Role], lanes: &[Lane]) -> PersonId {
        let email = format!("{name}@example.se");
        let step = AddPerson::new(
            &email,
            name,
            name,
            roles.to_vec(),
            lanes.to_vec(),
            PASSWORD,
            false,
            None,
        )
        .expect("a hash");
        staff::change(&self.app, step).await.expect("a person").id
    }

    /// A manual comment in Arabic, open in its lane.
    pub async fn comment(&self, external_id: &str) -> CommentId {
        if self.app.connectors.find("hand").is_none() {
            let step = crate::account::SaveAccount::by_hand("hand");
            crate::account::save(&self.app, step).await.expect("a connector");
        }
        let connector = self.app.connectors.find("hand").expect("the connector");
        assert_eq!(connector.platform(), Platform::Manual);
        let said = Inbound::Comment(Box::new(CommentEvent {
            what: Happened::Added,
            account: String::new(),
            external_id: external_id.to_owned(),
            parent: None,
            post: None,
            ad: None,
            ad_title: None,
            author: None,
            own: false,
            text: Some("هل يمكنني الحصول على مترجم؟".to_owned()),
            attachments: Vec::new(),
            declared_language: None,
            at: self.now(),
            created_at: None,
        }));
        let stored = keep_and_apply(
            &self.app,
            &connector,
            external_id.to_owned().into_bytes().into(),
            vec![said],
            crate::change::Actor::Outside,
        )
        .await
        .expect("stored");
        stored[0].id
    }

    /// The kinds of all events so far, in order.
    pub async fn told(&self) -> Vec<EventKind> {
        let rows = event::Entity::find()
            .order_by_asc(event::Column::Seq)
            .all(self.app.db.reader())
            .await
            .expect("events");
        rows.into_iter().map(|row| row.kind).collect()
    }
}
