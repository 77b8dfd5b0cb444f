//! The campaign: accounts and ads on the stand-in, and the connectors, campaign, ads and posts that the desk knows.

use std::sync::Arc;

use chrono::{DateTime, TimeZone, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::posts::POSTS;
use super::videos::VIDEOS;
use crate::account::{self, SaveAccount};
use crate::app::App;
use crate::campaign::save::{CampaignRefused, SaveAd, SaveCampaign, SavePost};
use crate::change::{Actor, Failure};
use crate::cli::Failed;
use crate::clock::{self, Clock};
use crate::domain::comment::{CommentState, Visibility};
use crate::domain::platform::{ConnectorState, Platform};
use crate::person::secret;
use crate::standin::{self, Holder, Standin};
use crate::store::Error;
use crate::store::entity::comment;

const CAMPAIGN: &str = "Fakta om LVU";
/// Whose ads carry the posts of Facebook and Instagram.
pub(super) const AD_ACCOUNT: &str = "880000000000001";
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
const BY_HAND: &[(&str, Platform)] = &[("snapchat", Platform::Snapchat), ("manual", Platform::Manual)];

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
    pub access_token: String,
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

/// Sets up both sides. Connectors of an earlier start get this one's addresses and secrets.
pub(super) async fn ready(app: &App, standin: &Standin, keys: &Keys) -> Result<(), Failed> {
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
        let connector = SaveAccount {
            platform: at.platform,
            account: Some(at.account.into()),
            api_url: Some(standin.api_url()),
            app_secret: Some(keys.app_secret.clone()),
            verify_token: Some(keys.verify_token.clone()),
            access_token: Some(keys.access_token.clone()),
            // Read oftener than a desk would, so that it shows.
            settings: Some(json!({ "every_s": 5, "ad_accounts": [AD_ACCOUNT] }).to_string()),
            state: Some(ConnectorState::Ok),
            ..SaveAccount::by_hand(at.name)
        };
        connect(app, connector).await?;
    }
    for (name, platform) in BY_HAND {
        let connector = SaveAccount {
            platform: *platform,
            ..SaveAccount::by_hand(name)
        };
        connect(app, connector).await?;
    }
    for advert in ADVERTS {
        show(standin, advert);
    }
    match app.writer.change(the_campaign()).await {
        // Of an earlier start.
        Ok(_) | Err(Failure::Refused(CampaignRefused::Taken)) => {}
        Err(Failure::Refused(refused)) => return Err(Failed::Work(format!("no campaign: {refused:?}"))),
        Err(Failure::Store(error)) => return Err(error.into()),
    }
    app.posts.load(app.db.reader()).await?;
    restore(app, standin).await?;
    Ok(())
}

pub(super) async fn connect(app: &App, connector: SaveAccount) -> Result<(), Failed> {
    let name = connector.name.clone();
    match account::save(app, connector).await {
        Ok(_) => Ok(()),
        Err(Failure::Refused(refused)) => Err(Failed::Work(format!("no connector {name}: {refused:?}"))),
        Err(Failure::Store(error)) => Err(error.into()),
    }
}

/// The campaign with its ads and posts on every platform.
fn the_campaign() -> SaveCampaign {
    let (mut ads, mut posts) = (Vec::new(), Vec::new());
    let mut add = |connector: &str, ad: String, post: String, title: &str, language: &str| {
        ads.push(SaveAd {
            connector: connector.into(),
            external_id: ad.clone(),
            title: Some(title.into()),
            language: Some(language.into()),
            run: None,
            owner: None,
        });
        posts.push(SavePost {
            connector: connector.into(),
            external_id: post,
            ad: Some(ad),
            title: Some(title.into()),
            language: Some(language.into()),
        });
    };
    for at in PLATFORMS {
        for advert in ADVERTS.iter().filter(|advert| advert.platform == at.platform) {
            add(
                at.name,
                advert.ad.into(),
                advert.post.into(),
                advert.title,
                advert.language,
            );
        }
    }
    for (name, _) in BY_HAND {
        for (language, title) in [("sv", "Fakta om LVU – svenska"), ("ar", "Fakta om LVU – arabiska")] {
            add(
                name,
                format!("{name}-ad-{language}"),
                format!("{name}-{language}"),
                title,
                language,
            );
        }
    }
    for video in VIDEOS {
        let title = match video.language {
            "ar" => "Fakta om LVU – arabiska",
            _ => "Fakta om LVU – svenska",
        };
        add(video.connector, video.ad.into(), video.id.into(), title, video.language);
    }
    for post in POSTS {
        posts.push(SavePost {
            connector: post.connector.into(),
            external_id: post.id.into(),
            ad: None,
            title: Some(CAMPAIGN.into()),
            language: Some(post.language.into()),
        });
    }
    SaveCampaign {
        id: None,
        name: CAMPAIGN.into(),
        ads,
        posts,
        by: Actor::Desk,
    }
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
