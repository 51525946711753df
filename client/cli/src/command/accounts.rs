//! `cofferdam accounts`.

use cofferdam_host::{AccountData, cpi};
use cofferdam_sdk::interface::{
    ID,
    state::{Pool, Position, PriceFeed, Reserve},
};

use crate::{desk::Desk, fault::Fault, options::At};

/// List the ledger's accounts.
///
/// Example: cofferdam accounts --kind Reserve
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only of this kind: Pool, Reserve, Position, PriceFeed, mint, token, wallet or program.
    #[arg(long)]
    kind: Option<String>,
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let desk = Desk::read(&args.at)?;
    let mut rows = Vec::new();
    for (address, account) in desk.ledger().accounts() {
        let kind = kind(&account.owner, &account.data, account.executable);
        if args.kind.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(kind)) {
            let (lamports, len) = (account.lamports.to_string(), account.data.len().to_string());
            rows.push(vec![address.to_string(), kind.to_owned(), lamports, len]);
        }
    }
    desk.list("accounts", &["address", "kind", "lamports", "bytes"], rows);
    Ok(())
}

fn kind(owner: &cofferdam_sdk::Address, data: &[u8], executable: bool) -> &'static str {
    let opens_with = |discriminator: [u8; 8]| data.starts_with(&discriminator);
    match *owner {
        _ if executable => "program",
        ID if opens_with(Pool::DISCRIMINATOR) => Pool::NAME,
        ID if opens_with(Reserve::DISCRIMINATOR) => Reserve::NAME,
        ID if opens_with(Position::DISCRIMINATOR) => Position::NAME,
        ID if opens_with(PriceFeed::DISCRIMINATOR) => PriceFeed::NAME,
        cpi::TOKEN_PROGRAM_ID if data.len() == cpi::MINT_LEN => "mint",
        cpi::TOKEN_PROGRAM_ID => "token",
        cpi::SYSTEM_PROGRAM_ID => "wallet",
        _ => "other",
    }
}
