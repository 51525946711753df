//! Files that are there as a whole or not at all.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

use serde::Serialize;

use super::CampaignError;

/// Writes a file under a name of this process and renames it, so that nobody ever sees half of
/// one and two processes may write the same.
///
/// # Errors
/// A file or folder that cannot be written.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), CampaignError> {
    let unfinished = path.with_added_extension(format!("part{}", std::process::id()));
    let written = parent(path)
        .and_then(|()| synced(&unfinished, bytes))
        .and_then(|()| fs::rename(&unfinished, path));
    written.map_err(|source| {
        // What is left of a failed write is of no use; the error that matters is the first one.
        drop(fs::remove_file(&unfinished));
        CampaignError::Write { path: path.to_owned(), source }
    })
}

/// Writes a value as JSON for people and programs.
///
/// # Errors
/// As [`write()`].
pub fn write_json(path: &Path, value: &impl Serialize) -> Result<(), CampaignError> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|error| CampaignError::Write {
        path: path.to_owned(),
        source: io::Error::other(error),
    })?;
    bytes.push(b'\n');
    write(path, &bytes)
}

fn parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)
}

fn synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    // Renaming a file whose bytes are not on disk yet can leave an empty one after a power cut.
    file.sync_all()
}
