//! Stories that comments retell, and which story each comment is in.

use sea_orm_migration::prelude::*;

use crate::columns::{at, drop, id, maybe_id, maybe_text, number, run, small, table, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// The story a comment is in, and the person who put it there if it was one.
const COLUMNS: [&str; 2] = ["story", "story_by"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table(
            manager,
            "story",
            vec![
                id("id"),
                maybe_id("example"),
                small("size"),
                small("accounts"),
                text("languages"),
                text("platforms"),
                maybe_text("burst"),
                at("first_at"),
                at("last_at"),
                number("last_number"),
                maybe_id("merged_into"),
                maybe_id("split_from"),
            ],
            &["id"],
        )
        .await?;
        for column in COLUMNS {
            let mut alter = Table::alter();
            alter.table(Alias::new("comment")).add_column(maybe_id(column));
            manager.alter_table(alter).await?;
        }
        run(
            manager,
            &[
                "CREATE INDEX comment_story ON comment (story, number) WHERE story IS NOT NULL",
                "CREATE INDEX story_latest ON story (last_at, id) WHERE merged_into IS NULL",
                "CREATE INDEX story_merged ON story (merged_into) WHERE merged_into IS NOT NULL",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &["DROP INDEX comment_story"]).await?;
        for column in COLUMNS {
            let mut alter = Table::alter();
            alter.table(Alias::new("comment")).drop_column(Alias::new(column));
            manager.alter_table(alter).await?;
        }
        drop(manager, &["story"]).await
    }
}
