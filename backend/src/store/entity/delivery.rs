//! One raw webhook call or API body as received.

#![expect(missing_docs, reason = "columns are described by the migration and product.md")]

use sea_orm::entity::prelude::*;

use crate::domain::id::DeliveryId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delivery")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeliveryId,
    #[sea_orm(column_type = "Text")]
    pub connector: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub digest: Option<String>,
    pub body: Vec<u8>,
    pub received_at: i64,
    pub taken_apart_at: Option<i64>,
    pub events: i32,
    pub ignored: i32,
    #[sea_orm(column_type = "Text", nullable)]
    pub error: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
