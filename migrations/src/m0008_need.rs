//! What is counted by the hour, waves, and when ads run.

use sea_orm_migration::prelude::*;

use crate::columns::{at, drop, id, maybe_at, maybe_id, maybe_text, number, run, small, table, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table(
            manager,
            "hourly",
            vec![
                number("hour"),
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
            &["hour", "lane", "language", "platform", "narrative", "campaign"],
        )
        .await?;
        table(
            manager,
            "wave",
            vec![
                id("id"),
                text("lane"),
                text("narrative"),
                maybe_text("platform"),
                maybe_text("ad"),
                maybe_id("story"),
                at("since"),
                at("opened_at"),
                maybe_at("closed_at"),
                small("came"),
                small("expected_milli"),
            ],
            &["id"],
        )
        .await?;
        run(
            manager,
            &[
                "ALTER TABLE ad ADD COLUMN starts_at BIGINT",
                "ALTER TABLE ad ADD COLUMN ends_at BIGINT",
                "ALTER TABLE ad ADD COLUMN reach BIGINT",
                "INSERT INTO counter (name, value) VALUES ('hourly', 0)",
                "CREATE INDEX hourly_of_narrative ON hourly (narrative, hour)",
                "CREATE INDEX wave_latest ON wave (opened_at)",
                "CREATE INDEX wave_open ON wave (lane, narrative) WHERE closed_at IS NULL",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(
            manager,
            &[
                "DELETE FROM counter WHERE name = 'hourly'",
                "ALTER TABLE ad DROP COLUMN reach",
                "ALTER TABLE ad DROP COLUMN ends_at",
                "ALTER TABLE ad DROP COLUMN starts_at",
            ],
        )
        .await?;
        drop(manager, &["wave", "hourly"]).await
    }
}
