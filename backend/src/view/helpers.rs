//! What page templates can call. Each either gives plain text, which Handlebars escapes, or writes markup of its own in
//! which every value is escaped here. None takes markup from data.

use super::locale::LocaleKey;
use super::message::{Locales, tame};
use super::{assets, number, text, time};
use crate::domain::tag::Span;
use chrono::DateTime;
use chrono_tz::Tz;
use fluent_bundle::{FluentArgs, FluentValue};
use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError, RenderErrorReason,
    ScopedJson, html_escape,
};
use serde_json::Value;
use std::sync::Arc;

/// Adds every helper to a registry. `eq`, `and`, `or`, `not`, `gt`, `len` and the like are Handlebars' own.
pub(super) fn register(registry: &mut Handlebars<'static>, locale: LocaleKey, texts: &Arc<Locales>) {
    let plain: [(&str, Run); 7] = [
        ("key", key),
        ("num", num),
        ("pct", pct),
        ("dur", dur),
        ("asset", asset),
        ("cut", cut),
        ("t", message),
    ];
    for (name, run) in plain {
        registry.register_helper(
            name,
            Box::new(Plain {
                name,
                run,
                locale,
                texts: Arc::clone(texts),
            }),
        );
    }
    for (name, shape) in [
        ("time", Shape::Time),
        ("datetime", Shape::Both),
        ("date", Shape::Day),
        ("ago", Shape::Ago),
    ] {
        registry.register_helper(
            name,
            Box::new(Instant {
                name,
                shape,
                locale,
                texts: Arc::clone(texts),
            }),
        );
    }
    registry.register_helper("ut", Box::new(UserText));
    registry.register_helper("icon", Box::new(Icon));
}

type Answer = Result<Value, RenderError>;
type Run = fn(&Ask<'_, '_>) -> Answer;

/// A call of a helper.
struct Ask<'a, 'rc> {
    name: &'static str,
    helper: &'a Helper<'rc>,
    locale: LocaleKey,
    texts: &'a Locales,
}

fn fault(name: &str, what: impl std::fmt::Display) -> RenderError {
    RenderErrorReason::Other(format!("{{{{{name}}}}}: {what}")).into()
}

impl<'rc> Ask<'_, 'rc> {
    fn first(&self) -> Result<&Value, RenderError> {
        first(self.name, self.helper)
    }

    fn option(&self, key: &str) -> Option<&Value> {
        self.helper.hash_get(key).map(handlebars::PathAndJson::value)
    }

    fn is_set(&self, key: &str) -> bool {
        self.option(key).and_then(Value::as_bool).unwrap_or(false)
    }

    fn number(&self) -> Result<f64, RenderError> {
        let value = self.first()?;
        value.as_f64().ok_or_else(|| fault(self.name, "not a number"))
    }
}

fn first<'a>(name: &str, helper: &'a Helper<'_>) -> Result<&'a Value, RenderError> {
    match helper.param(0) {
        None => Err(fault(name, "nothing given")),
        Some(value) if value.is_value_missing() => Err(fault(
            name,
            format_args!(
                "{} is missing",
                value.relative_path().map_or("the value", String::as_str)
            ),
        )),
        Some(value) => Ok(value.value()),
    }
}

/// A helper that gives a value; as an expression it is escaped by Handlebars, inside another call it is used as it is.
struct Plain {
    name: &'static str,
    run: Run,
    locale: LocaleKey,
    texts: Arc<Locales>,
}

impl HelperDef for Plain {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let ask = Ask {
            name: self.name,
            helper,
            locale: self.locale,
            texts: &self.texts,
        };
        (self.run)(&ask).map(ScopedJson::Derived)
    }
}

/// `{{t "key" name=value plain=true}}`: one of the desk's texts.
fn message(ask: &Ask<'_, '_>) -> Answer {
    let key = ask
        .first()?
        .as_str()
        .ok_or_else(|| fault(ask.name, "the key is not a word"))?;
    let plain = ask.is_set("plain");
    let mut args = FluentArgs::new();
    for (name, value) in ask.helper.hash().iter().filter(|(name, _)| **name != "plain") {
        let value: FluentValue<'_> = match value.value() {
            Value::Number(number) => FluentValue::from(number.as_f64().unwrap_or(f64::NAN)),
            Value::String(text) => FluentValue::from(tame(text)),
            Value::Bool(is) => FluentValue::from(if *is { "true" } else { "false" }),
            // Absent or null: not given. The text itself tells whether it needs it.
            Value::Null => continue,
            Value::Array(_) | Value::Object(_) => {
                return Err(fault(
                    ask.name,
                    format_args!("{name} of '{key}' is neither text nor number"),
                ));
            }
        };
        args.set(*name, value);
    }
    let given = args.iter().next().is_some().then_some(&args);
    match ask.texts.message(ask.locale, key, given, plain) {
        Ok(text) => Ok(Value::String(text.into_owned())),
        Err(error) => Err(fault(ask.name, error)),
    }
}

/// `(key "flag" k)`: words joined by `-`, for keys of texts made of several.
fn key(ask: &Ask<'_, '_>) -> Answer {
    let mut joined = String::new();
    for param in ask.helper.params() {
        let word = match param.value() {
            Value::String(word) => word.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(is) => is.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => {
                return Err(fault(ask.name, format_args!("a part after '{joined}' is no word")));
            }
        };
        if !joined.is_empty() {
            joined.push('-');
        }
        joined.push_str(&word);
    }
    Ok(Value::String(joined))
}

/// `{{num 1234}}`, `{{num 3.5 decimals=1}}`.
fn num(ask: &Ask<'_, '_>) -> Answer {
    let decimals = ask
        .option("decimals")
        .and_then(Value::as_u64)
        .and_then(|n| usize::try_from(n.min(9)).ok());
    Ok(Value::String(match (ask.first()?.as_i64(), decimals) {
        (Some(whole), None) => number::whole(ask.locale, whole),
        _ => number::float(ask.locale, ask.number()?, decimals),
    }))
}

/// `{{pct 0.82}}`: a share from 0 to 1 as percentage; `decimals=1` for more.
fn pct(ask: &Ask<'_, '_>) -> Answer {
    let decimals = ask
        .option("decimals")
        .and_then(Value::as_u64)
        .and_then(|n| usize::try_from(n.min(9)).ok());
    Ok(Value::String(number::percent(
        ask.locale,
        ask.number()?,
        decimals.unwrap_or(0),
    )))
}

/// `{{dur 300}}`: a length of time given in seconds.
fn dur(ask: &Ask<'_, '_>) -> Answer {
    let seconds = ask
        .first()?
        .as_i64()
        .ok_or_else(|| fault(ask.name, "not whole seconds"))?;
    Ok(Value::String(number::duration(ask.locale, seconds)))
}

/// `{{asset "css/base.css"}}`: address of an embedded file.
fn asset(ask: &Ask<'_, '_>) -> Answer {
    let path = ask.first()?.as_str().ok_or_else(|| fault(ask.name, "not a path"))?;
    if assets::find(path).is_none() {
        return Err(fault(ask.name, format_args!("no file '{path}'")));
    }
    Ok(Value::String(assets::url(path)))
}

/// `{{#if (cut text)}}`: whether `ut` shows less than everything.
fn cut(ask: &Ask<'_, '_>) -> Answer {
    Ok(Value::Bool(ask.first()?.as_str().is_some_and(text::is_cut)))
}

/// How an instant is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Time,
    Both,
    Day,
    Ago,
}

/// `{{time ms}}`, `{{datetime ms}}`, `{{date ms}}`, `{{ago ms}}`: `<time>`; inside another call only the words.
struct Instant {
    name: &'static str,
    shape: Shape,
    locale: LocaleKey,
    texts: Arc<Locales>,
}

impl Instant {
    fn at(&self, helper: &Helper<'_>) -> Result<DateTime<Tz>, RenderError> {
        let ms = first(self.name, helper)?
            .as_i64()
            .ok_or_else(|| fault(self.name, "not milliseconds"))?;
        time::local(ms).map_err(|error| fault(self.name, error))
    }

    fn words(&self, helper: &Helper<'_>, at: &DateTime<Tz>) -> Result<String, RenderError> {
        let ask = Ask {
            name: self.name,
            helper,
            locale: self.locale,
            texts: &self.texts,
        };
        let latin = ask.is_set("deadline");
        match self.shape {
            Shape::Time => Ok(time::clock(self.locale, at, latin)),
            Shape::Both | Shape::Ago => time::day_and_clock(&self.texts, self.locale, at, latin),
            Shape::Day => time::day(&self.texts, self.locale, at, ask.is_set("weekday")),
        }
        .map_err(|error| fault(self.name, error))
    }
}

impl HelperDef for Instant {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let at = self.at(helper)?;
        Ok(ScopedJson::Derived(Value::String(self.words(helper, &at)?)))
    }

    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let at = self.at(helper)?;
        let machine = if self.shape == Shape::Day {
            time::machine_day(&at)
        } else {
            time::machine(&at)
        };
        let ago = if self.shape == Shape::Ago { " data-ago" } else { "" };
        let words = html_escape(&self.words(helper, &at)?);
        out.write(&format!("<time datetime=\"{machine}\"{ago}>{words}</time>"))?;
        Ok(())
    }
}

/// `{{ut text lang=… spans=… inline=true all=true max=140}}`: text from outside.
struct UserText;

impl HelperDef for UserText {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let Some(stored) = first("ut", helper)?.as_str() else {
            return Err(fault("ut", "not a text"));
        };
        let option = |key: &str| helper.hash_get(key).map(handlebars::PathAndJson::value);
        let is_set = |key: &str| option(key).and_then(Value::as_bool).unwrap_or(false);
        let spans = option("spans").map_or_else(Vec::new, spans_of);
        let max = option("max")
            .and_then(Value::as_u64)
            .and_then(|max| usize::try_from(max).ok());
        let inline = is_set("inline");
        let options = text::Options {
            spans: &spans,
            limit: if is_set("all") { None } else { max.or(Some(text::LIMIT)) },
            inline,
        };
        let shown = text::render(stored, &options);
        let lang = option("lang").and_then(Value::as_str).map_or("", language);
        let (open, close) = if inline {
            ("<bdi", "</bdi>")
        } else {
            ("<div class=\"ut\" dir=\"auto\"", "</div>")
        };
        out.write(open)?;
        out.write(&format!(" lang=\"{lang}\""))?;
        for (name, count) in [
            ("data-controls", shown.controls),
            ("data-marks", shown.direction_marks),
            ("data-mixed", shown.mixed_words),
            ("data-cut", usize::from(shown.cut)),
        ] {
            if count > 0 {
                out.write(&format!(" {name}=\"{count}\""))?;
            }
        }
        out.write(">")?;
        out.write(&shown.html)?;
        out.write(close)?;
        Ok(())
    }
}

/// Spans as stored, each with its number: its own `n`, or its place in the list. What is no span is passed over.
fn spans_of(value: &Value) -> Vec<(Span, usize)> {
    let offset = |span: &Value, name: &str| {
        span.get(name)
            .and_then(Value::as_u64)
            .and_then(|n| usize::try_from(n).ok())
    };
    let spans = value.as_array().into_iter().flatten().enumerate();
    spans
        .filter_map(|(place, span)| {
            let key = span.get("key").and_then(Value::as_str).unwrap_or_default().to_owned();
            let found = Span {
                key,
                start: offset(span, "start")?,
                end: offset(span, "end")?,
            };
            Some((found, offset(span, "n").unwrap_or(place + 1)))
        })
        .collect()
}

/// A value for `lang`; empty, which means unknown, for what is no language.
fn language(code: &str) -> &str {
    let is_tag = (2..=35).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if is_tag && !matches!(code, "other" | "und") {
        code
    } else {
        ""
    }
}

/// `{{icon "send"}}`, `{{icon "chevron" dir=true}}` for one that follows the direction of writing.
struct Icon;

impl HelperDef for Icon {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let name = first("icon", helper)?.as_str().unwrap_or_default();
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return Err(fault("icon", "not the name of an icon"));
        }
        let turns = helper
            .hash_get("dir")
            .is_some_and(|dir| dir.value().as_bool() == Some(true));
        let class = if turns { " i-dir" } else { "" };
        let tree = assets::tree();
        out.write(&format!(
            "<svg class=\"icon i-{name}{class}\" aria-hidden=\"true\"><use href=\"/a/{tree}/icons/icons.svg#i-{name}\"/></svg>"
        ))?;
        Ok(())
    }
}
