use cofferdam_host::cpi::{TOKEN_PROGRAM_ID, TokenAccount};
use cofferdam_sdk::{human, interface::units::Amount};

use crate::{desk::Desk, fault::Fault, options::At, sheet::Sheet};

/// Show what somebody holds.
///
/// Example: cofferdam token balance bob
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Who, by name or address.
    who: String,
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let desk = Desk::read(&args.at)?;
    let who = desk.person(&args.who)?;
    let mut rows = Vec::new();
    for (address, account) in desk.ledger().accounts_owned_by(&TOKEN_PROGRAM_ID) {
        let Ok(held) = TokenAccount::decode(&account.data) else { continue };
        if held.owner == who {
            let decimals = desk.decimals(&held.mint).unwrap_or_default();
            let amount = human::tokens(Amount(held.amount), decimals);
            rows.push(vec![desk.symbol(&held.mint), amount.to_string(), address.to_string()]);
        }
    }
    // By symbol: the addresses are hashes and their order tells nothing.
    rows.sort();
    let sol = human::tokens(Amount(desk.ledger().lamports(&who)), 9);
    let rows = rows.into_iter().map(|row| row[..2].to_vec()).collect();
    let sheet = Sheet::default().detail("address", who).field("SOL", sol);
    desk.show(&sheet.list("tokens", &["token", "balance"], rows));
    Ok(())
}
