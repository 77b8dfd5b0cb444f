//! API tokens for programmes.

use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::json;

use crate::change::{Actor, Change, Failure, Step};
use crate::domain::event::EventKind;
use crate::domain::id::{PersonId, TokenId};
use crate::domain::role::Right;
use crate::store::entity::token;

/// Makes a token.
#[derive(Debug)]
pub struct AddToken {
    /// What it is for.
    pub name: String,
    /// Digest of its secret.
    pub digest: String,
    /// What it may do.
    pub rights: Vec<Right>,
    /// Who made it; none from the command line.
    pub by: Option<PersonId>,
}

impl Step for AddToken {
    type Out = TokenId;
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<TokenId, Failure<Self::Refusal>> {
        let id = change.id::<TokenId>();
        let rights: Vec<&str> = self.rights.iter().map(|right| right.as_str()).collect();
        let row = token::Model {
            id,
            digest: self.digest.clone(),
            name: self.name.clone(),
            rights: rights.join(" "),
            made_by: self.by,
            created_at: change.now_ms(),
            withdrawn_at: None,
        };
        change.later(&token::Entity::insert(row.into_active_model()));
        let actor = self.by.map_or(Actor::Desk, Actor::Person);
        change.note(
            EventKind::TokenChanged,
            None,
            actor,
            json!({ "token": id, "rights": rights }),
        );
        Ok(id)
    }
}
