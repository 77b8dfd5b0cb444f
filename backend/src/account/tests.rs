//! Secrets of accounts: sealed where they lie, open where they are used, and nothing believed without them.

use std::sync::Arc;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{SaveAccount, save};
use crate::app::App;
use crate::clock::Clock;
use crate::domain::platform::{ConnectorState, Platform};
use crate::practice::Practice;
use crate::store::entity::connector;

async fn desk() -> Practice {
    let desk = Practice::start().await;
    let step = SaveAccount {
        name: "facebook".into(),
        platform: Platform::Facebook,
        account: Some("410000000000017".into()),
        api_url: Some("https://graph.facebook.com/v26.0".into()),
        app_secret: Some("the-app-secret".into()),
        verify_token: Some("the-word".into()),
        access_token: Some("the-token".into()),
        ..SaveAccount::by_hand("")
    };
    save(&desk.app, step).await.expect("a connector");
    desk
}

async fn row(app: &App) -> connector::Model {
    let found = connector::Entity::find_by_id("facebook").one(app.db.reader()).await;
    found.expect("a read").expect("the connector")
}

async fn again(desk: &Practice, key: Option<&str>) -> Arc<App> {
    let mut config = desk.app.config.clone();
    if let Some(key) = key {
        config.secrets.key_file = format!("{}.{key}", config.database.url.trim_start_matches("sqlite://")).into();
    }
    let clock = Arc::clone(&desk.clock) as Arc<dyn Clock>;
    App::start(config, clock).await.expect("a desk")
}

#[actix_web::test]
async fn secrets_lie_sealed_in_the_database_and_open_in_memory() {
    let desk = desk().await;
    let row = row(&desk.app).await;
    for secret in [&row.app_secret, &row.verify_token, &row.access_token] {
        assert!(secret.starts_with("sealed:1:"));
    }
    assert_eq!(row.refresh_token, "");
    let app = again(&desk, None).await;
    let account = &app.connectors.find("facebook").unwrap().account;
    let open = (&*account.app_secret, &*account.verify_token, &*account.access_token);
    assert_eq!(open, ("the-app-secret", "the-word", "the-token"));
}

#[actix_web::test]
async fn with_another_key_the_desk_starts_and_the_account_is_locked_until_the_key_is_back() {
    let desk = desk().await;
    let locked = again(&desk, Some("other")).await.connectors.find("facebook").unwrap();
    assert!(locked.is_locked && locked.account.app_secret.is_empty());
    assert_eq!(locked.state, ConnectorState::SignInNeeded);
    let back = again(&desk, None).await.connectors.find("facebook").unwrap();
    assert_eq!((back.is_locked, back.state), (false, ConnectorState::Ok));
}

#[actix_web::test]
async fn what_an_older_version_kept_open_is_sealed_at_the_next_start() {
    let desk = desk().await;
    connector::Entity::update_many()
        .col_expr(connector::Column::AccessToken, Expr::value("kept open"))
        .filter(connector::Column::Name.eq("facebook"))
        .exec(desk.app.db.writer())
        .await
        .unwrap();
    let app = again(&desk, None).await;
    assert!(row(&app).await.access_token.starts_with("sealed:1:"));
    let open = app.connectors.find("facebook").unwrap();
    assert_eq!(open.account.access_token, "kept open");
}
