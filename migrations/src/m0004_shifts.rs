//! Planned and worked time in a lane, and what one shift leaves to the next.

use sea_orm_migration::prelude::*;

use crate::columns::{at, drop, id, maybe_at, maybe_id, run, table, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table(
            manager,
            "shift",
            vec![
                id("id"),
                id("person_id"),
                text("lane"),
                at("starts_at"),
                at("ends_at"),
                text("state"),
                maybe_id("planned_by"),
                maybe_at("checked_in_at"),
                maybe_at("checked_out_at"),
            ],
            &["id"],
        )
        .await?;
        table(
            manager,
            "handover",
            vec![
                id("id"),
                text("lane"),
                id("shift_id"),
                id("person_id"),
                text("going_on"),
                text("waits"),
                text("watch"),
                at("written_at"),
            ],
            &["id"],
        )
        .await?;
        table(
            manager,
            "handover_read",
            vec![id("handover_id"), id("person_id"), at("read_at")],
            &["handover_id", "person_id"],
        )
        .await?;
        run(
            manager,
            &[
                "CREATE INDEX shift_week ON shift (starts_at)",
                "CREATE INDEX shift_now ON shift (person_id) WHERE state = 'started'",
                "CREATE INDEX handover_latest ON handover (lane, written_at)",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["handover_read", "handover", "shift"]).await
    }
}
