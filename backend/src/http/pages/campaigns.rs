//! Campaigns: their ads with runs and owners, what these are expected to draw, and the materials that replies point to.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::shifts::instant;
use super::{change, is_told_beside, lead, page, shell};
use crate::app::App;
use crate::campaign::material::{AddMaterial, RetireMaterial, of_campaign, qr};
use crate::campaign::plan::{Plans, Run};
use crate::campaign::save::{Campaign, SaveAd, SaveCampaign, list as campaigns, one};
use crate::change::{Failure, Step};
use crate::domain::id::CampaignId;
use crate::domain::material::MaterialKind;
use crate::domain::role::Right;
use crate::domain::template::Variant;
use crate::http::api::campaigns::{MOST_PEOPLE, refused};
use crate::http::api::comments::id;
use crate::http::api::materials;
use crate::http::extract::{By, Desk, Who, right};
use crate::http::problem::Problem;
use crate::load::drawn::peaks;
use crate::view::model::campaign::{AdForm, List, MaterialForm, Page, material, row};
use crate::view::model::composer::Fault;

/// Campaigns shown, the newest ones.
const SHOWN: u64 = 50;
/// Longest word of a form, in bytes.
const LONGEST: usize = 200;

/// `GET /campaigns`.
///
/// # Errors
/// 401, 403, 503.
pub async fn list(app: Desk, by: By<right::ReadCampaigns>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    show_all(&app, &by, &request, StatusCode::OK, Vec::new(), String::new()).await
}

async fn show_all(
    app: &App,
    by: &Who,
    request: &HttpRequest,
    status: StatusCode,
    errors: Vec<Fault>,
    name: String,
) -> Result<HttpResponse, Problem> {
    let shell = shell(app, request, by).await?;
    let (now, all) = (app.now_ms(), Plans::read(app.db.reader()).await?);
    let mut rows = Vec::new();
    for campaign in campaigns(app, SHOWN, None).await? {
        let peaks = peaks(app, &campaign.ads, &all).await?;
        rows.push(row(campaign, &peaks, now));
    }
    let model = List {
        campaigns: rows,
        can_write: by.rights.has(Right::WriteCampaigns),
        errors,
        name,
        shell,
    };
    page(app, model.shell.locale_key, status, "pages/campaigns", &model)
}

/// What a campaign's page is shown with: what was filled in, and what was wrong with it.
#[derive(Default)]
struct Said {
    errors: Vec<Fault>,
    ad: AdForm,
    material: MaterialForm,
}

async fn found(app: &App, id: CampaignId) -> Result<Campaign, Problem> {
    one(app, id).await?.ok_or_else(Problem::not_found)
}

async fn show_one(
    app: &App,
    by: &Who,
    request: &HttpRequest,
    status: StatusCode,
    id: CampaignId,
    said: Said,
) -> Result<HttpResponse, Problem> {
    let shell = shell(app, request, by).await?;
    let campaign = found(app, id).await?;
    let peaks = peaks(app, &campaign.ads, &Plans::read(app.db.reader()).await?).await?;
    let materials = of_campaign(app.db.reader(), id).await?;
    let model = Page {
        campaign: row(campaign, &peaks, app.now_ms()),
        materials: materials.into_iter().map(material).collect(),
        can_write: by.rights.has(Right::WriteCampaigns),
        errors: said.errors,
        connectors: app.connectors.list().iter().map(|one| one.name.to_string()).collect(),
        variants: Variant::ALL,
        kinds: MaterialKind::ALL,
        ad: said.ad,
        material: said.material,
        shell,
    };
    page(app, model.shell.locale_key, status, "pages/campaign", &model)
}

/// `GET /campaigns/{id}`.
///
/// # Errors
/// 400, 401, 403, 404, 503.
pub async fn show(
    app: Desk,
    by: By<right::ReadCampaigns>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    show_one(&app, &by, &request, StatusCode::OK, id(&path)?, Said::default()).await
}

/// Makes a change and leads to the campaign; what is refused is told beside the form.
async fn act<S: Step>(
    app: &App,
    by: &Who,
    request: &HttpRequest,
    campaign: CampaignId,
    step: S,
    told: impl Fn(S::Refusal) -> Problem,
    said: Said,
) -> Result<HttpResponse, Problem> {
    match change(app, by, request, step).await? {
        Ok(()) => Ok(lead(request, &format!("/campaigns/{campaign}?notice=saved"))),
        Err(Failure::Store(error)) => Err(error.into()),
        Err(Failure::Refused(refusal)) => {
            let problem = told(refusal);
            if !is_told_beside(&problem) {
                return Err(problem);
            }
            let errors = vec![Fault::of(problem.code)];
            show_one(app, by, request, problem.status, campaign, Said { errors, ..said }).await
        }
    }
}

/// A campaign's name.
#[derive(Debug, Deserialize)]
pub struct Called {
    #[serde(default)]
    name: String,
}

fn fits(word: &str) -> bool {
    (1..=LONGEST).contains(&word.len()) && !word.chars().any(char::is_control)
}

/// `POST /campaigns`.
///
/// # Errors
/// 401, 403, 503; what else is refused is told on the page.
pub async fn add(
    app: Desk,
    by: By<right::WriteCampaigns>,
    request: HttpRequest,
    called: web::Form<Called>,
) -> Result<HttpResponse, Problem> {
    let name = called.into_inner().name.trim().to_owned();
    if !fits(&name) {
        let faults = vec![Fault::at("c-name", "required")];
        return show_all(&app, &by, &request, StatusCode::UNPROCESSABLE_ENTITY, faults, name).await;
    }
    let step = SaveCampaign {
        id: None,
        name: name.clone(),
        ads: Vec::new(),
        posts: Vec::new(),
        by: by.actor(),
    };
    match change(&app, &by, &request, step).await? {
        Ok(()) => Ok(lead(&request, "/campaigns?notice=saved")),
        Err(Failure::Store(error)) => Err(error.into()),
        Err(Failure::Refused(refusal)) => {
            let problem = refused(refusal);
            let faults = vec![Fault::at("c-name", "campaign-taken")];
            show_all(&app, &by, &request, problem.status, faults, name).await
        }
    }
}

/// An ad as it was filled in, or what is wrong with it.
fn ad_of(form: &AdForm) -> Result<SaveAd, Fault> {
    let word = |word: &str, field| match word.trim() {
        "" => Ok(None),
        word if fits(word) => Ok(Some(word.to_owned())),
        _ => Err(Fault::at(field, "bad-input")),
    };
    let run = match (form.starts.trim(), form.ends.trim(), form.reach.trim()) {
        ("", "", "") => None,
        (starts, ends, reach) => {
            let times = instant(starts)
                .zip(instant(ends))
                .filter(|(starts, ends)| starts < ends);
            let (starts_at, ends_at) = times.ok_or_else(|| Fault::at("a-starts", "bad-time"))?;
            let reach: String = reach.chars().filter(|c| !c.is_whitespace()).collect();
            let reach = reach.parse().ok().filter(|reach| (0..=MOST_PEOPLE).contains(reach));
            Some(Run {
                starts_at,
                ends_at,
                reach: reach.ok_or_else(|| Fault::at("a-reach", "bad-reach"))?,
            })
        }
    };
    Ok(SaveAd {
        connector: form.connector.clone(),
        external_id: word(&form.external_id, "a-id")?.ok_or_else(|| Fault::at("a-id", "required"))?,
        title: word(&form.title, "a-title")?,
        language: word(&form.language, "a-language")?,
        owner: word(&form.owner, "a-owner")?,
        run,
    })
}

/// `POST /campaigns/{id}/ads`: adds an ad, or changes the one of this id.
///
/// # Errors
/// 400, 401, 403, 404, 503; what else is refused is told on the page.
pub async fn ad(
    app: Desk,
    by: By<right::WriteCampaigns>,
    request: HttpRequest,
    path: web::Path<String>,
    form: web::Form<AdForm>,
) -> Result<HttpResponse, Problem> {
    let (campaign, form) = (id(&path)?, form.into_inner());
    let said = Said {
        ad: form.clone(),
        ..Said::default()
    };
    let new = match ad_of(&form) {
        Ok(new) => new,
        Err(fault) => {
            let said = Said {
                errors: vec![fault],
                ..said
            };
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return show_one(&app, &by, &request, status, campaign, said).await;
        }
    };
    let step = SaveCampaign {
        id: Some(campaign),
        name: found(&app, campaign).await?.row.name,
        ads: vec![new],
        posts: Vec::new(),
        by: by.actor(),
    };
    act(&app, &by, &request, campaign, step, refused, said).await
}

/// `POST /campaigns/{id}/materials`.
///
/// # Errors
/// 400, 401, 403, 404, 503; what else is refused is told on the page.
pub async fn add_material(
    app: Desk,
    by: By<right::WriteCampaigns>,
    request: HttpRequest,
    path: web::Path<String>,
    form: web::Form<MaterialForm>,
) -> Result<HttpResponse, Problem> {
    let (campaign, form) = (id(&path)?, form.into_inner());
    let choice = |_| Problem::bad_input("The language or the kind is none of those to choose.");
    let step = AddMaterial {
        campaign,
        name: form.name.trim().to_owned(),
        variant: form.variant.parse().map_err(choice)?,
        kind: form.kind.parse().map_err(choice)?,
        title: form.title.trim().to_owned(),
        link: form.link.trim().to_owned(),
        by: by.actor(),
    };
    let said = Said {
        material: form,
        ..Said::default()
    };
    act(&app, &by, &request, campaign, step, materials::refused, said).await
}

/// `POST /campaigns/{id}/materials/{material}/retire`.
///
/// # Errors
/// 400, 401, 403, 404, 503.
pub async fn retire_material(
    app: Desk,
    by: By<right::WriteCampaigns>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let campaign = id(&path.0)?;
    let step = RetireMaterial {
        campaign,
        material: id(&path.1)?,
        by: by.actor(),
    };
    act(&app, &by, &request, campaign, step, materials::refused, Said::default()).await
}

/// `GET /campaigns/{id}/materials/{material}/qr.svg`: its link as a QR code.
///
/// # Errors
/// 400, 401, 403, 404, 503.
pub async fn picture(
    app: Desk,
    _by: By<right::ReadCampaigns>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let wanted = id(&path.1)?;
    let all = of_campaign(app.db.reader(), id(&path.0)?).await?;
    let link = all
        .into_iter()
        .find(|(row, _)| row.id == wanted)
        .map(|(row, _)| row.link);
    let svg = link.and_then(|link| qr(&link)).ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().content_type("image/svg+xml").body(svg))
}
