//! Time of a person in a lane.

#![expect(missing_docs, reason = "columns are described by the migration and product.md")]

use sea_orm::entity::prelude::*;

use crate::domain::{
    id::{PersonId, ShiftId},
    lane::Lane,
    shift::ShiftState,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "shift")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ShiftId,
    pub person_id: PersonId,
    pub lane: Lane,
    pub starts_at: i64,
    pub ends_at: i64,
    pub state: ShiftState,
    pub planned_by: Option<PersonId>,
    pub checked_in_at: Option<i64>,
    pub checked_out_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
