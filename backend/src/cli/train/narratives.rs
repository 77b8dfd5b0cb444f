//! `klarsvar train narratives`: the model of narratives, classes and flags from JSON lines of labelled comments.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::cli::{Failed, put_encoder_in_use};
use crate::tagging::codebook;
use crate::tagging::model::Model;
use crate::tagging::model::train::{self, CONCEPTS, Labelled};

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
    #[arg(long, default_value = train::VERSION)]
    version: String,
    /// The model
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Folder of a sentence encoder whose vectors the model is to know
    #[arg(long, value_name = "FOLDER")]
    encoder: Option<PathBuf>,
    /// Write nothing; fail unless the file is this very model
    #[arg(long)]
    check: bool,
}

/// Trains, or checks that training gives what is there.
pub(super) fn run(from: &Narratives) -> Result<(), Failed> {
    let (comments, digests) = read(&from.labelled)?;
    put_encoder_in_use(from.encoder.as_deref(), false)?;
    let made = train::train(&comments, from.seed, &from.version, digests)?.write()?;
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

/// The comments of all files in order, and the digests of what a model is made from: the concepts, the codebook whose
/// phrases it sees, and each file.
pub(crate) fn read(files: &[PathBuf]) -> Result<(Vec<Labelled>, Vec<String>), Failed> {
    let mut comments = Vec::new();
    let mut digests = vec![
        hex::encode(Sha256::digest(CONCEPTS)),
        hex::encode(Sha256::digest(codebook::SHIPPED)),
    ];
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_model_names_what_it_is_made_from() {
        let files = ["sv", "ar", "mix"].map(|name| {
            let file = format!("src/tagging/data/narratives-{name}.jsonl");
            Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
        });
        let Ok((comments, digests)) = read(&files) else {
            panic!("the labelled comments cannot be read");
        };
        let model = Model::shipped().unwrap();
        assert_eq!(model.head().version, train::VERSION);
        assert_eq!(model.head().digests, digests);
        assert_eq!(model.head().examples, comments.len());
    }
}
