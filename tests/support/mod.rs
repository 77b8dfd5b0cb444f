//! What every test stands on: a fresh desk with its own database and a clock moved by hand, the cast, and clients.

pub mod answer;
pub mod cast;
pub mod database;
pub mod desk;
pub mod eventually;
pub mod exchanges;
pub mod graph;
pub mod platform;
pub mod process;
pub mod proxy;
pub mod random;
pub mod sample;
pub mod schema;
pub mod stream;
pub mod telling;

pub use answer::Answer;
pub use cast::{Cast, Member};
pub use desk::TestDesk;
pub use eventually::eventually;
