//! The ground of a hunt, and the planted bug that it hunts in a build that has them.

use cofferdam_ledger::Journal;
use cofferdam_tests::{
    hunt::Ground,
    target::{Input, Target},
};

use crate::fault::Fault;

#[cfg(zoo)]
use cofferdam_lending_interface::zoo::{self, Bug};

/// The ground of an input: the hunt's, or that of the fuzz target it is of.
pub(crate) fn ground_of(input: &Input, bug: Option<&str>) -> Result<Ground, Fault> {
    match (input.target, bug) {
        (Target::Insolvency, _) => ground(bug),
        (_, None) => Ok(input.ground()),
        (target, Some(_)) => Err(Fault::Input(format!(
            "{} has a world of its own, and bugs are planted in the hunt's only",
            target.name()
        ))),
    }
}

/// The ground, with a bug in the program from now on.
#[cfg(zoo)]
pub(crate) fn ground(bug: Option<&str>) -> Result<Ground, Fault> {
    let bug = named(bug)?;
    // The world is built by the sound program each time, so that it is the same world.
    Ok(Ground::wild_by(move |build| {
        zoo::plant(None);
        let world = build();
        zoo::plant(bug);
        world
    }))
}

/// What plants the bug while a journal is replayed, told after each entry: where the hunt planted
/// it, which is after its world was built, or at once where a journal begins otherwise.
#[cfg(zoo)]
pub(crate) fn in_journal(bug: Option<&str>, journal: &Journal) -> Result<impl FnMut(usize), Fault> {
    let bug = named(bug)?;
    zoo::plant(None);
    let built = if bug.is_some() { built(journal) } else { 0 };
    if built == 0 {
        zoo::plant(bug);
    }
    Ok(move |done| {
        if done == built {
            zoo::plant(bug);
        }
    })
}

/// Entries that build the hunt's world, when a journal begins with them.
#[cfg(zoo)]
fn built(journal: &Journal) -> usize {
    let ground = Ground::wild().recorded();
    let Some(own) = ground.world().ledger().journal() else { return 0 };
    let same = own.len() <= journal.len() && own.iter().zip(journal.iter()).all(|(a, b)| a == b);
    if same { own.len() } else { 0 }
}

#[cfg(zoo)]
fn named(bug: Option<&str>) -> Result<Option<Bug>, Fault> {
    let unknown = |name| Fault::Input(format!("no bug is called {name}; see docs/ZOO.md"));
    bug.map(|name| Bug::named(name).ok_or_else(|| unknown(name))).transpose()
}

/// The ground. A build without bugs cannot plant any.
#[cfg(not(zoo))]
pub(crate) fn ground(bug: Option<&str>) -> Result<Ground, Fault> {
    sound("hunt", bug).map(|()| Ground::wild())
}

/// Nothing. A build without bugs cannot plant any.
#[cfg(not(zoo))]
pub(crate) fn in_journal(
    bug: Option<&str>,
    _journal: &Journal,
) -> Result<impl FnMut(usize) + use<>, Fault> {
    sound("replay", bug).map(|()| |_done| {})
}

#[cfg(not(zoo))]
fn sound(verb: &str, bug: Option<&str>) -> Result<(), Fault> {
    let wrong = |_bug| Fault::Input(needs_bugs(verb));
    bug.map_or(Ok(()), |bug| Err(wrong(bug)))
}

/// What a build without bugs says.
#[cfg(not(zoo))]
pub(crate) fn needs_bugs(verb: &str) -> String {
    format!(
        "this build has no bugs in it; build one that has: RUSTFLAGS=\"--cfg zoo\" cargo build \
         --release --target-dir target/zoo, then run target/zoo/release/cofferdam {verb}"
    )
}
