//! Embeds `frontend-assets` in the binary: files that are served, compressed beforehand, and the sources of
//! templates and texts. Knows nothing of what the files mean.

use sha2::{Digest, Sha256};
use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

const ROOT: &str = "../frontend-assets";
/// Folders served under `/a/`.
const SERVED: [&str; 5] = ["css", "js", "vendor", "fonts", "icons"];
/// Folders read by the view and never served.
const SOURCES: [(&str, &str); 2] = [("templates", "hbs"), ("locales", "ftl")];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    // While the folder is absent cargo finds it changed each time, which is how its coming is noticed.
    println!("cargo:rerun-if-changed={ROOT}");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let base = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join(ROOT);
    let small = env::var("PROFILE")? != "debug";

    let mut tree = Sha256::new();
    let mut code = String::from("pub(super) static SERVED: &[Asset] = &[\n");
    let mut served = Vec::new();
    for folder in SERVED {
        collect(&base, folder, &mut served)?;
    }
    served.sort();
    for (number, path) in served.iter().enumerate() {
        let Some((content_type, squeeze)) = kind(path) else {
            continue;
        };
        let file = base.join(path);
        let bytes = fs::read(&file)?;
        tree.update(path.as_bytes());
        tree.update([0]);
        tree.update(Sha256::digest(&bytes));
        let (mut br, mut gz) = (None, None);
        if squeeze {
            br = keep(&out, &format!("{number}.br"), &brotli(&bytes, small)?, bytes.len())?;
            gz = keep(&out, &format!("{number}.gz"), &gzip(&bytes, small)?, bytes.len())?;
        }
        writeln!(
            code,
            "    Asset {{ path: {path:?}, content_type: {content_type:?}, plain: include_bytes!({:?}), br: {}, gz: {} }},",
            text(&file)?,
            br.as_deref().unwrap_or("None"),
            gz.as_deref().unwrap_or("None"),
        )?;
    }
    let hash = hex::encode(tree.finalize());
    let prefix = hash.get(..12).unwrap_or(&hash);
    writeln!(code, "];\npub(super) const TREE: &str = {prefix:?};")?;

    code.push_str("pub(super) static SOURCES: &[(&str, &str)] = &[\n");
    for (folder, extension) in SOURCES {
        let mut found = Vec::new();
        collect(&base, folder, &mut found)?;
        found.sort();
        for path in found.iter().filter(|path| extension_of(path) == extension) {
            writeln!(code, "    ({path:?}, include_str!({:?})),", text(&base.join(path))?)?;
        }
    }
    code.push_str("];\n");
    fs::write(out.join("embedded.rs"), code)?;
    Ok(())
}

/// Every file below `folder`, as paths with `/` relative to `base`. An absent folder has none.
fn collect(base: &Path, folder: &str, into: &mut Vec<String>) -> Result<(), Box<dyn Error>> {
    let path = base.join(folder);
    if !path.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = entry
            .file_name()
            .into_string()
            .map_err(|_| "a file name is not UTF-8")?;
        if name.starts_with('.') {
            continue;
        }
        let inner = format!("{folder}/{name}");
        if entry.file_type()?.is_dir() {
            collect(base, &inner, into)?;
        } else {
            into.push(inner);
        }
    }
    Ok(())
}

fn extension_of(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Content type, and whether compression pays. None: not a file for browsers.
fn kind(path: &str) -> Option<(&'static str, bool)> {
    Some(match extension_of(path) {
        "css" => ("text/css; charset=utf-8", true),
        "js" | "mjs" => ("text/javascript; charset=utf-8", true),
        "json" => ("application/json", true),
        "webmanifest" => ("application/manifest+json", true),
        "svg" => ("image/svg+xml", true),
        "txt" => ("text/plain; charset=utf-8", true),
        "woff2" => ("font/woff2", false),
        "woff" => ("font/woff", false),
        "png" => ("image/png", false),
        "webp" => ("image/webp", false),
        "ico" => ("image/x-icon", false),
        _ => return None,
    })
}

fn brotli(bytes: &[u8], small: bool) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut out = Vec::new();
    let quality = if small { 11 } else { 3 };
    let mut writer = brotli::CompressorWriter::new(&mut out, 4096, quality, 22);
    writer.write_all(bytes)?;
    drop(writer);
    Ok(out)
}

fn gzip(bytes: &[u8], small: bool) -> Result<Vec<u8>, Box<dyn Error>> {
    let level = if small {
        flate2::Compression::best()
    } else {
        flate2::Compression::fast()
    };
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), level);
    writer.write_all(bytes)?;
    Ok(writer.finish()?)
}

/// Writes the compressed form and gives the expression that includes it, if it is smaller than the plain one.
fn keep(out: &Path, name: &str, bytes: &[u8], plain: usize) -> Result<Option<String>, Box<dyn Error>> {
    if bytes.len() >= plain {
        return Ok(None);
    }
    let file = out.join(name);
    fs::write(&file, bytes)?;
    Ok(Some(format!("Some(include_bytes!({:?}))", text(&file)?)))
}

fn text(path: &Path) -> Result<&str, Box<dyn Error>> {
    path.to_str().ok_or_else(|| "a path is not UTF-8".into())
}
