use cofferdam_sdk::{Signer, keys::seeded, token};

use crate::{
    desk::Desk,
    fault::Fault,
    names,
    options::{At, By},
};

/// Make a token; its symbol stands for it everywhere, and the signer may mint it.
///
/// Example: cofferdam token create ETH --decimals 9 --as admin
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Its symbol, at most 16 bytes.
    symbol: String,
    /// Its decimals, at most 18.
    #[arg(long, default_value_t = 9, value_parser = clap::value_parser!(u8).range(0..=18))]
    decimals: u8,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let mut desk = Desk::open(&args.at)?;
    let _fits: [u8; 16] = names::bytes("symbol", &args.symbol)?;
    let key = desk.signer(&args.by.who)?;
    let mint = seeded(desk.seed(), &names::token_label(&args.symbol));
    if desk.decimals(&mint.pubkey()).is_some() {
        return Err(Fault::Input(format!("there is a token {} already", args.symbol)));
    }
    let rent = desk.ledger().minimum_balance(token::MINT_LEN);
    let (payer, address) = (key.pubkey(), mint.pubkey());
    let create = token::create_mint(&payer, &address, &payer, args.decimals, rent);
    let done = desk.act(&args.by, &[&key, &mint], create.into())?;
    let headline = format!("made token {} with {} decimals", args.symbol, args.decimals);
    desk.tell(&done, |sheet| sheet.detail("mint", address), &headline);
    Ok(())
}
