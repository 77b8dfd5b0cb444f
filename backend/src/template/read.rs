//! Templates as pages and programmes read them.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::domain::template::{TemplateState, Variant};
use crate::store::Error;
use crate::store::entity::{template, template_version};

/// A template with all versions of all its languages, the newest first.
#[derive(Debug, Clone)]
pub struct Document {
    /// The template.
    pub template: template::Model,
    /// Its versions.
    pub versions: Vec<template_version::Model>,
}

impl Document {
    /// The version that speaks for a language: the approved one, else the newest that is not retired, else the newest.
    #[must_use]
    pub fn current(&self, variant: Variant) -> Option<&template_version::Model> {
        let mine = || self.versions.iter().filter(move |version| version.variant == variant);
        mine()
            .find(|version| version.state == TemplateState::Approved)
            .or_else(|| mine().find(|version| version.state != TemplateState::Retired))
            .or_else(|| mine().next())
    }

    /// The newest version that is being worked on: a draft, or one that waits for approval.
    #[must_use]
    pub fn in_work(&self, variant: Variant) -> Option<&template_version::Model> {
        self.versions.iter().find(|version| {
            version.variant == variant && matches!(version.state, TemplateState::Draft | TemplateState::Reviewed)
        })
    }
}

/// Every template, by key.
///
/// # Errors
/// Any [`Error`].
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Document>, Error> {
    let templates = template::Entity::find()
        .order_by_asc(template::Column::Key)
        .all(db)
        .await?;
    let versions = template_version::Entity::find()
        .order_by_desc(template_version::Column::Version)
        .all(db)
        .await?;
    let mut by_key: std::collections::HashMap<String, Vec<template_version::Model>> = std::collections::HashMap::new();
    for version in versions {
        by_key.entry(version.template_key.clone()).or_default().push(version);
    }
    Ok(templates
        .into_iter()
        .map(|template| Document {
            versions: by_key.remove(&template.key).unwrap_or_default(),
            template,
        })
        .collect())
}

/// One template.
///
/// # Errors
/// Any [`Error`].
pub async fn find(db: &impl ConnectionTrait, key: &str) -> Result<Option<Document>, Error> {
    let Some(template) = template::Entity::find_by_id(key).one(db).await? else {
        return Ok(None);
    };
    let versions = template_version::Entity::find()
        .filter(template_version::Column::TemplateKey.eq(key))
        .order_by_desc(template_version::Column::Version)
        .all(db)
        .await?;
    Ok(Some(Document { template, versions }))
}
