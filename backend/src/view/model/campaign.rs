//! Campaigns with their ads, what these are expected to draw, and materials: `pages/campaigns`, `pages/campaign`.

use chrono::Datelike;
use serde::Serialize;

use super::composer::Fault;
use super::named;
use super::need::whole;
use super::shell::Shell;
use crate::campaign::save::Campaign;
use crate::domain::id::{CampaignId, MaterialId};
use crate::domain::lane::Lane;
use crate::domain::material::MaterialKind;
use crate::domain::template::Variant;
use crate::hourly::HOUR_MS;
use crate::load::drawn::Peak;
use crate::shift::week::{Day, Week};
use crate::store::entity::{ad, material};

/// Every campaign.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct List {
    pub shell: Shell,
    pub campaigns: Vec<Row>,
    pub can_write: bool,
    pub errors: Vec<Fault>,
    pub name: String,
}

/// A campaign in brief.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Row {
    pub id: CampaignId,
    pub name: String,
    pub posts: usize,
    pub ads: Vec<Ad>,
    pub peaks: Vec<Draws>,
}

/// An ad with its run.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Ad {
    pub connector: String,
    pub external_id: String,
    pub title: Option<String>,
    pub language: Option<String>,
    pub owner: Option<String>,
    pub starts_at: Option<i64>,
    pub ends_at: Option<i64>,
    pub reach: Option<i64>,
    pub runs: bool,
}

/// The busiest hour that a campaign gives a lane.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Draws {
    pub lane: Lane,
    pub from: i64,
    pub to: i64,
    pub comments: i64,
    pub missing: Option<usize>,
    pub week: String,
    pub day: u32,
}

/// One campaign.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Page {
    pub shell: Shell,
    pub campaign: Row,
    pub materials: Vec<Material>,
    pub can_write: bool,
    pub errors: Vec<Fault>,
    pub connectors: Vec<String>,
    pub variants: &'static [Variant],
    pub kinds: &'static [MaterialKind],
    pub ad: AdForm,
    pub material: MaterialForm,
}

/// A material and how often replies pointed to it.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Material {
    pub id: MaterialId,
    pub name: String,
    pub variant: Variant,
    pub kind: MaterialKind,
    pub title: String,
    pub link: String,
    pub uses: i64,
    pub retired_at: Option<i64>,
}

/// The form for an ad, with what was filled in.
#[derive(Debug, Clone, Default, Serialize, serde::Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "fields are those of the form")]
pub struct AdForm {
    pub connector: String,
    pub external_id: String,
    pub title: String,
    pub language: String,
    pub owner: String,
    pub starts: String,
    pub ends: String,
    pub reach: String,
}

/// The form for a material, with what was filled in.
#[derive(Debug, Clone, Default, Serialize, serde::Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "fields are those of the form")]
pub struct MaterialForm {
    pub name: String,
    pub variant: String,
    pub kind: String,
    pub title: String,
    pub link: String,
}

/// A campaign with what its ads are expected to draw.
#[must_use]
pub fn row(campaign: Campaign, peaks: &[Peak], now: i64) -> Row {
    Row {
        id: campaign.row.id,
        name: campaign.row.name,
        posts: campaign.posts.len(),
        ads: campaign.ads.into_iter().map(|row| ad(row, now)).collect(),
        peaks: peaks.iter().map(draws).collect(),
    }
}

fn ad(row: ad::Model, now: i64) -> Ad {
    Ad {
        runs: row.starts_at.is_some_and(|at| at <= now) && row.ends_at.is_some_and(|at| at > now),
        connector: row.connector,
        external_id: row.external_id,
        title: row.title,
        language: row.language.map(|code| named(&code).to_owned()),
        owner: row.owner,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        reach: row.reach,
    }
}

fn draws(peak: &Peak) -> Draws {
    let at = chrono::DateTime::from_timestamp_millis(peak.at).unwrap_or_default();
    Draws {
        lane: peak.lane,
        from: peak.at,
        to: peak.at + HOUR_MS,
        comments: whole(peak.comments),
        missing: peak.missing.filter(|missing| *missing > 0),
        week: Week::of(at).to_string(),
        day: Day::of(at).date.weekday().number_from_monday(),
    }
}

/// A material with its uses.
#[must_use]
pub fn material((row, uses): (material::Model, i64)) -> Material {
    Material {
        id: row.id,
        name: row.name,
        variant: row.variant,
        kind: row.kind,
        title: row.title,
        link: row.link,
        uses,
        retired_at: row.retired_at,
    }
}
