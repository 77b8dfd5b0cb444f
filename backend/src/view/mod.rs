//! What the desk shows: templates, texts, files for browsers. Used by pages and by the push alike, so that both are the same
//! bytes. Never writes to a database and asks nobody for data: it gets values and gives text.

pub mod assets;
pub mod csv;
mod helpers;
pub mod locale;
pub mod message;
pub mod model;
pub mod number;
pub mod reply;
pub mod text;
pub mod time;

pub use locale::LocaleKey;
pub use message::{Locales, MessageError};
pub use reply::{ReplyError, ReplyTemplates, UnfilledSlots};

use handlebars::{Handlebars, Template};
use message::LocaleFileError;
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;

/// Why the view cannot be built or a page cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// A template does not parse.
    #[error("template {name} is wrong")]
    Template {
        /// Its name.
        name: String,
        /// What the parser says.
        #[source]
        source: Box<handlebars::TemplateError>,
    },
    /// A file of texts does not parse.
    #[error(transparent)]
    Texts(#[from] LocaleFileError),
    /// The folder given cannot be read.
    #[error("cannot read {path}")]
    Folder {
        /// Which.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A value, text or template that the page needs is missing.
    #[error("cannot render {template} in {locale}")]
    Render {
        /// Its name.
        template: String,
        /// Which locale.
        locale: LocaleKey,
        /// What is missing, and where.
        #[source]
        source: Box<handlebars::RenderError>,
    },
}

/// All templates and texts, one registry per locale key.
#[derive(Debug)]
pub struct Views {
    registries: Vec<Handlebars<'static>>,
    locales: Arc<Locales>,
}

/// A template or text: path below its folder, and content.
type Source = (String, String);

impl Views {
    /// The view as built into the binary.
    ///
    /// # Errors
    /// A template or text that does not parse, which the tests exclude.
    pub fn embedded() -> Result<Self, ViewError> {
        let own = |folder| {
            assets::sources(folder)
                .map(|(path, text)| (path.to_owned(), text.to_owned()))
                .collect::<Vec<_>>()
        };
        Self::from_sources(&own("templates"), &own("locales"), cfg!(debug_assertions))
    }

    /// The view read from a `frontend-assets` folder, for development: templates are read anew at each rendering,
    /// missing texts are errors.
    ///
    /// # Errors
    /// A folder that cannot be read; a template or text that does not parse.
    pub fn from_dir(root: &Path) -> Result<Self, ViewError> {
        let (mut templates, mut texts) = (Vec::new(), Vec::new());
        read_folder(&root.join("templates"), "", &mut templates)?;
        read_folder(&root.join("locales"), "", &mut texts)?;
        let mut views = Self::from_sources(&templates, &texts, true)?;
        for registry in &mut views.registries {
            registry.set_dev_mode(true);
            for name in templates.iter().filter_map(|(path, _)| path.strip_suffix(".hbs")) {
                let file = root.join("templates").join(format!("{name}.hbs"));
                registry
                    .register_template_file(name, file)
                    .map_err(|error| ViewError::Template {
                        name: name.to_owned(),
                        source: Box::new(error),
                    })?;
            }
        }
        Ok(views)
    }

    fn from_sources(templates: &[Source], texts: &[Source], strict_texts: bool) -> Result<Self, ViewError> {
        let locales = Arc::new(Locales::load(texts, strict_texts)?);
        // Read once for all locales: reading them is most of the start.
        let mut parsed = Vec::with_capacity(templates.len());
        for (path, text) in templates {
            if let Some(name) = path.strip_suffix(".hbs") {
                let template =
                    Template::compile_with_name(text, name.to_owned()).map_err(|error| ViewError::Template {
                        name: name.to_owned(),
                        source: Box::new(error),
                    })?;
                parsed.push((name, template));
            }
        }
        let registries = LocaleKey::ALL
            .iter()
            .map(|locale| {
                let mut registry = Handlebars::new();
                registry.set_strict_mode(true);
                helpers::register(&mut registry, *locale, &locales);
                for (name, template) in &parsed {
                    registry.register_template(name, template.clone());
                }
                registry
            })
            .collect();
        Ok(Self { registries, locales })
    }

    /// Renders a template (`pages/desk`, `parts/card`) in a locale.
    ///
    /// # Errors
    /// No such template; a value, text or argument that it needs is missing.
    pub fn render(&self, locale: LocaleKey, template: &str, data: &impl Serialize) -> Result<String, ViewError> {
        let wrong = |error: handlebars::RenderError| ViewError::Render {
            template: template.to_owned(),
            locale,
            source: Box::new(error),
        };
        let Some(registry) = self.registries.get(locale.index()) else {
            return Err(wrong(
                handlebars::RenderErrorReason::TemplateNotFound(template.to_owned()).into(),
            ));
        };
        registry.render(template, data).map_err(wrong)
    }

    /// Whether there is a template of this name.
    #[must_use]
    pub fn has(&self, template: &str) -> bool {
        self.registries
            .first()
            .is_some_and(|registry| registry.has_template(template))
    }

    /// The texts, for what is written without a template: problem titles, announcements.
    #[must_use]
    pub fn locales(&self) -> &Locales {
        &self.locales
    }
}

fn read_folder(folder: &Path, inside: &str, into: &mut Vec<Source>) -> Result<(), ViewError> {
    let wrong = |source| ViewError::Folder {
        path: folder.display().to_string(),
        source,
    };
    for entry in std::fs::read_dir(folder).map_err(wrong)? {
        let entry = entry.map_err(wrong)?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let path = if inside.is_empty() {
            name
        } else {
            format!("{inside}/{name}")
        };
        if entry.file_type().map_err(wrong)?.is_dir() {
            read_folder(&entry.path(), &path, into)?;
        } else if path.ends_with(".hbs") || path.ends_with(".ftl") {
            into.push((path, std::fs::read_to_string(entry.path()).map_err(wrong)?));
        }
    }
    Ok(())
}

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
