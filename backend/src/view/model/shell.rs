//! What stands around every page: `layouts/shell`. Knows the viewer.

use serde::Serialize;

use super::outbox::Sending;
use crate::domain::id::{PersonId, ShiftId};
use crate::domain::lane::Lane;
use crate::domain::role::{Right, Role};
use crate::person::people::{Person, Rights};
use crate::view::LocaleKey;

/// The frame of a page.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Shell {
    pub locale: &'static str,
    pub locale_key: LocaleKey,
    pub dir: &'static str,
    pub locales: Vec<Language>,
    pub me: Option<Me>,
    pub can: String,
    pub nav: Vec<Nav>,
    pub shift: Shift,
    pub path: String,
    pub seq: i64,
    pub outbox: Vec<Sending>,
    pub notice: Option<Notice>,
    pub skip_reply: bool,
    pub prefs: Prefs,
    pub version: &'static str,
}

/// One language to choose.
#[derive(Debug, Clone, Serialize)]
pub struct Language {
    code: &'static str,
    name: &'static str,
    dir: &'static str,
    current: bool,
}

/// The viewer.
#[derive(Debug, Clone, Serialize)]
pub struct Me {
    id: PersonId,
    pseudonym: String,
    roles: Vec<Role>,
    can: Vec<Right>,
}

/// One entry of the menu.
#[derive(Debug, Clone, Serialize)]
pub struct Nav {
    key: &'static str,
    href: &'static str,
    icon: &'static str,
    current: bool,
    count: Option<u32>,
}

/// Whether the viewer is on shift.
#[derive(Debug, Clone, Default, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Shift {
    pub on: bool,
    pub can_start: bool,
    pub id: Option<ShiftId>,
    pub lanes: Vec<Lane>,
    pub until: Option<i64>,
    pub href: String,
}

/// What just happened, after an action without script.
#[derive(Debug, Clone, Serialize)]
pub struct Notice {
    /// `ok`, `info`, `warn`.
    pub level: &'static str,
    /// Key of the sentence, after `notice-`.
    pub key: String,
}

/// How the viewer likes the pages.
#[derive(Debug, Clone, Serialize, serde::Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Prefs {
    pub theme: String,
    pub density: String,
    pub keys: String,
    pub say: String,
}

impl Default for Prefs {
    fn default() -> Self {
        Self {
            theme: "auto".to_owned(),
            density: "comfortable".to_owned(),
            keys: "on".to_owned(),
            say: "minute".to_owned(),
        }
    }
}

/// The notices there are; anything else in an address is not repeated on the page.
const NOTICES: &[(&str, &str)] = &[
    ("saved", "ok"),
    ("signed-out", "ok"),
    ("sent", "ok"),
    ("undone", "ok"),
    ("released", "ok"),
    ("checked-in", "ok"),
    ("checked-out", "ok"),
    ("copied", "ok"),
    ("published", "ok"),
    ("prolonged", "ok"),
    ("break-over", "ok"),
    ("entered", "ok"),
    ("entered-none", "info"),
    ("nothing-waits", "info"),
];

impl Notice {
    /// The notice of this key.
    #[must_use]
    pub fn of(key: &str) -> Option<Self> {
        NOTICES
            .iter()
            .find(|(known, _)| *known == key)
            .map(|(key, level)| Self {
                level,
                key: (*key).to_owned(),
            })
    }
}

impl Shell {
    /// The frame of a page at `path` for somebody who may be nobody.
    #[must_use]
    pub fn new(locale: LocaleKey, person: Option<&Person>, rights: Rights, path: &str) -> Self {
        Self {
            locale: locale.tag(),
            locale_key: locale,
            dir: locale.dir(),
            locales: languages(locale),
            me: person.map(|person| Me {
                id: person.id,
                pseudonym: person.pseudonym.clone(),
                roles: person.roles.clone(),
                can: rights.iter().collect(),
            }),
            can: rights.iter().map(Right::as_str).collect::<Vec<_>>().join(" "),
            nav: nav(rights, path),
            shift: Shift {
                can_start: rights.has(Right::WorkLane),
                href: "/shifts/check-in".to_owned(),
                ..Shift::default()
            },
            path: path.to_owned(),
            seq: 0,
            outbox: Vec::new(),
            notice: None,
            skip_reply: false,
            prefs: Prefs::default(),
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

fn languages(locale: LocaleKey) -> Vec<Language> {
    [
        (LocaleKey::Sv, "Svenska"),
        (LocaleKey::Ar, "العربية"),
        (LocaleKey::En, "English"),
    ]
    .into_iter()
    .map(|(key, name)| Language {
        code: key.as_str(),
        name,
        dir: key.dir(),
        current: key.language() == locale.language(),
    })
    .collect()
}

fn nav(rights: Rights, path: &str) -> Vec<Nav> {
    let works = rights.has(Right::WorkLane) || rights.has(Right::SeeAllLanes);
    [
        ("desk", "/desk", "inbox", works),
        ("hand", "/by-hand", "edit", rights.has(Right::WorkLane)),
        ("esc", "/esc", "escalate", rights.has(Right::ResolveEscalation)),
        ("load", "/load", "gauge", rights.has(Right::SeeLoad)),
        ("insight", "/insight", "bar", rights.has(Right::SeeLoad)),
        ("channels", "/channels", "globe", rights.has(Right::ReadConnectors)),
        ("campaigns", "/campaigns", "flag", rights.has(Right::ReadCampaigns)),
        ("shifts", "/shifts", "calendar", rights.has(Right::SeeShifts)),
        ("templates", "/templates", "file-text", rights.has(Right::ReadTemplates)),
        ("narratives", "/narratives", "tag", rights.has(Right::ReadNarratives)),
        ("people", "/people", "users", rights.has(Right::ManagePeople)),
    ]
    .into_iter()
    .filter(|(_, _, _, shown)| *shown)
    .map(|(key, href, icon, _)| Nav {
        key,
        href,
        icon,
        current: [href, also(key).unwrap_or(href)].iter().any(|area| {
            path.strip_prefix(area)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
        }),
        count: None,
    })
    .collect()
}

/// A second area of the pages that an entry leads to.
fn also(key: &str) -> Option<&'static str> {
    match key {
        "hand" => Some("/enter"),
        "insight" => Some("/reports"),
        _ => None,
    }
}

impl Nav {
    /// Shows a number beside the entry of this key.
    pub fn count(nav: &mut [Self], key: &str, count: u32) {
        for entry in nav.iter_mut().filter(|entry| entry.key == key) {
            entry.count = Some(count);
        }
    }
}
