//! What a hunt leaves in a folder: sequences and findings, named by their content, so that folders
//! of several machines merge by copying.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use cofferdam_tests::{
    action::{RECORD_LEN, Record, records},
    hunt::{Finding, Key, text},
    target::{Input, Target},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::fault::Fault;

/// Records of a finding, in its folder.
pub(crate) const RECORDS: &str = "records.bin";
/// What a finding is, in its folder.
pub(crate) const FACTS: &str = "finding.json";

/// Fuzz targets whose bytes are no records: there is no story to tell of them.
const RECORDLESS: [&str; 4] = ["decode", "ledger_rules", "math", "wire"];

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
    input(path, Some(Target::Insolvency)).map(|input| input.records)
}

/// What a file or the folder of a finding holds. Without a target it is the one that the finding
/// names, or else the one that the file's folder is called after, as libFuzzer's are.
pub(crate) fn input(path: &Path, target: Option<Target>) -> Result<Input, Fault> {
    let file = if path.is_dir() { path.join(RECORDS) } else { path.to_owned() };
    let is_text = file.extension().is_some_and(|extension| extension == "txt");
    let found = match file.parent().map(told).transpose()?.flatten() {
        Some(target) => Some(target),
        None if path.is_dir() => None,
        None => of_parent(path)?,
    };
    match target.or(found).unwrap_or_default() {
        Target::Insolvency => plain(&file),
        target if is_text => Err(Fault::Input(format!(
            "{}: {} takes bytes, and this is a text of records",
            file.display(),
            target.name()
        ))),
        target => whole(&file, target.read(&read(&file)?)),
    }
}

/// The target that a finding says it is of, in its folder; `None` where no finding lies.
fn told(folder: &Path) -> Result<Option<Target>, Fault> {
    let file = folder.join(FACTS);
    let facts = read(&file).ok().and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    let Some(name) = facts.as_ref().and_then(|facts| facts["target"].as_str()) else {
        return Ok(None);
    };
    let unknown = || Fault::Input(format!("{}: there is no target {name}", file.display()));
    Target::of_name(name).ok_or_else(unknown).map(Some)
}

/// The target that a file's folder is called after.
fn of_parent(file: &Path) -> Result<Option<Target>, Fault> {
    let folder = file.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    if RECORDLESS.contains(&&*folder) {
        let file = file.display();
        return Err(Fault::Input(format!(
            "{file}: {folder} takes no records; run it again by cargo fuzz run -s none {folder} {file}"
        )));
    }
    Ok(Target::of_name(&folder))
}

/// Records alone.
fn plain(file: &Path) -> Result<Input, Fault> {
    let bytes = read(file)?;
    let extension = file.extension().map(|extension| extension.to_string_lossy());
    if extension.as_deref() == Some("txt") {
        let text = String::from_utf8_lossy(&bytes);
        let wrong = |error| Fault::Input(format!("{}: {error}", file.display()));
        return text::read(&text).map(Input::of_records).map_err(wrong);
    }
    // What libFuzzer wrote has no extension and any length, and a target leaves out a rest.
    if extension.is_some() && !bytes.len().is_multiple_of(RECORD_LEN) {
        return Err(Fault::Input(format!(
            "{}: {} bytes are not a number of {RECORD_LEN}-byte records; pass a file or folder \
             that this version's hunt wrote",
            file.display(),
            bytes.len()
        )));
    }
    whole(file, Target::Insolvency.read(&bytes))
}

/// An input with at least one record.
fn whole(file: &Path, input: Input) -> Result<Input, Fault> {
    let short = || Fault::Input(format!("{}: shorter than one record", file.display()));
    if input.records.is_empty() { Err(short()) } else { Ok(input) }
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
    sequences(folder).iter().filter_map(|file| load(file).ok()).collect()
}

/// The files of a corpus, in order of their names.
pub(crate) fn sequences(folder: &Path) -> Vec<PathBuf> {
    entries(folder).into_iter().filter(|file| is_sequence(file)).collect()
}

/// The fuzz target of a name on the command line.
pub(crate) fn target(name: &str) -> Result<Target, String> {
    let names = || Target::ALL.map(Target::name).join(", ");
    Target::of_name(name).ok_or_else(|| format!("no target {name:?} takes records; {} do", names()))
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

/// What a hunt wrote, or a fuzz target, whose files have no extension.
fn is_sequence(file: &Path) -> bool {
    let known = |extension| extension == "bin" || extension == "txt";
    file.is_file() && file.extension().is_none_or(known)
}

/// What is in a folder, in order of the names; nothing when there is no such folder.
pub(crate) fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(read) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = read.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}
