//! The accounts the desk is connected as: adding and changing them. Their secrets go in and never come out.

use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, IntoActiveModel, QueryOrder, QuerySelect};
use serde_json::json;

use crate::app::App;
use crate::change::{Actor, Change, Failure, Step};
use crate::domain::event::EventKind;
use crate::domain::platform::{ConnectorState, Platform};
use crate::store::Error;
use crate::store::entity::connector;

/// Why an account was not saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountRefused {
    /// Comments came in by this name from another platform.
    OtherPlatform(Platform),
    /// A new account on a platform with deliveries needs this field.
    Missing(&'static str),
}

/// Adds a connector, or changes the one of this name. What is not given stays.
#[derive(Clone)]
pub struct SaveAccount {
    /// Its name, also its address under `/hooks/`.
    pub name: String,
    /// The platform.
    pub platform: Platform,
    /// The platform's id of the account.
    pub account: Option<String>,
    /// Base address of the platform's API.
    pub api_url: Option<String>,
    /// Key of the delivery signature.
    pub app_secret: Option<String>,
    /// Word expected in the handshake.
    pub verify_token: Option<String>,
    /// Token for calls to the API.
    pub access_token: Option<String>,
    /// Token that a new access token is asked for with.
    pub refresh_token: Option<String>,
    /// What the platform needs besides: a JSON object.
    pub settings: Option<String>,
    /// Works, or paused.
    pub state: Option<ConnectorState>,
    /// Who does it.
    pub by: Actor,
}

impl SaveAccount {
    /// A connector for comments that programmes hand in.
    #[must_use]
    pub fn by_hand(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            platform: Platform::Manual,
            account: None,
            api_url: None,
            app_secret: None,
            verify_token: None,
            access_token: None,
            refresh_token: None,
            settings: None,
            state: None,
            by: Actor::Desk,
        }
    }

    /// What a new account must have: an address and a token where the platform is called, and what proves that
    /// deliveries are genuine where they come by themselves.
    fn missing(&self) -> Option<&'static str> {
        let called = [
            ("account", &self.account),
            ("api_url", &self.api_url),
            ("access_token", &self.access_token),
        ];
        let delivered = [("app_secret", &self.app_secret), ("verify_token", &self.verify_token)];
        let needed = match self.platform {
            Platform::Facebook | Platform::Instagram => (&called[..], &delivered[..]),
            platform if crate::connector::of(platform).is_some() => (&called[..], &[][..]),
            _ => (&[][..], &[][..]),
        };
        needed
            .0
            .iter()
            .chain(needed.1)
            .find(|(_, value)| value.as_ref().is_none_or(String::is_empty))
            .map(|(name, _)| *name)
    }
}

impl std::fmt::Debug for SaveAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SaveAccount")
            .field("name", &self.name)
            .field("platform", &self.platform)
            .finish_non_exhaustive()
    }
}

impl Step for SaveAccount {
    type Out = connector::Model;
    type Refusal = AccountRefused;

    async fn run(&self, change: &mut Change) -> Result<connector::Model, Failure<AccountRefused>> {
        let known = connector::Entity::find_by_id(self.name.as_str())
            .one(change.read())
            .await?;
        let what = if known.is_some() { "changed" } else { "added" };
        let mut row = match known {
            Some(row) if row.platform != self.platform => {
                return Err(Failure::Refused(AccountRefused::OtherPlatform(row.platform)));
            }
            Some(row) => row,
            None => match self.missing() {
                Some(field) => return Err(Failure::Refused(AccountRefused::Missing(field))),
                None => connector::Model::new(&self.name, self.platform, change.now_ms()),
            },
        };
        for (kept, given) in [
            (&mut row.account, &self.account),
            (&mut row.api_url, &self.api_url),
            (&mut row.app_secret, &self.app_secret),
            (&mut row.verify_token, &self.verify_token),
            (&mut row.access_token, &self.access_token),
            (&mut row.refresh_token, &self.refresh_token),
            (&mut row.settings, &self.settings),
        ] {
            if let Some(given) = given.as_ref().filter(|given| !given.is_empty()) {
                kept.clone_from(given);
            }
        }
        // A new token is given because the old one was void.
        let renewed = self.access_token.is_some() && row.state == ConnectorState::SignInNeeded;
        row.state = self
            .state
            .unwrap_or(if renewed { ConnectorState::Ok } else { row.state });
        let columns = [
            connector::Column::Account,
            connector::Column::ApiUrl,
            connector::Column::AppSecret,
            connector::Column::VerifyToken,
            connector::Column::AccessToken,
            connector::Column::RefreshToken,
            connector::Column::Settings,
            connector::Column::State,
        ];
        let key = OnConflict::column(connector::Column::Name)
            .update_columns(columns)
            .to_owned();
        change.later(&connector::Entity::insert(row.clone().into_active_model()).on_conflict(key));
        let data = json!({ "connector": row.name, "platform": row.platform, "state": row.state, "what": what });
        change.note(EventKind::Connector, None, self.by, data);
        Ok(row)
    }
}

/// Saves an account and has the desk use it.
///
/// # Errors
/// What the step refuses, or why the database could not.
pub async fn save(app: &App, step: SaveAccount) -> Result<connector::Model, Failure<AccountRefused>> {
    let row = app.writer.change(step).await?;
    app.load_connectors().await?;
    Ok(row)
}

/// Every account, by name.
///
/// # Errors
/// Any [`Error`].
pub async fn list(app: &App) -> Result<Vec<connector::Model>, Error> {
    Ok(connector::Entity::find()
        .order_by_asc(connector::Column::Name)
        .limit(200)
        .all(app.db.reader())
        .await?)
}
