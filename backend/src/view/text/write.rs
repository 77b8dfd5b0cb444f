//! Writes a text as HTML, character by character. The only place where text from outside becomes markup without Handlebars.

use super::chars::{Kind, TAG_FLAGS, code_point, is_tag, joins, kind, name, tag_letter};
use super::scan::Found;
use super::{BLANK_LINES, MARKS, Rendered};
use std::fmt::Write as _;

/// A stretch to highlight, on grapheme borders.
#[derive(Debug)]
pub(super) struct Evidence<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) key: &'a str,
    pub(super) number: usize,
}

/// Characters waiting to become one chip.
#[derive(Debug, Default)]
struct Run {
    first: Option<char>,
    points: Vec<char>,
    count: usize,
}

#[derive(Debug)]
pub(super) struct Writer<'a> {
    text: &'a str,
    inline: bool,
    out: Rendered,
    /// What a mark would sit on, or a joiner join.
    base: Option<char>,
    marks: usize,
    folded: Run,
    chips: Run,
    /// Up to here the text has been dealt with (folded lines, flags).
    done: usize,
}

impl<'a> Writer<'a> {
    pub(super) fn new(text: &'a str, inline: bool) -> Self {
        let out = Rendered {
            html: String::with_capacity(text.len() + text.len() / 8 + 16),
            ..Rendered::default()
        };
        Self {
            text,
            inline,
            out,
            base: None,
            marks: 0,
            folded: Run::default(),
            chips: Run::default(),
            done: 0,
        }
    }

    pub(super) fn finish(self) -> Rendered {
        self.out
    }

    /// Writes everything. Elements are closed and opened again at every border, so that they always nest.
    pub(super) fn write_all(&mut self, spans: &[Evidence<'_>], found: &Found) {
        let mut borders: Vec<usize> = spans.iter().flat_map(|span| [span.start, span.end]).collect();
        borders.extend(found.links.iter().flat_map(|(range, _)| [range.start, range.end]));
        borders.extend(found.mixed.iter().flat_map(|(range, _)| [range.start, range.end]));
        borders.extend([0, self.text.len()]);
        borders.sort_unstable();
        borders.dedup();
        let (mut links, mut mixed) = (found.links.iter().peekable(), found.mixed.iter().peekable());
        for pair in borders.windows(2) {
            let &[start, end] = pair else { continue };
            let marked = self.open_mark(spans, start, end);
            let link = links
                .peek()
                .filter(|(range, _)| range.start <= start && end <= range.end);
            let word = mixed
                .peek()
                .filter(|(range, _)| range.start <= start && end <= range.end);
            if link.is_some() {
                self.out
                    .html
                    .push_str("<bdi class=\"link\" dir=\"ltr\" translate=\"no\">");
            }
            if let Some((_, points)) = word {
                self.put_tag("<span class=\"mixed\" title=\"", points, "\">");
            }
            self.write_part(start, end);
            self.out.html.push_str(if word.is_some() { "</span>" } else { "" });
            self.out.html.push_str(if link.is_some() { "</bdi>" } else { "" });
            self.out.html.push_str(if marked { "</mark>" } else { "" });
            if let Some((_, Some(host))) = link.filter(|(range, _)| range.end == end) {
                self.put_tag("<bdi class=\"host\" dir=\"ltr\">⟦", host, "⟧</bdi>");
            }
            for span in spans.iter().filter(|span| span.end == end) {
                self.put_tag("<sup class=\"span-n\">", &span.number.to_string(), "</sup>");
            }
            links.next_if(|(range, _)| range.end <= end);
            mixed.next_if(|(range, _)| range.end <= end);
        }
    }

    fn open_mark(&mut self, spans: &[Evidence<'_>], start: usize, end: usize) -> bool {
        let over = || spans.iter().filter(move |span| span.start <= start && end <= span.end);
        if over().next().is_none() {
            return false;
        }
        let keys: Vec<&str> = over().map(|span| span.key).collect();
        let numbers: Vec<String> = over().map(|span| span.number.to_string()).collect();
        self.put_tag("<mark class=\"span\" data-key=\"", &keys.join(" "), "\"");
        self.put_tag(" data-n=\"", &numbers.join(" "), "\">");
        true
    }

    fn put_tag(&mut self, before: &str, value: &str, after: &str) {
        self.out.html.push_str(before);
        for c in value.chars() {
            escape(c, &mut self.out.html);
        }
        self.out.html.push_str(after);
    }

    fn write_part(&mut self, start: usize, end: usize) {
        let Some(part) = self.text.get(start..end) else {
            return;
        };
        for (offset, c) in part.char_indices() {
            let at = start + offset;
            if at >= self.done {
                self.write_char(at, c);
            }
        }
        self.flush();
    }

    fn write_char(&mut self, at: usize, c: char) {
        let next = at + c.len_utf8();
        match kind(c) {
            Kind::Plain => self.put(c),
            Kind::Mark => self.put_mark(c),
            Kind::Newline => self.put_lines(at),
            Kind::Direction => {
                self.flush();
                self.out.direction_marks += 1;
                self.out.html.push(c);
            }
            Kind::Joiner if joins(self.base, self.text.get(next..).and_then(|rest| rest.chars().next())) => {
                self.flush();
                self.out.html.push(c);
            }
            Kind::Joiner => self.put_chip(c),
            Kind::Control if self.base == Some('\u{1f3f4}') && is_tag(c) => self.put_flag(at, c),
            Kind::Control => self.put_chip(c),
        }
    }

    fn put(&mut self, c: char) {
        self.flush();
        escape(c, &mut self.out.html);
        self.base = Some(c);
        self.marks = 0;
    }

    /// A mark without anything to sit on would sit on our own markup, so it is folded.
    fn put_mark(&mut self, c: char) {
        if self.base.is_some() && self.marks < MARKS {
            self.out.html.push(c);
            self.marks += 1;
        } else {
            self.flush_chips();
            self.folded.add(c);
        }
    }

    fn put_chip(&mut self, c: char) {
        self.flush_folded();
        let same = self
            .chips
            .first
            .is_none_or(|first| first == c || (is_tag(first) && is_tag(c)));
        if !same {
            self.flush_chips();
        }
        self.chips.add(c);
        self.out.controls += 1;
        self.base = None;
    }

    /// Tags after a black flag: kept when they spell one of the three flags there are.
    fn put_flag(&mut self, at: usize, c: char) {
        let rest = self.text.get(at..).unwrap_or_default();
        match TAG_FLAGS.iter().find(|flag| rest.starts_with(**flag)) {
            Some(flag) => {
                self.flush();
                self.out.html.push_str(flag);
                self.done = at + flag.len();
            }
            None => self.put_chip(c),
        }
    }

    /// Line breaks from here on, blank lines between them included.
    fn put_lines(&mut self, at: usize) {
        self.flush();
        let (count, end) = line_breaks(self.text, at);
        let most = BLANK_LINES + 1;
        if count > most {
            self.done = end;
        } else if self.text.get(at..).is_some_and(|rest| rest.starts_with("\r\n")) {
            self.done = at + 2;
        }
        let shown = if count > most { most } else { 1 };
        for _ in 0..shown {
            self.out.html.push_str(if self.inline { " " } else { "<br>" });
        }
        if count > most {
            let folded = count - most;
            // Writing to a string cannot fail.
            let _ = write!(
                self.out.html,
                "<span class=\"ctl\" dir=\"ltr\" title=\"U+000A ×{folded}\">⟦+{folded} ⏎⟧</span>"
            );
        }
        self.base = None;
        self.marks = 0;
    }

    fn flush(&mut self) {
        self.flush_folded();
        self.flush_chips();
    }

    fn flush_folded(&mut self) {
        let run = std::mem::take(&mut self.folded);
        if run.count > 0 {
            let title = run.title();
            self.put_tag("<span class=\"ctl\" dir=\"ltr\" title=\"", &title, "\">");
            let _ = write!(self.out.html, "⟦+{}⟧</span>", run.count);
        }
    }

    fn flush_chips(&mut self) {
        let run = std::mem::take(&mut self.chips);
        let Some(first) = run.first else {
            return;
        };
        let (label, title) = match name(first) {
            Some((short, _)) if is_tag(first) => (short.to_owned(), format!("{} “{}”", run.title(), run.hidden())),
            Some((short, long)) => (short.to_owned(), format!("{} {long}", code_point(first))),
            None => (code_point(first), code_point(first)),
        };
        self.put_tag("<span class=\"ctl\" dir=\"ltr\" title=\"", &title, "\">⟦");
        self.out.html.push_str(&label);
        if run.count > 1 {
            let _ = write!(self.out.html, " ×{}", run.count);
        }
        self.out.html.push_str("⟧</span>");
    }
}

impl Run {
    /// How many characters of a run are spelled out.
    const KEPT: usize = 40;

    fn add(&mut self, c: char) {
        self.first.get_or_insert(c);
        self.count += 1;
        if self.points.len() < Self::KEPT {
            self.points.push(c);
        }
    }

    fn title(&self) -> String {
        let points: Vec<String> = self.points.iter().take(8).map(|c| code_point(*c)).collect();
        points.join(" ") + if self.count > 8 { " …" } else { "" }
    }

    fn hidden(&self) -> String {
        self.points.iter().filter_map(|c| tag_letter(*c)).collect()
    }
}

/// How many line breaks follow with nothing but blanks between, and where the last of them ends.
fn line_breaks(text: &str, at: usize) -> (usize, usize) {
    let (mut count, mut end, mut after_return) = (0, at, false);
    for (offset, c) in text.get(at..).unwrap_or_default().char_indices() {
        if kind(c) == Kind::Newline {
            count += usize::from(!(c == '\n' && after_return));
            end = at + offset + c.len_utf8();
        } else if !c.is_whitespace() {
            break;
        }
        after_return = c == '\r';
    }
    (count, end)
}

fn escape(c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        _ => out.push(c),
    }
}
