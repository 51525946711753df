//! The ledger file. It is locked while a command changes it, and replaced as a whole: a kill at
//! any moment leaves the old file or the new one. So reading needs no lock.

use std::{
    fs::{self, File, TryLockError},
    io::{self, BufWriter},
    path::{Path, PathBuf},
};

use cofferdam_sdk::{
    ledger::{Dump, Ledger, replace_file},
    local,
};

use crate::fault::Fault;

/// A ledger file, locked until this is dropped or the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
    /// Held, not used: the lock goes with it.
    _lock: File,
}

impl Store {
    /// Locks the file and reads it.
    pub(crate) fn open(path: &Path) -> Result<(Self, Ledger), Fault> {
        // Before the lock, so that a wrong path leaves no lock file behind.
        let path = fs::canonicalize(path).map_err(|error| unreadable(path, &error))?;
        let store = Self::lock(path)?;
        let ledger = read(&store.path)?;
        Ok((store, ledger))
    }

    /// A store for a file that does not exist yet.
    pub(crate) fn create(path: &Path) -> Result<Self, Fault> {
        let store = Self::lock(path.to_owned())?;
        require_free(path)?;
        Ok(store)
    }

    /// Replaces the file.
    pub(crate) fn save(&self, ledger: &Ledger) -> Result<(), Fault> {
        replace(&self.path, |out| ledger.dump().write(out))
    }

    fn lock(path: PathBuf) -> Result<Self, Fault> {
        let beside = with_suffix(&path, ".lock");
        let failed = |error: io::Error| Fault::Input(format!("{}: {error}", beside.display()));
        let lock = File::create(&beside).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Fault::Failed(format!(
                "{} is in use by another command; try again when that is done",
                path.display()
            ))),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

/// Replaces a file, or makes it: a kill at any moment leaves the old one or the new one.
pub(crate) fn replace(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), Fault> {
    let failed = |error| Fault::Failed(format!("{}: {error}; nothing was kept", path.display()));
    replace_file(path, write).map_err(failed)
}

/// Refuses a path at which there is something.
pub(crate) fn require_free(path: &Path) -> Result<(), Fault> {
    if !path.exists() {
        return Ok(());
    }
    let text = format!("{} exists already; remove it, or use --ledger", path.display());
    Err(Fault::Input(text))
}

/// Reads a ledger file.
pub(crate) fn read(path: &Path) -> Result<Ledger, Fault> {
    let text = fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
    let damaged =
        |error: &dyn ToString| Fault::Input(format!("{}: {}", path.display(), error.to_string()));
    let dump = Dump::from_json(&text).map_err(|error| damaged(&error))?;
    Ledger::load(dump, [local::program()]).map_err(|error| damaged(&error))
}

fn unreadable(path: &Path, error: &io::Error) -> Fault {
    let hint = match error.kind() {
        io::ErrorKind::NotFound => "; make one: cofferdam init",
        _ => "",
    };
    Fault::Input(format!("{}: {error}{hint}", path.display()))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
