//! Files as people save them: which encoding a file is in, and its text as UTF-8 while it is read.
//!
//! Nothing of the file is kept but the piece at hand.

use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Bytes read at once.
const PIECE: usize = 16 * 1024;

/// What a file is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The encoding.
    pub encoding: &'static Encoding,
    /// Some bytes fit no character: U+FFFD stands for them, and a row that holds one is damaged.
    pub damaged: bool,
}

impl Written {
    /// As said by who knows the file.
    #[must_use]
    pub fn said(encoding: &'static Encoding) -> Self {
        Self {
            encoding,
            damaged: encoding != WINDOWS_1252,
        }
    }
}

/// Looks through a whole file. Byte order marks first; then UTF-16 without one, which Latin letters give away by every
/// other byte being zero; then UTF-8 if it is; else Windows-1252, in which a Swedish Excel saves "CSV".
///
/// # Errors
/// What reading fails of.
pub fn look(mut input: impl Read) -> io::Result<Written> {
    let mut piece = vec![0; PIECE];
    let mut kept = 0;
    let mut first = true;
    let (mut characters, mut broken) = (0_u64, 0_u64);
    loop {
        let read = input.read(&mut piece[kept..])?;
        let have = kept + read;
        if first && read > 0 {
            // A short first read would hide the mark.
            if have < 4 {
                kept = have;
                continue;
            }
            first = false;
            if let Some(encoding) = wide(&piece[..have]) {
                return Ok(Written {
                    encoding,
                    damaged: true,
                });
            }
        }
        let mut rest = &piece[..have];
        let mut left = 0;
        while !rest.is_empty() {
            let (valid, bad) = match std::str::from_utf8(rest) {
                Ok(_) => (rest.len(), 0),
                Err(error) => match error.error_len() {
                    Some(bad) => (error.valid_up_to(), bad),
                    // Cut off by the end of the piece, unless it is the end of the file.
                    None if read > 0 => {
                        left = rest.len() - error.valid_up_to();
                        (error.valid_up_to(), left)
                    }
                    None => (error.valid_up_to(), rest.len() - error.valid_up_to()),
                },
            };
            characters += rest[..valid]
                .iter()
                .filter(|byte| **byte >= 0xC0)
                .fold(0, |sum, _| sum + 1);
            broken += u64::from(bad > left);
            rest = &rest[valid + bad..];
        }
        if read == 0 {
            break;
        }
        piece.copy_within(have - left..have, 0);
        kept = left;
    }
    Ok(match broken {
        0 => Written {
            encoding: UTF_8,
            damaged: false,
        },
        // Mostly right: a few bytes were lost.
        broken if characters / 8 > broken => Written {
            encoding: UTF_8,
            damaged: true,
        },
        _ => Written {
            encoding: WINDOWS_1252,
            damaged: false,
        },
    })
}

fn wide(begin: &[u8]) -> Option<&'static Encoding> {
    match begin {
        [0xFF, 0xFE, ..] => return Some(UTF_16LE),
        [0xFE, 0xFF, ..] => return Some(UTF_16BE),
        _ => {}
    }
    let (pairs, _) = begin.as_chunks::<2>();
    let zeros = |at: usize| pairs.iter().filter(|pair| pair[at] == 0).count();
    match (zeros(0) * 3, zeros(1) * 3) {
        (0, little) if little > pairs.len() => Some(UTF_16LE),
        (big, 0) if big > pairs.len() => Some(UTF_16BE),
        _ => None,
    }
}

/// A file's text as UTF-8, a piece at a time, without its byte order mark.
pub struct Text<R> {
    input: R,
    decoder: Decoder,
    bytes: Box<[u8]>,
    from: usize,
    to: usize,
    text: Box<[u8]>,
    at: usize,
    end: usize,
    last: bool,
}

impl<R: Read> Text<R> {
    /// The text of `input`.
    pub fn of(input: R, encoding: &'static Encoding) -> Self {
        Self {
            input,
            decoder: encoding.new_decoder_with_bom_removal(),
            bytes: vec![0; PIECE].into_boxed_slice(),
            from: 0,
            to: 0,
            text: vec![0; PIECE * 2].into_boxed_slice(),
            at: 0,
            end: 0,
            last: false,
        }
    }
}

impl<R: Read> BufRead for Text<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at == self.end && !self.last {
            if self.from == self.to {
                self.from = 0;
                self.to = self.input.read(&mut self.bytes)?;
                self.last = self.to == 0;
            }
            let (_, read, written, _) =
                self.decoder
                    .decode_to_utf8(&self.bytes[self.from..self.to], &mut self.text, self.last);
            self.from += read;
            self.at = 0;
            self.end = written;
        }
        Ok(&self.text[self.at..self.end])
    }

    fn consume(&mut self, amount: usize) {
        self.at = (self.at + amount).min(self.end);
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let text = self.fill_buf()?;
        let count = text.len().min(into.len());
        into[..count].copy_from_slice(&text[..count]);
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a byte at a time, as a slow disk may.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let count = self.0.len().min(into.len()).min(1);
            into[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn text(bytes: &[u8]) -> (Written, String) {
        let written = look(Drip(bytes)).expect("looked");
        assert_eq!(look(bytes).expect("looked"), written, "by pieces of any size");
        let mut text = String::new();
        Text::of(Drip(bytes), written.encoding)
            .read_to_string(&mut text)
            .expect("UTF-8");
        (written, text)
    }

    #[test]
    fn the_same_words_are_read_from_every_encoding_people_save_in() {
        let words = "Datum;Kommentar\n2026;Bra, tack så mycket – ni är \"bäst\"";
        let little: Vec<u8> = words.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = words.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked = |mark: &[u8], rest: &[u8]| [mark, rest].concat();
        let (windows, _, _) = WINDOWS_1252.encode(words);
        for (bytes, encoding) in [
            (words.as_bytes().to_vec(), UTF_8),
            (marked(&[0xEF, 0xBB, 0xBF], words.as_bytes()), UTF_8),
            (windows.into_owned(), WINDOWS_1252),
            (marked(&[0xFF, 0xFE], &little), UTF_16LE),
            (marked(&[0xFE, 0xFF], &big), UTF_16BE),
            (little, UTF_16LE),
            (big, UTF_16BE),
        ] {
            let (written, read) = text(&bytes);
            assert_eq!((written.encoding, read.as_str()), (encoding, words));
        }
    }

    #[test]
    fn one_lost_byte_in_much_arabic_leaves_it_utf_8_and_damaged() {
        let mut bytes = "لماذا لا تجيبون أبدا؟ ".repeat(2_000).into_bytes();
        bytes.insert(17_001, 0xFF);
        let (written, read) = text(&bytes);
        assert_eq!((written.encoding, written.damaged), (UTF_8, true));
        assert!(read.contains('\u{FFFD}'));
    }

    #[test]
    fn an_empty_file_and_one_cut_off_inside_a_letter_are_read() {
        assert_eq!(text(b"").1, "");
        assert_eq!(text(b"a").1, "a");
        assert_eq!(text(b"a;b\xC3").0.encoding, WINDOWS_1252);
    }
}
