//! `cofferdam replay`.

use cofferdam_ledger::{Journal, replay_with};
use cofferdam_sdk::local;

use crate::{args::ReplayArgs, bar::Bar, fault::Fault, say::say};

/// Executes a journal again and says where it first differs, if it does.
pub(crate) fn replay(args: &ReplayArgs) -> Result<(), Fault> {
    let file = args.journal.display();
    let bytes =
        std::fs::read(&args.journal).map_err(|error| Fault::Input(format!("{file}: {error}")))?;
    let differs = |error| Fault::Failed(format!("{file}: {error}"));
    let journal = Journal::from_bytes(&bytes).map_err(differs)?;
    let mut bar = Bar::new("replaying");
    let ledger = replay_with(&journal, [local::program()], |done| {
        bar.at(done, journal.len(), String::new);
    });
    bar.finish();
    let ledger = ledger.map_err(differs)?;
    say(format_args!("{file}: {} entries replayed, every state root equal", journal.len()));
    say(format_args!("state root {}", hex(ledger.state_root().as_ref())));
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
