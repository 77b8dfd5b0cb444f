//! One configured account on a platform.

#![expect(missing_docs, reason = "columns are described by the migration and product.md")]

use sea_orm::entity::prelude::*;

use crate::domain::{platform::ConnectorState, platform::Platform};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "connector")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub platform: Platform,
    #[sea_orm(column_type = "Text")]
    pub account: String,
    #[sea_orm(column_type = "Text")]
    pub api_url: String,
    #[sea_orm(column_type = "Text")]
    pub app_secret: String,
    #[sea_orm(column_type = "Text")]
    pub verify_token: String,
    #[sea_orm(column_type = "Text")]
    pub access_token: String,
    pub state: ConnectorState,
    pub last_event_at: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    pub last_error: Option<String>,
    pub created_at: i64,
    /// What the platform needs besides, as JSON.
    #[sea_orm(column_type = "Text")]
    pub settings: String,
    #[sea_orm(column_type = "Text")]
    pub refresh_token: String,
    pub token_expires_at: Option<i64>,
    pub blind_since: Option<i64>,
}

impl Model {
    /// An account that works and of which nothing is known yet.
    #[must_use]
    pub fn new(name: &str, platform: Platform, created_at: i64) -> Self {
        Self {
            name: name.to_owned(),
            platform,
            account: String::new(),
            api_url: String::new(),
            app_secret: String::new(),
            verify_token: String::new(),
            access_token: String::new(),
            state: ConnectorState::Ok,
            last_event_at: None,
            last_error: None,
            created_at,
            settings: String::from("{}"),
            refresh_token: String::new(),
            token_expires_at: None,
            blind_since: None,
        }
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
