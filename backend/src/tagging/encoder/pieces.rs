//! Text into the numbered pieces of a sentence encoder: the unigram model of SentencePiece (Kudo, ACL 2018), read from a
//! `tokenizer.json` as XLM-R and the multilingual E5 models have it. Knows no model and no tag.

use std::collections::HashMap;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use super::Error;

/// What SentencePiece writes for a space.
const SPACE: char = '▁';
/// How much worse than the rarest piece a letter is that no piece has.
const UNKNOWN: f32 = 10.0;

#[derive(Deserialize)]
struct File {
    model: Unigram,
}

#[derive(Deserialize)]
struct Unigram {
    #[serde(rename = "type")]
    kind: String,
    unk_id: usize,
    vocab: Vec<(String, f32)>,
}

/// The pieces, with their numbers and how likely they are (natural logarithm).
#[derive(Debug)]
pub(super) struct Pieces {
    known: HashMap<String, (i32, f32)>,
    /// Letters of the longest.
    longest: usize,
    unknown: (i32, f32),
    begin: i32,
    end: i32,
}

impl Pieces {
    /// Reads a `tokenizer.json`.
    pub(super) fn read(json: &[u8]) -> Result<Self, Error> {
        let File { model } = serde_json::from_slice(json)?;
        if model.kind != "Unigram" || model.unk_id >= model.vocab.len() {
            return Err(Error::Pieces);
        }
        let worst = model.vocab.iter().map(|(_, score)| *score).fold(0.0, f32::min);
        let longest = model.vocab.iter().map(|(piece, _)| piece.chars().count()).max();
        let known: HashMap<String, (i32, f32)> = (0..)
            .zip(model.vocab)
            .map(|(number, (piece, score))| (piece, (number, score)))
            .collect();
        let of = |piece: &str| known.get(piece).map(|(number, _)| *number).ok_or(Error::Pieces);
        Ok(Self {
            begin: of("<s>")?,
            end: of("</s>")?,
            unknown: (i32::try_from(model.unk_id).map_err(|_| Error::Pieces)?, worst - UNKNOWN),
            longest: longest.unwrap_or(1),
            known,
        })
    }

    /// The likeliest pieces of `text`, at most `most`, between the marks of beginning and end.
    pub(super) fn of(&self, text: &str, most: usize) -> Vec<i32> {
        let mut letters = Vec::new();
        for word in text.nfkc().collect::<String>().split_whitespace() {
            letters.push(SPACE);
            letters.extend(word.chars());
            // No piece is longer than what is read, so what follows can change none of the first.
            if letters.len() > most.saturating_mul(self.longest) {
                break;
            }
        }
        let mut numbers = vec![self.begin];
        numbers.extend(self.best(&letters).into_iter().take(most));
        numbers.push(self.end);
        numbers
    }

    /// Viterbi over all ways to take `letters` apart; letters unknown in a row are one piece.
    fn best(&self, letters: &[char]) -> Vec<i32> {
        // For each border: how likely the best way there is, where its last piece begins, and that piece.
        let mut ways: Vec<(f32, usize, i32)> = vec![(f32::NEG_INFINITY, 0, self.unknown.0); letters.len() + 1];
        ways[0].0 = 0.0;
        let mut piece = String::new();
        for from in 0..letters.len() {
            let before = ways[from].0;
            piece.clear();
            for (length, letter) in (1..=self.longest).zip(&letters[from..]) {
                piece.push(*letter);
                let known = self.known.get(&piece).copied();
                let Some((number, score)) = known.or_else(|| (length == 1).then_some(self.unknown)) else {
                    continue;
                };
                let way = &mut ways[from + length];
                if before + score > way.0 {
                    *way = (before + score, from, number);
                }
            }
        }
        let mut numbers: Vec<i32> = Vec::new();
        let mut at = letters.len();
        while at > 0 {
            let (_, from, number) = ways[at];
            if number != self.unknown.0 || numbers.last() != Some(&number) {
                numbers.push(number);
            }
            at = from;
        }
        numbers.reverse();
        numbers
    }
}
