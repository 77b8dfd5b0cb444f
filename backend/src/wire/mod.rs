//! 4. Push: what may be seen (topic), what is sent (frame), how it is sent (session). None of them writes.
//!
//! What a client missed is replayed from the stored events, not from a memory of frames: after a restart it works
//! the same, and a client costs no more than its queue (decision 0003).

pub mod access;
pub mod frame;
pub mod html;
pub mod html_frame;
pub mod html_read;
pub mod html_staff;
pub mod hub;
pub mod publish;
pub mod replay;
pub mod session;
pub mod topic;
