//! `klarsvar train`: makes the shipped models again, to the byte, from files that are named on the command line.

pub(crate) mod narratives;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::Failed;
use crate::tagging::language::train::{self, Plan};

/// Which model.
#[derive(Debug, clap::Subcommand)]
pub enum Train {
    /// The language model
    Language {
        /// Texts with their language: id, lang, script, length_bucket, source, text (TSV, packed if named .gz)
        #[arg(long, value_name = "FILE")]
        texts: PathBuf,
        /// Words with their frequency: lang, word, per_billion (TSV, packed if named .gz)
        #[arg(long, value_name = "FILE")]
        words: PathBuf,
        /// Where chance starts
        #[arg(long, default_value_t = Plan::default().seed)]
        seed: u64,
        /// Samples for Latin letters; the other letters get a part of it
        #[arg(long, default_value_t = Plan::default().samples)]
        samples: u64,
        /// Rows of the table for Latin letters, as power of two
        #[arg(long, default_value_t = Plan::default().bits, value_parser = clap::value_parser!(u32).range(4..=20))]
        bits: u32,
        /// The model
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Narratives, classes and flags
    Narratives(narratives::Narratives),
}

/// Trains a model and says the digests of what went in and came out.
pub fn run(train: Train) -> Result<(), Failed> {
    match train {
        Train::Language {
            texts,
            words,
            seed,
            samples,
            bits,
            out,
        } => language(&texts, &words, &Plan { seed, samples, bits }, &out),
        Train::Narratives(ask) => narratives::run(&ask),
    }
}

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the answer of a command, and how it goes"
)]
fn language(texts: &Path, words: &Path, plan: &Plan, out: &Path) -> Result<(), Failed> {
    println!("texts {}", digest(texts)?);
    println!("words {}", digest(words)?);
    let model = train::train(unpacked(texts)?, unpacked(words)?, plan, |line| eprintln!("{line}"))
        .map_err(|error| Failed::Input(error.to_string()))?;
    std::fs::write(out, &model)?;
    println!("model {} ({} bytes)", hex::encode(Sha256::digest(&model)), model.len());
    Ok(())
}

fn named(path: &Path, error: &io::Error) -> Failed {
    Failed::Input(format!("{}: {error}", path.display()))
}

fn digest(path: &Path) -> Result<String, Failed> {
    let mut file = File::open(path).map_err(|error| named(path, &error))?;
    let mut digest = Sha256::new();
    let mut part = vec![0; 64 * 1024];
    loop {
        match file.read(&mut part).map_err(|error| named(path, &error))? {
            0 => return Ok(hex::encode(digest.finalize())),
            count => digest.update(&part[..count]),
        }
    }
}

fn unpacked(path: &Path) -> Result<Box<dyn BufRead>, Failed> {
    let file = File::open(path).map_err(|error| named(path, &error))?;
    Ok(if path.extension().is_some_and(|kind| kind == "gz") {
        Box::new(BufReader::new(flate2::read::MultiGzDecoder::new(file)))
    } else {
        Box::new(BufReader::new(file))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn packed_and_plain_files_read_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let (plain, packed) = (folder.path().join("a.tsv"), folder.path().join("a.tsv.gz"));
        std::fs::write(&plain, "one\ntwo\n").unwrap();
        let mut packing = flate2::write::GzEncoder::new(File::create(&packed).unwrap(), flate2::Compression::fast());
        packing.write_all(b"one\ntwo\n").unwrap();
        packing.finish().unwrap();
        for path in [&plain, &packed] {
            let lines: Vec<String> = unpacked(path).ok().unwrap().lines().map(Result::unwrap).collect();
            assert_eq!(lines, ["one", "two"]);
        }
        assert_eq!(digest(&plain).ok().unwrap(), hex::encode(Sha256::digest(b"one\ntwo\n")));
    }

    #[test]
    fn a_file_that_is_not_there_is_bad_input_and_named() {
        let missing = Path::new("nowhere/texts.tsv");
        let Err(Failed::Input(why)) = language(missing, missing, &Plan::default(), missing) else {
            panic!("taken");
        };
        assert!(why.starts_with("nowhere/texts.tsv: "), "{why}");
    }
}
