//! The campaign: accounts and ads on the stand-in, and the connectors, campaign, ads and posts that the desk knows.

use std::sync::Arc;

use chrono::{DateTime, TimeZone, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde_json::json;

use super::people::never;
use crate::app::App;
use crate::change::{Actor, Change, Failure, Step};
use crate::cli::Failed;
use crate::clock::{self, Clock};
use crate::domain::comment::{CommentState, Visibility};
use crate::domain::event::EventKind;
use crate::domain::id::CampaignId;
use crate::domain::platform::{ConnectorState, Platform};
use crate::person::secret;
use crate::standin::{self, Holder, Standin};
use crate::store::Error;
use crate::store::entity::{ad, campaign, comment, connector, post};

const CAMPAIGN: &str = "Fakta om LVU";
const AD_ACCOUNT: &str = "880000000000001";
const PAGE: &str = "410000000000017";

/// A platform that speaks over HTTP.
pub(super) struct At {
    /// The connector's name.
    pub name: &'static str,
    pub platform: Platform,
    /// The Page's or the account's id.
    pub account: &'static str,
}

pub(super) const PLATFORMS: &[At] = &[
    At {
        name: "facebook",
        platform: Platform::Facebook,
        account: PAGE,
    },
    At {
        name: "instagram",
        platform: Platform::Instagram,
        account: "17841400000000019",
    },
];

/// Platforms whose comments are handed in by people or programmes.
const BY_HAND: &[(&str, Platform)] = &[
    ("youtube", Platform::Youtube),
    ("tiktok", Platform::Tiktok),
    ("snapchat", Platform::Snapchat),
    ("manual", Platform::Manual),
];

/// One ad with the post that carries it.
pub(super) struct Advert {
    pub platform: Platform,
    pub language: &'static str,
    pub post: &'static str,
    pub ad: &'static str,
    title: &'static str,
    text: &'static str,
}

const SV: &str = "Vad är LVU, och vem bestämmer? Här är fakta om hur socialtjänsten arbetar med barn och familjer.";
const AR: &str = "ما هو قانون LVU ومن الذي يقرر؟ هنا حقائق عن عمل الخدمات الاجتماعية مع الأطفال والعائلات.";

/// The ads whose comments come in by themselves.
pub(super) const ADVERTS: &[Advert] = &[
    Advert {
        platform: Platform::Facebook,
        language: "sv",
        post: "410000000000017_520000000000101",
        ad: "120210000000000101",
        title: "Fakta om LVU – svenska",
        text: SV,
    },
    Advert {
        platform: Platform::Facebook,
        language: "ar",
        post: "410000000000017_520000000000102",
        ad: "120210000000000102",
        title: "Fakta om LVU – arabiska",
        text: AR,
    },
    Advert {
        platform: Platform::Instagram,
        language: "sv",
        post: "17990000000000101",
        ad: "120210000000000103",
        title: "Fakta om LVU – svenska",
        text: SV,
    },
    Advert {
        platform: Platform::Instagram,
        language: "ar",
        post: "17990000000000102",
        ad: "120210000000000104",
        title: "Fakta om LVU – arabiska",
        text: AR,
    },
];

/// Secrets of this start. New each time, so that nothing of an earlier demonstration fits.
pub(super) struct Keys {
    pub app_secret: String,
    pub verify_token: String,
    access_token: String,
    /// Comments of this start are numbered from here: a kept desk must not take them for those of an earlier one.
    pub first_number: u64,
}

impl Keys {
    pub(super) fn make(clock: &Arc<dyn Clock>) -> Result<Self, Failed> {
        let since: DateTime<Utc> = Utc
            .with_ymd_and_hms(2026, 1, 1, 0, 0, 0)
            .single()
            .unwrap_or(DateTime::UNIX_EPOCH);
        let seconds = (clock.now() - since).num_seconds();
        Ok(Self {
            app_secret: secret::make()?,
            verify_token: secret::make()?,
            access_token: secret::make()?,
            first_number: u64::try_from(seconds).unwrap_or(0) * 1_000,
        })
    }
}

/// Sets up both sides.
pub(super) async fn ready(app: &App, standin: &Standin, keys: &Keys) -> Result<(), Failed> {
    let mut connectors = Vec::new();
    for at in PLATFORMS {
        standin.add_holder(Holder {
            platform: at.platform,
            id: at.account.into(),
            name: match at.platform {
                Platform::Instagram => "exempelmyndigheten".into(),
                _ => "Exempelmyndigheten".into(),
            },
            token: keys.access_token.clone(),
            page: (at.platform == Platform::Instagram).then(|| PAGE.into()),
        });
        connectors.push(connector::Model {
            api_url: standin.api_url(),
            app_secret: keys.app_secret.clone(),
            verify_token: keys.verify_token.clone(),
            access_token: keys.access_token.clone(),
            ..plain(at.name, at.platform, at.account)
        });
    }
    connectors.extend(BY_HAND.iter().map(|(name, platform)| plain(name, *platform, name)));
    for advert in ADVERTS {
        show(standin, advert);
    }
    app.writer.change(SetUp { connectors }).await.map_err(never)?;
    app.load_connectors().await?;
    restore(app, standin).await?;
    app.posts.load(app.db.reader()).await?;
    Ok(())
}

/// The platforms forget with every start, a kept desk does not: what it knows is put back, so that it can be answered.
async fn restore(app: &App, standin: &Standin) -> Result<(), Error> {
    let kept = comment::Entity::find()
        .filter(comment::Column::Connector.is_in(PLATFORMS.iter().map(|at| at.name)))
        .filter(comment::Column::State.ne(CommentState::Withdrawn))
        .order_by_asc(comment::Column::Number)
        .all(app.db.reader())
        .await?;
    for row in kept {
        standin.restore(standin::Comment {
            id: row.external_id,
            post: row.post.unwrap_or_default(),
            parent: row.parent,
            author_id: row.author_id.unwrap_or_default(),
            author_name: row.author_name.or(row.author_handle).unwrap_or_default(),
            text: row.text,
            photo: None,
            at: clock::from_ms(row.written_at),
            hidden: row.visibility == Visibility::Hidden,
            removed: false,
            liked: false,
            private_replies: Vec::new(),
        });
    }
    Ok(())
}

fn plain(name: &str, platform: Platform, account: &str) -> connector::Model {
    connector::Model {
        name: name.to_owned(),
        platform,
        account: account.to_owned(),
        api_url: String::new(),
        app_secret: String::new(),
        verify_token: String::new(),
        access_token: String::new(),
        state: ConnectorState::Ok,
        last_event_at: None,
        last_error: None,
        created_at: 0,
    }
}

fn show(standin: &Standin, advert: &Advert) {
    let on_facebook = advert.platform == Platform::Facebook;
    let holder = PLATFORMS.iter().find(|at| at.platform == advert.platform);
    standin.add_post(standin::Post {
        id: advert.post.into(),
        holder: holder.map(|at| at.account.to_owned()).unwrap_or_default(),
        text: advert.text.into(),
        dark: true,
        ad: (!on_facebook).then(|| (advert.ad.into(), advert.title.into())),
    });
    standin.add_ad(standin::Ad {
        id: advert.ad.into(),
        name: advert.title.into(),
        ad_account: AD_ACCOUNT.into(),
        adset_id: format!("{AD_ACCOUNT}1"),
        campaign: (format!("{AD_ACCOUNT}9"), CAMPAIGN.into()),
        post: on_facebook.then(|| advert.post.into()),
        media: (!on_facebook).then(|| advert.post.into()),
    });
}

/// What the desk knows of the campaign. Connectors of an earlier start get this one's addresses and secrets.
struct SetUp {
    connectors: Vec<connector::Model>,
}

impl Step for SetUp {
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Self::Refusal>> {
        use connector::Column;
        let now = change.now_ms();
        let renewed = OnConflict::column(Column::Name)
            .update_columns([
                Column::ApiUrl,
                Column::AppSecret,
                Column::VerifyToken,
                Column::AccessToken,
                Column::State,
            ])
            .to_owned();
        for known in &self.connectors {
            let row = connector::Model {
                created_at: now,
                ..known.clone()
            };
            change.later(&connector::Entity::insert(row.into_active_model()).on_conflict(renewed.clone()));
        }
        let known = campaign::Entity::find()
            .filter(campaign::Column::Name.eq(CAMPAIGN))
            .one(change.read())
            .await?;
        if known.is_some() {
            return Ok(());
        }
        let id = change.id::<CampaignId>();
        let row = campaign::Model {
            id,
            name: CAMPAIGN.to_owned(),
            created_at: now,
        };
        change.later(&campaign::Entity::insert(row.into_active_model()));
        for advert in ADVERTS {
            let connector = PLATFORMS
                .iter()
                .find(|at| at.platform == advert.platform)
                .map_or("manual", |at| at.name);
            advertise(
                change,
                id,
                connector,
                advert.ad,
                Some(advert.post),
                advert.title,
                advert.language,
            );
        }
        for (name, _) in BY_HAND {
            for (language, title) in [("sv", "Fakta om LVU – svenska"), ("ar", "Fakta om LVU – arabiska")] {
                let (ad, post) = (format!("{name}-ad-{language}"), format!("{name}-{language}"));
                advertise(change, id, name, &ad, Some(&post), title, language);
            }
        }
        change.note(
            EventKind::CampaignChanged,
            None,
            Actor::Desk,
            json!({ "campaign": id, "what": "added" }),
        );
        Ok(())
    }
}

fn advertise(
    change: &mut Change,
    campaign: CampaignId,
    connector: &str,
    ad: &str,
    post: Option<&str>,
    title: &str,
    language: &str,
) {
    let now = change.now_ms();
    let row = ad::Model {
        connector: connector.to_owned(),
        external_id: ad.to_owned(),
        campaign_id: Some(campaign),
        title: Some(title.to_owned()),
        language: Some(language.to_owned()),
        created_at: now,
    };
    change.later(&ad::Entity::insert(row.into_active_model()));
    if let Some(post) = post {
        let row = post::Model {
            connector: connector.to_owned(),
            external_id: post.to_owned(),
            campaign_id: Some(campaign),
            ad: Some(ad.to_owned()),
            title: Some(title.to_owned()),
            language: Some(language.to_owned()),
            permalink: None,
            removed_at: None,
            created_at: now,
        };
        change.later(&post::Entity::insert(row.into_active_model()));
    }
}
