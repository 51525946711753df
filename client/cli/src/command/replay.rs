//! `cofferdam replay`.

use cofferdam_ledger::{replay_until, replay_with};
use cofferdam_sdk::local;

use crate::{
    args::ReplayArgs,
    bar::Bar,
    command::{hunt::plant, journal},
    fault::Fault,
    say::say,
};

/// Executes a journal again and says where it first differs, if it does.
pub(crate) fn replay(args: &ReplayArgs) -> Result<(), Fault> {
    let file = args.journal.display();
    let differs = |error| Fault::Failed(format!("{file}: {error}"));
    let journal = journal::load(&args.journal)?;
    let count = args.until.unwrap_or(journal.len()).min(journal.len());
    let mut bar = Bar::new("replaying");
    let mut plant = plant::in_journal(args.bug.as_deref(), &journal)?;
    let on_entry = |done| {
        plant(done);
        bar.at(done, count, String::new);
    };
    let programs = [local::program()];
    // Only a whole replay arrives at the root in the footer.
    let ledger = match args.until {
        None => replay_with(&journal, programs, on_entry),
        Some(_) => replay_until(&journal, programs, count, on_entry),
    };
    bar.finish();
    let ledger = ledger.map_err(differs)?;
    say(format_args!("{file}: {count} entries replayed, every state root equal"));
    say(format_args!("state root {}", hex::encode(ledger.state_root())));
    Ok(())
}
