//! The stand-in for Facebook with the Page of the payload files, and what the public would see there.

use std::collections::BTreeMap;
use std::sync::Arc;

use klarsvar::clock::{Clock, SystemClock};
use klarsvar::domain::platform::Platform;
use klarsvar::standin::{Comment, Holder, Post, Standin, StandinConfig};
use klarsvar::store::entity::connector;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter};

use super::graph::{FACEBOOK_PAGE, comment_id, post_id};

/// Starts it, and lets the connector `facebook` of a database that no desk has open yet act on it.
pub async fn facebook(db: &DatabaseConnection, hook: &str) -> Standin {
    let standin = Standin::start(StandinConfig::new(Arc::new(|| SystemClock.now()))).expect("a stand-in");
    standin.add_holder(Holder {
        platform: Platform::Facebook,
        id: FACEBOOK_PAGE.to_owned(),
        name: "Myndigheten".to_owned(),
        token: "access-token-of-the-tests".to_owned(),
        page: None,
    });
    standin.add_post(Post {
        id: post_id(),
        holder: FACEBOOK_PAGE.to_owned(),
        text: "Vad är LVU?".to_owned(),
        dark: true,
        ad: None,
    });
    standin.deliver_to(Platform::Facebook, hook);
    connector::Entity::update_many()
        .col_expr(connector::Column::ApiUrl, Expr::value(standin.api_url()))
        .filter(connector::Column::Name.eq("facebook"))
        .exec(db)
        .await
        .expect("the connector is told");
    standin
}

/// Puts a comment there without telling the desk: the test delivers it itself.
pub fn has(standin: &Standin, number: &str, text: &str) {
    standin.restore(Comment {
        id: comment_id(number),
        post: post_id(),
        parent: None,
        author_id: "7300000000000011".to_owned(),
        author_name: "Elin Exempel".to_owned(),
        text: Some(text.to_owned()),
        photo: None,
        at: SystemClock.now(),
        hidden: false,
        removed: false,
        liked: false,
        private_replies: Vec::new(),
    });
}

/// What the Page says under each comment.
pub fn replies(standin: &Standin) -> BTreeMap<String, Vec<String>> {
    let mut replies: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for comment in standin.comments() {
        if let (Some(parent), Some(text)) = (comment.parent, comment.text) {
            assert_eq!(comment.author_id, FACEBOOK_PAGE);
            replies.entry(parent).or_default().push(text);
        }
    }
    replies
}
