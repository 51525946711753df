use cofferdam_sdk::{
    ledger::{Action, Cheat, Entry, Warp},
    listing::Listing,
};

use crate::{desk::Desk, fault::Fault, options::At};

/// List the entries: transactions, warps and cheats, in order.
///
/// Example: cofferdam journal list --last 5
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only the last so many.
    #[arg(long, value_name = "N")]
    last: Option<usize>,
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let desk = Desk::read(&args.at)?;
    let journal = super::of(&desk)?;
    let first = args.last.map_or(0, |last| journal.len().saturating_sub(last));
    let rows = journal.iter().enumerate().skip(first).map(row).collect();
    desk.list("entries", &["entry", "what", "outcome"], rows);
    Ok(())
}

fn row((index, entry): (usize, &Entry)) -> Vec<String> {
    let (what, outcome) = in_words(&entry.action);
    vec![index.to_string(), what, outcome]
}

/// What an entry does, and how it ended.
pub(super) fn in_words(action: &Action) -> (String, String) {
    match action {
        Action::Transaction { wire, outcome } => (Listing::new(wire).summary(), outcome.clone()),
        Action::Warp(warp) => (warp_in_words(*warp), "ok".into()),
        Action::Cheat(cheat) => (cheat_in_words(cheat), "ok".into()),
    }
}

fn warp_in_words(warp: Warp) -> String {
    match warp {
        Warp::Slots(slots) => format!("warp by {slots} slots"),
        Warp::ToSlot(slot) => format!("warp to slot {slot}"),
        Warp::Seconds(seconds) => format!("warp by {seconds} s"),
        Warp::ToTimestamp(time_s) => format!("warp to {time_s} s"),
    }
}

fn cheat_in_words(cheat: &Cheat) -> String {
    match cheat {
        Cheat::Airdrop { address, lamports } => format!("airdrop {lamports} lamports to {address}"),
        Cheat::SetAccount { address, .. } => format!("set account {address}"),
        Cheat::ExpireBlockhashes {} => "expire blockhashes".into(),
    }
}
