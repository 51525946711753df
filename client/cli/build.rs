//! Hashes what a hunt runs: every source file of the program, the ledger, the client and the
//! harness, and the versions of everything else. Results of two machines are added up only when
//! this is equal, because only then is a shard the same on both.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

/// What decides what a sequence does.
const HUNTED: [&str; 7] = [
    "Cargo.lock",
    "client/sdk/src",
    "ledger/src",
    "programs/host/src",
    "programs/lending-interface/src",
    "programs/lending/src",
    "tests/src",
];

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut hash = Sha256::new();
    for name in HUNTED {
        println!("cargo::rerun-if-changed=../../{name}");
        for file in files(&root.join(name))? {
            let bytes = fs::read(&file)?;
            // Relative to the root, so that it does not matter where somebody works.
            let name = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().into_owned();
            hash.update(format!("{name} {}\n", bytes.len()));
            hash.update(bytes);
        }
    }
    println!("cargo::rustc-env=COFFERDAM_HUNTED={}", hex::encode(&hash.finalize()[..16]));
    Ok(())
}

/// The file of that name, or all files below the folder of that name, in order of their names.
fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut entries = fs::read_dir(path)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    let below = entries.iter().map(|entry| files(entry)).collect::<io::Result<Vec<_>>>()?;
    Ok(below.concat())
}
