//! A ledger that leaves behind what happened when its test fails.

use std::{
    env, fs, io,
    ops::{Deref, DerefMut},
    path::PathBuf,
    thread,
};

use crate::{file::replace_file, ledger::Ledger};

/// Names the directory for recordings. When it is set every recorder writes there, whether its test
/// failed or not.
const DIR_VARIABLE: &str = "COFFERDAM_RECORDINGS";

/// A ledger that writes what happened to a file when it goes out of scope in a panic, and says
/// where. It is used as the ledger it holds:
///
/// ```
/// use cofferdam_ledger::{Genesis, Ledger, Recorder, Warp};
///
/// let mut ledger = Recorder::new(Ledger::new(Genesis::default(), []));
/// ledger.warp(Warp::Slots(1))?;
/// assert_eq!(ledger.clock().slot, 1); // Fails? Then there is a journal up to here.
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The file is the journal, to be run again with [`crate::replay`] or `cofferdam replay`. A ledger
/// that keeps no journal leaves its dump: the state to look around in, and with
/// [`crate::Recording::Tail`] the last entries, in bounded memory.
///
/// It lies in the directory that the environment names in `COFFERDAM_RECORDINGS`, else in
/// `cofferdam-recordings` among the temporary files, and is called by the program and the thread,
/// which a test harness names after the test. So of the many runs of a property test the last one
/// that failed stays, which is the smallest counterexample found.
///
/// With `COFFERDAM_RECORDINGS` set, tests that succeed are recorded too: journals to replay on the
/// next build, or to compare two builds by.
#[derive(Debug)]
pub struct Recorder {
    ledger: Ledger,
    label: Option<String>,
}

impl Recorder {
    /// Records `ledger`.
    #[must_use]
    pub const fn new(ledger: Ledger) -> Self {
        Self { ledger, label: None }
    }

    /// Records `ledger` under a label of its own, for tests with several.
    #[must_use]
    pub fn labelled(ledger: Ledger, label: &str) -> Self {
        Self { ledger, label: Some(label.to_owned()) }
    }

    /// Writes the recording now, and returns where it is.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn write(&self) -> io::Result<PathBuf> {
        let dir = dir();
        fs::create_dir_all(&dir)?;
        let journal = self.ledger.journal();
        let kind = journal.map_or("ledger", |_| "journal");
        let path = dir.join(format!("{}.{kind}.json", self.name()));
        replace_file(&path, |out| match journal {
            Some(journal) => journal.write(out),
            None => self.ledger.dump().write(out),
        })?;
        Ok(path)
    }

    fn name(&self) -> String {
        let program = env::current_exe().ok();
        let program = program.as_ref().and_then(|path| path.file_stem()?.to_str());
        let thread = thread::current();
        let parts = [program.map(without_hash), thread.name(), self.label.as_deref()];
        let parts: Vec<_> = parts.into_iter().flatten().map(file_name).collect();
        parts.join(".")
    }
}

impl Deref for Recorder {
    type Target = Ledger;

    fn deref(&self) -> &Ledger {
        &self.ledger
    }
}

impl DerefMut for Recorder {
    fn deref_mut(&mut self) -> &mut Ledger {
        &mut self.ledger
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        if !thread::panicking() && env::var_os(DIR_VARIABLE).is_none() {
            return;
        }
        // A second panic would abort the whole test run, so a failure is told and no more.
        match self.write() {
            Ok(path) if self.ledger.journal().is_some() => {
                let path = path.display();
                eprintln!("recorded: {path}; run it again with: cofferdam replay {path}");
            }
            Ok(path) => eprintln!("recorded without a journal, as a ledger: {}", path.display()),
            Err(error) => eprintln!("what happened could not be recorded: {error}"),
        }
    }
}

fn dir() -> PathBuf {
    let temporary = || env::temp_dir().join("cofferdam-recordings");
    env::var_os(DIR_VARIABLE).map_or_else(temporary, PathBuf::from)
}

/// The name of a test program without the hash that differs from build to build.
fn without_hash(program: &str) -> &str {
    let is_hash = |hash: &str| hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit());
    program.rsplit_once('-').filter(|(_, hash)| is_hash(hash)).map_or(program, |(name, _)| name)
}

/// A name that is a file name everywhere: whatever is no letter, digit or underscore becomes `-`.
fn file_name(name: &str) -> String {
    let name = name.replace("::", "-");
    name.chars()
        .map(|sign| if sign.is_alphanumeric() || sign == '_' { sign } else { '-' })
        .collect()
}
