//! Helpers that write markup: instants, text from outside, icons. Every value in it is escaped or checked here.

use super::super::locale::LocaleKey;
use super::super::message::Locales;
use super::super::{assets, text, time};
use super::{Ask, fault, first};
use crate::domain::tag::Span;
use chrono::DateTime;
use chrono_tz::Tz;
use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError, ScopedJson, html_escape,
};
use serde_json::Value;
use std::sync::Arc;

pub(super) fn register(registry: &mut Handlebars<'static>, locale: LocaleKey, texts: &Arc<Locales>) {
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
    registry.register_helper("ut", writer(user_text));
    registry.register_helper("icon", writer(icon));
}

/// A helper that only writes.
fn writer(write: fn(&Helper<'_>, &mut dyn Output) -> HelperResult) -> Box<dyn HelperDef + Send + Sync> {
    Box::new(
        move |helper: &Helper<'_>,
              _: &Handlebars<'_>,
              _: &Context,
              _: &mut RenderContext<'_, '_>,
              out: &mut dyn Output| write(helper, out),
    )
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
            Shape::Time if ask.is_set("seconds") => Ok(time::clock_to_the_second(self.locale, at, latin)),
            Shape::Time => Ok(time::clock(self.locale, at, latin)),
            Shape::Both | Shape::Ago => time::day_and_clock(&self.texts, self.locale, at, latin),
            Shape::Day => time::day(&self.texts, self.locale, at, ask.is_set("weekday"), latin),
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
fn user_text(helper: &Helper<'_>, out: &mut dyn Output) -> HelperResult {
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
fn icon(helper: &Helper<'_>, out: &mut dyn Output) -> HelperResult {
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
        "<svg class=\"i i-{name}{class}\" aria-hidden=\"true\"><use href=\"/a/{tree}/icons/icons.svg#i-{name}\"/></svg>"
    ))?;
    Ok(())
}
