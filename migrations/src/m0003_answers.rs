//! What goes out: templates with their versions, drafts, decisions, the outbox, escalations.

use sea_orm_migration::prelude::*;

use crate::columns::{at, drop, flag, id, maybe_at, maybe_id, maybe_text, run, small, table, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table(
            manager,
            "template",
            vec![
                text("key"),
                text("answers"),
                text("answers_flags"),
                text("placeholders"),
                text("facts"),
                text("sources"),
                text("fact_status"),
                maybe_text("note"),
                at("created_at"),
            ],
            &["key"],
        )
        .await?;
        table(
            manager,
            "template_version",
            vec![
                id("id"),
                text("template_key"),
                text("variant"),
                small("version"),
                text("short"),
                text("long"),
                text("state"),
                maybe_id("written_by"),
                at("written_at"),
                maybe_id("submitted_by"),
                maybe_at("submitted_at"),
                maybe_id("approved_by"),
                maybe_at("approved_at"),
                maybe_text("expires_on"),
            ],
            &["id"],
        )
        .await?;
        table(
            manager,
            "draft",
            vec![id("comment_id"), id("person_id"), text("content"), at("updated_at")],
            &["comment_id", "person_id"],
        )
        .await?;
        table(
            manager,
            "decision",
            vec![
                id("id"),
                id("comment_id"),
                small("revision"),
                text("kind"),
                id("person_id"),
                maybe_text("ground"),
                maybe_text("reason"),
                maybe_text("template_key"),
                maybe_id("version_id"),
                maybe_text("variant"),
                maybe_text("text"),
                maybe_text("confirmed"),
                at("made_at"),
                maybe_at("undo_until"),
                maybe_at("undone_at"),
            ],
            &["id"],
        )
        .await?;
        table(
            manager,
            "outbox",
            vec![
                id("id"),
                id("decision_id"),
                id("comment_id"),
                text("connector"),
                text("action"),
                text("state"),
                at("due_at"),
                small("tries"),
                maybe_at("first_tried_at"),
                maybe_text("external_id"),
                maybe_text("code"),
                maybe_text("message"),
                at("updated_at"),
            ],
            &["id"],
        )
        .await?;
        table(
            manager,
            "escalation",
            vec![
                id("id"),
                id("comment_id"),
                id("asked_by"),
                text("question"),
                maybe_text("proposal"),
                flag("two_person"),
                text("state"),
                at("opened_at"),
                at("due_at"),
                maybe_id("resolved_by"),
                maybe_at("resolved_at"),
                maybe_text("resolution"),
                maybe_text("reason"),
                maybe_text("advice"),
            ],
            &["id"],
        )
        .await?;
        run(
            manager,
            &[
                "CREATE UNIQUE INDEX template_version_number ON template_version (template_key, variant, version)",
                "CREATE INDEX template_version_state ON template_version (state)",
                "CREATE INDEX decision_of_comment ON decision (comment_id, made_at)",
                "CREATE INDEX decision_of_person ON decision (person_id, made_at)",
                "CREATE INDEX outbox_due ON outbox (due_at) WHERE state IN ('pending', 'sending', 'unknown')",
                "CREATE INDEX outbox_decision ON outbox (decision_id)",
                "CREATE INDEX outbox_sent ON outbox (connector, external_id)",
                "CREATE INDEX escalation_open ON escalation (due_at) WHERE state = 'open'",
                "CREATE INDEX escalation_comment ON escalation (comment_id)",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(
            manager,
            &[
                "escalation",
                "outbox",
                "decision",
                "draft",
                "template_version",
                "template",
            ],
        )
        .await
    }
}
