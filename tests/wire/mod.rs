//! Push: what a client of the stream sees, misses, and may no longer see.

mod rights;
mod stream;
