//! A fresh database for every test, copied from one that was migrated and filled with the cast once.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use klarsvar::app::App;
use klarsvar::change::{Change, Failure, Step};
use klarsvar::clock::{HandClock, ms};
use klarsvar::config::Config;
use klarsvar::domain::id::ShiftId;
use klarsvar::domain::lane::Lane;
use klarsvar::domain::person::PersonState;
use klarsvar::domain::platform::Platform;
use klarsvar::domain::role::{Right, Role};
use klarsvar::domain::shift::ShiftState;
use klarsvar::person::secret;
use klarsvar::person::token::AddToken;
use klarsvar::store::Db;
use klarsvar::store::entity::{connector, person, shift};
use klarsvar_migrations::Migrator;
use sea_orm::{ColumnTrait, ConnectionTrait, Database, DatabaseConnection, EntityTrait, IntoActiveModel, QueryFilter};
use sea_orm_migration::MigratorTrait;

use super::cast::{Cast, PASSWORD};
use super::graph::{APP_SECRET, FACEBOOK_PAGE, INSTAGRAM_ACCOUNT, VERIFY_TOKEN};

/// When every test begins: the base time of the payload files.
pub fn start_of_the_day() -> DateTime<Utc> {
    "2026-11-22T10:00:00Z".parse().expect("an instant")
}

/// The secret of the token that may hand in comments.
pub const INGEST_TOKEN: &str = "token-that-may-hand-in-comments";

/// A database of one test; gone when dropped.
pub struct Place {
    /// For the desk's settings.
    pub url: String,
    kind: Kind,
}

enum Kind {
    Sqlite { _until_dropped: tempfile::TempDir },
    Postgres { admin: String, name: String },
}

/// The address of the PostgreSQL to use, if the tests are to run on it.
pub fn postgres() -> Option<String> {
    std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

/// A fresh copy with the cast, the connectors and the token in it.
pub async fn fresh() -> Place {
    match postgres() {
        Some(admin) => fresh_postgres(admin).await,
        None => fresh_sqlite().await,
    }
}

/// A connection of the test's own.
pub async fn look(url: &str) -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(2).min_connections(0).sqlx_logging(false);
    Database::connect(options).await.expect("the database answers")
}

/// Puts somebody on shift in a database that no desk has open yet.
pub async fn start_shift(db: &DatabaseConnection, who: Cast, lane: Lane) {
    let person = person::Entity::find()
        .filter(person::Column::Email.eq(who.email()))
        .one(db)
        .await
        .expect("the staff")
        .expect("the person");
    let (id, from) = (ShiftId(uuid::Uuid::from_bytes(random())), ms(start_of_the_day()));
    let row = shift::Model {
        state: ShiftState::Started,
        checked_in_at: Some(from),
        ..shift::Model::new(id, person.id, lane, (from, i64::MAX))
    };
    shift::Entity::insert(row.into_active_model())
        .exec_without_returning(db)
        .await
        .expect("a shift");
}

/// A database with nothing in it, not even the schema.
pub async fn empty() -> Place {
    match postgres() {
        Some(admin) => {
            let name = unique();
            run(&connect(&admin).await, &format!("CREATE DATABASE {name}")).await;
            Place::postgres(admin, name)
        }
        None => Place::sqlite(tempfile::tempdir().expect("a directory")),
    }
}

impl Place {
    fn sqlite(directory: tempfile::TempDir) -> Self {
        let url = format!("sqlite://{}", directory.path().join("desk.db").display());
        Self {
            url,
            kind: Kind::Sqlite {
                _until_dropped: directory,
            },
        }
    }

    fn postgres(admin: String, name: String) -> Self {
        Self {
            url: beside(&admin, &name),
            kind: Kind::Postgres { admin, name },
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Kind::Postgres { admin, name } = &self.kind else {
            return;
        };
        let (admin, name) = (admin.clone(), name.clone());
        let gone = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                run(
                    &connect(&admin).await,
                    &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
                )
                .await;
            });
        });
        if gone.join().is_err() && !std::thread::panicking() {
            panic!("a test's database could not be dropped");
        }
    }
}

/// A fresh copy on SQLite, whatever the other tests run on.
pub async fn fresh_sqlite() -> Place {
    fresh_sqlite_in(tempfile::tempdir().expect("a directory")).await
}

/// The same in a directory of one's own.
pub async fn fresh_sqlite_in(directory: tempfile::TempDir) -> Place {
    let template = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("template-{}.db", key()));
    if !template.exists() {
        let building = directory.path().join("building.db");
        fill(&format!("sqlite://{}", building.display())).await;
        // Another test may have been faster; what it made is the same.
        std::fs::rename(&building, &template)
            .or_else(|_| std::fs::copy(&building, &template).map(|_| ()))
            .expect("a template");
    }
    std::fs::copy(&template, directory.path().join("desk.db")).expect("a copy");
    Place::sqlite(directory)
}

async fn fresh_postgres(admin: String) -> Place {
    let template = format!("template_{}", key());
    let db = connect(&admin).await;
    let there = format!("SELECT 1 FROM pg_database WHERE datname = '{template}' AND datistemplate");
    let is_there = async || {
        db.query_one_raw(sea_orm::Statement::from_string(db.get_database_backend(), &there))
            .await
            .expect("an answer")
            .is_some()
    };
    if !is_there().await {
        // Held by this one connection until it is closed.
        run(&db, "SELECT pg_advisory_lock(7421)").await;
        if !is_there().await {
            run(&db, &format!("DROP DATABASE IF EXISTS {template} WITH (FORCE)")).await;
            run(&db, &format!("CREATE DATABASE {template}")).await;
            fill(&beside(&admin, &template)).await;
            run(&db, &format!("ALTER DATABASE {template} IS_TEMPLATE true")).await;
        }
        run(&db, "SELECT pg_advisory_unlock(7421)").await;
    }
    let name = unique();
    run(&db, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    let _ = db.close().await;
    Place::postgres(admin, name)
}

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options)
        .await
        .expect("PostgreSQL answers at TEST_DATABASE_URL")
}

async fn run(db: &DatabaseConnection, sql: &str) {
    db.execute_unprepared(sql)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// The same server, another database.
fn beside(admin: &str, name: &str) -> String {
    let (server, _) = admin
        .rsplit_once('/')
        .expect("an address that ends in a database's name");
    format!("{server}/{name}")
}

fn unique() -> String {
    format!("desk_{}", uuid::Uuid::from_bytes(random()).simple())
}

fn random() -> [u8; 16] {
    secret::digest(&secret::make().expect("randomness")).as_bytes()[..16]
        .try_into()
        .expect("sixteen bytes")
}

/// Changes with the program, so that a template of an older schema is never used.
fn key() -> String {
    let program = std::env::current_exe().expect("a path");
    let data = std::fs::metadata(&program).expect("its data");
    let text = format!(
        "{:?} {:?} {}",
        Path::new(&program),
        data.modified().expect("a time"),
        data.len()
    );
    secret::digest(&text)[..16].to_owned()
}

/// The key of every desk of the tests, as instances on one database need the same.
pub fn key_file() -> PathBuf {
    std::env::temp_dir().join("klarsvar-tests.key")
}

async fn fill(url: &str) {
    let db = Db::open(url).await.expect("the database opens");
    Migrator::up(db.writer(), None).await.expect("the schema is made");
    db.close().await;
    let mut config = Config::default();
    config.database.url = url.to_owned();
    config.secrets.key_file = key_file();
    let app = App::start(config, Arc::new(HandClock::at(start_of_the_day())))
        .await
        .expect("the desk starts");
    let hash = klarsvar::person::password::hash(PASSWORD).expect("a hash");
    for who in Cast::ALL {
        let (roles, lanes) = who.work();
        let hire = Hire {
            email: who.email().to_owned(),
            pseudonym: who.pseudonym().to_owned(),
            roles,
            lanes,
            hash: hash.clone(),
        };
        assert!(app.writer.change(hire).await.is_ok(), "{who:?}");
    }
    let token = AddToken {
        name: "programme".to_owned(),
        digest: secret::digest(INGEST_TOKEN),
        rights: vec![Right::Ingest],
        by: None,
    };
    assert!(app.writer.change(token).await.is_ok());
    for (name, platform, account) in [
        ("facebook", Platform::Facebook, FACEBOOK_PAGE),
        ("instagram", Platform::Instagram, INSTAGRAM_ACCOUNT),
        ("manual", Platform::Manual, "desk"),
    ] {
        let row = connector::Model {
            account: account.to_owned(),
            api_url: "http://127.0.0.1:9".to_owned(),
            app_secret: APP_SECRET.to_owned(),
            verify_token: VERIFY_TOKEN.to_owned(),
            access_token: "access-token-of-the-tests".to_owned(),
            ..connector::Model::new(name, platform, ms(start_of_the_day()))
        };
        connector::Entity::insert(row.into_active_model())
            .exec_without_returning(app.db.writer())
            .await
            .expect("a connector");
    }
    app.stop().await;
    app.db.clone().close().await;
}

/// Puts a person on the staff, without the cost of hashing one password many times.
pub struct Hire {
    email: String,
    pseudonym: String,
    roles: Vec<Role>,
    lanes: Vec<Lane>,
    hash: String,
}

impl Hire {
    /// A moderator of one lane.
    pub fn new(email: &str, pseudonym: &str, lane: Lane, hash: &str) -> Self {
        Self {
            email: email.to_owned(),
            pseudonym: pseudonym.to_owned(),
            roles: vec![Role::Moderator],
            lanes: vec![lane],
            hash: hash.to_owned(),
        }
    }
}

impl Step for Hire {
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Self::Refusal>> {
        let row = person::Model {
            id: change.id(),
            email: self.email.clone(),
            name: format!("{} Exempel", self.pseudonym),
            pseudonym: self.pseudonym.clone(),
            password_hash: self.hash.clone(),
            must_change_password: false,
            roles: self
                .roles
                .iter()
                .map(|role| role.as_str())
                .collect::<Vec<_>>()
                .join(" "),
            lanes: self
                .lanes
                .iter()
                .map(|lane| lane.as_str())
                .collect::<Vec<_>>()
                .join(" "),
            state: PersonState::Active,
            locale: "sv".to_owned(),
            settings: "{}".to_owned(),
            refused_sign_ins: 0,
            locked_until: None,
            created_at: change.now_ms(),
        };
        change.execute(&person::Entity::insert(row.into_active_model())).await?;
        Ok(())
    }
}
