//! A database with people on shift and comments waiting, and the lists of requests to measure with.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use klarsvar_migrations::Migrator;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use sea_orm_migration::MigratorTrait;
use serde_json::{Value, json};

use crate::app::App;
use crate::change::{Actor, Change, Failure, Step};
use crate::cli::{Failed, serve};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::connector::{CommentEvent, Happened, Inbound};
use crate::delivery::take_apart::keep_and_apply;
use crate::domain::comment::CommentState;
use crate::domain::id::{PersonId, ShiftId};
use crate::domain::lane::Lane;
use crate::domain::platform::Platform;
use crate::domain::role::{Right, Role};
use crate::domain::shift::ShiftState;
use crate::http::extract::cookie_name;
use crate::person::secret;
use crate::person::sign_in::sign_in;
use crate::person::staff::AddPerson;
use crate::person::token::AddToken;
use crate::store::Db;
use crate::store::entity::{comment, connector, shift};

const PASSWORD: &str = "only for measuring, never for people";
pub(super) const CONNECTOR: &str = "bench";
/// Moderators on shift in every lane.
const MODERATORS: usize = 8;

/// Sentences of the usual length in four languages.
const TEXTS: [&str; 5] = [
    "Hur fungerar det när socialtjänsten gör en utredning, får man ha med sig någon på mötet och vem bestämmer?",
    "كيف تعمل الخدمات الاجتماعية وهل يمكن أن أحصل على مترجم في الاجتماع؟ شكرا لكم على المعلومات",
    "Where can I read more about this, and who do I call if I have a question about the decision?",
    "Tack för bra information, det här visste jag inte. Jag delar filmen med mina vänner!",
    "Wo finde ich mehr Informationen darüber? Ich habe eine Frage zu der Entscheidung.",
];

/// So many sentences take turns in [`text`]; the first is in Swedish.
pub(super) const SENTENCES: usize = TEXTS.len();

/// One account to measure with; no protocol, so that nothing goes out.
pub(super) struct AddConnector;

impl Step for AddConnector {
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Self::Refusal>> {
        let row = connector::Model {
            account: "bench".to_owned(),
            ..connector::Model::new(CONNECTOR, Platform::Manual, change.now_ms())
        };
        change.later(&connector::Entity::insert(row.into_active_model()));
        Ok(())
    }
}

/// A shift that has started in every lane.
struct OnShift(PersonId);

impl Step for OnShift {
    type Out = ();
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<Self::Refusal>> {
        let now = change.now_ms();
        for lane in Lane::ALL {
            let row = shift::Model {
                state: ShiftState::Started,
                checked_in_at: Some(now),
                ..shift::Model::new(change.id::<ShiftId>(), self.0, *lane, (now, now + 8 * 3_600_000))
            };
            change.later(&shift::Entity::insert(row.into_active_model()));
        }
        Ok(())
    }
}

pub(super) fn through<T>(outcome: Result<T, Failure<std::convert::Infallible>>) -> Result<T, Failed> {
    match outcome {
        Ok(out) => Ok(out),
        Err(Failure::Store(error)) => Err(error.into()),
        Err(Failure::Refused(never)) => match never {},
    }
}

#[expect(clippy::print_stdout, reason = "the command's result")]
pub async fn run(config: Config, out: &Path, open: usize, requests: usize) -> Result<(), Failed> {
    std::fs::create_dir_all(out)?;
    let db = Db::open(&config.database.url).await?;
    Migrator::up(db.writer(), None).await?;
    db.close().await;
    let app = App::start(config, Arc::new(SystemClock))
        .await
        .map_err(serve::started)?;
    through(app.writer.change(AddConnector).await)?;
    app.load_connectors().await?;
    let token = secret::make()?;
    let add = AddToken {
        name: "bench".to_owned(),
        digest: secret::digest(&token),
        rights: vec![Right::Ingest],
        by: None,
    };
    through(app.writer.change(add).await)?;
    let cookies = people(&app).await?;
    fill(&app, open).await?;
    let claimable: Vec<_> = comment::Entity::find()
        .select_only()
        .column(comment::Column::Id)
        .filter(comment::Column::State.eq(CommentState::Open))
        .limit(requests as u64)
        .into_tuple::<crate::domain::id::CommentId>()
        .all(app.db.reader())
        .await?;
    let stamp = crate::clock::ms(app.clock.now());
    let mut ingest = String::new();
    for number in 0..requests {
        let body = json!({ "connector": CONNECTOR, "external_id": format!("m{stamp}-{number}"), "text": text(number),
            "author": format!("author {}", number % 997), "post": format!("post-{}", number % 20) });
        line(
            &mut ingest,
            &json!({ "m": "POST", "p": "/api/v1/comments", "k": format!("m{stamp}-{number}\""),
            "h": { "authorization": format!("Bearer {token}"), "content-type": "application/json" }, "b": body.to_string() }),
        );
    }
    let mut claim = String::new();
    for (number, id) in claimable.iter().enumerate() {
        let cookie = &cookies[number % MODERATORS];
        line(
            &mut claim,
            &json!({ "m": "POST", "p": format!("/api/v1/comments/{id}/claim"), "h": { "cookie": cookie } }),
        );
    }
    let lead = cookies.last().cloned().unwrap_or_default();
    for (name, content) in [
        ("ingest.jsonl", ingest),
        ("claim.jsonl", claim),
        ("queue.jsonl", read_list("/api/v1/queue?lane=sv&limit=50", &lead)),
        ("desk.jsonl", read_list("/desk?lane=sv", &cookies[0])),
        ("load.jsonl", read_list("/api/v1/load", &lead)),
    ] {
        std::fs::write(out.join(name), content)?;
    }
    println!(
        "{}",
        json!({ "connector": CONNECTOR, "token": token, "moderator_cookie": cookies[0], "lead_cookie": lead,
        "stream": "/api/v1/stream?topics=queue.ar,queue.sv,queue.en,queue.other", "open": open })
    );
    app.stop().await;
    Ok(())
}

/// A list of one request: a page or answer, read by who has the cookie.
pub(super) fn read_list(path: &str, cookie: &str) -> String {
    json!({ "m": "GET", "p": path, "h": { "cookie": cookie } }).to_string()
}

fn line(into: &mut String, value: &Value) {
    let _ = writeln!(into, "{value}");
}

pub(super) fn text(number: usize) -> String {
    format!("{} ({number})", TEXTS[number % TEXTS.len()])
}

/// Moderators on shift in every lane, then a lead; their session cookies.
pub(super) async fn people(app: &App) -> Result<Vec<String>, Failed> {
    let mut cookies = Vec::new();
    for number in 0..=MODERATORS {
        let role = if number == MODERATORS {
            Role::Lead
        } else {
            Role::Moderator
        };
        let email = format!("{role}{number}@bench.invalid");
        let step = AddPerson::new(
            &email,
            "Bench",
            &format!("B-{number}"),
            vec![role],
            Lane::ALL.to_vec(),
            PASSWORD,
            false,
            None,
        )?;
        let row = match app.writer.change(step).await {
            Ok(row) => row,
            Err(Failure::Store(error)) => return Err(error.into()),
            Err(Failure::Refused(refused)) => {
                return Err(Failed::Input(format!("the database is not empty: {refused}")));
            }
        };
        if role == Role::Moderator {
            through(app.writer.change(OnShift(row.id)).await)?;
        }
        let signed_in = sign_in(app, None, &email, PASSWORD).await?;
        cookies.push(format!("{}={}", cookie_name(app), signed_in.secret));
    }
    Ok(cookies)
}

/// Open comments, five hundred a delivery.
async fn fill(app: &App, open: usize) -> Result<(), Failed> {
    let connected = app
        .connectors
        .find(CONNECTOR)
        .ok_or_else(|| Failed::Work("the connector is missing".to_owned()))?;
    let mut number = 0;
    while number < open {
        let until = (number + 500).min(open);
        let events = (number..until)
            .map(|number| {
                Inbound::Comment(Box::new(CommentEvent {
                    what: Happened::Added,
                    account: "bench".to_owned(),
                    external_id: format!("p{number}"),
                    parent: None,
                    post: Some(format!("post-{}", number % 20)),
                    ad: None,
                    ad_title: None,
                    author: None,
                    own: false,
                    text: Some(text(number)),
                    attachments: Vec::new(),
                    declared_language: None,
                    at: app.clock.now(),
                    created_at: None,
                }))
            })
            .collect();
        keep_and_apply(
            app,
            &connected,
            Bytes::from(format!("prepared {number}")),
            events,
            Actor::Desk,
        )
        .await?;
        number = until;
    }
    Ok(())
}
