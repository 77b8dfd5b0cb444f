//! The accounts the desk is connected as: adding and changing them. Their secrets go in and never come out.

pub mod seal;
#[cfg(test)]
mod tests;

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, IdenStatic, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use self::seal::{Seal, Unopened};

use crate::app::App;
use crate::change::{Actor, Change, Failure, Step};
use crate::connector::Account;
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

/// Where a secret of an account is kept, for [`seal::Seal`].
#[must_use]
pub fn place(connector: &str, column: connector::Column) -> String {
    format!("{connector}/{}", column.as_str())
}

/// The columns that hold secrets, with what they hold.
fn secrets(row: &mut connector::Model) -> [(connector::Column, &mut String); 4] {
    [
        (connector::Column::AppSecret, &mut row.app_secret),
        (connector::Column::VerifyToken, &mut row.verify_token),
        (connector::Column::AccessToken, &mut row.access_token),
        (connector::Column::RefreshToken, &mut row.refresh_token),
    ]
}

/// The account of a row, and whether all its secrets could be opened. One that could not is empty.
#[must_use]
pub fn opened(seal: &Seal, mut row: connector::Model) -> (Account, bool) {
    let name = row.name.clone();
    let mut whole = true;
    for (column, secret) in secrets(&mut row) {
        *secret = seal.open(secret, &place(&name, column)).unwrap_or_else(|Unopened| {
            whole = false;
            String::new()
        });
    }
    let account = Account {
        platform: row.platform,
        external_id: row.account,
        api_url: row.api_url,
        app_secret: row.app_secret,
        verify_token: row.verify_token,
        access_token: row.access_token,
        refresh_token: row.refresh_token,
        settings: serde_json::from_str(&row.settings).unwrap_or_default(),
    };
    (account, whole)
}

/// Seals secrets that an older version kept open.
///
/// # Errors
/// Any [`Error`].
pub async fn seal_open_ones(app: &App) -> Result<(), Error> {
    for mut row in list(app).await? {
        let name = row.name.clone();
        let mut sealed = Vec::new();
        for (column, secret) in secrets(&mut row) {
            if !secret.is_empty() && !seal::is_sealed(secret) {
                sealed.push((column, app.seal.close(secret, &place(&name, column))?));
            }
        }
        if !sealed.is_empty() {
            let step = Reseal { name, sealed };
            match app.writer.change(step).await {
                Ok(()) => {}
                Err(Failure::Store(error)) => return Err(error),
                Err(Failure::Refused(never)) => match never {},
            }
        }
    }
    Ok(())
}

struct Reseal {
    name: String,
    sealed: Vec<(connector::Column, String)>,
}

impl Step for Reseal {
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Self::Refusal>> {
        for (column, sealed) in &self.sealed {
            let update = connector::Entity::update_many()
                .col_expr(*column, Expr::value(sealed.as_str()))
                .filter(connector::Column::Name.eq(&self.name));
            change.execute(&update).await?;
        }
        Ok(())
    }
}

/// Saves an account, its secrets sealed, and has the desk use it.
///
/// # Errors
/// What the step refuses, or why the database could not.
pub async fn save(app: &App, mut step: SaveAccount) -> Result<connector::Model, Failure<AccountRefused>> {
    for (column, secret) in [
        (connector::Column::AppSecret, &mut step.app_secret),
        (connector::Column::VerifyToken, &mut step.verify_token),
        (connector::Column::AccessToken, &mut step.access_token),
        (connector::Column::RefreshToken, &mut step.refresh_token),
    ] {
        if let Some(secret) = secret {
            let place = place(&step.name, column);
            *secret = app
                .seal
                .close(secret, &place)
                .map_err(|error| Failure::Store(error.into()))?;
        }
    }
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
