//! Campaigns with their ads and posts: what a comment stands under.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::comments::id;
use crate::campaign::plan::Run;
use crate::campaign::save::{self, Campaign, CampaignRefused, SaveAd, SaveCampaign, SavePost};
use crate::clock;
use crate::domain::id::CampaignId;
use crate::http::extract::{By, Desk, right};
use crate::http::idempotency::{Answer, once};
use crate::http::problem::Problem;
use crate::lane::item::rfc3339;
use crate::store::entity::campaign;

/// Most ads and most posts in one call.
const MOST: usize = 200;
/// Longest identifier, name or title, in bytes.
const LONGEST: usize = 512;
/// Most people that an ad reaches.
pub const MOST_PEOPLE: i64 = 10_000_000_000;

/// Which part of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    #[serde(default)]
    limit: Option<u64>,
    #[serde(default)]
    cursor: Option<String>,
}

/// `GET /api/v1/campaigns`, newest first.
///
/// # Errors
/// 400 for a cursor of another list.
pub async fn list(app: Desk, _by: By<right::ReadCampaigns>, ask: web::Query<Ask>) -> Result<HttpResponse, Problem> {
    let before = match ask.cursor.as_deref().filter(|word| !word.is_empty()) {
        Some(word) => Some(
            word.parse::<CampaignId>()
                .map_err(|_| Problem::bad_input("The cursor is not one of this list. Start without it."))?,
        ),
        None => None,
    };
    let limit = ask.limit.unwrap_or(50).clamp(1, 200);
    let page = save::list(&app, limit, before).await?;
    let next = page
        .last()
        .filter(|_| page.len() as u64 == limit)
        .map(|campaign| campaign.row.id);
    let campaigns: Vec<Value> = page.iter().map(view).collect();
    Ok(HttpResponse::Ok().json(json!({ "campaigns": campaigns, "cursor": next })))
}

fn view(campaign: &Campaign) -> Value {
    let ads: Vec<Value> = campaign
        .ads
        .iter()
        .map(|ad| json!({ "connector": ad.connector, "external_id": ad.external_id, "title": ad.title, "language": ad.language,
            "starts_at": ad.starts_at.map(rfc3339), "ends_at": ad.ends_at.map(rfc3339), "reach": ad.reach, "owner": ad.owner }))
        .collect();
    let posts: Vec<Value> = campaign
        .posts
        .iter()
        .map(|post| {
            json!({
                "connector": post.connector,
                "external_id": post.external_id,
                "ad": post.ad,
                "title": post.title,
                "language": post.language,
                "permalink": post.permalink,
                "removed_at": post.removed_at.map(rfc3339),
            })
        })
        .collect();
    json!({
        "id": campaign.row.id,
        "name": campaign.row.name,
        "created_at": rfc3339(campaign.row.created_at),
        "ads": ads,
        "posts": posts,
    })
}

/// A campaign to add or change.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Save {
    name: String,
    #[serde(default)]
    ads: Vec<Ad>,
    #[serde(default)]
    posts: Vec<Post>,
}

/// An ad of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ad {
    connector: String,
    external_id: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    starts_at: Option<DateTime<Utc>>,
    #[serde(default)]
    ends_at: Option<DateTime<Utc>>,
    #[serde(default)]
    reach: Option<i64>,
    #[serde(default)]
    owner: Option<String>,
}

impl Ad {
    /// When it runs, if that is said: all three together, the end after the start, and no more than all people.
    fn run(&self) -> Result<Option<Run>, Problem> {
        match (self.starts_at, self.ends_at, self.reach) {
            (None, None, None) => Ok(None),
            (Some(starts), Some(ends), Some(reach)) if starts < ends && (0..=MOST_PEOPLE).contains(&reach) => {
                Ok(Some(Run {
                    starts_at: clock::ms(starts),
                    ends_at: clock::ms(ends),
                    reach,
                }))
            }
            _ => Err(Problem::bad_input(
                "An ad's 'starts_at', 'ends_at' and 'reach' go together; it ends after it starts, and reaches at most 10,000,000,000 people.",
            )),
        }
    }
}

/// A post of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    connector: String,
    external_id: String,
    #[serde(default)]
    ad: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    language: Option<String>,
}

/// `POST /api/v1/campaigns`.
///
/// # Errors
/// 400, 409 `conflict` for a name that is taken, 422 `no-connector`.
pub async fn create(
    app: Desk,
    by: By<right::WriteCampaigns>,
    request: HttpRequest,
    given: web::Json<Save>,
) -> Result<HttpResponse, Problem> {
    let step = checked(None, given.into_inner(), by.actor())?;
    run(app, by, request, step, StatusCode::CREATED).await
}

/// `POST /api/v1/campaigns/{id}`: ads and posts named are added to it or changed; others stay.
///
/// # Errors
/// As [`create`], and 404.
pub async fn change(
    app: Desk,
    by: By<right::WriteCampaigns>,
    request: HttpRequest,
    path: web::Path<String>,
    given: web::Json<Save>,
) -> Result<HttpResponse, Problem> {
    let step = checked(Some(id(&path)?), given.into_inner(), by.actor())?;
    run(app, by, request, step, StatusCode::OK).await
}

async fn run(
    app: Desk,
    by: By<right::WriteCampaigns>,
    request: HttpRequest,
    step: SaveCampaign,
    status: StatusCode,
) -> Result<HttpResponse, Problem> {
    let (ads, posts) = (step.ads.len(), step.posts.len());
    let answer = move |row: &campaign::Model| Answer {
        status,
        body: json!({
            "id": row.id,
            "name": row.name,
            "created_at": rfc3339(row.created_at),
            "ads": ads,
            "posts": posts,
        }),
    };
    let response = once(&app, &by, &request, step, answer)
        .await
        .map_err(|failed| failed.problem(refused))?;
    app.posts.load(app.db.reader()).await?;
    Ok(response)
}

fn checked(id: Option<CampaignId>, given: Save, by: crate::change::Actor) -> Result<SaveCampaign, Problem> {
    if given.ads.len() > MOST || given.posts.len() > MOST {
        return Err(Problem::bad_input(format!(
            "At most {MOST} ads and {MOST} posts in one call. Send them in parts."
        )));
    }
    let name = given.name.trim().to_owned();
    word("name", &name)?;
    for ad in &given.ads {
        word("ads.connector", &ad.connector)?;
        word("ads.external_id", &ad.external_id)?;
        for (name, value) in [
            ("ads.title", &ad.title),
            ("ads.language", &ad.language),
            ("ads.owner", &ad.owner),
        ] {
            value.as_deref().map_or(Ok(()), |value| word(name, value))?;
        }
    }
    for post in &given.posts {
        word("posts.connector", &post.connector)?;
        word("posts.external_id", &post.external_id)?;
        for (name, value) in [
            ("posts.ad", &post.ad),
            ("posts.title", &post.title),
            ("posts.language", &post.language),
        ] {
            value.as_deref().map_or(Ok(()), |value| word(name, value))?;
        }
    }
    let mut ads = Vec::with_capacity(given.ads.len());
    for ad in given.ads {
        ads.push(SaveAd {
            run: ad.run()?,
            owner: ad.owner,
            connector: ad.connector,
            external_id: ad.external_id,
            title: ad.title,
            language: ad.language,
        });
    }
    let posts = given.posts.into_iter().map(|post| SavePost {
        connector: post.connector,
        external_id: post.external_id,
        ad: post.ad,
        title: post.title,
        language: post.language,
    });
    Ok(SaveCampaign {
        id,
        name,
        ads,
        posts: posts.collect(),
        by,
    })
}

fn word(name: &str, value: &str) -> Result<(), Problem> {
    if value.is_empty() || value.len() > LONGEST || value.chars().any(char::is_control) {
        return Err(Problem::bad_input(format!(
            "'{name}' must have 1 to {LONGEST} bytes on one line."
        )));
    }
    Ok(())
}

/// A refusal with the code that pages have a sentence for.
pub fn refused(refused: CampaignRefused) -> Problem {
    match refused {
        CampaignRefused::Absent => Problem::not_found(),
        CampaignRefused::Taken => Problem::new(
            StatusCode::CONFLICT,
            "conflict",
            "Another campaign has this name. Choose another.",
        ),
        CampaignRefused::NoConnector(name) => Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "no-connector",
            format!("There is no connector '{name}'. Check its name."),
        ),
    }
}
