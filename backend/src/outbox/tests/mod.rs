//! The outbox against a platform over real HTTP that refuses, hangs, drops and loses answers.

mod faults;
mod people;
mod way;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{TimeDelta, TimeZone, Utc};
use klarsvar_migrations::Migrator;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use sea_orm_migration::MigratorTrait;

use super::*;
use crate::change::{Actor, Change, Failure, Step};
use crate::clock::{Clock, HandClock};
use crate::config::Config;
use crate::connector::{Author, CommentEvent, Happened, Inbound, Place};
use crate::delivery::take_apart::keep_and_apply;
use crate::domain::comment::CommentState;
use crate::domain::event::EventKind;
use crate::domain::id::{CommentId, DecisionId, OutboxId, PersonId};
use crate::domain::platform::Platform;
use crate::standin::{Fault, Holder, NewComment, Post, Refusal, Scope, Standin, StandinConfig};
use crate::store::Db;
use crate::store::entity::{comment, connector, decision, event};

const TOKEN: &str = "test-page-token-0001";
const REPLY: &str = "Nej. Socialtjänsten tar inte barn på grund av religion.";

/// A desk with one connector to a stand-in.
struct Desk {
    app: Arc<App>,
    clock: Arc<HandClock>,
    standin: Standin,
    platform: Platform,
    folder: PathBuf,
}

/// One comment with an action decided about it.
#[derive(Debug, Clone)]
struct Case {
    comment: CommentId,
    external: String,
    outbox: OutboxId,
    decision: DecisionId,
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.standin.release();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn desk(platform: Platform) -> Desk {
    desk_with(platform, |_| {}).await
}

async fn desk_with(platform: Platform, change: fn(&mut crate::config::Outbox)) -> Desk {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!(
        "klarsvar-outbox-{}-{}",
        std::process::id(),
        NUMBER.fetch_add(1, Ordering::Relaxed)
    );
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    let mut config = Config::default();
    config.database.url = format!("sqlite://{}", folder.join("desk.db").display());
    config.outbox.answer_within_s = 1;
    config.outbox.most_tries = 4;
    config.outbox.patience_h = 0;
    change(&mut config.outbox);
    let db = Db::open(&config.database.url).await.unwrap();
    Migrator::up(db.writer(), None).await.unwrap();
    db.close().await;
    let clock = Arc::new(HandClock::at(Utc.with_ymd_and_hms(2026, 11, 22, 10, 0, 0).unwrap()));
    let told = Arc::clone(&clock);
    let standin = Standin::start(StandinConfig::new(Arc::new(move || told.now()))).unwrap();
    let app = App::start(config, Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
    let desk = Desk {
        app,
        clock,
        standin,
        platform,
        folder,
    };
    desk.connect().await;
    desk
}

async fn both() -> [Desk; 2] {
    [desk(Platform::Facebook).await, desk(Platform::Instagram).await]
}

/// Runs any statements as a step.
struct Write<F>(F);

impl<F, R> Step for Write<F>
where
    F: for<'a> Fn(&'a mut Change) -> R + Send + Sync + 'static,
    R: Future<Output = ()> + Send,
{
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Self::Refusal>> {
        (self.0)(change).await;
        Ok(())
    }
}

impl Desk {
    fn account(&self) -> &'static str {
        match self.platform {
            Platform::Facebook => "410000000000017",
            _ => "17841400000000019",
        }
    }

    fn post(&self) -> &'static str {
        match self.platform {
            Platform::Facebook => "410000000000017_520000000000101",
            _ => "17990000000000001",
        }
    }

    async fn connect(&self) {
        self.standin.add_holder(Holder {
            platform: self.platform,
            id: self.account().into(),
            name: "Myndigheten".into(),
            token: TOKEN.into(),
            page: (self.platform == Platform::Instagram).then(|| "410000000000017".into()),
        });
        self.standin.add_post(Post {
            id: self.post().into(),
            holder: self.account().into(),
            text: "Fakta om LVU".into(),
            dark: true,
            ad: None,
        });
        self.add_connector("there", self.standin.api_url()).await;
        self.add_connector("by-hand", String::new()).await;
    }

    async fn add_connector(&self, name: &str, api_url: String) {
        let platform = if api_url.is_empty() {
            Platform::Snapchat
        } else {
            self.platform
        };
        let row = connector::Model {
            account: self.account().into(),
            api_url,
            app_secret: "test-app-secret-0001".into(),
            verify_token: "desk-verify-token".into(),
            access_token: TOKEN.into(),
            ..connector::Model::new(name, platform, 0)
        };
        self.write(move |change| {
            change.later(&connector::Entity::insert(row.clone().into_active_model()));
            std::future::ready(())
        })
        .await;
        self.app.load_connectors().await.unwrap();
    }

    async fn write<F, R>(&self, run: F)
    where
        F: for<'a> Fn(&'a mut Change) -> R + Send + Sync + 'static,
        R: Future<Output = ()> + Send + 'static,
    {
        assert!(self.app.writer.change(Write(run)).await.is_ok());
    }

    fn now(&self) -> i64 {
        clock::ms(self.clock.now())
    }

    fn pass(&self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds));
    }

    fn fail(&self, fault: Fault) {
        self.standin.fail_next(1, Scope::Writes, fault);
    }

    async fn work(&self) -> Worked {
        work(&self.app).await.unwrap()
    }

    /// Works until nothing is under way, a step of time after the other.
    async fn work_until_quiet(&self) {
        for _ in 0..60 {
            self.work().await;
            let under_way = outbox::Entity::find()
                .filter(Expr::cust("\"state\" IN ('pending', 'sending', 'unknown')"))
                .one(self.app.db.reader())
                .await
                .unwrap();
            if under_way.is_none() {
                return;
            }
            self.pass(2);
        }
        panic!("never quiet");
    }

    /// A comment of the public under the ad, at the desk.
    async fn comment(&self, connector: &str, parent: Option<&str>) -> (CommentId, String) {
        let new = NewComment {
            post: self.post().into(),
            parent: parent.map(str::to_owned),
            author_id: "7300000000000011".into(),
            author_name: "Elin Exempel".into(),
            text: Some("Stämmer det att socialen tar barn?".into()),
            photo: None,
        };
        let external = self.standin.write_comment(new).unwrap();
        let connected = self.app.connectors.find(connector).unwrap();
        let event = CommentEvent {
            what: Happened::Added,
            account: self.account().into(),
            external_id: external.clone(),
            parent: parent.map(str::to_owned),
            post: Some(self.post().into()),
            ad: None,
            ad_title: None,
            author: Some(Author::default()),
            own: false,
            text: Some("Stämmer det att socialen tar barn?".into()),
            attachments: Vec::new(),
            declared_language: None,
            at: self.clock.now(),
            created_at: None,
        };
        let events = vec![Inbound::Comment(Box::new(event))];
        let body = external.clone().into();
        let stored = keep_and_apply(&self.app, &connected, body, events, Actor::Outside)
            .await
            .unwrap();
        (stored[0].id, external)
    }

    async fn decide(&self, connector: &str, (comment, external): (CommentId, String), action: Action) -> Case {
        let now = self.clock.now();
        let case = Case {
            comment,
            external,
            outbox: self.app.ids.make(now),
            decision: self.app.ids.make(now),
        };
        let decided = decision::Model {
            id: case.decision,
            comment_id: comment,
            revision: 1,
            kind: kind_of(&action),
            person_id: person(),
            ground: None,
            reason: None,
            template_key: None,
            version_id: None,
            variant: None,
            text: None,
            confirmed: None,
            made_at: self.now(),
            undo_until: None,
            undone_at: None,
        };
        let row = outbox::Model {
            id: case.outbox,
            decision_id: case.decision,
            comment_id: comment,
            connector: connector.into(),
            action: serde_json::to_string(&action).unwrap(),
            state: OutboxState::Pending,
            due_at: self.now(),
            tries: 0,
            first_tried_at: None,
            external_id: None,
            code: None,
            message: None,
            updated_at: self.now(),
        };
        self.write(move |change| {
            change.later(&decision::Entity::insert(decided.clone().into_active_model()));
            change.later(&outbox::Entity::insert(row.clone().into_active_model()));
            change.later(
                &comment::Entity::update_many()
                    .col_expr(comment::Column::State, Expr::value(CommentState::Decided))
                    .filter(comment::Column::Id.eq(comment)),
            );
            std::future::ready(())
        })
        .await;
        case
    }

    async fn reply(&self) -> Case {
        let at = self.comment("there", None).await;
        let action = reply_to(&at.1);
        self.decide("there", at, action).await
    }

    async fn private_reply(&self) -> Case {
        let at = self.comment("there", None).await;
        let action = Action::PrivateReply {
            comment: at.1.clone(),
            text: "Vi hör av oss.".into(),
        };
        self.decide("there", at, action).await
    }

    async fn hide(&self) -> Case {
        let at = self.comment("there", None).await;
        let action = Action::Hide {
            comment: at.1.clone(),
            place: Place::default(),
        };
        self.decide("there", at, action).await
    }

    async fn row(&self, case: &Case) -> outbox::Model {
        let row = outbox::Entity::find_by_id(case.outbox).one(self.app.db.reader()).await;
        row.unwrap().unwrap()
    }

    async fn stored(&self, case: &Case) -> comment::Model {
        let row = comment::Entity::find_by_id(case.comment)
            .one(self.app.db.reader())
            .await;
        row.unwrap().unwrap()
    }

    async fn standing(&self, case: &Case) -> (OutboxState, CommentState) {
        (self.row(case).await.state, self.stored(case).await.state)
    }

    /// Events of a kind about a comment.
    async fn told(&self, case: &Case, kind: EventKind) -> Vec<serde_json::Value> {
        let rows = event::Entity::find()
            .filter(event::Column::CommentId.eq(case.comment))
            .filter(event::Column::Kind.eq(kind))
            .order_by_asc(event::Column::Seq)
            .all(self.app.db.reader())
            .await
            .unwrap();
        rows.iter()
            .map(|row| serde_json::from_str(&row.data).unwrap())
            .collect()
    }

    /// Own comments the desk shows.
    async fn own(&self) -> Vec<comment::Model> {
        let own = comment::Entity::find().filter(comment::Column::Own.eq(true));
        own.all(self.app.db.reader()).await.unwrap()
    }

    async fn connector_state(&self) -> ConnectorState {
        let row = connector::Entity::find_by_id("there").one(self.app.db.reader()).await;
        row.unwrap().unwrap().state
    }
}

fn reply_to(comment: &str) -> Action {
    Action::Reply {
        comment: comment.into(),
        text: REPLY.into(),
        place: Place::default(),
    }
}

fn person() -> PersonId {
    PersonId(uuid::Uuid::from_bytes([1; 16]))
}
