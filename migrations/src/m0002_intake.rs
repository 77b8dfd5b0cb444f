//! What comes in: connectors, campaigns, deliveries, comments, and the numbered events of the desk.

use sea_orm_migration::prelude::*;

use crate::columns::{
    at, bytes, drop, flag, id, maybe_at, maybe_id, maybe_text, number, run, sequence, small, table, text,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table(
            manager,
            "connector",
            vec![
                text("name"),
                text("platform"),
                text("account"),
                text("api_url"),
                text("app_secret"),
                text("verify_token"),
                text("access_token"),
                text("state"),
                maybe_at("last_event_at"),
                maybe_text("last_error"),
                at("created_at"),
            ],
            &["name"],
        )
        .await?;
        table(
            manager,
            "campaign",
            vec![id("id"), text("name"), at("created_at")],
            &["id"],
        )
        .await?;
        table(
            manager,
            "ad",
            vec![
                text("connector"),
                text("external_id"),
                maybe_id("campaign_id"),
                maybe_text("title"),
                maybe_text("language"),
                at("created_at"),
            ],
            &["connector", "external_id"],
        )
        .await?;
        table(
            manager,
            "post",
            vec![
                text("connector"),
                text("external_id"),
                maybe_id("campaign_id"),
                maybe_text("ad"),
                maybe_text("title"),
                maybe_text("language"),
                maybe_text("permalink"),
                maybe_at("removed_at"),
                at("created_at"),
            ],
            &["connector", "external_id"],
        )
        .await?;
        table(
            manager,
            "delivery",
            vec![
                id("id"),
                text("connector"),
                maybe_text("digest"),
                bytes("body"),
                at("received_at"),
                maybe_at("taken_apart_at"),
                small("events"),
                small("ignored"),
                maybe_text("error"),
            ],
            &["id"],
        )
        .await?;
        table(
            manager,
            "comment",
            vec![
                id("id"),
                number("number"),
                text("connector"),
                text("platform"),
                text("external_id"),
                maybe_text("parent"),
                maybe_text("post"),
                maybe_text("ad"),
                maybe_id("campaign_id"),
                maybe_text("author_id"),
                maybe_text("author_handle"),
                maybe_text("author_name"),
                flag("own"),
                maybe_text("text"),
                maybe_text("attachments"),
                small("revision"),
                at("text_at"),
                text("visibility"),
                at("visibility_at"),
                text("presence"),
                text("state"),
                text("lane"),
                text("tags"),
                text("labels"),
                flag("urgent"),
                small("severity"),
                at("due_at"),
                at("written_at"),
                at("opened_at"),
                maybe_id("claimed_by"),
                maybe_at("claimed_until"),
                maybe_at("decided_at"),
            ],
            &["id"],
        )
        .await?;
        table(
            manager,
            "revision",
            vec![
                id("comment_id"),
                small("revision"),
                maybe_text("text"),
                text("tags"),
                at("text_at"),
            ],
            &["comment_id", "revision"],
        )
        .await?;
        table(
            manager,
            "event",
            vec![
                sequence(manager, "seq"),
                at("at"),
                text("kind"),
                maybe_id("comment_id"),
                maybe_text("lane"),
                maybe_text("actor"),
                text("data"),
            ],
            &["seq"],
        )
        .await?;
        table(manager, "counter", vec![text("name"), number("value")], &["name"]).await?;
        run(
            manager,
            &[
                "INSERT INTO counter (name, value) VALUES ('event', 0)",
                "CREATE UNIQUE INDEX delivery_known ON delivery (connector, digest) WHERE digest IS NOT NULL",
                "CREATE INDEX delivery_waiting ON delivery (received_at) WHERE taken_apart_at IS NULL",
                "CREATE UNIQUE INDEX comment_external ON comment (connector, external_id)",
                "CREATE UNIQUE INDEX comment_number ON comment (number)",
                "CREATE INDEX comment_serving ON comment (lane, urgent DESC, due_at, severity DESC, opened_at, id) WHERE state = 'open'",
                "CREATE INDEX comment_held ON comment (claimed_by) WHERE state = 'claimed'",
                "CREATE INDEX comment_thread ON comment (post, connector, written_at)",
                "CREATE INDEX comment_author ON comment (author_id, connector)",
                "CREATE INDEX event_of_comment ON event (comment_id, seq)",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(
            manager,
            &[
                "counter",
                "event",
                "revision",
                "comment",
                "delivery",
                "post",
                "ad",
                "campaign",
                "connector",
            ],
        )
        .await
    }
}
