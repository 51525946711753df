//! What a hunt leaves in a folder: sequences and findings, named by their content, so that folders
//! of several machines merge by copying.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use cofferdam_tests::{
    action::{RECORD_LEN, Record, records},
    hunt::{Finding, Key, text},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::fault::Fault;

/// Records of a finding, in its folder.
pub(crate) const RECORDS: &str = "records.bin";
/// What a finding is, in its folder.
pub(crate) const FACTS: &str = "finding.json";

/// Sixteen hexadecimal digits that stand for some bytes.
pub(crate) fn content_name(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes)[..8])
}

/// Records as bytes, as libFuzzer takes them.
pub(crate) fn to_bytes(path: &[Record]) -> Vec<u8> {
    path.iter().flat_map(|record| record.0).collect()
}

/// Records of bytes; `None` when the last one is not whole.
pub(crate) fn of_bytes(bytes: &[u8]) -> Option<Vec<Record>> {
    bytes.len().is_multiple_of(RECORD_LEN).then(|| records(bytes).collect())
}

/// Writes a file so that nobody ever sees half of it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let fault = |error: io::Error| Fault::Failed(format!("{}: {error}", path.display()));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(fault)?;
    }
    let part = path.with_extension(format!("part{}", std::process::id()));
    fs::write(&part, bytes).map_err(fault)?;
    fs::rename(&part, path).map_err(fault)
}

/// Reads a file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Fault> {
    fs::read(path).map_err(|error| Fault::Input(format!("{}: {error}", path.display())))
}

/// The records of a file, as bytes or as text, or of a finding's folder.
pub(crate) fn load(path: &Path) -> Result<Vec<Record>, Fault> {
    let file = if path.is_dir() { path.join(RECORDS) } else { path.to_owned() };
    let bytes = read(&file)?;
    if file.extension().is_some_and(|extension| extension == "txt") {
        let text = String::from_utf8_lossy(&bytes);
        let wrong = |error| Fault::Input(format!("{}: {error}", file.display()));
        return text::read(&text).map_err(wrong);
    }
    if bytes.is_empty() || bytes.len() % RECORD_LEN != 0 {
        return Err(Fault::Input(format!(
            "{}: {} bytes are not a number of {RECORD_LEN}-byte records; pass a file or folder \
             that this version's hunt wrote",
            file.display(),
            bytes.len()
        )));
    }
    Ok(records(&bytes).collect())
}

/// Keeps a sequence in a corpus and says whether it was not there yet.
pub(crate) fn keep_sequence(corpus: &Path, path: &[Record]) -> Result<bool, Fault> {
    let bytes = to_bytes(path);
    let file = corpus.join(format!("{}.bin", content_name(&bytes)));
    if file.exists() {
        return Ok(false);
    }
    write(&file, &bytes).map(|()| true)
}

/// All sequences of a corpus, in order of their names; none when there is no such folder.
pub(crate) fn corpus(folder: &Path) -> Vec<Vec<Record>> {
    let files = entries(folder);
    let files = files.into_iter().filter(|file| is_sequence(file));
    files.filter_map(|file| load(&file).ok()).collect()
}

/// The finding in a folder.
pub(crate) fn finding(folder: &Path) -> Result<Finding, Fault> {
    let file = folder.join(FACTS);
    let facts: Value = serde_json::from_slice(&read(&file)?)
        .map_err(|error| Fault::Input(format!("{}: {error}", file.display())))?;
    Ok(of_facts(&facts, load(folder)?))
}

/// The finding that [`facts`] tells of.
pub(crate) fn of_facts(facts: &Value, records: Vec<Record>) -> Finding {
    let text = |name: &str| facts[name].as_str().unwrap_or_default().to_owned();
    let key = Key { id: text("invariant"), verb: text("instruction") };
    let (sentence, details) = (text("sentence"), text("details"));
    Finding { key, sentence, details, records }
}

/// What a finding is, for its folder.
pub(crate) fn facts(finding: &Finding) -> Value {
    let Finding { key, sentence, details, records } = finding;
    json!({
        "kind": "protocol_bug",
        "invariant": key.id,
        "instruction": key.verb,
        "sentence": sentence,
        "details": details,
        "actions": records.len(),
        "record_len": RECORD_LEN,
    })
}

/// Folders of findings below `findings`, in order of their names.
pub(crate) fn findings(folder: &Path) -> Vec<PathBuf> {
    entries(folder).into_iter().filter(|path| path.join(FACTS).is_file()).collect()
}

fn is_sequence(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "bin" || extension == "txt")
}

/// What is in a folder, in order of the names; nothing when there is no such folder.
pub(crate) fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(read) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = read.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}
