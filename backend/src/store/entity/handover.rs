//! What one shift leaves to the next.

#![expect(missing_docs, reason = "columns are described by the migration and product.md")]

use sea_orm::entity::prelude::*;

use crate::domain::{
    id::{HandoverId, PersonId, ShiftId},
    lane::Lane,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "handover")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HandoverId,
    pub lane: Lane,
    pub shift_id: ShiftId,
    pub person_id: PersonId,
    #[sea_orm(column_type = "Text")]
    pub going_on: String,
    #[sea_orm(column_type = "Text")]
    pub waits: String,
    #[sea_orm(column_type = "Text")]
    pub watch: String,
    pub written_at: i64,
    /// What the desk itself wrote, as JSON.
    #[sea_orm(column_type = "Text")]
    pub facts: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
