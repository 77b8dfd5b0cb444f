//! The platform's documented payloads, for tests.

use std::path::PathBuf;

use reqwest::header::{HeaderMap, HeaderName};
use serde_json::Value;

fn path(platform: &str, file: &str) -> PathBuf {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/payloads");
    [root, platform, file].iter().collect()
}

/// The raw file.
pub(in crate::connector) fn bytes(platform: &str, file: &str) -> Vec<u8> {
    let path = path(platform, file);
    std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The file as JSON.
pub(in crate::connector) fn json(platform: &str, file: &str) -> Value {
    serde_json::from_slice(&bytes(platform, file)).unwrap()
}

/// Names of the files in a folder, sorted.
pub(in crate::connector) fn names(platform: &str, folder: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(path(platform, folder))
        .unwrap()
        .map(|entry| format!("{folder}/{}", entry.unwrap().file_name().to_str().unwrap()))
        .collect();
    names.sort();
    names
}

/// Response headers of an exchange.
pub(in crate::connector) fn headers(exchange: &Value) -> HeaderMap {
    let headers = exchange["response"]["headers"].as_object().unwrap();
    let pairs = headers
        .iter()
        .map(|(k, v)| (k.parse::<HeaderName>().unwrap(), v.as_str().unwrap().parse().unwrap()));
    pairs.collect()
}
