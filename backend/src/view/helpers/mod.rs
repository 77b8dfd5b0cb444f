//! What page templates can call. Those here give plain text, which Handlebars escapes; those in `markup` write markup of
//! their own. None takes markup from data.

mod kept;
mod markup;

use super::locale::LocaleKey;
use super::message::{Locales, tame};
use super::{assets, number, text};
use fluent_bundle::{FluentArgs, FluentValue};
use handlebars::{Context, Handlebars, Helper, HelperDef, RenderContext, RenderError, RenderErrorReason, ScopedJson};
use serde_json::Value;
use std::sync::Arc;

/// Adds every helper to a registry. `eq`, `and`, `or`, `not`, `gt`, `len` and the like are Handlebars' own.
pub(super) fn register(registry: &mut Handlebars<'static>, locale: LocaleKey, texts: &Arc<Locales>) {
    let plain: [(&str, Run); 9] = [
        ("key", key),
        ("named", named),
        ("column_key", column_key),
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
    registry.register_helper("kept", Box::new(kept::Kept::default()));
    markup::register(registry, locale, texts);
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

/// `(key "flag" k)`: words joined by `-`, for keys of texts made of several. Dots and underscores
/// become `-`.
fn key(ask: &Ask<'_, '_>) -> Answer {
    let mut joined = String::new();
    for param in ask.helper.params() {
        let word = match param.value() {
            Value::String(word) => word.replace(['.', '_'], "-"),
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

/// `(named "ckb")`: a language code, or `other` if the desk has no word for it.
fn named(ask: &Ask<'_, '_>) -> Answer {
    let code = ask.first()?.as_str().unwrap_or_default();
    Ok(Value::String(super::model::named(code).to_owned()))
}

/// `(column_key "arrived")`: the key of the name of a column of figures.
fn column_key(ask: &Ask<'_, '_>) -> Answer {
    let column = ask.first()?.as_str().unwrap_or_default();
    Ok(Value::String(super::csv::column_key(column)))
}

/// `{{pct 0.82}}`: a share from 0 to 1 as percentage; `decimals=1` for more, `sign=true` for a change.
fn pct(ask: &Ask<'_, '_>) -> Answer {
    let decimals = ask
        .option("decimals")
        .and_then(Value::as_u64)
        .and_then(|n| usize::try_from(n.min(9)).ok());
    let share = ask.number()?;
    let percent = number::percent(ask.locale, share, decimals.unwrap_or(0));
    let sign = if ask.is_set("sign") && share > 0.0 { "+" } else { "" };
    Ok(Value::String(format!("{sign}{percent}")))
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
