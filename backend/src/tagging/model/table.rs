//! The model's table of weights in its file, and how it is read in place. Knows rows and bytes, no features, no labels.
//!
//! The file: a line of magic, the length of a JSON head, the head, spaces up to a border of [`LINE`] bytes; one bit for
//! each of the [`hash::ROWS`] rows, set where the row has a weight; one byte a row that says how rare it is; then the
//! rows that have weights, three to a line, one signed byte for each label and two unused, so that no row lies across
//! two lines of the processor's cache. Most of the time of a comment goes into waiting for these lines.

use std::borrow::Cow;

use super::{Error, LABELS, hash};

const MAGIC: &[u8] = b"klarsvar narratives 2\n";
/// Bytes that a processor fetches at once.
const LINE: usize = 64;
/// Bytes of a row.
const ROW: usize = 20;
const PER_LINE: usize = 3;
const BITMAP: usize = hash::ROWS / 8;
/// Where the lines begin.
const LINES: usize = BITMAP + hash::ROWS;
const _: () = assert!(LABELS <= ROW && ROW * PER_LINE <= LINE);
/// Rows that fit into sixteen-bit sums: 256 × 127 < 2^15.
const FLUSH: usize = 256;

#[repr(C, align(64))]
struct Aligned<T: ?Sized>(T);

static FILE: &Aligned<[u8]> = &Aligned(*include_bytes!("../data/narratives.bin"));
/// The file that comes with the program.
pub(super) static SHIPPED: &[u8] = &FILE.0;

/// Which of 32 rows have weights, and how many have before them.
#[derive(Debug, Clone, Copy)]
struct Held {
    bits: u32,
    before: u32,
}

/// Weights of a model, by row.
#[derive(Debug)]
pub(super) struct Table {
    held: Vec<Held>,
    /// The file from the bitmap on.
    bytes: Cow<'static, [u8]>,
}

impl Table {
    /// Makes a table of [`hash::ROWS`] rows and how rare each is.
    pub(super) fn of(rows: &[[i8; LABELS]], rarity: &[u8]) -> Result<Self, Error> {
        let has = |row: &&[i8; LABELS]| row.iter().any(|&step| step != 0);
        let mut bytes: Vec<u8> = rows
            .chunks(8)
            .map(|rows| {
                let bits = rows.iter().zip(0_u8..).filter(|(row, _)| has(row));
                bits.fold(0, |byte, (_, bit)| byte | 1 << bit)
            })
            .collect();
        bytes.extend_from_slice(rarity);
        let held: Vec<&[i8; LABELS]> = rows.iter().filter(has).collect();
        for rows in held.chunks(PER_LINE) {
            let mut line = [0; LINE];
            for (place, row) in line.chunks_exact_mut(ROW).zip(rows) {
                for (byte, step) in place.iter_mut().zip(row.iter()) {
                    *byte = step.cast_unsigned();
                }
            }
            bytes.extend_from_slice(&line);
        }
        Self::over(Cow::Owned(bytes))
    }

    /// Takes a file apart: its head, and its table in place.
    pub(super) fn read(file: Cow<'static, [u8]>) -> Result<(Vec<u8>, Self), Error> {
        let rest = file.strip_prefix(MAGIC).ok_or(Error::Shape)?;
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(Error::Shape)?;
        let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| Error::Shape)?;
        let head = rest.get(..length).ok_or(Error::Shape)?.to_vec();
        let from = border(length);
        let bytes = match file {
            Cow::Borrowed(bytes) => Cow::Borrowed(bytes.get(from..).ok_or(Error::Shape)?),
            Cow::Owned(mut bytes) if from <= bytes.len() => Cow::Owned(bytes.split_off(from)),
            Cow::Owned(_) => return Err(Error::Shape),
        };
        Ok((head, Self::over(bytes)?))
    }

    /// The bytes of a file with `head`.
    pub(super) fn write(&self, head: &[u8]) -> Result<Vec<u8>, Error> {
        let length = u32::try_from(head.len()).map_err(|_| Error::Shape)?;
        let mut file = Vec::with_capacity(border(head.len()) + self.bytes.len());
        file.extend_from_slice(MAGIC);
        file.extend_from_slice(&length.to_le_bytes());
        file.extend_from_slice(head);
        file.resize(border(head.len()), b' ');
        file.extend_from_slice(&self.bytes);
        Ok(file)
    }

    fn over(bytes: Cow<'static, [u8]>) -> Result<Self, Error> {
        let (words, _) = bytes.get(..BITMAP).ok_or(Error::Shape)?.as_chunks::<4>();
        let mut before = 0;
        let held = words
            .iter()
            .map(|word| {
                let held = Held {
                    bits: u32::from_le_bytes(*word),
                    before,
                };
                before += held.bits.count_ones();
                held
            })
            .collect();
        let lines = usize::try_from(before).map_err(|_| Error::Shape)?.div_ceil(PER_LINE);
        if bytes.len() != LINES + lines * LINE {
            return Err(Error::Shape);
        }
        Ok(Self { held, bytes })
    }

    /// Where a row begins, and whether it has weights; without weights the place says nothing.
    #[inline]
    pub(super) fn place(&self, row: u32) -> (u32, bool) {
        let index = usize::try_from(row / u32::BITS).unwrap_or(usize::MAX);
        let held = self.held.get(index).copied().unwrap_or(Held { bits: 0, before: 0 });
        let bit = 1 << (row % u32::BITS);
        let number = held.before + (held.bits & (bit - 1)).count_ones();
        (number / 3 * 64 + number % 3 * 20, held.bits & bit != 0)
    }

    /// The weights at a place, one signed byte for each label.
    #[inline]
    pub(super) fn at(&self, place: u32) -> Option<&[u8; ROW]> {
        let from = LINES + usize::try_from(place).ok()?;
        self.bytes.get(from..from + ROW)?.first_chunk()
    }

    /// Reads one byte at each of `places`: the processor then waits for many lines at once rather than, between sums,
    /// for one after the other.
    pub(super) fn touch(&self, places: impl Iterator<Item = u32>) {
        let lines = self.bytes.get(LINES..).unwrap_or_default();
        let read = |place| usize::try_from(place).ok().and_then(|place| lines.get(place));
        std::hint::black_box(places.fold(0, |all, place| all ^ read(place).copied().unwrap_or(0)));
    }

    /// Adds the weights at `places` to `sums`.
    pub(super) fn sum(&self, places: impl Iterator<Item = u32>, sums: &mut [i32; LABELS]) {
        let mut some = [0_i16; ROW];
        let mut left = FLUSH;
        for row in places.filter_map(|place| self.at(place)) {
            if left == 0 {
                flush(&mut some, sums);
                left = FLUSH;
            }
            left -= 1;
            for (sum, &step) in some.iter_mut().zip(row) {
                *sum = sum.wrapping_add(i16::from(step.cast_signed()));
            }
        }
        flush(&mut some, sums);
    }

    /// How rare a row is, in steps.
    pub(super) fn rarity(&self, row: u32) -> u8 {
        let rarity = usize::try_from(row).ok().and_then(|row| self.bytes.get(BITMAP + row));
        rarity.copied().unwrap_or(0)
    }
}

fn flush(some: &mut [i16; ROW], sums: &mut [i32; LABELS]) {
    for (sum, some) in sums.iter_mut().zip(std::mem::replace(some, [0; ROW])) {
        *sum += i32::from(some);
    }
}

/// Where the table begins behind a head of `length` bytes.
fn border(length: usize) -> usize {
    (MAGIC.len() + 4 + length).next_multiple_of(LINE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut rows = vec![[0; LABELS]; hash::ROWS];
        for (at, step) in [(0, 1), (31, -127), (32, 127), (33, 5), (hash::ROWS - 1, -1)] {
            rows[at][0] = step;
            rows[at][LABELS - 1] = -step;
        }
        let rarity: Vec<u8> = (0..=u8::MAX).cycle().take(hash::ROWS).collect();
        Table::of(&rows, &rarity).unwrap()
    }

    #[test]
    fn rows_are_found_again_after_writing_and_reading() {
        let (head, table) = Table::read(Cow::Owned(table().write(b"{}").unwrap())).unwrap();
        assert_eq!(head, b"{}");
        for (at, step) in [(0, 1_i8), (31, -127), (32, 127), (33, 5), (131_071, -1)] {
            let (place, has) = table.place(at);
            assert!(has);
            let row = table.at(place).unwrap();
            assert_eq!((row[0].cast_signed(), row[LABELS - 1].cast_signed()), (step, -step));
        }
        assert!([1, 131_072, u32::MAX].iter().all(|&row| !table.place(row).1));
        assert_eq!((table.rarity(3), table.rarity(u32::MAX)), (3, 0));
    }

    #[test]
    fn sums_do_not_overflow_however_many_rows_there_are() {
        let (table, mut sums) = (table(), [0; LABELS]);
        table.sum(std::iter::repeat_n(table.place(31).0, 100_000), &mut sums);
        assert_eq!((sums[0], sums[LABELS - 1]), (-12_700_000, 12_700_000));
    }

    #[test]
    fn a_file_cut_short_or_too_long_is_refused() {
        let whole = table().write(b"{}").unwrap();
        for cut in [0, 10, 30, 70, 20_000, whole.len() - 1] {
            assert!(Table::read(Cow::Owned(whole[..cut].to_vec())).is_err(), "{cut}");
        }
        let long = [&whole[..], b" "].concat();
        assert!(Table::read(Cow::Owned(long)).is_err());
    }

    #[test]
    fn the_shipped_table_lies_on_borders_of_lines() {
        assert_eq!(SHIPPED.as_ptr().addr() % LINE, 0);
    }
}
