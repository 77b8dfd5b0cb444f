//! Behaviour through HTTP, socket and command line, against real databases: one binary, a folder per part of the desk.

mod support;

mod access;
mod api;
mod cli;
mod connector;
mod deploy;
mod fault;
mod journey;
mod migrations;
mod pages;
mod soak;
mod tidy;
mod wire;
