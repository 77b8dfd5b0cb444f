//! What people teach the desk: corrections kept as examples, versions of narratives, answers given before the machine's.

use sea_orm_migration::prelude::*;

use crate::columns::{at, drop, flag, id, maybe_at, maybe_id, run, small, table, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table(
            manager,
            "example",
            vec![
                id("id"),
                id("comment_id"),
                small("revision"),
                text("labels"),
                text("looked_at"),
                text("language"),
                id("kept_by"),
                at("kept_at"),
                maybe_id("taken_back_by"),
                maybe_at("taken_back_at"),
            ],
            &["id"],
        )
        .await?;
        table(
            manager,
            "narrative_version",
            vec![
                id("id"),
                text("narrative"),
                small("version"),
                text("state"),
                text("titles"),
                text("definition"),
                text("phrases"),
                text("hints"),
                text("examples"),
                text("counter_examples"),
                flag("retired"),
                id("written_by"),
                at("written_at"),
                maybe_at("tested_at"),
                maybe_id("published_by"),
                maybe_at("published_at"),
            ],
            &["id"],
        )
        .await?;
        table(
            manager,
            "blind",
            vec![
                id("comment_id"),
                small("revision"),
                id("person_id"),
                text("language"),
                text("said"),
                text("machine"),
                text("version"),
                at("said_at"),
            ],
            &["comment_id", "revision"],
        )
        .await?;
        run(
            manager,
            &[
                "CREATE UNIQUE INDEX example_of_comment ON example (comment_id, revision) WHERE taken_back_at IS NULL",
                "CREATE INDEX example_latest ON example (kept_at, id)",
                "CREATE UNIQUE INDEX narrative_version_number ON narrative_version (narrative, version)",
                "CREATE INDEX narrative_version_state ON narrative_version (state, narrative)",
                "CREATE INDEX blind_latest ON blind (said_at)",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["blind", "narrative_version", "example"]).await
    }
}
