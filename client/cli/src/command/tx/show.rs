use cofferdam_sdk::{
    ledger::{AccountChange, Action, Journal, Receipt, SubmitError, replay_until},
    listing::Listing,
    local,
};

use crate::{command::journal, desk::Desk, fault::Fault, options::At, sheet::Sheet};

/// Show a transaction: instructions, accounts, log and what it changed. It is run again on the
/// state it met, since the journal keeps transactions and not what they did.
///
/// Example: cofferdam tx show 3
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Its number in the journal, or its signature.
    #[arg(value_name = "ENTRY|SIGNATURE")]
    transaction: String,
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let desk = Desk::read(&args.at)?;
    let journal = journal::of(&desk)?;
    let index = find(journal, &args.transaction)?;
    let Some(Action::Transaction { wire, outcome }) = journal.get(index).map(|entry| &entry.action)
    else {
        return Err(Fault::Input(format!("entry {index} is no transaction")));
    };
    let before = replay_until(journal, [local::program()], index, |_| {});
    let before = before.map_err(|error| Fault::failed(&error))?;
    let receipt = match before.simulate(wire) {
        Ok(receipt) => receipt,
        Err(SubmitError::Failed { receipt, .. }) => *receipt,
        Err(error) => return Err(Fault::failed(&error)),
    };
    let listing = Listing::new(wire).to_string();
    let sheet = Sheet::said(listing.trim_end().to_owned()).field("entry", index);
    desk.show(&facts(sheet, outcome, &receipt));
    Ok(())
}

fn facts(sheet: Sheet, outcome: &str, receipt: &Receipt) -> Sheet {
    let logs = receipt.logs().into_iter().map(|line| vec![line]).collect();
    let changes = receipt.changes.iter().map(change).collect();
    let columns = ["account", "lamports_before", "lamports_after", "bytes_before", "bytes_after"];
    sheet
        .field("outcome", outcome)
        .field("slot", receipt.slot)
        .field("fee_lamports", receipt.fee)
        .field("compute_units", receipt.units_consumed)
        .list("log", &["log"], logs)
        .list("changes", &columns, changes)
}

fn change(change: &AccountChange) -> Vec<String> {
    let cell = |number: Option<String>| number.unwrap_or_else(|| "-".into());
    let sides = [&change.before, &change.after];
    let lamports = sides.map(|side| cell(side.as_ref().map(|held| held.lamports.to_string())));
    let bytes = sides.map(|side| cell(side.as_ref().map(|held| held.data.len().to_string())));
    [change.address.to_string()].into_iter().chain(lamports).chain(bytes).collect()
}

fn find(journal: &Journal, name: &str) -> Result<usize, Fault> {
    if let Ok(index) = name.parse() {
        return Ok(index);
    }
    let signed = |action: &Action| match action {
        Action::Transaction { wire, .. } => {
            wire.signatures.first().is_some_and(|signature| signature.to_string() == name)
        }
        Action::Warp(_) | Action::Cheat(_) => false,
    };
    let found = journal.iter().position(|entry| signed(&entry.action));
    found.ok_or_else(|| {
        Fault::Input(format!("there is no transaction {name}; try: cofferdam journal list"))
    })
}
