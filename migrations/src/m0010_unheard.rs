//! Comments that reading found before any delivery told of them: how much a platform's deliveries miss.

use sea_orm_migration::prelude::*;

use crate::columns::{at, drop, maybe_at, run, table, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table(
            manager,
            "unheard",
            vec![
                text("connector"),
                text("external_id"),
                at("written_at"),
                at("found_at"),
                maybe_at("told_at"),
            ],
            &["connector", "external_id"],
        )
        .await?;
        run(
            manager,
            &["CREATE INDEX unheard_found ON unheard (connector, found_at)"],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["unheard"]).await
    }
}
