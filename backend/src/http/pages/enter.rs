//! Comments that do not come in by themselves: entered by a person, looked at, and stored like every other.

use std::collections::HashSet;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use chrono::TimeDelta;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::decide::{Fields, all, field};
use super::{page, see_other, shell};
use crate::app::App;
use crate::change::Actor;
use crate::clock;
use crate::connector::registry::Connected;
use crate::domain::lane::Lane;
use crate::domain::platform::Platform;
use crate::http::extract::{By, Desk, right};
use crate::http::problem::Problem;
use crate::manual::bring::{Brought, bring, known};
use crate::manual::entry::{Entry, LONGEST_WORD, Manner};
use crate::manual::export::Said;
use crate::manual::moment::{Order, Reading};
use crate::manual::paste::{Common, MOST_PASTED, Pasted, pasted};
use crate::store::entity::ad;
use crate::tagging;
use crate::view::model::composer::Fault;
use crate::view::model::enter::{Account, Ad, EnterPage, Form, Preview, Row};
use crate::view::model::language;

/// Ads to choose from.
const ADS: u64 = 200;
/// How often the same words can be entered as different comments.
const MOST_COPIES: usize = 20;

/// `GET /enter`.
///
/// # Errors
/// 401, 403, 503.
pub async fn form(app: Desk, by: By<right::WorkLane>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    show(&app, &by, &request, Form::default(), Vec::new(), None).await
}

/// `POST /enter`: what would be stored. Stores nothing.
///
/// # Errors
/// 401, 403, 503; what is wrong with the form is told on the page.
pub async fn look(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    form: web::Form<Form>,
) -> Result<HttpResponse, Problem> {
    let form = form.into_inner();
    // Changing what was filled in, after having looked at it.
    let again = request.query_string() == "again";
    match read(&app, &form) {
        Ok(read) if !again => {
            let preview = preview(&app, &read).await?;
            show(&app, &by, &request, form, Vec::new(), Some(preview)).await
        }
        Ok(_) => show(&app, &by, &request, form, Vec::new(), None).await,
        Err(fault) => show(&app, &by, &request, form, vec![fault], None).await,
    }
}

/// `POST /enter/store`: stores what is ticked. The same form again stores nothing.
///
/// # Errors
/// 400 for a form that was not looked at before, 401, 403, 503.
pub async fn store(
    app: Desk,
    by: By<right::WorkLane>,
    request: HttpRequest,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let given = |name: &str| field(&fields, name).unwrap_or_default().to_owned();
    let form = Form {
        place: given("place"),
        handle: given("handle"),
        at: given("at"),
        text: given("text"),
        link: given("link"),
        screenshot: given("screenshot"),
    };
    let read = match read(&app, &form) {
        Ok(read) => read,
        Err(fault) => return show(&app, &by, &request, form, vec![fault], None).await,
    };
    let taken: Vec<String> = all(&fields, "take");
    let mut entries = Vec::new();
    for (at, pasted) in read.pasted.iter().enumerate() {
        let copy = taken.iter().find_map(|take| {
            let (number, copy) = take.split_once('.')?;
            (number.parse() == Ok(at)).then_some(copy.parse::<usize>().ok()?)
        });
        if let (Ok(entry), Some(copy)) = (&pasted.entry, copy.filter(|copy| (1..=MOST_COPIES).contains(copy))) {
            entries.push(Brought {
                external_id: copied(&entry.key(&read.connector.name), copy),
                entry: entry.clone(),
                screenshot: Some(form.screenshot.trim().to_owned()).filter(|reference| !reference.is_empty()),
            });
        }
    }
    let person = by.person_id()?;
    let ids: Vec<&str> = entries.iter().map(|entry| entry.external_id.as_str()).collect();
    let there = known(&app, &read.connector.name, &ids).await?;
    if ids.iter().all(|id| there.contains(*id)) {
        return Ok(see_other("/enter?notice=entered-none"));
    }
    let raw = json!({ "entered_by": person, "form": form, "taken": taken }).to_string();
    bring(&app, &read.connector, Bytes::from(raw), entries, Actor::Person(person)).await?;
    Ok(see_other("/enter?notice=entered"))
}

/// A form that can be taken apart.
struct Read {
    connector: Arc<Connected>,
    ad: Option<String>,
    pasted: Vec<Pasted>,
}

fn read(app: &App, form: &Form) -> Result<Read, Fault> {
    let fault = |field: &str, code: &str| Fault {
        field: Some(field.to_owned()),
        ..Fault::of(code)
    };
    let (name, ad) = form.place.split_once('|').unwrap_or((&form.place, ""));
    let connector = by_hand(app).into_iter().find(|connector| &*connector.name == name);
    let connector = connector.ok_or_else(|| fault("place", "enter-no-place"))?;
    let ad = Some(ad.to_owned()).filter(|ad| !ad.is_empty() && ad.len() <= LONGEST_WORD && !ad.contains('\0'));
    for (name, word) in [
        ("handle", &form.handle),
        ("link", &form.link),
        ("screenshot", &form.screenshot),
    ] {
        if word.len() > LONGEST_WORD || word.contains('\0') {
            return Err(fault(name, "enter-wrong-word"));
        }
    }
    let reading = Reading {
        zone: chrono_tz::Europe::Stockholm,
        order: Some(Order::DayFirst),
        latest: app.clock.now() + TimeDelta::days(1),
    };
    if !form.at.trim().is_empty() && reading.instant(&form.at).is_err() {
        return Err(fault("at", "enter-bad-time"));
    }
    let said = Said {
        connector: connector.name.to_string(),
        map: Vec::new(),
        zone: reading.zone,
        order: reading.order,
        encoding: None,
        delimiter: None,
        post: None,
        ad: None,
        latest: reading.latest,
    };
    let common = Common {
        handle: form.handle.clone(),
        at: form.at.clone(),
        link: form.link.clone(),
    };
    let manner = Manner {
        reading,
        damaged: false,
    };
    let mut pasted = pasted(&form.text, &common, &manner, &said);
    match pasted.len() {
        0 => return Err(fault("text", "enter-no-text")),
        count if count > MOST_PASTED => return Err(fault("text", "enter-too-many")),
        _ => {}
    }
    for entry in pasted.iter_mut().filter_map(|one| one.entry.as_mut().ok()) {
        entry.ad = entry.ad.take().or_else(|| ad.clone());
    }
    Ok(Read { connector, ad, pasted })
}

/// The accounts whose comments people enter: those no connector reaches.
fn by_hand(app: &App) -> Vec<Arc<Connected>> {
    let mut list: Vec<Arc<Connected>> = app
        .connectors
        .list()
        .into_iter()
        .filter(|connector| connector.protocol.is_none())
        .collect();
    // Snapchat first, then others by name; what programmes hand in comes last.
    list.sort_by_key(|connector| (connector.platform() == Platform::Manual, connector.name.to_string()));
    list
}

/// The id of a copy: the first is the comment's own.
fn copied(key: &str, copy: usize) -> String {
    if copy == 1 {
        key.to_owned()
    } else {
        format!("{key}:{copy}")
    }
}

async fn preview(app: &App, read: &Read) -> Result<Preview, Problem> {
    let name = &read.connector.name;
    let keys: Vec<Option<String>> = read
        .pasted
        .iter()
        .map(|one| one.entry.as_ref().ok().map(|entry| entry.key(name)))
        .collect();
    let candidates: Vec<String> = keys
        .iter()
        .flatten()
        .flat_map(|key| (1..=MOST_COPIES).map(move |copy| copied(key, copy)))
        .collect();
    let ids: Vec<&str> = candidates.iter().map(String::as_str).collect();
    let mut there: HashSet<String> = known(app, name, &ids).await?;
    let mut rows = Vec::with_capacity(read.pasted.len());
    for (at, (pasted, key)) in read.pasted.iter().zip(keys).enumerate() {
        let (Ok(entry), Some(key)) = (&pasted.entry, key) else {
            rows.push(Row {
                take: String::new(),
                line: pasted.line,
                wrong: true,
                known: false,
                text: None,
                lang: "und",
                lane: None,
                author: None,
                at: None,
            });
            continue;
        };
        // The first copy that neither the desk nor this form has yet.
        let copy = (1..=MOST_COPIES).find(|copy| !there.contains(&copied(&key, *copy)));
        let copy = copy.unwrap_or(MOST_COPIES);
        there.insert(copied(&key, copy));
        let (lang, lane) = guessed(app, &read.connector, entry);
        rows.push(Row {
            take: format!("{at}.{copy}"),
            line: pasted.line,
            wrong: false,
            known: copy > 1,
            text: Some(entry.text.clone()),
            lang,
            lane: Some(lane),
            author: entry.handle.clone().or_else(|| entry.author.clone()),
            at: entry.written_at.map(clock::ms),
        });
    }
    let ad = read
        .ad
        .as_deref()
        .and_then(|ad| app.posts.of(name, None, Some(ad)))
        .and_then(|post| post.title);
    Ok(Preview {
        count: rows.iter().filter(|row| !row.wrong && !row.known).count(),
        platform: read.connector.platform(),
        ad,
        rows,
    })
}

/// The language and lane a text will most likely have; storing asks anew.
fn guessed(app: &App, connector: &Connected, entry: &Entry) -> (&'static str, Lane) {
    let post = app
        .posts
        .of(&connector.name, entry.post.as_deref(), entry.ad.as_deref());
    let context = tagging::Context {
        ad_language: post.as_ref().and_then(|post| post.language.as_deref()),
        declared_language: entry.language.as_deref(),
    };
    let tags = app.taught.tag(&entry.text, &context);
    (language(Some(&tags)), tagging::lane(&tags, &context))
}

async fn show(
    app: &Desk,
    by: &By<right::WorkLane>,
    request: &HttpRequest,
    form: Form,
    errors: Vec<Fault>,
    preview: Option<Preview>,
) -> Result<HttpResponse, Problem> {
    let shell = shell(app, request, by).await?;
    let connectors = by_hand(app);
    let ads = ad::Entity::find()
        .filter(ad::Column::Connector.is_in(connectors.iter().map(|connector| connector.name.to_string())))
        .order_by_desc(ad::Column::CreatedAt)
        .order_by_asc(ad::Column::ExternalId)
        .limit(ADS)
        .all(app.db.reader())
        .await?;
    let accounts = connectors
        .iter()
        .map(|connector| {
            let none = format!("{}|", connector.name);
            Account {
                name: connector.name.to_string(),
                platform: connector.platform(),
                chosen: form.place == none,
                ads: ads
                    .iter()
                    .filter(|ad| ad.connector == *connector.name)
                    .map(|ad| {
                        let place = format!("{none}{}", ad.external_id);
                        Ad {
                            chosen: form.place == place,
                            place,
                            title: ad.title.clone().unwrap_or_else(|| ad.external_id.clone()),
                        }
                    })
                    .collect(),
                place: none,
            }
        })
        .collect();
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::BAD_REQUEST
    };
    let model = EnterPage {
        accounts,
        errors,
        form,
        preview,
        shell,
    };
    page(app, model.shell.locale_key, status, "pages/enter", &model)
}
