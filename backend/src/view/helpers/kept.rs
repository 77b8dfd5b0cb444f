//! `{{kept "parts/card" card}}`: a part that is written once for each content. What it shows depends on its own values
//! alone, and a lane's cards are the same for everybody on shift, on page after page.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use handlebars::{Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext};

use super::{fault, first};

/// Parts kept before all are forgotten: some 2 MB of cards.
const MOST: usize = 1_000;

/// The helper, with the parts written so far by their values as JSON.
#[derive(Default)]
pub(super) struct Kept(Mutex<HashMap<String, Arc<str>>>);

impl HelperDef for Kept {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let part = first("kept", helper)?.as_str().unwrap_or_default();
        let values = helper
            .param(1)
            .ok_or_else(|| fault("kept", "has no values for its part"))?
            .value();
        if registry.dev_mode() {
            out.write(&registry.render(part, values)?)?;
            return Ok(());
        }
        let key = format!("{part} {values}");
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(known) = known {
            out.write(&known)?;
            return Ok(());
        }
        let written: Arc<str> = registry.render(part, values)?.into();
        out.write(&written)?;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(key, written);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use handlebars::Handlebars;
    use serde_json::json;

    use super::Kept;

    #[test]
    fn a_part_with_other_values_is_another_part() {
        let mut registry = Handlebars::new();
        registry.register_helper("kept", Box::new(Kept::default()));
        registry
            .register_template_string("part", "<b>{{name}}</b>")
            .expect("a template");
        registry
            .register_template_string("page", "{{#each all as |one|}}{{kept \"part\" one}}{{/each}}")
            .expect("a template");
        let all = json!({ "all": [{ "name": "a" }, { "name": "<b>" }, { "name": "a" }] });
        for _ in 0..2 {
            let page = registry.render("page", &all).expect("a page");
            assert_eq!(page, "<b>a</b><b>&lt;b&gt;</b><b>a</b>");
        }
    }

    #[test]
    fn it_forgets_rather_than_grow() {
        let mut registry = Handlebars::new();
        registry.register_helper("kept", Box::new(Kept::default()));
        registry.register_template_string("part", "{{n}};").expect("a template");
        registry
            .register_template_string("page", "{{kept \"part\" this}}")
            .expect("a template");
        for n in 0..2_500 {
            let page = registry.render("page", &json!({ "n": n })).expect("a page");
            assert_eq!(page, format!("{n};"));
        }
    }
}
