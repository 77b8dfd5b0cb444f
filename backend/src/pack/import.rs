//! A pack into the desk: every template it does not have yet, as drafts. What is there stays as it is.

use std::collections::HashSet;
use std::sync::Arc;

use sea_orm::{EntityTrait, IntoActiveModel, QuerySelect};
use serde_json::json;

use super::read::{Pack, PackTemplate, Unreadable};
use crate::change::{Actor, Change, Failure, Step};
use crate::domain::event::EventKind;
use crate::domain::template::TemplateState;
use crate::store::entity::{template, template_version};

/// Imports a pack. Doing it again adds nothing.
#[derive(Debug, Clone)]
pub struct ImportPack {
    /// The pack.
    pub pack: Arc<Pack>,
    /// Who imports.
    pub actor: Actor,
}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// Templates added.
    pub added: usize,
    /// Templates the desk had.
    pub known: usize,
}

impl ImportPack {
    /// The pack that comes with the desk.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn shipped(actor: Actor) -> Result<Self, Unreadable> {
        let pack = Arc::new(Pack::shipped()?);
        Ok(Self { pack, actor })
    }
}

impl Step for ImportPack {
    type Out = Imported;
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<Imported, Failure<Self::Refusal>> {
        let known: HashSet<String> = template::Entity::find()
            .select_only()
            .column(template::Column::Key)
            .into_tuple()
            .all(change.read())
            .await?
            .into_iter()
            .collect();
        let fresh: Vec<&PackTemplate> = self
            .pack
            .templates
            .iter()
            .filter(|template| !known.contains(&template.key))
            .collect();
        let imported = Imported {
            added: fresh.len(),
            known: self.pack.templates.len() - fresh.len(),
        };
        if fresh.is_empty() {
            return Ok(imported);
        }
        let (mut templates, mut versions) = (Vec::new(), Vec::new());
        for template in fresh {
            templates.push(self.row(template, change.now_ms()).into_active_model());
            for (variant, texts) in &template.variants {
                versions.push(
                    template_version::Model {
                        id: change.id(),
                        template_key: template.key.clone(),
                        variant: *variant,
                        version: 1,
                        short: texts.short.clone(),
                        long: texts.long.clone(),
                        state: TemplateState::Draft,
                        written_by: None,
                        written_at: change.now_ms(),
                        submitted_by: None,
                        submitted_at: None,
                        approved_by: None,
                        approved_at: None,
                        expires_on: None,
                    }
                    .into_active_model(),
                );
            }
        }
        change.insert_many::<template::Entity>(templates);
        change.insert_many::<template_version::Entity>(versions);
        change.note(
            EventKind::PackImported,
            None,
            self.actor,
            json!({ "added": imported.added, "known": imported.known }),
        );
        Ok(imported)
    }
}

impl ImportPack {
    fn row(&self, template: &PackTemplate, now: i64) -> template::Model {
        template::Model {
            key: template.key.clone(),
            answers: json!(template.answers).to_string(),
            answers_flags: json!(template.answers_flags).to_string(),
            placeholders: json!(self.pack.slots_of(template)).to_string(),
            facts: json!(self.pack.facts_of(template)).to_string(),
            sources: json!(template.sources).to_string(),
            fact_status: template.fact_status.clone(),
            note: template.note.clone(),
            created_at: now,
        }
    }
}
