//! A member of staff.

#![expect(missing_docs, reason = "columns are described by the migration and product.md")]

use sea_orm::entity::prelude::*;

use crate::domain::{id::PersonId, person::PersonState};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PersonId,
    #[sea_orm(column_type = "Text")]
    pub email: String,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub pseudonym: String,
    #[sea_orm(column_type = "Text")]
    pub password_hash: String,
    pub must_change_password: bool,
    #[sea_orm(column_type = "Text")]
    pub roles: String,
    #[sea_orm(column_type = "Text")]
    pub lanes: String,
    pub state: PersonState,
    #[sea_orm(column_type = "Text")]
    pub locale: String,
    #[sea_orm(column_type = "Text")]
    pub settings: String,
    pub refused_sign_ins: i32,
    pub locked_until: Option<i64>,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
