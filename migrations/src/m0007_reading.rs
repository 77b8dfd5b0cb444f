//! Platforms that are read: what is read when, what it cost, and since when the desk sees nothing of an account.

use sea_orm_migration::prelude::*;

use crate::columns::{at, drop, maybe_at, maybe_text, number, run, small, table, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table(
            manager,
            "errand",
            vec![
                text("connector"),
                text("key"),
                maybe_text("cursor"),
                at("due_at"),
                number("every_ms"),
                number("activity"),
                maybe_at("last_ok_at"),
                small("failures"),
                maybe_text("last_error"),
                at("created_at"),
            ],
            &["connector", "key"],
        )
        .await?;
        table(
            manager,
            "spent",
            vec![text("connector"), text("day"), number("units"), number("actions")],
            &["connector", "day"],
        )
        .await?;
        run(
            manager,
            &[
                "CREATE INDEX errand_due ON errand (due_at)",
                "ALTER TABLE connector ADD COLUMN settings TEXT NOT NULL DEFAULT '{}'",
                "ALTER TABLE connector ADD COLUMN refresh_token TEXT NOT NULL DEFAULT ''",
                "ALTER TABLE connector ADD COLUMN token_expires_at BIGINT",
                "ALTER TABLE connector ADD COLUMN blind_since BIGINT",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(
            manager,
            &[
                "ALTER TABLE connector DROP COLUMN blind_since",
                "ALTER TABLE connector DROP COLUMN token_expires_at",
                "ALTER TABLE connector DROP COLUMN refresh_token",
                "ALTER TABLE connector DROP COLUMN settings",
            ],
        )
        .await?;
        drop(manager, &["spent", "errand"]).await
    }
}
