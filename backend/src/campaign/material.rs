//! Materials: films, banners and pages that reply templates point to by name, with their use counted.
//!
//! A name stands for one link in one language for good, also when the material is retired: an approved text that says
//! `{{film_investigation}}` can never come to lead somewhere that nobody approved. A template whose material is retired has a
//! slot that nothing fills, and cannot be sent until it is revised.

use std::collections::HashMap;

use qrcode::QrCode;
use qrcode::render::svg;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, JoinType, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::json;

use crate::change::{Actor, Change, Failure, Step};
use crate::domain::event::EventKind;
use crate::domain::id::{CampaignId, MaterialId};
use crate::domain::material::MaterialKind;
use crate::domain::template::Variant;
use crate::pack::Slot;
use crate::store::Error;
use crate::store::entity::{campaign, decision, material, material_use};

/// Slots that texts have without any material.
const OTHER_SLOTS: [&str; 3] = ["author_first_name", "link", "municipality"];
/// Longest name, title and link, in characters. A link must fit a reply of 150 characters.
const LONGEST: (usize, usize, usize) = (40, 120, 100);

/// Why a material was not saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaterialRefused {
    /// There is no such campaign, or no such material in use.
    Absent,
    /// The name is none: lower-case letters a to z, digits and `_`, and not a slot's.
    BadName,
    /// Another material has, or had, this name in this language.
    Taken,
    /// The link is none that people can open: `https://`, a host, no spaces.
    BadLink,
    /// No title, or one that is too long.
    BadTitle,
}

/// Adds a material to a campaign.
#[derive(Debug, Clone)]
pub struct AddMaterial {
    /// Of which campaign.
    pub campaign: CampaignId,
    /// What templates call it.
    pub name: String,
    /// In which language.
    pub variant: Variant,
    /// What it is.
    pub kind: MaterialKind,
    /// What people call it.
    pub title: String,
    /// Where it is.
    pub link: String,
    /// Who adds it.
    pub by: Actor,
}

impl AddMaterial {
    fn fault(&self) -> Option<MaterialRefused> {
        let fits = |text: &str, most: usize| (1..=most).contains(&text.chars().count());
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let begins = self.name.starts_with(|c: char| c.is_ascii_lowercase());
        if !fits(&self.name, LONGEST.0)
            || !begins
            || !self.name.chars().all(plain)
            || OTHER_SLOTS.contains(&self.name.as_str())
        {
            Some(MaterialRefused::BadName)
        } else if !fits(&self.title, LONGEST.1) || self.title.chars().any(char::is_control) {
            Some(MaterialRefused::BadTitle)
        } else if !fits(&self.link, LONGEST.2) || !is_link(&self.link) {
            Some(MaterialRefused::BadLink)
        } else {
            None
        }
    }
}

fn is_link(link: &str) -> bool {
    let Some(rest) = link.strip_prefix("https://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let sound = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    host.contains('.')
        && host.chars().all(sound)
        && link
            .bytes()
            .all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'{' | b'}' | b'\\'))
}

impl Step for AddMaterial {
    type Out = material::Model;
    type Refusal = MaterialRefused;

    async fn run(&self, change: &mut Change) -> Result<material::Model, Failure<MaterialRefused>> {
        if let Some(fault) = self.fault() {
            return Err(Failure::Refused(fault));
        }
        campaign::Entity::find_by_id(self.campaign)
            .one(change.read())
            .await?
            .ok_or(Failure::Refused(MaterialRefused::Absent))?;
        let taken = material::Entity::find()
            .filter(material::Column::Name.eq(&self.name))
            .filter(material::Column::Variant.eq(self.variant))
            .count(change.read())
            .await?;
        if taken > 0 {
            return Err(Failure::Refused(MaterialRefused::Taken));
        }
        let row = material::Model {
            id: change.id(),
            campaign_id: self.campaign,
            name: self.name.clone(),
            variant: self.variant,
            kind: self.kind,
            title: self.title.clone(),
            link: self.link.clone(),
            created_at: change.now_ms(),
            retired_at: None,
        };
        change
            .execute(&material::Entity::insert(row.clone().into_active_model()))
            .await?;
        note(change, self.campaign, row.id, "material-added", self.by);
        Ok(row)
    }
}

/// Takes a material out of use: no text can point to it any more.
#[derive(Debug, Clone)]
pub struct RetireMaterial {
    /// Of which campaign.
    pub campaign: CampaignId,
    /// Which.
    pub material: MaterialId,
    /// Who does it.
    pub by: Actor,
}

impl Step for RetireMaterial {
    type Out = ();
    type Refusal = MaterialRefused;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<MaterialRefused>> {
        let now = change.now_ms();
        let retired = change
            .execute(
                &material::Entity::update_many()
                    .col_expr(material::Column::RetiredAt, Expr::value(now))
                    .filter(material::Column::Id.eq(self.material))
                    .filter(material::Column::CampaignId.eq(self.campaign))
                    .filter(material::Column::RetiredAt.is_null()),
            )
            .await?;
        if retired == 0 {
            return Err(Failure::Refused(MaterialRefused::Absent));
        }
        note(change, self.campaign, self.material, "material-retired", self.by);
        Ok(())
    }
}

fn note(change: &mut Change, campaign: CampaignId, material: MaterialId, what: &str, by: Actor) {
    let data = json!({ "campaign": campaign, "what": what, "material": material });
    change.note(EventKind::CampaignChanged, None, by, data);
}

/// Every material in use, by name and language.
///
/// # Errors
/// Any [`Error`].
pub async fn in_use(db: &impl ConnectionTrait) -> Result<Vec<material::Model>, Error> {
    Ok(material::Entity::find()
        .filter(material::Column::RetiredAt.is_null())
        .order_by_asc(material::Column::Name)
        .order_by_asc(material::Column::Variant)
        .all(db)
        .await?)
}

/// The slots that materials are in texts of this language.
#[must_use]
pub fn slots(materials: &[material::Model], variant: Variant) -> Vec<Slot> {
    let of = materials.iter().filter(|material| material.variant == variant);
    of.map(|material| Slot {
        name: material.name.clone(),
        budget: material.link.chars().count(),
        rule: material.title.clone(),
        default: std::iter::once((variant, material.link.clone())).collect(),
    })
    .collect()
}

/// The materials whose link stands in a text.
#[must_use]
pub fn pointed_to(materials: &[material::Model], text: &str) -> Vec<MaterialId> {
    let ends = |rest: &str| {
        let mut rest = rest.chars();
        match rest.next() {
            // A full stop may end the sentence or go on with the address.
            Some('.' | ',' | '!' | '?' | ')') => rest.next().is_none_or(char::is_whitespace),
            next => next.is_none_or(|next| next.is_whitespace() || !next.is_ascii()),
        }
    };
    let stands = |link: &str| text.match_indices(link).any(|(at, _)| ends(&text[at + link.len()..]));
    let of = materials.iter().filter(|material| stands(&material.link));
    of.map(|material| material.id).collect()
}

/// The materials of a campaign, the first made first, and how often each was pointed to in a reply that was not undone.
///
/// # Errors
/// Any [`Error`].
pub async fn of_campaign(db: &impl ConnectionTrait, id: CampaignId) -> Result<Vec<(material::Model, i64)>, Error> {
    let rows = material::Entity::find()
        .filter(material::Column::CampaignId.eq(id))
        .order_by_asc(material::Column::Id)
        .all(db)
        .await?;
    let uses: HashMap<MaterialId, i64> = material_use::Entity::find()
        .select_only()
        .column(material_use::Column::MaterialId)
        .column_as(material_use::Column::DecisionId.count(), "count")
        .join(
            JoinType::InnerJoin,
            material_use::Entity::belongs_to(decision::Entity)
                .from(material_use::Column::DecisionId)
                .to(decision::Column::Id)
                .into(),
        )
        .filter(material_use::Column::MaterialId.is_in(rows.iter().map(|row| row.id)))
        .filter(decision::Column::UndoneAt.is_null())
        .group_by(material_use::Column::MaterialId)
        .into_tuple::<(MaterialId, i64)>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let counted = rows.into_iter().map(|row| {
        let count = uses.get(&row.id).copied().unwrap_or(0);
        (row, count)
    });
    Ok(counted.collect())
}

/// The link as a QR code (ISO/IEC 18004, error correction M) in SVG, dark on light with its quiet zone; none for a link too long for one.
#[must_use]
pub fn qr(link: &str) -> Option<String> {
    let code = QrCode::new(link).ok()?;
    Some(code.render::<svg::Color<'_>>().min_dimensions(240, 240).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn material(name: &str, link: &str) -> material::Model {
        material::Model {
            id: MaterialId(uuid::Uuid::from_u128(name.len() as u128)),
            campaign_id: CampaignId(uuid::Uuid::nil()),
            name: name.to_owned(),
            variant: Variant::Sv,
            kind: MaterialKind::Film,
            title: "Film".to_owned(),
            link: link.to_owned(),
            created_at: 0,
            retired_at: None,
        }
    }

    fn fault(name: &str, link: &str) -> Option<MaterialRefused> {
        let step = AddMaterial {
            campaign: CampaignId(uuid::Uuid::nil()),
            name: name.to_owned(),
            variant: Variant::Sv,
            kind: MaterialKind::Film,
            title: "Så går en utredning till".to_owned(),
            link: link.to_owned(),
            by: Actor::Desk,
        };
        step.fault()
    }

    #[test]
    fn a_name_is_a_slot_of_its_own_and_a_link_can_be_opened() {
        assert_eq!(fault("film_1", "https://a.se/lvu"), None);
        for name in ["", "Film", "1film", "film-1", "link", "{{x}}", "författare"] {
            assert_eq!(fault(name, "https://a.se"), Some(MaterialRefused::BadName), "{name}");
        }
        for link in [
            "",
            "a.se",
            "http://a.se",
            "https://",
            "https://a",
            "https://a.se/{{x}}",
            "https://a.se/ b",
            "https://user@a.se",
            "javascript:alert(1)",
        ] {
            assert_eq!(fault("film", link), Some(MaterialRefused::BadLink), "{link}");
        }
    }

    #[test]
    fn a_longer_address_is_another_one() {
        let known = [material("a", "https://a.se/film")];
        for text in [
            "Se https://a.se/film",
            "https://a.se/film.",
            "https://a.se/film شاهد",
            "(https://a.se/film)",
        ] {
            assert_eq!(pointed_to(&known, text).len(), 1, "{text}");
        }
        for text in [
            "https://a.se/film2",
            "https://a.se/film/x",
            "https://a.se/film.html",
            "a.se/film",
        ] {
            assert!(pointed_to(&known, text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_qr_code_is_a_picture_without_anything_that_acts() {
        let svg = qr("https://exempel.se/film").expect("a picture");
        assert!(svg.contains("<svg") && svg.contains("<path"));
        assert!(!svg.contains("style") && !svg.contains("script"));
        assert!(qr(&"a".repeat(5_000)).is_none());
    }
}
