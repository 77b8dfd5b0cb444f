//! What is said over time: figures, pictures and stories, narrowed by the address; supervisors name and join stories.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::future::{try_join, try_join3};
use serde::Deserialize;

use super::{change, locale, page, see_other, shell};
use crate::app::App;
use crate::change::Step;
use crate::domain::id::StoryId;
use crate::domain::platform::Platform;
use crate::domain::role::Right;
use crate::http::api::comments::id;
use crate::http::api::stories::{refused, title_of};
use crate::http::api::tags::narratives;
use crate::http::extract::{By, Desk, Who, right};
use crate::http::idempotency::Unanswered;
use crate::http::problem::Problem;
use crate::insight::figures::{Filter, series};
use crate::insight::outcome::outcomes;
use crate::insight::read;
use crate::insight::report::findings;
use crate::insight::span::{Bucket, Period, Span};
use crate::insight::table::{Cell, Reader, grid, in_short, of_lines};
use crate::lane::item::{Shown, item};
use crate::story::list;
use crate::story::shape::{Merge, Rename, ShapeRefused};
use crate::story::tally::burst_of;
use crate::view::csv::csv;
use crate::view::model::insight::{Asked, Choice, DAYS, Named, Page, Story, choices, heat, pictures, templates};
use crate::view::model::named;

/// Stories shown.
const STORIES: u64 = 12;
/// Templates shown, and the longest span in days for which their use is counted anew.
const TEMPLATES: u64 = 12;
const TEMPLATE_DAYS: i64 = 31;
/// Longest of what is shown of a story's first comment, in characters.
const EXAMPLE: usize = 90;

/// What to show.
#[derive(Debug, Deserialize)]
pub struct Ask {
    #[serde(default)]
    days: Option<i64>,
    #[serde(default)]
    narrative: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    platform: String,
}

impl Ask {
    /// Only what there is to choose; a word that is none counts as nothing chosen.
    fn asked(self) -> Asked {
        Asked {
            days: self.days.filter(|days| DAYS.contains(days)).unwrap_or(7),
            narrative: word(self.narrative),
            language: word(self.language),
            platform: self
                .platform
                .parse::<Platform>()
                .map(|one| one.to_string())
                .unwrap_or_default(),
        }
    }
}

fn word(given: String) -> String {
    let sound = given.len() <= 64 && given.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if sound { given } else { String::new() }
}

/// `GET /insight?days=7&narrative=&language=&platform=`.
///
/// # Errors
/// 401, 403, 503.
pub async fn show(
    app: Desk,
    by: By<right::SeeLoad>,
    request: HttpRequest,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, Problem> {
    let shell = shell(&app, &request, &by).await?;
    let now = app.clock.now();
    let asked = ask.into_inner().asked();
    let (filter, db) = (asked.filter(), app.db.reader());
    let span = Span::last_days(now, asked.days);
    let before = span.earlier(asked.days);
    let compared = read::compared(db, span, before, &filter);
    let (of, lines, earlier) = try_join3(compared, series(db, span, &filter), series(db, before, &filter)).await?;
    let (pictures, points) = pictures(&lines, &earlier, span);
    let reader = Reader::Desk;
    let (_, on) = grid(&of, reader);
    let used = match asked.days {
        days if days <= TEMPLATE_DAYS => {
            let used = read::templates(db, span, TEMPLATES);
            let (used, outcomes) = try_join(used, outcomes(db, span, None, app.now_ms())).await?;
            Some(templates(used, &outcomes))
        }
        _ => None,
    };
    let stories = stories(&app, span).await?;
    let last = |kind: &str| Period::last(kind, now).map(|period| period.name()).unwrap_or_default();
    let at = span.instants();
    let model = Page {
        days: DAYS
            .iter()
            .map(|days| Choice {
                key: days.to_string(),
                on: *days == asked.days,
            })
            .collect(),
        narratives: choices(narratives(&app), &asked.narrative),
        languages: choices(of.languages.iter().map(|line| line.key.clone()), &asked.language),
        platforms: choices(Platform::ALL.iter().map(ToString::to_string), &asked.platform),
        from: at.start,
        to: at.end - 1,
        findings: findings(&of, 0, reader),
        in_short: in_short(&of.all, of.longer, reader),
        by_hour: span.bucket() == Bucket::Hour,
        pictures,
        points,
        table: of_lines("narratives", "narrative", &of.narratives, of.longer, reader, |key| {
            Cell::Narrative(key.to_owned())
        }),
        heat: heat(&of, &on),
        heat_platforms: on,
        into: stories.iter().map(name).collect(),
        stories,
        can_shape: by.rights.has(Right::ShapeStories),
        templates: used,
        week: last("week"),
        month: last("month"),
        asked,
        shell,
    };
    page(&app, model.shell.locale_key, StatusCode::OK, "pages/insight", &model)
}

/// `GET /insight.csv`, with the figures of the page.
///
/// # Errors
/// 401, 403, 503.
pub async fn file(
    app: Desk,
    _by: By<right::SeeLoad>,
    request: HttpRequest,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, Problem> {
    let asked = ask.into_inner().asked();
    let filter: Filter = asked.filter();
    let span = Span::last_days(app.clock.now(), asked.days);
    let of = read::compared(app.db.reader(), span, span.earlier(asked.days), &filter).await?;
    let (reader, longer) = (Reader::Desk, of.longer);
    let platform = |key: &str| key.parse().map_or(Cell::None, Cell::Platform);
    let tables = [
        in_short(&of.all, longer, reader),
        of_lines("narratives", "narrative", &of.narratives, longer, reader, |key| {
            Cell::Narrative(key.to_owned())
        }),
        of_lines("languages", "language", &of.languages, longer, reader, |key| {
            Cell::Language(key.to_owned())
        }),
        of_lines("platforms", "platform", &of.platforms, longer, reader, platform),
        grid(&of, reader).0,
    ];
    let name = format!("insight-{}-{}.csv", span.first_day(), span.last_day());
    let bytes = csv(app.views.locales(), locale(&request), &tables);
    Ok(download(&name, bytes))
}

/// A CSV file to keep.
pub(super) fn download(name: &str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(("content-disposition", format!("attachment; filename=\"{name}\"")))
        .body(bytes)
}

async fn stories(app: &App, span: Span) -> Result<Vec<Story>, Problem> {
    let rows = read::stories(app.db.reader(), span, STORIES).await?;
    let seen = list::seen(app, rows).await?;
    let story = |one: list::Seen| {
        let burst = burst_of(&one.row).is_some();
        let keys = |stored: &str| -> Vec<String> {
            let counts: std::collections::BTreeMap<String, i64> = serde_json::from_str(stored).unwrap_or_default();
            counts.into_keys().collect()
        };
        let example = one.example.map(|row| item(row, &app.people, Shown::Masked));
        let language = example.as_ref().and_then(|item| item.language.as_ref());
        let lang = language.map_or("und", |tag| named(&tag.code)).to_owned();
        Story {
            id: one.row.id.to_string(),
            title: one.row.title,
            example: example.and_then(|item| item.text).map(|text| short(&text)),
            lang,
            size: one.row.size,
            accounts: one.row.accounts,
            last_hour: one.last_hour,
            first_at: one.row.first_at,
            last_at: one.row.last_at,
            languages: keys(&one.row.languages).iter().map(|code| named(code)).collect(),
            platforms: keys(&one.row.platforms),
            burst,
        }
    };
    Ok(seen.into_iter().map(story).collect())
}

fn short(text: &str) -> String {
    let mut cut: String = text.chars().take(EXAMPLE).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

fn name(story: &Story) -> Named {
    Named {
        id: story.id.clone(),
        name: story
            .title
            .clone()
            .or_else(|| story.example.clone())
            .unwrap_or_default(),
        lang: if story.title.is_some() {
            "und".to_owned()
        } else {
            story.lang.clone()
        },
    }
}

async fn shaped<S: Step<Refusal = ShapeRefused>>(
    app: &App,
    by: &Who,
    request: &HttpRequest,
    step: S,
) -> Result<(), Problem> {
    let done = change(app, by, request, step).await?;
    done.map_err(|failure| Unanswered::Failed(failure).problem(refused))
}

/// What a story is to be called, and where the form stood.
#[derive(Debug, Deserialize)]
pub struct Called {
    #[serde(default)]
    title: String,
}

/// `POST /insight/stories/{id}/rename`.
///
/// # Errors
/// 401, 403, 404, 422, 503.
pub async fn rename(
    app: Desk,
    by: By<right::ShapeStories>,
    request: HttpRequest,
    path: web::Path<String>,
    called: web::Form<Called>,
) -> Result<HttpResponse, Problem> {
    let step = Rename {
        story: id(&path)?,
        title: title_of(&called.title)?,
        by: by.person_id()?,
    };
    shaped(&app, &by, &request, step).await?;
    Ok(see_other("/insight?notice=saved#stories"))
}

/// Which story takes the comments.
#[derive(Debug, Deserialize)]
pub struct Joined {
    into: StoryId,
}

/// `POST /insight/stories/{id}/merge`.
///
/// # Errors
/// 401, 403, 404, 422, 503.
pub async fn merge(
    app: Desk,
    by: By<right::ShapeStories>,
    request: HttpRequest,
    path: web::Path<String>,
    joined: web::Form<Joined>,
) -> Result<HttpResponse, Problem> {
    let step = Merge {
        story: id(&path)?,
        into: joined.into,
        by: by.person_id()?,
    };
    shaped(&app, &by, &request, step).await?;
    Ok(see_other("/insight?notice=saved#stories"))
}
