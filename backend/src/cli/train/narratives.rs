//! `klarsvar train narratives`: the model of narratives, classes and flags from JSON lines of labelled comments.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::cli::Failed;
use crate::tagging::model::Model;
use crate::tagging::model::train::{CONCEPTS, Labelled, train};

/// What to train from.
#[derive(Debug, clap::Args)]
pub struct Narratives {
    /// JSON lines with text, labels and flags; may be given more than once, and order matters
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    labelled: Vec<PathBuf>,
    /// Order of the examples
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Version that goes on the tags
    #[arg(long, default_value = "narratives-1")]
    version: String,
    /// The model
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Write nothing; fail unless the file is this very model
    #[arg(long)]
    check: bool,
}

/// Trains, or checks that training gives what is there.
pub(super) fn run(from: &Narratives) -> Result<(), Failed> {
    let (comments, digests) = read(&from.labelled)?;
    let made = train(&comments, from.seed, &from.version, digests)?.write()?;
    if from.check {
        let there = std::fs::read(&from.out).map_err(|error| unreadable(&from.out, &error))?;
        return if there == made {
            Ok(())
        } else {
            Err(Failed::Work(format!("{} is another model", from.out.display())))
        };
    }
    std::fs::write(&from.out, &made)?;
    tell(&made)
}

#[expect(clippy::print_stdout, reason = "what the command is asked for")]
fn tell(made: &[u8]) -> Result<(), Failed> {
    let model = Model::read(made.to_vec().into())?;
    println!(
        "{}: {} comments, {} bytes, sha256 {}",
        model.head().version,
        model.head().examples,
        made.len(),
        hex::encode(Sha256::digest(made))
    );
    Ok(())
}

/// The comments of all files in order, and the digest of the concepts and of each file.
pub(crate) fn read(files: &[PathBuf]) -> Result<(Vec<Labelled>, Vec<String>), Failed> {
    let mut comments = Vec::new();
    let mut digests = vec![hex::encode(Sha256::digest(CONCEPTS))];
    for file in files {
        let text = std::fs::read_to_string(file).map_err(|error| unreadable(file, &error))?;
        digests.push(hex::encode(Sha256::digest(&text)));
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            // The parser's own message can hold a piece of the comment: tell the place only.
            comments.push(serde_json::from_str(line).map_err(|_| {
                Failed::Input(format!(
                    "{}: line {} is no labelled comment",
                    file.display(),
                    number + 1
                ))
            })?);
        }
    }
    Ok((comments, digests))
}

fn unreadable(file: &Path, error: &std::io::Error) -> Failed {
    Failed::Input(format!("{}: {error}", file.display()))
}
