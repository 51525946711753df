//! `cofferdam hunt report`.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{folder, page};
use crate::{fault::Fault, say::say};

/// Write the page of a hunt from the figures it left.
///
/// Example: cofferdam hunt report out/hunt
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder a hunt wrote.
    #[arg(value_name = "DIR", default_value = "out/hunt")]
    dir: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    write(&args.dir)?;
    say(format_args!("wrote {}", args.dir.join("index.html").display()));
    Ok(())
}

/// Writes `index.html` beside a hunt's figures.
pub(crate) fn write(dir: &Path) -> Result<(), Fault> {
    let file = dir.join("summary.json");
    let wrong = |error| Fault::Input(format!("{}: {error}", file.display()));
    let summary: Value = serde_json::from_slice(&folder::read(&file)?).map_err(wrong)?;
    // A hunt by shards has no seconds.
    let seconds = folder::read(&dir.join("progress.jsonl")).unwrap_or_default();
    let lines = seconds.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let seconds: Vec<Value> = lines.filter_map(|line| serde_json::from_slice(line).ok()).collect();
    folder::write(&dir.join("index.html"), page::of_hunt(&seconds, &summary).as_bytes())
}
