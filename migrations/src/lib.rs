//! The desk's schema, one step a file. A step is never edited once it has been shared.

use sea_orm_migration::prelude::*;

mod columns;
mod m0001_people;
mod m0002_intake;
mod m0003_answers;
mod m0004_shifts;

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
        ]
    }
}
