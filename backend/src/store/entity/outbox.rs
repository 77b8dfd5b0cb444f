//! An action on its way to a platform.

#![expect(missing_docs, reason = "columns are described by the migration and product.md")]

use sea_orm::entity::prelude::*;

use crate::domain::{
    decision::OutboxState,
    id::{CommentId, DecisionId, OutboxId},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OutboxId,
    pub decision_id: DecisionId,
    pub comment_id: CommentId,
    #[sea_orm(column_type = "Text")]
    pub connector: String,
    #[sea_orm(column_type = "Text")]
    pub action: String,
    pub state: OutboxState,
    pub due_at: i64,
    pub tries: i32,
    pub first_tried_at: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    pub external_id: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub code: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub message: Option<String>,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
