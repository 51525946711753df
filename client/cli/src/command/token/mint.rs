use cofferdam_sdk::{Address, Keypair, Signer, human, keys::seeded, token};

use crate::{
    desk::Desk,
    fault::Fault,
    options::{At, By, HowMuch},
};

/// Mint tokens to somebody; whoever made the token signs.
///
/// Example: cofferdam token mint 100 ETH --to bob --as admin
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    much: HowMuch,
    /// Who gets them, by name or address.
    #[arg(long)]
    to: String,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    at: At,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let mut desk = Desk::open(&args.at)?;
    let (key, mint) = (desk.signer(&args.by.who)?, desk.mint(&args.much.token)?);
    let tokens = args.much.amount.tokens("token mint")?;
    let decimals = desk.decimals(&mint).unwrap_or_default();
    let amount = human::amount("mint", tokens, decimals).map_err(|error| Fault::input(&error))?;
    let to = desk.person(&args.to)?;
    let owner = owner(&desk, &args.to, (&to, &mint))?;
    let mut instructions = Vec::new();
    if let Some(owner) = &owner {
        let rent = desk.ledger().minimum_balance(token::ACCOUNT_LEN);
        instructions.extend(token::create_account(&key.pubkey(), &owner.pubkey(), &mint, rent));
    }
    instructions.push(token::mint_to(&mint, &to, &key.pubkey(), amount));
    let signers: Vec<&Keypair> = [&key].into_iter().chain(&owner).collect();
    let done = desk.act(&args.by, &signers, instructions)?;
    let headline = format!("minted {} {} to {}", tokens.normalize(), args.much.token, args.to);
    desk.tell(&done, |sheet| sheet.detail("to", to), &headline);
    Ok(())
}

/// The owner's key, when an account must be made first. Its address derives from the owner's, who
/// therefore has to sign for it.
fn owner(
    desk: &Desk,
    name: &str,
    (to, mint): (&Address, &Address),
) -> Result<Option<Keypair>, Fault> {
    if desk.ledger().account(&token::account_address(to, mint)).is_some() {
        return Ok(None);
    }
    let key = seeded(desk.seed(), name);
    if key.pubkey() != *to {
        let text = format!(
            "{to} has no account of the token; its owner makes one: cofferdam token account"
        );
        return Err(Fault::Input(text));
    }
    Ok(Some(key))
}
