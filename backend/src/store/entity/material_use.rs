//! That a decision's text points to a material.

#![expect(
    missing_docs,
    reason = "columns are described by the migration and the module of this name"
)]

use sea_orm::entity::prelude::*;

use crate::domain::id::{DecisionId, MaterialId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "material_use")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub material_id: MaterialId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub decision_id: DecisionId,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
