//! A question to supervisors.

#![expect(missing_docs, reason = "columns are described by the migration and product.md")]

use sea_orm::entity::prelude::*;

use crate::domain::{
    escalation::EscalationState,
    escalation::Resolution,
    id::{CommentId, EscalationId, PersonId},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "escalation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EscalationId,
    pub comment_id: CommentId,
    pub asked_by: PersonId,
    #[sea_orm(column_type = "Text")]
    pub question: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub proposal: Option<String>,
    pub two_person: bool,
    pub state: EscalationState,
    pub opened_at: i64,
    pub due_at: i64,
    pub resolved_by: Option<PersonId>,
    pub resolved_at: Option<i64>,
    pub resolution: Option<Resolution>,
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub advice: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
