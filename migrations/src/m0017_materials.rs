//! What a campaign has to point to, how often it was, and who answers for an ad.

use sea_orm_migration::prelude::*;

use crate::columns::{at, drop, id, maybe_at, run, table, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table(
            manager,
            "material",
            vec![
                id("id"),
                id("campaign_id"),
                text("name"),
                text("variant"),
                text("kind"),
                text("title"),
                text("link"),
                at("created_at"),
                maybe_at("retired_at"),
            ],
            &["id"],
        )
        .await?;
        table(
            manager,
            "material_use",
            vec![id("material_id"), id("decision_id")],
            &["material_id", "decision_id"],
        )
        .await?;
        run(
            manager,
            &[
                "CREATE UNIQUE INDEX material_name ON material (name, variant)",
                "CREATE INDEX material_of_campaign ON material (campaign_id)",
                "ALTER TABLE ad ADD COLUMN owner TEXT",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &["ALTER TABLE ad DROP COLUMN owner"]).await?;
        drop(manager, &["material_use", "material"]).await
    }
}
