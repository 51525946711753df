//! The files of a run, each there as a whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Summary;

/// Where the files of a run are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputFiles {
    /// Every transaction of the run, to replay.
    pub journal: PathBuf,
    /// The page.
    pub report: PathBuf,
    /// The result.
    pub summary: PathBuf,
}

/// A file that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("{}: cannot write it: {source}", path.display())]
pub struct WriteError {
    /// The file or directory.
    pub path: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

/// Writes `journal.json`, `report.html` and `summary.json` into `dir`, making it if need be.
///
/// Each file is written under another name and renamed, so a reader never sees half of one. The
/// summary comes last: when it is there, so are the files it summarises.
///
/// # Errors
/// The first file that could not be written. Files renamed before it stay.
pub fn write_outputs(
    dir: &Path,
    summary: &Summary,
    html: &str,
    journal_json: &str,
) -> Result<OutputFiles, WriteError> {
    fs::create_dir_all(dir).map_err(|source| WriteError { path: dir.to_owned(), source })?;
    let files = OutputFiles {
        journal: dir.join("journal.json"),
        report: dir.join("report.html"),
        summary: dir.join("summary.json"),
    };
    write_whole(&files.journal, journal_json.as_bytes())?;
    write_whole(&files.report, html.as_bytes())?;
    write_whole(&files.summary, &json(summary, &files.summary)?)?;
    Ok(files)
}

fn json(summary: &Summary, path: &Path) -> Result<Vec<u8>, WriteError> {
    let mut text = serde_json::to_vec_pretty(summary)
        .map_err(|error| WriteError { path: path.to_owned(), source: error.into() })?;
    text.push(b'\n');
    Ok(text)
}

fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let unfinished = path.with_added_extension("partial");
    let written = write_synced(&unfinished, bytes).and_then(|()| fs::rename(&unfinished, path));
    written.map_err(|source| {
        // What is left of a failed write is of no use; the error that matters is the first one.
        drop(fs::remove_file(&unfinished));
        WriteError { path: path.to_owned(), source }
    })
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    // Renaming a file whose bytes are not on disk yet can leave an empty one after a power cut.
    file.sync_all()
}
