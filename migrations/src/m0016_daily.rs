//! The counts by the hour, summed by the day; and the way to the few events of connectors among all.

use sea_orm_migration::prelude::*;

use crate::columns::{drop, number, run, small, table, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table(
            manager,
            "daily",
            vec![
                number("day"),
                text("lane"),
                text("language"),
                text("platform"),
                text("narrative"),
                text("campaign"),
                small("arrived"),
                small("urgent"),
                small("answered"),
                small("hidden"),
                small("let_be"),
                small("withdrawn"),
                small("in_5"),
                small("in_15"),
                small("in_30"),
                small("in_60"),
                small("in_120"),
                small("in_240"),
                small("in_480"),
                small("in_1440"),
                small("in_more"),
            ],
            &["day", "lane", "language", "platform", "narrative", "campaign"],
        )
        .await?;
        run(
            manager,
            &[
                "CREATE INDEX daily_of_narrative ON daily (narrative, day)",
                "CREATE INDEX event_of_connectors ON event (at) WHERE kind = 'connector'",
                // Days are summed when their hours are counted: all are, once more.
                "UPDATE counter SET value = 0 WHERE name = 'hourly'",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &["DROP INDEX event_of_connectors"]).await?;
        drop(manager, &["daily"]).await
    }
}
