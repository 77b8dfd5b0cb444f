//! The one hash of features. Part of the model: another hash is another model.

/// Takes `next` into a running hash.
#[inline]
pub(super) fn mix(hash: u64, next: u64) -> u64 {
    (hash ^ next).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
}

/// Bits of a row number.
pub(super) const BITS: u32 = 17;
/// Rows of a model's table.
pub(super) const ROWS: usize = 1 << BITS;

/// The row of a finished hash.
#[inline]
pub(super) fn row(hash: u64) -> u32 {
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    // The shift leaves BITS bits, which always fit.
    u32::try_from((hash ^ (hash >> 32)) >> (64 - BITS)).unwrap_or(0)
}
