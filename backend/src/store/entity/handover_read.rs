//! That a person has read a handover.

#![expect(missing_docs, reason = "columns are described by the migration and product.md")]

use sea_orm::entity::prelude::*;

use crate::domain::id::{HandoverId, PersonId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "handover_read")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub handover_id: HandoverId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: PersonId,
    pub read_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
