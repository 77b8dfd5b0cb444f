//! Staff, their sessions, API tokens and answered idempotency keys.

use sea_orm_migration::prelude::*;

use crate::columns::{at, drop, flag, id, maybe_at, maybe_id, maybe_text, run, small, table, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table(
            manager,
            "person",
            vec![
                id("id"),
                text("email"),
                text("name"),
                text("pseudonym"),
                text("password_hash"),
                flag("must_change_password"),
                text("roles"),
                text("lanes"),
                text("state"),
                text("locale"),
                text("settings"),
                small("refused_sign_ins"),
                maybe_at("locked_until"),
                at("created_at"),
            ],
            &["id"],
        )
        .await?;
        table(
            manager,
            "session",
            vec![
                id("id"),
                text("digest"),
                id("person_id"),
                at("created_at"),
                at("seen_at"),
                at("expires_at"),
            ],
            &["id"],
        )
        .await?;
        table(
            manager,
            "token",
            vec![
                id("id"),
                text("digest"),
                text("name"),
                text("rights"),
                maybe_id("made_by"),
                at("created_at"),
                maybe_at("withdrawn_at"),
            ],
            &["id"],
        )
        .await?;
        table(
            manager,
            "idempotency",
            vec![
                text("actor"),
                text("key"),
                text("request"),
                small("status"),
                maybe_text("body"),
                at("created_at"),
            ],
            &["actor", "key"],
        )
        .await?;
        run(
            manager,
            &[
                "CREATE UNIQUE INDEX person_email ON person (email)",
                "CREATE UNIQUE INDEX person_pseudonym ON person (pseudonym)",
                "CREATE UNIQUE INDEX session_digest ON session (digest)",
                "CREATE INDEX session_person ON session (person_id)",
                "CREATE UNIQUE INDEX token_digest ON token (digest)",
                "CREATE INDEX idempotency_age ON idempotency (created_at)",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["idempotency", "token", "session", "person"]).await
    }
}
