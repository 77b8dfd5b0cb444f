//! `klarsvar check`: whether the desk can do its work, a line for each thing it needs. Changes nothing.

use chrono::{DateTime, Utc};
use klarsvar_migrations::schema;
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, QueryOrder, QuerySelect, Statement};

use crate::cli::Failed;
use crate::clock::{self, Clock, SystemClock};
use crate::config::Config;
use crate::connector;
use crate::domain::platform::{ConnectorState, Platform};
use crate::store::entity::{connector as connector_table, event};
use crate::store::{Db, Error};

/// How far the clocks of the desk and its database may be apart.
const CLOCKS_APART_S: i64 = 5;

/// One thing looked at.
struct Line {
    what: String,
    ok: bool,
    detail: String,
}

impl Line {
    fn new(what: impl Into<String>, ok: bool, detail: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            ok,
            detail: detail.into(),
        }
    }
}

/// Prints a line for each; fails if any is red. What cannot be read of the configuration has ended the command before.
#[expect(clippy::print_stdout, reason = "the command's result")]
pub async fn run(config: &Config, json: bool) -> Result<(), Failed> {
    let mut lines = vec![Line::new("configuration", true, "read")];
    lines.extend(database(config, SystemClock.now()).await);
    for Line { what, ok, detail } in &lines {
        if json {
            println!("{}", serde_json::json!({ "what": what, "ok": ok, "detail": detail }));
        } else {
            println!("{} {what}: {detail}", if *ok { "ok " } else { "RED" });
        }
    }
    match lines.iter().filter(|line| !line.ok).count() {
        0 => Ok(()),
        red => Err(Failed::Work(format!("{red} of {} are red", lines.len()))),
    }
}

async fn database(config: &Config, now: DateTime<Utc>) -> Vec<Line> {
    let db = match Db::open(&config.database.url).await {
        Ok(db) => db,
        Err(error) => return vec![Line::new("database", false, error.to_string())],
    };
    let mut lines = Vec::new();
    match schema::state(db.reader()).await {
        Ok(schema::State::Current) => {
            lines.push(Line::new("database", true, "answers, with the schema of this program"));
            for more in [connectors(&db).await, the_clock(&db, now).await.map(|line| vec![line])] {
                lines.extend(more.unwrap_or_else(|error| vec![Line::new("database", false, error.to_string())]));
            }
        }
        Ok(schema::State::Behind) => lines.push(Line::new(
            "database",
            false,
            "its schema is older than this program; run `klarsvar migrate up`",
        )),
        Ok(schema::State::Ahead) => lines.push(Line::new(
            "database",
            false,
            "its schema is newer than this program; run the version that made it, or a newer one",
        )),
        Err(error) => lines.push(Line::new("database", false, Error::from(error).to_string())),
    }
    db.close().await;
    lines
}

async fn connectors(db: &Db) -> Result<Vec<Line>, Error> {
    let rows = connector_table::Entity::find()
        .order_by_asc(connector_table::Column::Name)
        .all(db.reader())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let what = format!("connector {}", row.name);
            let missing: Vec<&str> = [
                ("app_secret", &row.app_secret),
                ("verify_token", &row.verify_token),
                ("access_token", &row.access_token),
            ]
            .into_iter()
            .filter(|(_, value)| value.is_empty())
            .map(|(name, _)| name)
            .collect();
            match (row.platform, row.state) {
                (Platform::Manual, _) => Line::new(what, true, "comments are handed in"),
                (Platform::Snapchat, _) => Line::new(what, true, "comments are entered, and answered, by hand"),
                (platform, _) if connector::of(platform).is_none() => {
                    Line::new(what, false, format!("this program does not speak to {platform}"))
                }
                (_, state) if state != ConnectorState::Ok => {
                    Line::new(what, false, row.last_error.unwrap_or_else(|| state.to_string()))
                }
                _ if !missing.is_empty() => Line::new(what, false, format!("lacks {}", missing.join(", "))),
                (platform, _) => Line::new(what, true, format!("{platform}, account {}", row.account)),
            }
        })
        .collect())
}

/// A clock that goes wrong sends replies early and ends claims late.
async fn the_clock(db: &Db, now: DateTime<Utc>) -> Result<Line, Error> {
    let last: Option<i64> = event::Entity::find()
        .select_only()
        .column(event::Column::At)
        .order_by_desc(event::Column::Seq)
        .into_tuple()
        .one(db.reader())
        .await?;
    if let Some(last) = last.filter(|last| *last > clock::ms(now) + CLOCKS_APART_S * 1_000) {
        let last = clock::from_ms(last);
        return Ok(Line::new(
            "clock",
            false,
            format!("the last event is of {last}, later than now"),
        ));
    }
    if db.reader().get_database_backend() == DbBackend::Postgres {
        let ask = Statement::from_string(
            DbBackend::Postgres,
            "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS BIGINT) AS now",
        );
        let theirs: i64 = match db.reader().query_one_raw(ask).await? {
            Some(row) => row.try_get("", "now")?,
            None => return Err(Error::inconsistent("the database does not tell its time")),
        };
        let apart = (theirs - now.timestamp()).abs();
        if apart > CLOCKS_APART_S {
            return Ok(Line::new("clock", false, format!("{apart} s from the database's")));
        }
    }
    Ok(Line::new("clock", true, now.to_rfc3339()))
}
