//! What must hold on an exact path: nobody's claim appears or disappears. The ids are those of
//! docs/INVARIANTS.md; docs/AGENTS.md says which of them are checked when.

use std::collections::BTreeMap;

use cofferdam_host::{
    AccountData as _,
    cpi::{TOKEN_PROGRAM_ID, TokenAccount},
    decode_account,
};
use cofferdam_sdk::{
    Address,
    instruction::ReserveKeys,
    interface::{
        state::{Position, Reserve, Stake},
        units::Amount,
    },
    token,
};

use super::{run::RunError, stage::Stage, view::each};

/// Where SPL Token keeps the supply of a mint.
const MINT_SUPPLY: std::ops::Range<usize> = 36..44;

/// The books as they were a step ago, pool after pool.
#[derive(Debug, Default)]
pub(super) struct Audit {
    before: Vec<Reserve>,
}

/// What the accounts of people say about one reserve.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sums {
    supply: u128,
    debt: u128,
    claim: u128,
    staked: u128,
}

impl Audit {
    /// After every step: the books of every reserve add up, and nothing in them has gone back.
    ///
    /// # Errors
    /// [`RunError::Conservation`].
    pub(super) fn books(&mut self, stage: &Stage) -> Result<(), RunError> {
        let before = std::mem::take(&mut self.before);
        for (pool, symbol, keys) in reserves(stage) {
            let state = stage.desk.client.reserve(&keys.reserve)?;
            let vault = stage.desk.client.backend().account(&keys.vault);
            let vault = vault.map(|vault| token::balance(&vault.data));
            let earlier = before.get(self.before.len());
            let what = fault(vault, &state)
                .or_else(|| earlier.and_then(|earlier| gone_back(earlier, &state)));
            if let Some(what) = what {
                return Err(refuse(pool, symbol, what));
            }
            self.before.push(state);
        }
        Ok(())
    }
}

/// At every point of the course and at the end: what people hold together is what is booked, and
/// tokens are where the mints say that they are.
///
/// # Errors
/// [`RunError::Conservation`].
pub(super) fn people(stage: &Stage) -> Result<(), RunError> {
    let (sums, held) = (sums(stage)?, held(stage));
    for (pool, symbol, keys) in reserves(stage) {
        let state = stage.desk.client.reserve(&keys.reserve)?;
        let of_people = sums.get(&keys.reserve).unwrap_or(&Sums::EMPTY);
        let mint = stage.desk.client.backend().account(&keys.mint);
        let minted = mint.and_then(|mint| mint.data.get(MINT_SUPPLY)?.try_into().ok());
        let minted = minted.map_or(0, |bytes| u128::from(u64::from_le_bytes(bytes)));
        let what = unlike(of_people, &state)
            .or_else(|| (held.get(&keys.mint) != Some(&minted)).then_some(TOKENS));
        if let Some(what) = what {
            return Err(refuse(pool, symbol, what));
        }
    }
    Ok(())
}

const TOKENS: &str = "CONS-2: token accounts hold something else than was minted";

fn reserves(stage: &Stage) -> impl Iterator<Item = (&str, &str, &ReserveKeys)> {
    stage.pools.iter().flat_map(|pool| {
        let reserves = pool.reserves.iter();
        reserves.map(|(symbol, keys)| (pool.name.as_str(), symbol.as_str(), keys))
    })
}

fn refuse(pool: &str, symbol: &str, what: &'static str) -> RunError {
    RunError::Conservation { pool: pool.into(), symbol: symbol.into(), what }
}

/// The first thing wrong with a reserve by itself.
fn fault(vault: Option<Amount>, state: &Reserve) -> Option<&'static str> {
    let deficit = state.recovered.deficit.plus(state.covered);
    let deficit = deficit.and_then(|gone| state.losses.deficit.minus(gone));
    let paid_in = state.insurance_cash;
    [
        (vault == Some(state.cash), "CONS-1: the vault does not hold what is booked"),
        (state.supply().is_ok(), "SOLV-1: claims exceed assets"),
        (
            paid_in <= state.insurance && paid_in <= state.cash.fine(),
            "SOLV-1: insurance that was paid in is gone",
        ),
        (state.losses.is_exact(), "LOSS-1: a loss has no payer"),
        (deficit == Ok(state.deficit), "DEFICIT-1: a deficit is not what was booked as one"),
        (
            state.insurance_staked <= state.insurance_shares,
            "STAKE-1: more of the insurance fund is staked than there is",
        ),
        (state.flash_loan.is_zero(), "FLASH-1: a flash loan outlived its transaction"),
    ]
    .into_iter()
    .find_map(|(holds, what)| (!holds).then_some(what))
}

/// The first thing of a reserve that only rises and has fallen.
fn gone_back(before: &Reserve, now: &Reserve) -> Option<&'static str> {
    let (was, is) = (&before.losses, &now.losses);
    let losses = was.recognised <= is.recognised
        && was.fees <= is.fees
        && was.insurance <= is.insurance
        && was.suppliers <= is.suppliers
        && was.deficit <= is.deficit;
    [
        (before.index <= now.index, "ACCR-1: the index of debts has fallen"),
        (before.accrued_at_s <= now.accrued_at_s, "ACCR-1: interest goes back in time"),
        (losses, "ACCR-1: a recorded loss has become smaller"),
    ]
    .into_iter()
    .find_map(|(holds, what)| (!holds).then_some(what))
}

/// The first thing that people hold together and the books do not say.
fn unlike(people: &Sums, state: &Reserve) -> Option<&'static str> {
    let claimed = state.losses.recognised.minus(state.recovered.recognised);
    [
        (people.supply == state.supply_shares.get(), "SHARE-1: positions own other shares"),
        (people.debt == state.debt_shares.get(), "SHARE-2: positions owe other shares"),
        (
            claimed.is_ok_and(|claimed| claimed.get() == people.claim),
            "CLAIM-1: what was written off is not what is claimed",
        ),
        (people.staked == state.insurance_staked.get(), "STAKE-1: stakes hold other shares"),
    ]
    .into_iter()
    .find_map(|(holds, what)| (!holds).then_some(what))
}

impl Sums {
    const EMPTY: Self = Self { supply: 0, debt: 0, claim: 0, staked: 0 };
}

/// What all positions and stakes hold, by reserve, also those that are still on a shelf.
fn sums(stage: &Stage) -> Result<BTreeMap<Address, Sums>, RunError> {
    let mut sums: BTreeMap<Address, Sums> = BTreeMap::new();
    for (_, account) in stage.desk.client.backend().accounts_owned_by(&Position::OWNER) {
        if let Ok(position) = decode_account::<Position>(&account.data) {
            add(&mut sums, &position);
        } else if let Ok(stake) = decode_account::<Stake>(&account.data) {
            let reserve = stage.desk.client.reserve(&stake.reserve)?;
            if stake.epoch == reserve.insurance_epoch {
                sums.entry(stake.reserve).or_default().staked += stake.shares.get();
            }
        }
    }
    for pool in 0..stage.pools.len() {
        for found in each(stage, pool) {
            let (_, view) = found?;
            if view.address == Address::default() {
                add(&mut sums, &view.state);
            }
        }
    }
    Ok(sums)
}

fn add(sums: &mut BTreeMap<Address, Sums>, position: &Position) {
    for entry in position.used() {
        let sum = sums.entry(entry.reserve).or_default();
        sum.supply += entry.supply.get();
        sum.debt += entry.debt.get();
        sum.claim += entry.claim.get();
    }
}

/// What all token accounts hold, by mint.
fn held(stage: &Stage) -> BTreeMap<Address, u128> {
    let mut held: BTreeMap<Address, u128> = BTreeMap::new();
    for (_, account) in stage.desk.client.backend().accounts_owned_by(&TOKEN_PROGRAM_ID) {
        // Mints belong to the same program and do not decode.
        if let Ok(account) = TokenAccount::decode(&account.data) {
            *held.entry(account.mint).or_default() += u128::from(account.amount);
        }
    }
    held
}

#[cfg(test)]
mod tests {
    use cofferdam_sdk::interface::{
        math::loss::LossSplit,
        state::{ReserveConfig, ReserveOrigin},
        units::{DebtShares, Fine, Index, Shares},
    };

    use super::*;

    /// A reserve that has lost something, in books that add up.
    fn sound() -> Reserve {
        let split = |unit: u128| LossSplit {
            recognised: Fine(4 * unit),
            fees: Fine(unit),
            insurance: Fine(unit),
            suppliers: Fine(unit),
            deficit: Fine(unit),
        };
        let none = Address::default();
        let origin = ReserveOrigin {
            bump: 0,
            vault_bump: 0,
            pool: none,
            mint: none,
            decimals: 9,
            vault: none,
            feed: none,
            second_feed: none,
        };
        Reserve {
            cash: Amount(1_000),
            insurance: Amount(10).fine(),
            insurance_cash: Amount(10).fine(),
            insurance_shares: Shares(5),
            insurance_staked: Shares(5),
            losses: split(50),
            recovered: split(10),
            deficit: Fine(30),
            covered: Fine(10),
            accrued_at_s: 100,
            supply_shares: Shares(7),
            debt_shares: DebtShares(3),
            ..Reserve::new(origin, ReserveConfig::default(), 0)
        }
    }

    fn id(what: Option<&'static str>) -> &'static str {
        what.map_or("none", |what| what.split(':').next().unwrap_or_default())
    }

    type Tampering = fn(&mut Reserve);

    #[test]
    fn every_fault_of_a_book_is_seen() {
        let cases: [(&str, Tampering); 8] = [
            ("none", |_| ()),
            ("CONS-1", |state| state.cash = Amount(1_001)),
            ("SOLV-1", |state| state.fees = Amount(2_000).fine()),
            ("SOLV-1", |state| state.insurance_cash = Amount(11).fine()),
            ("LOSS-1", |state| state.losses.fees = Fine(51)),
            ("DEFICIT-1", |state| state.deficit = Fine(31)),
            ("STAKE-1", |state| state.insurance_staked = Shares(6)),
            ("FLASH-1", |state| state.flash_loan = Amount(1)),
        ];
        for (expected, tamper) in cases {
            let mut state = sound();
            tamper(&mut state);
            assert_eq!(id(fault(Some(Amount(1_000)), &state)), expected);
        }
        assert_eq!(id(fault(None, &sound())), "CONS-1");
    }

    #[test]
    fn whatever_goes_back_is_seen() {
        let cases: [(&str, Tampering); 5] = [
            ("none", |_| ()),
            ("ACCR-1: the index", |state| state.index = Index(state.index.get() - 1)),
            ("ACCR-1: interest", |state| state.accrued_at_s = 99),
            ("ACCR-1: a recorded", |state| state.losses.insurance = Fine(49)),
            ("ACCR-1: a recorded", |state| state.losses.recognised = Fine(199)),
        ];
        for (expected, tamper) in cases {
            let mut state = sound();
            tamper(&mut state);
            let what = gone_back(&sound(), &state).unwrap_or("none");
            assert!(what.starts_with(expected), "{what}");
        }
    }

    #[test]
    fn whatever_people_hold_too_much_or_too_little_is_seen() {
        let sums = |supply, debt, claim, staked| Sums { supply, debt, claim, staked };
        for (expected, people) in [
            ("none", sums(7, 3, 160, 5)),
            ("SHARE-1", sums(8, 3, 160, 5)),
            ("SHARE-2", sums(7, 2, 160, 5)),
            ("CLAIM-1", sums(7, 3, 200, 5)),
            ("STAKE-1", sums(7, 3, 160, 4)),
        ] {
            assert_eq!(id(unlike(&people, &sound())), expected);
        }
    }
}
