//! `GET /api/v1/openapi.json`: the API as an OpenAPI 3.1 document.
//!
//! Paths, methods and rights come from the table of routes, words from the enumerations; `openapi.json` beside this file adds
//! what they do not say: what an operation is, takes and gives, in a short notation. `tests/api/openapi.rs` holds it against
//! real answers.
//!
//! The notation: a type is `text`, `integer`, `number`, `boolean`, `uuid`, `time`, `date`, `words` (texts by name), `lists` (lists of texts by name), `any`, the name of
//! a schema or enumeration, several between bars, with `[]` for a list and `?` for one that may be null. A member with `~` may be left
//! out; `&` names a schema whose members come first, with `_` if it is only for that; `...` tells that there may be others.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use serde_json::{Map, Value, json};

use crate::decision::guard::GuardCode;
use crate::domain::comment::{CommentState, Visibility};
use crate::domain::decision::{DecisionKind, Ground, OutboxState};
use crate::domain::escalation::{EscalationState, Resolution};
use crate::domain::event::EventKind;
use crate::domain::lane::Lane;
use crate::domain::material::MaterialKind;
use crate::domain::narrative::NarrativeState;
use crate::domain::person::PersonState;
use crate::domain::platform::{ConnectorState, Platform};
use crate::domain::role::{Right, Role};
use crate::domain::shift::{AbsenceKind, ExchangeState, ShiftState};
use crate::domain::tag::{Class, Flag, Intent, TagSource, Tier};
use crate::domain::template::{TemplateState, Variant};
use crate::http::routes::{Need, TABLE};
use crate::outbox::person::Said;
use crate::shift::warn::Warning;
use crate::teaching::nearest::Origin;
use crate::teaching::trial::Standing;
use crate::teaching::why::Kind;
use crate::template::Length;

const NOTES: &str = include_str!("openapi.json");

static DOCUMENT: LazyLock<String> = LazyLock::new(|| document().to_string());

/// `GET /api/v1/openapi.json`.
pub async fn read() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(DOCUMENT.as_str())
}

/// The document.
#[must_use]
pub fn document() -> Value {
    let notes: Value = serde_json::from_str(NOTES).unwrap_or_default();
    let mut schemas = enumerations();
    let named = |(name, _): &(&String, &Value)| !name.starts_with('_');
    for (name, note) in notes["schemas"].as_object().into_iter().flatten().filter(named) {
        schemas.insert(name.clone(), schema(note, &notes["schemas"], name.starts_with("New")));
    }
    let mut paths = Map::new();
    for (method, path, need) in TABLE.iter().filter(|(_, path, _)| path.starts_with("/api/v1/")) {
        let note = &notes["operations"][format!("{method} {path}")];
        let at = paths.entry((*path).to_owned()).or_insert_with(|| json!({}));
        at[*method] = operation(method, path, *need, note);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Klarsvar",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Comment moderation and response desk. Times are RFC 3339 in UTC. Members may be added; read past what you do not know.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": "__Host-klarsvar", "description": "The pages' session; on plain HTTP without the prefix." },
                "token": { "type": "http", "scheme": "bearer" },
            },
        },
    })
}

fn operation(method: &str, path: &str, need: Need, note: &Value) -> Value {
    let mut parameters: Vec<Value> = path
        .split(['{', '}'])
        .skip(1)
        .step_by(2)
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    for (name, of) in note["asks"].as_object().into_iter().flatten() {
        let (name, required) = required(name);
        parameters.push(json!({ "name": name, "in": "query", "required": required, "schema": word(of) }));
    }
    if method != "get" && note["once"] != json!(false) {
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false, "schema": { "type": "string", "maxLength": 200 },
            "description": "The same request with the same key again has no second effect and gets the first answer.",
        }));
    }
    let mut responses = json!({ "default": {
        "description": "Refused",
        "content": { "application/problem+json": { "schema": word(&json!("Problem")) } },
    } });
    for (status, of) in note["gives"].as_object().into_iter().flatten() {
        responses[status] = json!({ "description": note["is"] });
        if *of != json!("") {
            responses[status]["content"] = json!({ "application/json": { "schema": word(of) } });
        }
    }
    let mut operation = json!({ "summary": note["is"], "parameters": parameters, "responses": responses });
    if let Some(takes) = note.get("takes") {
        let required = note["optional"] != json!(true);
        let content = json!({ "application/json": { "schema": word(takes) } });
        operation["requestBody"] = json!({ "required": required, "content": content });
    }
    match need {
        Need::Nothing => operation["security"] = json!([]),
        Need::Right(right) => {
            operation["security"] = json!([{ "session": [] }, { "token": [] }]);
            operation["x-right"] = json!(right);
        }
    }
    operation
}

fn required(name: &str) -> (&str, bool) {
    name.strip_prefix('~').map_or((name, true), |name| (name, false))
}

/// A schema of members. What is taken in is closed: a member nobody knows is refused.
fn schema(note: &Value, all: &Value, closed: bool) -> Value {
    let (mut properties, mut needed, mut closed) = (Map::new(), Vec::new(), closed);
    let base = note.get("&").and_then(Value::as_str).map(|name| &all[name]);
    let members = base.into_iter().chain([note]).filter_map(Value::as_object).flatten();
    for (name, of) in members {
        match name.as_str() {
            "&" => {}
            "..." => closed = false,
            name => {
                let (name, required) = required(name);
                properties.insert(name.to_owned(), word(of));
                if required {
                    needed.push(name);
                }
            }
        }
    }
    let mut schema = json!({ "type": "object", "properties": properties, "required": needed });
    if closed {
        schema["additionalProperties"] = json!(false);
    }
    schema
}

/// A type of the notation.
fn word(of: &Value) -> Value {
    let of = of.as_str().unwrap_or("any");
    if of.contains('|') {
        let any: Vec<Value> = of.split('|').map(|of| word(&json!(of))).collect();
        return json!({ "anyOf": any });
    }
    if let Some(of) = of.strip_suffix('?') {
        return json!({ "anyOf": [word(&json!(of)), { "type": "null" }] });
    }
    if let Some(of) = of.strip_suffix("[]") {
        return json!({ "type": "array", "items": word(&json!(of)) });
    }
    match of {
        "any" => json!({}),
        "text" => json!({ "type": "string" }),
        "uuid" => json!({ "type": "string", "format": "uuid" }),
        "time" => json!({ "type": "string", "format": "date-time" }),
        "date" => json!({ "type": "string", "format": "date" }),
        "words" => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        "lists" => {
            json!({ "type": "object", "additionalProperties": { "type": "array", "items": { "type": "string" } } })
        }
        "counts" => json!({ "type": "object", "additionalProperties": { "type": "integer" } }),
        "integer" | "number" | "boolean" | "null" => json!({ "type": of }),
        name => json!({ "$ref": format!("#/components/schemas/{name}") }),
    }
}

macro_rules! enumerations {
    ($($name:ident = $words:ty),+ $(,)?) => {
        /// Every enumeration by its name, with its words as they are stored.
        fn enumerations() -> Map<String, Value> {
            let mut all = Map::new();
            $(all.insert(
                stringify!($name).to_owned(),
                json!({ "type": "string", "enum": <$words>::ALL }),
            );)+
            all
        }
    };
}

enumerations! {
    AbsenceKind = AbsenceKind, Class = Class, CommentState = CommentState, ConnectorState = ConnectorState, DecisionKind = DecisionKind,
    EscalationState = EscalationState, EventKind = EventKind, ExchangeState = ExchangeState, Flag = Flag, Ground = Ground, GuardCode = GuardCode,
    Intent = Intent, Lane = Lane, Length = Length, NarrativeState = NarrativeState, Origin = Origin, OutboxState = OutboxState,
    PersonState = PersonState, Platform = Platform, Resolution = Resolution, Right = Right, Role = Role, Said = Said,
    MaterialKind = MaterialKind, ShiftState = ShiftState, ShiftWarning = Warning, Standing = Standing, TagKind = Kind, TagSource = TagSource, TemplateState = TemplateState, Tier = Tier,
    Variant = Variant, Visibility = Visibility,
}
