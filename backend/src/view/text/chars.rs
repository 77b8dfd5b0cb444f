//! What each character is to the renderer. Unicode properties only, no HTML.

use icu_properties::props::{DefaultIgnorableCodePoint, EmojiModifier, ExtendedPictographic, GeneralCategory, Script};
use icu_properties::{CodePointMapData, CodePointSetData};

/// How a character is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Shown as it is.
    Plain,
    /// Sits on the character before it; counted.
    Mark,
    /// Ends a line.
    Newline,
    /// ZWJ or ZWNJ: kept between Arabic letters or emoji.
    Joiner,
    /// LRM, RLM, ALM: kept and counted.
    Direction,
    /// Invisible, or turns text around: becomes a chip.
    Control,
}

pub(super) fn kind(c: char) -> Kind {
    match c {
        ' '..='~' | '\t' => Kind::Plain,
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => Kind::Newline,
        '\u{200c}' | '\u{200d}' => Kind::Joiner,
        '\u{200e}' | '\u{200f}' | '\u{61c}' => Kind::Direction,
        // Signs that are seen although Unicode counts them as format: number and year signs, end of a verse.
        '\u{600}'..='\u{605}' | '\u{6dd}' | '\u{890}' | '\u{891}' | '\u{8e2}' => Kind::Plain,
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{180b}'..='\u{180d}' | '\u{180f}' => Kind::Mark,
        // Blank braille is a symbol to Unicode and a hiding place to people.
        '\u{2800}' => Kind::Control,
        _ if is_noncharacter(c) || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c) => Kind::Control,
        _ => match category(c) {
            GeneralCategory::Control | GeneralCategory::Format => Kind::Control,
            GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark | GeneralCategory::SpacingMark => {
                Kind::Mark
            }
            _ => Kind::Plain,
        },
    }
}

fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}

fn is_noncharacter(c: char) -> bool {
    let code = u32::from(c);
    code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code)
}

/// The script of a letter.
pub(super) fn script(c: char) -> Script {
    if c.is_ascii_alphabetic() {
        Script::Latin
    } else {
        CodePointMapData::<Script>::new().get(c)
    }
}

/// Whether a joiner may stand between these two.
pub(super) fn joins(before: Option<char>, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else {
        return false;
    };
    let arabic = |c: char| c == '\u{640}' || (script(c) == Script::Arabic && c.is_alphabetic());
    (arabic(before) && arabic(after)) || (emoji(before) && emoji(after))
}

fn emoji(c: char) -> bool {
    CodePointSetData::new::<ExtendedPictographic>().contains(c) || CodePointSetData::new::<EmojiModifier>().contains(c)
}

/// Tag characters, which spell hidden text.
pub(super) fn is_tag(c: char) -> bool {
    matches!(c, '\u{e0000}'..='\u{e007f}')
}

/// The hidden letter a tag character stands for.
pub(super) fn tag_letter(c: char) -> Option<char> {
    let code = u32::from(c).checked_sub(0xe0000)?;
    char::from_u32(code).filter(|letter| matches!(letter, ' '..='~'))
}

/// The flags that are spelled with tags after U+1F3F4 (Unicode Technical Standard 51, annex C).
pub(super) const TAG_FLAGS: [&str; 3] = [
    "\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    "\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
    "\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}",
];

pub(super) fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// Abbreviation and name of a character that cannot be seen (Unicode NameAliases and names).
pub(super) fn name(c: char) -> Option<(&'static str, &'static str)> {
    Some(match c {
        '\0' => ("NUL", "NULL"),
        '\u{7}' => ("BEL", "ALERT"),
        '\u{8}' => ("BS", "BACKSPACE"),
        '\u{b}' => ("VT", "LINE TABULATION"),
        '\u{c}' => ("FF", "FORM FEED"),
        '\u{1b}' => ("ESC", "ESCAPE"),
        '\u{7f}' => ("DEL", "DELETE"),
        '\u{85}' => ("NEL", "NEXT LINE"),
        '\u{ad}' => ("SHY", "SOFT HYPHEN"),
        '\u{34f}' => ("CGJ", "COMBINING GRAPHEME JOINER"),
        '\u{61c}' => ("ALM", "ARABIC LETTER MARK"),
        '\u{180e}' => ("MVS", "MONGOLIAN VOWEL SEPARATOR"),
        '\u{200b}' => ("ZWSP", "ZERO WIDTH SPACE"),
        '\u{200c}' => ("ZWNJ", "ZERO WIDTH NON-JOINER"),
        '\u{200d}' => ("ZWJ", "ZERO WIDTH JOINER"),
        '\u{200e}' => ("LRM", "LEFT-TO-RIGHT MARK"),
        '\u{200f}' => ("RLM", "RIGHT-TO-LEFT MARK"),
        '\u{202a}' => ("LRE", "LEFT-TO-RIGHT EMBEDDING"),
        '\u{202b}' => ("RLE", "RIGHT-TO-LEFT EMBEDDING"),
        '\u{202c}' => ("PDF", "POP DIRECTIONAL FORMATTING"),
        '\u{202d}' => ("LRO", "LEFT-TO-RIGHT OVERRIDE"),
        '\u{202e}' => ("RLO", "RIGHT-TO-LEFT OVERRIDE"),
        '\u{2060}' => ("WJ", "WORD JOINER"),
        '\u{2066}' => ("LRI", "LEFT-TO-RIGHT ISOLATE"),
        '\u{2067}' => ("RLI", "RIGHT-TO-LEFT ISOLATE"),
        '\u{2068}' => ("FSI", "FIRST STRONG ISOLATE"),
        '\u{2069}' => ("PDI", "POP DIRECTIONAL ISOLATE"),
        '\u{feff}' => ("BOM", "ZERO WIDTH NO-BREAK SPACE"),
        '\u{2800}' => ("BRAILLE", "BRAILLE PATTERN BLANK"),
        '\u{3164}' => ("HF", "HANGUL FILLER"),
        _ if is_tag(c) => ("TAG", "TAG CHARACTER"),
        _ => return None,
    })
}
