//! Answers held against the schemas of the served document: what JSON Schema 2020-12 says of the few keywords it uses, and
//! besides, that an answer has no member the document does not name.

use serde_json::Value;

/// What is wrong with a value, by its place in it.
pub fn faults(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(document, schema, value, "$", &mut found);
    found
}

fn check(document: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    for (keyword, of) in schema.as_object().expect("a schema") {
        match keyword.as_str() {
            "$ref" => {
                let pointer = of.as_str().expect("a reference").trim_start_matches('#');
                let schema = document
                    .pointer(pointer)
                    .unwrap_or_else(|| panic!("{pointer} is missing"));
                check(document, schema, value, at, found);
            }
            "anyOf" => {
                let tried: Vec<Vec<String>> = of
                    .as_array()
                    .expect("a list")
                    .iter()
                    .map(|schema| {
                        let mut found = Vec::new();
                        check(document, schema, value, at, &mut found);
                        found
                    })
                    .collect();
                if !tried.iter().any(Vec::is_empty) {
                    found.extend(tried.into_iter().flatten());
                }
            }
            "type" if !is(of.as_str().expect("a type"), value) => found.push(format!("{at} is no {of}: {value}")),
            "enum" if !of.as_array().expect("words").contains(value) => {
                found.push(format!("{at} is none of {of}: {value}"))
            }
            "format" => {
                let text = value.as_str().unwrap_or_default();
                let fits = match of.as_str() {
                    Some("uuid") => text.parse::<uuid::Uuid>().is_ok(),
                    Some("date-time") => text.ends_with('Z') && text.parse::<chrono::DateTime<chrono::Utc>>().is_ok(),
                    Some("date") => text.parse::<chrono::NaiveDate>().is_ok(),
                    other => panic!("unknown format {other:?}"),
                };
                if !fits {
                    found.push(format!("{at} is no {of}: {value}"));
                }
            }
            "required" => {
                for name in of.as_array().expect("names").iter().filter_map(Value::as_str) {
                    if value.get(name).is_none() {
                        found.push(format!("{at} lacks {name}"));
                    }
                }
            }
            "items" => {
                for (number, one) in value.as_array().into_iter().flatten().enumerate() {
                    check(document, of, one, &format!("{at}[{number}]"), found);
                }
            }
            "properties" => {
                for (name, one) in value.as_object().into_iter().flatten() {
                    match of.get(name) {
                        Some(schema) => check(document, schema, one, &format!("{at}.{name}"), found),
                        None => found.push(format!("{at}.{name} is not in the document")),
                    }
                }
            }
            "additionalProperties" if of.is_object() => {
                for (name, one) in value.as_object().into_iter().flatten() {
                    check(document, of, one, &format!("{at}.{name}"), found);
                }
            }
            "type" | "enum" | "additionalProperties" => {}
            other => panic!("a keyword nobody checks: {other}"),
        }
    }
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("unknown type {other}"),
    }
}
