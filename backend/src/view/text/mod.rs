//! Shows hostile text safely: [`render`] turns what the public wrote into HTML that cannot reorder, hide, spill or act.
//!
//! Changes only what is shown; the stored text stays exact. What is invisible or turns text around becomes a visible chip,
//! heaps of marks and blank lines are folded, links are text with their real host, words of mixed script are marked.
//! Holds no words of any language: labels are code points, counts and abbreviations from the Unicode Standard.

mod chars;
mod scan;
mod write;

use crate::domain::tag::Span;
use unicode_segmentation::GraphemeCursor;

/// How many characters are shown before "show all".
pub const LIMIT: usize = 2000;
/// How many combining marks one base keeps. Arabic needs up to four.
const MARKS: usize = 4;
/// How many blank lines in a row are kept.
const BLANK_LINES: usize = 3;
/// More evidence than this on one text is not shown.
const SPANS: usize = 100;

/// How a text is to be shown.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Evidence to highlight, as bytes of the stored text, each with the number shown at its end.
    pub spans: &'a [(Span, usize)],
    /// How many characters at most; none: everything.
    pub limit: Option<usize>,
    /// Line breaks become spaces.
    pub inline: bool,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            spans: &[],
            limit: Some(LIMIT),
            inline: false,
        }
    }
}

/// A text as HTML, and what a template may want to say about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// Content for an element with `dir="auto"` or for `<bdi>`. Needs no escaping and must get none.
    pub html: String,
    /// There is more than was shown.
    pub cut: bool,
    /// Invisible or turning characters that became chips.
    pub controls: usize,
    /// Direction marks (LRM, RLM, ALM) that were kept.
    pub direction_marks: usize,
    /// Words that mix scripts whose letters look alike.
    pub mixed_words: usize,
}

/// Writes a text as HTML.
#[must_use]
pub fn render(text: &str, options: &Options<'_>) -> Rendered {
    let end = options.limit.map_or(text.len(), |limit| cut_at(text, limit));
    let shown = text.get(..end).unwrap_or(text);
    let spans: Vec<write::Evidence<'_>> = options
        .spans
        .iter()
        .take(SPANS)
        .filter_map(|(span, number)| {
            let start = border_before(text, span.start).min(end);
            let stop = border_after(text, span.end).min(end);
            (span.start < span.end && start < stop).then_some(write::Evidence {
                start,
                end: stop,
                key: &span.key,
                number: *number,
            })
        })
        .collect();
    let found = scan::scan(shown);
    let mixed_words = found.mixed.len();
    let mut out = write::Writer::new(shown, options.inline);
    out.write_all(&spans, &found);
    let mut rendered = out.finish();
    rendered.mixed_words = mixed_words;
    rendered.cut = end < text.len();
    if rendered.cut {
        rendered.html.push('…');
    }
    rendered
}

/// Whether a text is longer than what is shown of it.
#[must_use]
pub fn is_cut(text: &str) -> bool {
    text.len() > LIMIT && cut_at(text, LIMIT) < text.len()
}

/// The characters of a text one by one, for "show characters": code point and the abbreviation of what cannot be seen.
pub fn code_points(text: &str) -> impl Iterator<Item = (String, Option<&'static str>)> + '_ {
    text.chars()
        .map(|c| (chars::code_point(c), chars::name(c).map(|(short, _)| short)))
}

/// Where to cut so that at most `limit` characters stay and no grapheme is split. One grapheme longer than the limit is.
fn cut_at(text: &str, limit: usize) -> usize {
    let Some((at, _)) = text.char_indices().nth(limit) else {
        return text.len();
    };
    match border_before(text, at) {
        0 => at,
        border => border,
    }
}

/// The last grapheme border at or before a byte offset.
fn border_before(text: &str, offset: usize) -> usize {
    let offset = text.floor_char_boundary(offset);
    let mut cursor = GraphemeCursor::new(offset, text.len(), true);
    match cursor.is_boundary(text, 0) {
        Ok(false) => cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(0),
        _ => offset,
    }
}

/// The first grapheme border at or after a byte offset.
fn border_after(text: &str, offset: usize) -> usize {
    let offset = text.ceil_char_boundary(offset);
    let mut cursor = GraphemeCursor::new(offset, text.len(), true);
    match cursor.is_boundary(text, 0) {
        Ok(false) => cursor.next_boundary(text, 0).ok().flatten().unwrap_or(text.len()),
        _ => offset,
    }
}

#[cfg(test)]
mod tests;
