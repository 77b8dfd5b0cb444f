//! `klarsvar migrate up|down|status`.

use klarsvar_migrations::{Migrator, schema};
use sea_orm_migration::MigratorTrait;

use crate::cli::Failed;
use crate::config::Config;
use crate::store::Db;

/// What to do with the schema.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum What {
    /// Apply every missing step
    Up,
    /// Take the last step back
    Down,
    /// Say how it stands
    Status,
}

#[expect(clippy::print_stdout, reason = "the command's result")]
pub async fn run(config: &Config, what: What, json: bool) -> Result<(), Failed> {
    let db = Db::open(&config.database.url).await?;
    match what {
        What::Up => Migrator::up(db.writer(), None).await?,
        What::Down => Migrator::down(db.writer(), Some(1)).await?,
        What::Status => {}
    }
    let state = match schema::state(db.writer()).await? {
        schema::State::Current => "current",
        schema::State::Behind => "behind",
        schema::State::Ahead => "ahead",
    };
    if json {
        println!("{}", serde_json::json!({ "schema": state }));
    } else {
        println!("{state}");
    }
    db.close().await;
    Ok(())
}
