//! The cast and the small world that the tests share.

use cofferdam_host::{Address, cpi};
use cofferdam_ledger::{Genesis, Ledger, Program, Receipt, SubmitError};
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::Message;
use solana_signer::Signer;
use solana_system_interface::instruction as system;
use solana_transaction::Transaction;
use spl_token_interface::instruction as token;

pub(crate) const SOL: u64 = 1_000_000_000;
pub(crate) const FEE: u64 = 5_000;

/// The key pair of a member of the cast: the same in every run.
pub(crate) fn key(name: &str) -> Keypair {
    use sha2::Digest;
    Keypair::new_from_array(sha2::Sha256::digest(name).into())
}

pub(crate) fn address(name: &str) -> Address {
    key(name).pubkey()
}

/// A ledger on which each of `names` has one SOL.
pub(crate) fn world(programs: impl IntoIterator<Item = Program>, names: &[&str]) -> Ledger {
    world_with(Genesis::default(), programs, names)
}

pub(crate) fn world_with(
    genesis: Genesis,
    programs: impl IntoIterator<Item = Program>,
    names: &[&str],
) -> Ledger {
    let mut ledger = Ledger::new(genesis, programs);
    for name in names {
        ledger.cheat().airdrop(&address(name), SOL).unwrap();
    }
    ledger
}

/// A transaction paid by the first signer.
pub(crate) fn transaction(
    ledger: &Ledger,
    signers: &[&Keypair],
    ixs: &[Instruction],
) -> Transaction {
    let message = Message::new(ixs, Some(&signers[0].pubkey()));
    Transaction::new(signers, message, ledger.latest_blockhash())
}

pub(crate) fn send(
    ledger: &mut Ledger,
    signers: &[&Keypair],
    ixs: &[Instruction],
) -> Result<Receipt, SubmitError> {
    let transaction = transaction(ledger, signers, ixs);
    ledger.submit(&transaction)
}

/// What every account gained or lost in lamports, where it did.
pub(crate) fn lamport_deltas(before: &Ledger, after: &Ledger) -> Vec<(Address, i128)> {
    let lamports = |account: &Option<std::sync::Arc<solana_account::Account>>| {
        account.as_ref().map_or(0, |account| i128::from(account.lamports))
    };
    let changes = before.diff(after);
    let deltas = changes.iter().map(|c| (c.address, lamports(&c.after) - lamports(&c.before)));
    deltas.filter(|(_, delta)| *delta != 0).collect()
}

/// The token balances of all initialised token accounts, in address order.
pub(crate) fn token_balances(ledger: &Ledger) -> Vec<(Address, u64)> {
    let of = |(address, account): (Address, &solana_account::Account)| {
        let state = cpi::TokenAccount::decode(&account.data).ok()?;
        Some((address, state.amount))
    };
    ledger.accounts_owned_by(&cpi::TOKEN_PROGRAM_ID).filter_map(of).collect()
}

/// What every token account gained or lost, where it did.
pub(crate) fn token_deltas(before: &Ledger, after: &Ledger) -> Vec<(Address, i128)> {
    let mut deltas: std::collections::BTreeMap<Address, i128> = Default::default();
    for (address, amount) in token_balances(before) {
        *deltas.entry(address).or_default() -= i128::from(amount);
    }
    for (address, amount) in token_balances(after) {
        *deltas.entry(address).or_default() += i128::from(amount);
    }
    deltas.into_iter().filter(|(_, delta)| *delta != 0).collect()
}

/// Sorted by address, as the deltas are.
pub(crate) fn sorted<T: Ord>(mut entries: Vec<T>) -> Vec<T> {
    entries.sort();
    entries
}

/// Creates a mint named `mint` whose authority (also to freeze) is the signer `authority`.
pub(crate) fn create_mint(
    ledger: &mut Ledger,
    mint: &str,
    authority: &str,
    decimals: u8,
) -> Address {
    let (payer, mint) = (key(authority), key(mint));
    let rent = ledger.minimum_balance(cpi::MINT_LEN);
    let create = system::create_account(
        &payer.pubkey(),
        &mint.pubkey(),
        rent,
        cpi::MINT_LEN as u64,
        &cpi::TOKEN_PROGRAM_ID,
    );
    let authority = payer.pubkey();
    let initialize = token::initialize_mint2(
        &cpi::TOKEN_PROGRAM_ID,
        &mint.pubkey(),
        &authority,
        Some(&authority),
        decimals,
    )
    .unwrap();
    let _ = send(ledger, &[&payer, &mint], &[create, initialize]).unwrap();
    mint.pubkey()
}

/// Creates a token account named `account` of `mint` that belongs to the signer `owner`.
pub(crate) fn create_token_account(
    ledger: &mut Ledger,
    account: &str,
    mint: &Address,
    owner: &str,
) -> Address {
    let (payer, account) = (key(owner), key(account));
    let rent = ledger.minimum_balance(cpi::TOKEN_ACCOUNT_LEN);
    let create = system::create_account(
        &payer.pubkey(),
        &account.pubkey(),
        rent,
        cpi::TOKEN_ACCOUNT_LEN as u64,
        &cpi::TOKEN_PROGRAM_ID,
    );
    let owner = payer.pubkey();
    let id = cpi::TOKEN_PROGRAM_ID;
    let initialize = token::initialize_account3(&id, &account.pubkey(), mint, &owner).unwrap();
    let _ = send(ledger, &[&payer, &account], &[create, initialize]).unwrap();
    account.pubkey()
}

/// Mints on the authority of the signer `authority`.
pub(crate) fn mint_to(
    ledger: &mut Ledger,
    mint: &Address,
    to: &Address,
    authority: &str,
    amount: u64,
) {
    let authority = key(authority);
    let id = cpi::TOKEN_PROGRAM_ID;
    let ix = token::mint_to(&id, mint, to, &authority.pubkey(), &[], amount).unwrap();
    let _ = send(ledger, &[&authority], &[ix]).unwrap();
}
