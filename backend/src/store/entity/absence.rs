//! Time in which a person is away.

#![expect(missing_docs, reason = "columns are described by the migration and product.md")]

use sea_orm::entity::prelude::*;

use crate::domain::{
    id::{AbsenceId, PersonId},
    shift::AbsenceKind,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "absence")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AbsenceId,
    pub person_id: PersonId,
    pub kind: AbsenceKind,
    pub from_at: i64,
    pub to_at: i64,
    pub noted_by: PersonId,
    pub noted_at: i64,
    pub over: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
