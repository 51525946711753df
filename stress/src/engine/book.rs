//! The positions of a pool's borrowers, and how a great many of them are staged.
//!
//! A position takes about a kilobyte on a ledger, and staging one takes five transactions. For a
//! million of them only shares are kept, in [`Shelf`]: the reserves' books are written as they
//! would stand after all those deposits and loans, by the program's own plans, and a position's
//! account is written to the ledger of the path on which somebody first touches it.

use std::{collections::BTreeMap, sync::Arc};

use cofferdam_host::{AccountData, encode_account};
use cofferdam_sdk::{
    Address, ClientError, Keypair, PositionView, Signer, address,
    instruction::ReserveKeys,
    interface::{
        plan,
        state::{ENTRIES_MAX, Entry, Position, Reserve},
        units::{Amount, DebtShares, Shares},
    },
    keys::seeded,
    token,
};
use solana_account::Account;

use super::{run::RunError, stage::Stage};
use crate::scenario::PlannedPosition;

/// Where SPL Token keeps the amount of a token account, and the supply of a mint.
const TOKEN_AMOUNT: std::ops::Range<usize> = 64..72;
const MINT_SUPPLY: std::ops::Range<usize> = 36..44;

/// The borrowers' positions of a pool, by number.
#[derive(Clone, Debug)]
pub(super) enum Book {
    /// All are on the ledger.
    Staged(Vec<Address>),
    /// Those that were touched are on the ledger, at these addresses.
    Shelved(Arc<Shelf>, BTreeMap<u32, Address>),
}

/// Positions of one collateral and one debt each, group after group.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    seed: u64,
    name: String,
    pool: Address,
    /// Number of the first position after each group, and its collateral's and debt's reserves.
    groups: Vec<(u32, Address, Address)>,
    shares: Vec<(Shares, DebtShares)>,
}

/// The reserves of a pool while positions are put on its shelf.
pub(super) struct Shelving {
    reserves: Vec<(Address, Reserve)>,
    paid_in: BTreeMap<Address, u64>,
    paid_out: BTreeMap<Address, u64>,
    shelf: Shelf,
}

impl Book {
    /// Number of positions.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Staged(addresses) => addresses.len(),
            Self::Shelved(shelf, _) => shelf.shares.len(),
        }
    }

    /// The position of that number as it stands.
    pub(super) fn read(&self, stage: &Stage, number: u32) -> Result<PositionView, RunError> {
        let missing = || ClientError::Missing { what: "position", address: Address::default() };
        let place = usize::try_from(number).unwrap_or(usize::MAX);
        let address = match self {
            Self::Staged(addresses) => addresses.get(place),
            Self::Shelved(_, touched) => touched.get(&number),
        };
        match (address, self) {
            (Some(address), _) => Ok(stage.position(address)?),
            (None, Self::Staged(_)) => Err(missing().into()),
            (None, Self::Shelved(shelf, _)) => {
                let state = shelf.position(number).ok_or_else(missing)?;
                Ok(PositionView { address: Address::default(), state })
            }
        }
    }
}

impl Shelf {
    /// A position as its account would hold it, but for its owner and bump.
    fn position(&self, number: u32) -> Option<Position> {
        let (supply, debt) = *self.shares.get(usize::try_from(number).ok()?)?;
        let (_, collateral, owed) = *self.groups.iter().find(|(end, ..)| number < *end)?;
        let mut entries = [Entry::default(); ENTRIES_MAX];
        entries[0] = Entry { reserve: collateral, supply, ..Entry::default() };
        if !debt.is_zero() {
            entries[1] = Entry { reserve: owed, debt, ..Entry::default() };
        }
        Some(Position { bump: 0, pool: self.pool, owner: Address::default(), index: 0, entries })
    }

    fn key(&self, number: u32) -> Keypair {
        seeded(self.seed, &borrower_label(&self.name, number))
    }

    /// The account of a position and its address.
    fn account(&self, number: u32, rent: u64) -> Option<(Address, Account)> {
        let owner = self.key(number).pubkey();
        let (address, bump) = address::position(&self.pool, &owner, 0);
        let state = Position { bump, owner, ..self.position(number)? };
        let mut data = vec![0; Position::LEN];
        encode_account(&state, &mut data).ok()?;
        let owner = Position::OWNER;
        Some((address, Account { lamports: rent, data, owner, ..Account::default() }))
    }
}

/// The label of a borrower's key.
pub(super) fn borrower_label(pool: &str, number: u32) -> String {
    format!("borrower:{pool}:{number}")
}

impl Shelving {
    /// An empty shelf for the pool at `pool`, whose reserves stand as they do on the ledger.
    pub(super) fn new(
        (seed, name, pool): (u64, &str, Address),
        reserves: Vec<(Address, Reserve)>,
    ) -> Self {
        let shelf = Shelf { seed, name: name.to_owned(), pool, ..Shelf::default() };
        Self { reserves, paid_in: BTreeMap::new(), paid_out: BTreeMap::new(), shelf }
    }

    /// Deposits and borrows as the program would.
    pub(super) fn add(
        &mut self,
        planned: &PlannedPosition,
        (collateral, debt): (Address, Address),
        borrowed: Amount,
    ) -> Result<(), RunError> {
        let amount = Amount(planned.collateral_native);
        let mut entry = Entry { reserve: collateral, ..Entry::default() };
        let reserve = self.reserve(collateral);
        let deposit = plan::deposit(reserve, amount).map_err(RunError::Math)?;
        deposit.apply(reserve, &mut entry).map_err(RunError::Math)?;
        reserve.count_in(amount).map_err(RunError::Math)?;
        let mut owing = Entry { reserve: debt, ..Entry::default() };
        let reserve = self.reserve(debt);
        let loan = plan::borrow(reserve, borrowed).map_err(RunError::Math)?;
        loan.apply(reserve, &mut owing).map_err(RunError::Math)?;
        reserve.count_out(borrowed).map_err(RunError::Math)?;
        *self.paid_in.entry(collateral).or_default() += amount.get();
        *self.paid_out.entry(debt).or_default() += borrowed.get();
        let shelf = &mut self.shelf;
        shelf.shares.push((entry.supply, owing.debt));
        let end = u32::try_from(shelf.shares.len()).unwrap_or(u32::MAX);
        match shelf.groups.last_mut() {
            Some((last, c, d)) if (*c, *d) == (collateral, debt) => *last = end,
            _ => shelf.groups.push((end, collateral, debt)),
        }
        Ok(())
    }

    /// Writes the books, the vaults, what the borrowers were paid, which stays with the treasury,
    /// and the supply of the collateral, which was minted for them.
    pub(super) fn write(self, stage: &mut Stage, keys: &[ReserveKeys]) -> Result<Book, RunError> {
        let treasury = stage.treasury.pubkey();
        for (address, state) in &self.reserves {
            let Some(keys) = keys.iter().find(|keys| keys.reserve == *address) else { continue };
            let (paid_in, paid_out) = (
                self.paid_in.get(address).copied().unwrap_or(0),
                self.paid_out.get(address).copied().unwrap_or(0),
            );
            edit(stage, address, |data| {
                encode_account(state, data).expect("a reserve fits its own account");
            })?;
            edit(stage, &keys.vault, |data| set(data, TOKEN_AMOUNT, state.cash.get()))?;
            let wallet = token::account_address(&treasury, &keys.mint);
            edit(stage, &wallet, |data| add(data, TOKEN_AMOUNT, paid_out))?;
            edit(stage, &keys.mint, |data| add(data, MINT_SUPPLY, paid_in))?;
        }
        Ok(Book::Shelved(Arc::new(self.shelf), BTreeMap::new()))
    }

    fn reserve(&mut self, address: Address) -> &mut Reserve {
        let found = self.reserves.iter_mut().find(|(of, _)| *of == address);
        &mut found.expect("a checked scenario names reserves of the pool").1
    }
}

/// Puts a position's account on the ledger if it is still on the shelf, and returns its address.
pub(super) fn take_down(stage: &mut Stage, pool: usize, number: u32) -> Result<Address, RunError> {
    let place = usize::try_from(number).unwrap_or(usize::MAX);
    let missing = ClientError::Missing { what: "position", address: Address::default() };
    let rent = stage.desk.client.backend().minimum_balance(Position::LEN);
    let (address, account) = match &stage.pools[pool].book {
        Book::Staged(addresses) => return addresses.get(place).copied().ok_or(missing.into()),
        Book::Shelved(shelf, touched) => match touched.get(&number) {
            Some(address) => return Ok(*address),
            None => shelf.account(number, rent).ok_or(missing)?,
        },
    };
    write(stage, &address, account)?;
    if let Book::Shelved(_, touched) = &mut stage.pools[pool].book {
        touched.insert(number, address);
    }
    Ok(address)
}

fn edit(
    stage: &mut Stage,
    address: &Address,
    change: impl FnOnce(&mut [u8]),
) -> Result<(), RunError> {
    let missing = ClientError::Missing { what: "account", address: *address };
    let mut account = stage.desk.client.backend().account(address).cloned().ok_or(missing)?;
    change(&mut account.data);
    write(stage, address, account)
}

fn write(stage: &mut Stage, address: &Address, account: Account) -> Result<(), RunError> {
    let ledger = stage.desk.client.backend_mut();
    ledger.cheat().set_account(address, account).map_err(ClientError::from)?;
    Ok(())
}

fn set(data: &mut [u8], place: std::ops::Range<usize>, number: u64) {
    data[place].copy_from_slice(&number.to_le_bytes());
}

fn add(data: &mut [u8], place: std::ops::Range<usize>, number: u64) {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&data[place.clone()]);
    set(data, place, u64::from_le_bytes(bytes) + number);
}
