//! API tokens for programmes.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use crate::app::App;
use crate::change::{Actor, Change, Failure, Step};
use crate::domain::event::EventKind;
use crate::domain::id::{PersonId, TokenId};
use crate::domain::role::Right;
use crate::store::Error;
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

/// Withdraws a token: it opens nothing from now on.
#[derive(Debug)]
pub struct WithdrawToken {
    /// Which.
    pub token: TokenId,
    /// By whom.
    pub by: PersonId,
}

impl Step for WithdrawToken {
    /// Whether there is such a token.
    type Out = bool;
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<bool, Failure<Self::Refusal>> {
        let now = change.now_ms();
        let withdrawn = change
            .execute(
                &token::Entity::update_many()
                    .col_expr(token::Column::WithdrawnAt, Expr::value(now))
                    .filter(token::Column::Id.eq(self.token))
                    .filter(token::Column::WithdrawnAt.is_null()),
            )
            .await?;
        if withdrawn == 0 {
            let known = token::Entity::find_by_id(self.token).one(change.read()).await?;
            return Ok(known.is_some());
        }
        change.note(
            EventKind::TokenChanged,
            None,
            Actor::Person(self.by),
            json!({ "token": self.token, "what": "withdrawn", "ended": self.token }),
        );
        Ok(true)
    }
}

/// Every token, newest first, withdrawn ones too.
///
/// # Errors
/// Any [`Error`].
pub async fn list(app: &App) -> Result<Vec<token::Model>, Error> {
    Ok(token::Entity::find()
        .order_by_desc(token::Column::CreatedAt)
        .limit(200)
        .all(app.db.reader())
        .await?)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{AddToken, WithdrawToken};
    use crate::domain::id::TokenId;
    use crate::domain::role::{Right, Role};
    use crate::practice::Practice;
    use crate::wire::hub::{Format, Listener, Listening};
    use crate::wire::topic::Topic;

    async fn token(desk: &Practice, name: &str) -> TokenId {
        let step = AddToken {
            name: name.to_owned(),
            digest: name.to_owned(),
            rights: vec![Right::SeeLoad],
            by: None,
        };
        desk.app.writer.change(step).await.expect("a token")
    }

    fn listens(desk: &Practice, token: TokenId) -> Listening {
        let who = Listener {
            person: None,
            session: None,
            token: Some(token),
        };
        desk.app.hub.listen(who, Format::Json, &[Topic::Load], 8)
    }

    #[actix_web::test]
    async fn withdrawing_a_token_ends_its_sockets_within_a_second_and_no_others() {
        let desk = Practice::start().await;
        let admin = desk.person("admin", &[Role::Admin], &[]).await;
        let (gone, kept) = (token(&desk, "gone").await, token(&desk, "kept").await);
        let (ends, stays) = (listens(&desk, gone), listens(&desk, kept));
        token(&desk, "new").await;
        assert!(!ends.ended().is_cancelled(), "a token made ends nothing");
        let step = WithdrawToken { token: gone, by: admin };
        assert!(desk.app.writer.change(step).await.expect("withdrawn"));
        tokio::time::timeout(Duration::from_secs(1), ends.ended().cancelled())
            .await
            .expect("the socket ends");
        assert!(!stays.ended().is_cancelled());
    }
}
