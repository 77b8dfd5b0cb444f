//! The desk's own texts (Fluent), one bundle per locale key, built once. Gives plain text: whoever writes HTML escapes it.

use super::locale::LocaleKey;
use super::number;
use arc_swap::ArcSwap;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use unic_langid::LanguageIdentifier;

/// Why there is no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// No such key in this locale.
    #[error("there is no text '{key}' in {locale}")]
    Missing {
        /// The key asked for.
        key: String,
        /// Where.
        locale: LocaleKey,
    },
    /// The text needs an argument that was not given, or refers to something that is not there.
    #[error("text '{key}' in {locale} cannot be written: {reason}")]
    Broken {
        /// The key asked for.
        key: String,
        /// Where.
        locale: LocaleKey,
        /// What Fluent says.
        reason: String,
    },
}

/// A file of texts that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the texts of {locale} are wrong in {path}: {reason}")]
pub struct LocaleFileError {
    /// Which.
    pub locale: LocaleKey,
    /// Path below `locales`.
    pub path: String,
    /// What the parser says.
    pub reason: String,
}

/// Titles by key and language.
pub type Titles = BTreeMap<String, BTreeMap<String, String>>;

/// What keys of narratives begin with.
const NARRATIVE: &str = "narrative-";

struct Texts {
    bundle: FluentBundle<Arc<FluentResource>>,
    /// Texts without arguments, written once when loaded. Most texts of a page are such.
    fixed: HashMap<String, String>,
    keys: BTreeSet<String>,
}

/// Every text in every locale.
pub struct Locales {
    texts: Vec<Texts>,
    strict: bool,
    /// Titles of narratives that the desk writes itself; they go before those of the files.
    narratives: ArcSwap<Titles>,
}

impl std::fmt::Debug for Locales {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let counts: Vec<usize> = self.texts.iter().map(|texts| texts.keys.len()).collect();
        f.debug_struct("Locales")
            .field("texts", &counts)
            .field("strict", &self.strict)
            .finish()
    }
}

impl Locales {
    /// Builds the bundles from `(path below locales, content)`. `strict`: a missing text is an error; otherwise the
    /// Swedish one is shown and the fault logged.
    ///
    /// # Errors
    /// A file that does not parse, or two texts of one key.
    pub fn load(files: &[(String, String)], strict: bool) -> Result<Self, LocaleFileError> {
        let texts = LocaleKey::ALL.iter().map(|locale| Texts::load(*locale, files));
        Ok(Self {
            texts: texts.collect::<Result<_, _>>()?,
            strict,
            narratives: ArcSwap::default(),
        })
    }

    /// Takes the titles of the narratives that the desk writes itself.
    pub fn name_narratives(&self, titles: Titles) {
        self.narratives.store(Arc::new(titles));
    }

    /// The title of a narrative that no file knows: the desk's own, in Swedish where it has none in this language, or its key.
    fn narrative(&self, locale: LocaleKey, key: &str) -> Option<String> {
        let word = key.strip_prefix(NARRATIVE)?;
        let titles = self.narratives.load();
        let Some(titles) = titles.get(word) else {
            return (!self.has(locale, key)).then(|| word.to_owned());
        };
        let title = titles.get(locale.language()).or_else(|| titles.get("sv"));
        title.or_else(|| titles.values().next()).cloned()
    }

    /// The text of a key. Inserted values stand in isolates (U+2068, U+2069), which `plain` leaves out, as attributes need.
    ///
    /// # Errors
    /// When strict, or when Swedish lacks it as well.
    pub fn message<'a>(
        &'a self,
        locale: LocaleKey,
        key: &str,
        args: Option<&FluentArgs<'_>>,
        plain: bool,
    ) -> Result<Cow<'a, str>, MessageError> {
        if let Some(title) = self.narrative(locale, key) {
            return Ok(Cow::Owned(title));
        }
        let found = self.find(locale, key, args).or_else(|error| {
            if self.strict {
                return Err(error);
            }
            tracing::error!(key, %locale, %error, "a text is missing");
            self.find(LocaleKey::Sv, key, args)
        })?;
        if plain && found.contains(['\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}']) {
            return Ok(found
                .chars()
                .filter(|c| !matches!(c, '\u{2066}'..='\u{2069}'))
                .collect::<String>()
                .into());
        }
        Ok(found)
    }

    fn find(&self, locale: LocaleKey, key: &str, args: Option<&FluentArgs<'_>>) -> Result<Cow<'_, str>, MessageError> {
        let missing = || MessageError::Missing {
            key: key.to_owned(),
            locale,
        };
        let texts = self.texts.get(locale.index()).ok_or_else(missing)?;
        if let Some(text) = texts.fixed.get(key) {
            return Ok(Cow::Borrowed(text));
        }
        match texts.write(key, args).ok_or_else(missing)? {
            Ok(text) => Ok(Cow::Owned(text)),
            Err(reason) => Err(MessageError::Broken {
                key: key.to_owned(),
                locale,
                reason,
            }),
        }
    }

    /// Whether a locale has a text of its own for this key.
    #[must_use]
    pub fn has(&self, locale: LocaleKey, key: &str) -> bool {
        self.texts
            .get(locale.index())
            .is_some_and(|texts| texts.keys.contains(key))
    }

    /// Every key of a locale, in order.
    pub fn keys(&self, locale: LocaleKey) -> impl Iterator<Item = &str> {
        self.texts
            .get(locale.index())
            .into_iter()
            .flat_map(|texts| texts.keys.iter().map(String::as_str))
    }
}

impl Texts {
    fn load(locale: LocaleKey, files: &[(String, String)]) -> Result<Self, LocaleFileError> {
        let wrong = |path: &str, reason: String| LocaleFileError {
            locale,
            path: path.to_owned(),
            reason,
        };
        let language: LanguageIdentifier = locale
            .language()
            .parse()
            .map_err(|error| wrong("", format!("{error}")))?;
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        bundle.set_formatter(Some(match locale {
            LocaleKey::Sv => |value, _| written(LocaleKey::Sv, value),
            LocaleKey::Ar => |value, _| written(LocaleKey::Ar, value),
            LocaleKey::ArArab => |value, _| written(LocaleKey::ArArab, value),
            LocaleKey::En => |value, _| written(LocaleKey::En, value),
        }));
        bundle.add_builtins().map_err(|error| wrong("", error.to_string()))?;
        let mut keys = BTreeSet::new();
        for (path, content) in files {
            let Some(("ftl", _)) = path.rsplit_once('.').map(|(stem, extension)| (extension, stem)) else {
                continue;
            };
            if path.split('/').next() != Some(locale.language()) {
                continue;
            }
            let resource = FluentResource::try_new(content.clone())
                .map_err(|(_, errors)| wrong(path, format!("{:?}", errors.first())))?;
            keys.extend(message_keys(content));
            bundle
                .add_resource(Arc::new(resource))
                .map_err(|errors| wrong(path, errors.first().map_or_else(String::new, ToString::to_string)))?;
        }
        let mut texts = Self {
            bundle,
            fixed: HashMap::new(),
            keys,
        };
        let fixed = texts
            .keys
            .iter()
            .filter_map(|key| Some((key.clone(), texts.write(key, None)?.ok()?)));
        texts.fixed = fixed.collect();
        Ok(texts)
    }

    /// None: no such key. Err: the text wants something it does not get.
    fn write(&self, key: &str, args: Option<&FluentArgs<'_>>) -> Option<Result<String, String>> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, args, &mut errors).into_owned();
        Some(match errors.first() {
            None => Ok(text),
            Some(error) => Err(error.to_string()),
        })
    }
}

/// The keys defined in a file: what stands before `=` at the start of a line. Terms and comments are none.
fn message_keys(content: &str) -> impl Iterator<Item = String> + '_ {
    content.lines().filter_map(|line| {
        let (key, _) = line.split_once('=')?;
        let key = key.trim_end();
        let is_key = key.starts_with(|c: char| c.is_ascii_alphabetic())
            && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        is_key.then(|| key.to_owned())
    })
}

fn written(locale: LocaleKey, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(number::decimal(locale, &number.as_string())),
        _ => None,
    }
}

/// A value from outside, made unable to turn the text around it: overrides become U+FFFD, isolates are balanced.
#[must_use]
pub fn tame(value: &str) -> Cow<'_, str> {
    if !value.contains([
        '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}',
    ]) {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len() + 3);
    let mut open = 0_usize;
    for c in value.chars() {
        match c {
            '\u{202a}'..='\u{202e}' => out.push('\u{fffd}'),
            '\u{2066}'..='\u{2068}' => {
                open += 1;
                out.push(c);
            }
            '\u{2069}' if open == 0 => out.push('\u{fffd}'),
            '\u{2069}' => {
                open -= 1;
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out.extend(std::iter::repeat_n('\u{2069}', open));
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AR: &str = "waiting = { $count ->
    [zero] صفر
    [one] واحد
    [two] اثنان
    [few] قليل { $count }
    [many] كثير { $count }
   *[other] آخر { $count }
}
";

    fn locales(strict: bool) -> Locales {
        let files = [
            (
                "sv/desk.ftl".to_owned(),
                "hello = Hej { $name }!\nonly-here = Kö\nwaiting = { $count } väntar\n".to_owned(),
            ),
            ("ar/desk.ftl".to_owned(), AR.to_owned()),
            (
                "en/desk.ftl".to_owned(),
                "hello = Hi { $name }!\nwaiting = { $count } waiting\n".to_owned(),
            ),
        ];
        Locales::load(&files, strict).unwrap()
    }

    fn count(locale: LocaleKey, count: i64) -> String {
        let mut args = FluentArgs::new();
        args.set("count", count);
        locales(true)
            .message(locale, "waiting", Some(&args), true)
            .unwrap()
            .into_owned()
    }

    #[test]
    fn arabic_has_its_six_plural_categories() {
        for (number, start) in [
            (0, "صفر"),
            (1, "واحد"),
            (2, "اثنان"),
            (3, "قليل"),
            (10, "قليل"),
            (11, "كثير"),
            (99, "كثير"),
            (100, "آخر"),
            (102, "آخر"),
        ] {
            for locale in [LocaleKey::Ar, LocaleKey::ArArab] {
                assert!(
                    count(locale, number).starts_with(start),
                    "{number} in {locale}: {}",
                    count(locale, number)
                );
            }
        }
    }

    #[test]
    fn bare_numbers_are_written_as_the_locale_does() {
        assert_eq!(count(LocaleKey::Sv, 1234), "1\u{a0}234 väntar");
        assert_eq!(count(LocaleKey::En, 1234), "1\u{a0}234 waiting");
        assert_eq!(count(LocaleKey::Ar, 11), "كثير 11");
        assert_eq!(count(LocaleKey::ArArab, 11), "كثير ١١");
    }

    #[test]
    fn inserted_values_are_isolated_unless_plain() {
        let mut args = FluentArgs::new();
        args.set("name", "Åsa");
        let texts = locales(true);
        assert_eq!(
            texts.message(LocaleKey::Sv, "hello", Some(&args), false).unwrap(),
            "Hej \u{2068}Åsa\u{2069}!"
        );
        assert_eq!(
            texts.message(LocaleKey::Sv, "hello", Some(&args), true).unwrap(),
            "Hej Åsa!"
        );
    }

    #[test]
    fn a_missing_text_fails_when_strict_and_is_swedish_otherwise() {
        let missing = MessageError::Missing {
            key: "only-here".to_owned(),
            locale: LocaleKey::En,
        };
        assert_eq!(
            locales(true)
                .message(LocaleKey::En, "only-here", None, false)
                .unwrap_err(),
            missing
        );
        assert_eq!(
            locales(false).message(LocaleKey::En, "only-here", None, false).unwrap(),
            "Kö"
        );
        assert!(locales(false).message(LocaleKey::En, "nowhere", None, false).is_err());
    }

    #[test]
    fn a_missing_argument_is_an_error() {
        let error = locales(true).message(LocaleKey::Sv, "hello", None, false).unwrap_err();
        assert!(matches!(error, MessageError::Broken { .. }), "{error}");
    }

    #[test]
    fn a_file_that_does_not_parse_is_named() {
        let error = Locales::load(&[("sv/bad.ftl".to_owned(), "hello = { $name".to_owned())], true).unwrap_err();
        assert_eq!(error.path, "sv/bad.ftl");
    }

    #[test]
    fn values_cannot_turn_the_text_around_them() {
        assert_eq!(tame("a\u{202e}b"), "a\u{fffd}b");
        assert_eq!(tame("a\u{2069}b"), "a\u{fffd}b");
        assert_eq!(tame("\u{2067}b"), "\u{2067}b\u{2069}");
        assert_eq!(tame("\u{2068}b\u{2069}"), "\u{2068}b\u{2069}");
    }
}
