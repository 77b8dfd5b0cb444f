//! Staff: who they are, what they may, and how they prove it.

pub mod change_person;
pub mod door;
pub mod password;
pub mod people;
pub mod secret;
pub mod session;
pub mod sign_in;
pub mod staff;
pub mod token;

#[cfg(test)]
mod tests;
