//! That somebody works another's shift.

#![expect(missing_docs, reason = "columns are described by the migration and product.md")]

use sea_orm::entity::prelude::*;

use crate::domain::{
    id::{ExchangeId, PersonId, ShiftId},
    shift::ExchangeState,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "exchange")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ExchangeId,
    pub shift_id: ShiftId,
    pub asked_by: PersonId,
    pub asked_of: PersonId,
    pub in_return: Option<ShiftId>,
    pub state: ExchangeState,
    pub asked_at: i64,
    pub answered_at: Option<i64>,
    pub decided_by: Option<PersonId>,
    pub decided_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
