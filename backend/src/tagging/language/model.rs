//! A trained language model: reads its file in place and gives probabilities. Must not know how it was trained.
//!
//! The file: magic, then for each of four letter families its classes (code, bias), the size of its table, and the
//! table, one signed byte per class and row. Numbers are little endian.

use super::features::Family;
use super::{code_of, lane_of};

const MAGIC: &[u8; 8] = b"klang\0\0\x01";
/// Rows that fit into sixteen-bit sums: 256 × 127 < 2^15.
const FLUSH: usize = 256;
/// Bytes of a class's name.
const NAME: usize = 12;

/// What is wrong with a model file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Error {
    /// It is not such a file, or of another version.
    #[error("not a language model of this version")]
    Foreign,
    /// It ends early, has something after its end, or a size that cannot be.
    #[error("the language model is damaged")]
    Damaged,
}

/// A class of the softmax.
#[derive(Debug, Clone, Copy)]
pub(super) struct Class<'a> {
    /// Name in the training: ISO 639-3, or `ara-Latn`.
    pub(super) name: &'a str,
    /// Code of the desk's language it is, or `other`.
    pub(super) code: &'static str,
    pub(super) bias: f32,
}

pub(super) struct Section<'a> {
    pub(super) classes: Vec<Class<'a>>,
    pub(super) bits: u32,
    pub(super) stride: usize,
    /// What one step of a signed byte is worth.
    pub(super) step: f32,
    pub(super) table: &'a [u8],
}

/// Where the share of a class is added up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Number of its code among those of the family, by first class.
    pub(super) code: usize,
    pub(super) lane: usize,
}

#[derive(Default)]
pub(super) struct Model<'a> {
    sections: Vec<Section<'a>>,
    places: Vec<Vec<Place>>,
}

impl<'a> Model<'a> {
    pub(super) fn read(file: &'a [u8]) -> Result<Self, Error> {
        let mut rest = file.strip_prefix(MAGIC).ok_or(Error::Foreign)?;
        let mut sections = Vec::with_capacity(Family::ALL.len());
        for _ in Family::ALL {
            sections.push(Section::read(&mut rest)?);
        }
        let places = sections.iter().map(Section::places).collect();
        if rest.is_empty() {
            Ok(Self { sections, places })
        } else {
            Err(Error::Damaged)
        }
    }

    pub(super) fn section(&self, family: Family) -> Option<&Section<'a>> {
        self.sections.get(family as usize)
    }

    /// The place of each class of a family.
    pub(super) fn places(&self, family: Family) -> &[Place] {
        self.places.get(family as usize).map_or(&[], Vec::as_slice)
    }
}

/// Writes a model file.
pub(super) fn write(sections: &[Section<'_>]) -> Vec<u8> {
    let mut file = MAGIC.to_vec();
    for section in sections {
        file.push(u8::try_from(section.classes.len()).unwrap_or(u8::MAX));
        file.push(u8::try_from(section.bits).unwrap_or(u8::MAX));
        file.push(u8::try_from(section.stride).unwrap_or(u8::MAX));
        file.extend_from_slice(&section.step.to_le_bytes());
        for class in &section.classes {
            let mut name = [0; NAME];
            for (place, byte) in name.iter_mut().zip(class.name.bytes()) {
                *place = byte;
            }
            file.extend_from_slice(&name);
            file.extend_from_slice(&class.bias.to_le_bytes());
        }
        file.extend_from_slice(section.table);
    }
    file
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Result<&'a [u8], Error> {
    let (taken, after) = rest.split_at_checked(count).ok_or(Error::Damaged)?;
    *rest = after;
    Ok(taken)
}

fn number(rest: &mut &[u8]) -> Result<f32, Error> {
    let bytes = take(rest, 4)?.try_into().map_err(|_| Error::Damaged)?;
    let number = f32::from_le_bytes(bytes);
    if number.is_finite() {
        Ok(number)
    } else {
        Err(Error::Damaged)
    }
}

/// The largest number of classes of one family.
pub(super) const MOST: usize = 28;

impl<'a> Section<'a> {
    fn read(rest: &mut &'a [u8]) -> Result<Self, Error> {
        let &[classes, bits, stride] = take(rest, 3)? else {
            return Err(Error::Damaged);
        };
        let (count, stride) = (usize::from(classes), usize::from(stride));
        if count == 0 || count > stride || !matches!(stride, 8 | MOST) || !(1..=20).contains(&bits) {
            return Err(Error::Damaged);
        }
        let step = number(rest)?;
        let mut classes = Vec::with_capacity(count);
        for _ in 0..count {
            let name = std::str::from_utf8(take(rest, NAME)?).map_err(|_| Error::Damaged)?;
            let name = name.trim_end_matches('\0');
            classes.push(Class {
                name,
                code: code_of(name),
                bias: number(rest)?,
            });
        }
        Ok(Self {
            classes,
            bits: u32::from(bits),
            stride,
            step,
            table: take(rest, stride << bits)?,
        })
    }

    fn places(&self) -> Vec<Place> {
        let mut codes: Vec<&str> = Vec::new();
        self.classes
            .iter()
            .map(|class| {
                let known = codes.iter().position(|code| *code == class.code);
                let code = known.unwrap_or(codes.len());
                if known.is_none() {
                    codes.push(class.code);
                }
                Place {
                    code,
                    lane: lane_of(class.code),
                }
            })
            .collect()
    }

    /// The probability of each class, given the rows of a comment.
    pub(super) fn tell(&self, rows: &[u32], shares: &mut [f32; MOST]) {
        let sums = if self.stride == 8 {
            let mut sums = [0; MOST];
            for (place, sum) in sums.iter_mut().zip(self.sums::<8>(rows)) {
                *place = sum;
            }
            sums
        } else {
            self.sums::<MOST>(rows)
        };
        let gain = gain(rows.len()) * self.step;
        *shares = [f32::NEG_INFINITY; MOST];
        for ((share, sum), class) in shares.iter_mut().zip(sums).zip(&self.classes) {
            *share = sum as f32 * gain + class.bias;
        }
        softmax(&mut shares[..self.classes.len()]);
        shares[self.classes.len()..].fill(0.0);
    }

    fn sums<const N: usize>(&self, rows: &[u32]) -> [i32; N] {
        let (table, _) = self.table.as_chunks::<N>();
        let mut sums = [0_i32; N];
        for rows in rows.chunks(FLUSH) {
            // Their lines first: the processor then waits for many at once rather than for one after the other.
            std::hint::black_box(rows.iter().fold(0, |touched, &row| {
                touched ^ table.get(row as usize).map_or(0, |row| row[0] ^ row[N - 1])
            }));
            let mut some = [0_i16; N];
            for &row in rows {
                if let Some(row) = table.get(row as usize) {
                    for (sum, &byte) in some.iter_mut().zip(row) {
                        *sum = sum.wrapping_add(i16::from(byte.cast_signed()));
                    }
                }
            }
            for (sum, some) in sums.iter_mut().zip(some) {
                *sum += i32::from(some);
            }
        }
        sums
    }
}

/// How much one row says among `count`: less than its share of a sum, as n-grams repeat each other; more than its share
/// of a mean, as a longer text is surer.
pub(super) fn gain(count: usize) -> f32 {
    1.0 / (count.max(1) as f32).sqrt()
}

/// Scores to probabilities.
pub(super) fn softmax(scores: &mut [f32]) {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = power(*score - most);
        sum += *score;
    }
    for score in scores {
        *score /= sum;
    }
}

/// e to a power ≤ 0, by plain products only, so that training gives the same bytes on every machine; the one of the
/// standard library may differ between systems in the last bit.
fn power(x: f32) -> f32 {
    if x < -80.0 {
        return 0.0;
    }
    // e^x = (e^(x/2^8))^(2^8); the series is exact to the last bits so near to zero.
    let small = x / 256.0;
    let mut value = 1.0 + small * (1.0 + small * (0.5 + small * (1.0 / 6.0 + small * (1.0 / 24.0))));
    for _ in 0..8 {
        value *= value;
    }
    value
}
