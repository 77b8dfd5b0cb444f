//! The desk's schema, one step a file. A step is never edited once it has been shared.

use sea_orm_migration::prelude::*;

mod columns;
mod m0001_people;
mod m0002_intake;
mod m0003_answers;
mod m0004_shifts;
mod m0005_stories;
mod m0006_teaching;
mod m0007_reading;
mod m0008_need;
mod m0010_unheard;
mod m0011_by_hand;
mod m0014_roster;
mod m0015_story_titles;
mod m0016_daily;
mod m0017_materials;
mod m0018_threads;

/// Every step, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_people::Migration),
            Box::new(m0002_intake::Migration),
            Box::new(m0003_answers::Migration),
            Box::new(m0004_shifts::Migration),
            Box::new(m0005_stories::Migration),
            Box::new(m0006_teaching::Migration),
            Box::new(m0007_reading::Migration),
            Box::new(m0008_need::Migration),
            Box::new(m0010_unheard::Migration),
            Box::new(m0011_by_hand::Migration),
            Box::new(m0014_roster::Migration),
            Box::new(m0015_story_titles::Migration),
            Box::new(m0016_daily::Migration),
            Box::new(m0017_materials::Migration),
            Box::new(m0018_threads::Migration),
        ]
    }
}

/// Whether a database fits this program.
pub mod schema {
    use sea_orm_migration::prelude::*;
    use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection};

    /// How the schema stands to this program.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum State {
        /// They fit.
        Current,
        /// Steps are missing.
        Behind,
        /// It has steps this program does not know.
        Ahead,
    }

    /// Compares the steps applied with those known.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn state(db: &DatabaseConnection) -> Result<State, DbErr> {
        let known: Vec<String> = super::Migrator::migrations()
            .iter()
            .map(|step| step.name().to_owned())
            .collect();
        let manager = SchemaManager::new(db);
        if !manager.has_table("seaql_migrations").await? {
            return Ok(State::Behind);
        }
        let statement = Query::select()
            .column(Alias::new("version"))
            .from(Alias::new("seaql_migrations"))
            .to_owned();
        let applied: Vec<String> = db
            .query_all(&statement)
            .await?
            .into_iter()
            .map(|row| row.try_get::<String>("", "version"))
            .collect::<Result<_, _>>()?;
        Ok(if applied.iter().any(|step| !known.contains(step)) {
            State::Ahead
        } else if applied.len() < known.len() {
            State::Behind
        } else {
            State::Current
        })
    }
}
