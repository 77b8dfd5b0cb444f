//! The roster whole: breaks, drafts that are published, what a shift leaves by itself, absence, exchanges, calendars.

use sea_orm_migration::prelude::*;

use crate::columns::{at, drop, flag, id, maybe_at, maybe_id, run, table, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table(
            manager,
            "absence",
            vec![
                id("id"),
                id("person_id"),
                text("kind"),
                at("from_at"),
                at("to_at"),
                id("noted_by"),
                at("noted_at"),
                flag("over"),
            ],
            &["id"],
        )
        .await?;
        table(
            manager,
            "exchange",
            vec![
                id("id"),
                id("shift_id"),
                id("asked_by"),
                id("asked_of"),
                maybe_id("in_return"),
                text("state"),
                at("asked_at"),
                maybe_at("answered_at"),
                maybe_id("decided_by"),
                maybe_at("decided_at"),
            ],
            &["id"],
        )
        .await?;
        table(
            manager,
            "calendar",
            vec![id("person_id"), text("digest"), at("made_at")],
            &["person_id"],
        )
        .await?;
        run(
            manager,
            &[
                "ALTER TABLE shift ADD COLUMN breaks TEXT NOT NULL DEFAULT '[]'",
                "ALTER TABLE shift ADD COLUMN break_since BIGINT",
                "ALTER TABLE shift ADD COLUMN published_at BIGINT",
                // Until now everybody saw every shift.
                "UPDATE shift SET published_at = starts_at",
                "ALTER TABLE handover ADD COLUMN facts TEXT NOT NULL DEFAULT '{}'",
                "CREATE INDEX shift_of_person ON shift (person_id, starts_at)",
                "CREATE INDEX handover_of_shift ON handover (shift_id)",
                "CREATE INDEX absence_of_person ON absence (person_id, from_at)",
                "CREATE INDEX exchange_open ON exchange (asked_of) WHERE state IN ('asked', 'accepted')",
                "CREATE UNIQUE INDEX calendar_digest ON calendar (digest)",
                "CREATE INDEX event_template ON event (at) WHERE kind = 'template'",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(
            manager,
            &[
                "DROP INDEX event_template",
                "DROP INDEX handover_of_shift",
                "DROP INDEX shift_of_person",
                "ALTER TABLE handover DROP COLUMN facts",
                "ALTER TABLE shift DROP COLUMN published_at",
                "ALTER TABLE shift DROP COLUMN break_since",
                "ALTER TABLE shift DROP COLUMN breaks",
            ],
        )
        .await?;
        drop(manager, &["calendar", "exchange", "absence"]).await
    }
}
