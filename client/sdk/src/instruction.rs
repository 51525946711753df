//! Pure instruction builders, one function a verb. They derive every address that can be derived,
//! fill in the remaining accounts, and never sign or fetch.

mod flash;
mod governance;
mod oracle;

use std::collections::BTreeSet;

use cofferdam_host::{
    CallAccount,
    cpi::{SYSTEM_PROGRAM_ID, TOKEN_PROGRAM_ID},
};
use cofferdam_lending_interface::{
    ID,
    instruction::{
        AbsorbBadDebt, AbsorbBadDebtAccounts, AddReserve, AddReserveAccounts, Borrow, CollectFees,
        CollectFeesAccounts, CreatePool, CreatePoolAccounts, Deposit, DepositAccounts,
        FundInsurance, FundInsuranceAccounts, LendingInstruction, Liquidate, LiquidateAccounts,
        OpenPosition, OpenPositionAccounts, OutflowAccounts, Repay, RepayAccounts, UpdateReserve,
        UpdateReserveAccounts, Withdraw,
    },
    state::{PoolConfig, Reserve, ReserveConfig},
    units::Amount,
};
use solana_address::Address;
use solana_instruction::{AccountMeta, Instruction};

pub use flash::{flash_borrow, flash_pair, flash_repay};
pub use governance::{
    accept_admin, apply_pool_change, apply_reserve_change, cancel_pool_change,
    cancel_reserve_change, propose_admin, queue_pool_change, queue_reserve_change, set_pool_mode,
    set_reserve_mode, update_pool,
};
pub use oracle::{add_reserve_with_second_feed, create_feed, publish_price};

use crate::{address, token::account_address};

mod insurance;

pub use insurance::{
    cover_deficit, give_notice, open_stake, stake_insurance, start_cooldown, unstake_insurance,
};

/// Addresses that an instruction on a reserve needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReserveKeys {
    /// The reserve.
    pub reserve: Address,
    /// Its pool.
    pub pool: Address,
    /// Its asset.
    pub mint: Address,
    /// Its vault.
    pub vault: Address,
    /// Its price feed.
    pub feed: Address,
    /// The second feed that it is compared with.
    pub second_feed: Option<Address>,
}

impl ReserveKeys {
    /// The addresses, from the reserve's state.
    #[must_use]
    pub fn of(address: Address, state: &Reserve) -> Self {
        let Reserve { pool, mint, vault, feed, .. } = *state;
        let second_feed = state.has_second_feed().then_some(state.second_feed);
        Self { reserve: address, pool, mint, vault, feed, second_feed }
    }

    /// The second feed as a remaining account, if there is one.
    fn second(&self) -> Option<CallAccount> {
        self.second_feed.map(CallAccount::readonly)
    }
}

/// Zero-padded bytes of a name or symbol; `None` when it is longer than `N` bytes.
#[must_use]
pub fn padded<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
    Some(bytes)
}

/// Creates a pool; `payer` and `admin` sign.
#[must_use]
pub fn create_pool(
    payer: &Address,
    admin: &Address,
    name: [u8; 32],
    config: PoolConfig,
) -> Instruction {
    let (pool, bump) = address::pool(admin, &name);
    let accounts = CreatePoolAccounts {
        payer: *payer,
        admin: *admin,
        pool,
        system_program: SYSTEM_PROGRAM_ID,
    };
    build(LendingInstruction::CreatePool(CreatePool { name, bump, config }), accounts.metas())
}

/// Adds a reserve; `payer` and `admin` sign.
#[must_use]
pub fn add_reserve(
    payer: &Address,
    admin: &Address,
    pool: &Address,
    (mint, feed): (&Address, &Address),
    config: ReserveConfig,
) -> Instruction {
    let (reserve, bump) = address::reserve(pool, mint);
    let (vault, vault_bump) = address::vault(&reserve);
    let accounts = AddReserveAccounts {
        payer: *payer,
        admin: *admin,
        pool: *pool,
        mint: *mint,
        feed: *feed,
        reserve,
        vault,
        token_program: TOKEN_PROGRAM_ID,
        system_program: SYSTEM_PROGRAM_ID,
    };
    let args = AddReserve { config, bump, vault_bump };
    build(LendingInstruction::AddReserve(args), accounts.metas())
}

/// Replaces a reserve's risk parameters; `authority`, the admin or the guardian, signs. A lower
/// threshold is reached after `ramp_s`.
#[must_use]
pub fn update_reserve(
    authority: &Address,
    pool: &Address,
    reserve: &Address,
    config: ReserveConfig,
    ramp_s: u32,
) -> Instruction {
    let accounts = UpdateReserveAccounts { authority: *authority, pool: *pool, reserve: *reserve };
    build(LendingInstruction::UpdateReserve(UpdateReserve { config, ramp_s }), accounts.metas())
}

/// Opens a position; `payer` and `owner` sign.
#[must_use]
pub fn open_position(payer: &Address, owner: &Address, pool: &Address, index: u16) -> Instruction {
    let (position, bump) = address::position(pool, owner, index);
    let accounts = OpenPositionAccounts {
        payer: *payer,
        owner: *owner,
        pool: *pool,
        position,
        system_program: SYSTEM_PROGRAM_ID,
    };
    build(LendingInstruction::OpenPosition(OpenPosition { index, bump }), accounts.metas())
}

/// Supplies tokens; `owner` signs and pays.
#[must_use]
pub fn deposit(
    owner: &Address,
    position: &Address,
    reserve: &ReserveKeys,
    amount: Amount,
) -> Instruction {
    let accounts = DepositAccounts {
        owner: *owner,
        pool: reserve.pool,
        reserve: reserve.reserve,
        position: *position,
        source: account_address(owner, &reserve.mint),
        vault: reserve.vault,
        token_program: TOKEN_PROGRAM_ID,
    };
    build(LendingInstruction::Deposit(Deposit { amount }), accounts.metas())
}

/// Takes supply back; `owner` signs. `others` are reserves the position uses.
#[must_use]
pub fn withdraw(
    owner: &Address,
    position: &Address,
    reserve: &ReserveKeys,
    others: &[ReserveKeys],
    amount: Amount,
) -> Instruction {
    let metas = outflow(owner, position, reserve, others);
    build(LendingInstruction::Withdraw(Withdraw { amount }), metas)
}

/// Borrows; `owner` signs. `others` are reserves the position uses.
#[must_use]
pub fn borrow(
    owner: &Address,
    position: &Address,
    reserve: &ReserveKeys,
    others: &[ReserveKeys],
    amount: Amount,
) -> Instruction {
    let metas = outflow(owner, position, reserve, others);
    build(LendingInstruction::Borrow(Borrow { amount }), metas)
}

/// Repays a position's debt; `payer` signs and pays.
#[must_use]
pub fn repay(
    payer: &Address,
    position: &Address,
    reserve: &ReserveKeys,
    amount: Amount,
) -> Instruction {
    let accounts = RepayAccounts {
        payer: *payer,
        pool: reserve.pool,
        reserve: reserve.reserve,
        position: *position,
        source: account_address(payer, &reserve.mint),
        vault: reserve.vault,
        token_program: TOKEN_PROGRAM_ID,
    };
    build(LendingInstruction::Repay(Repay { amount }), accounts.metas())
}

/// Pays into a reserve's insurance fund; `funder` signs and pays.
#[must_use]
pub fn fund_insurance(funder: &Address, reserve: &ReserveKeys, amount: Amount) -> Instruction {
    let accounts = FundInsuranceAccounts {
        funder: *funder,
        pool: reserve.pool,
        reserve: reserve.reserve,
        source: account_address(funder, &reserve.mint),
        vault: reserve.vault,
        token_program: TOKEN_PROGRAM_ID,
    };
    build(LendingInstruction::FundInsurance(FundInsurance { amount }), accounts.metas())
}

/// Collects accrued fees; `admin` signs and receives.
#[must_use]
pub fn collect_fees(admin: &Address, reserve: &ReserveKeys, amount: Amount) -> Instruction {
    let accounts = CollectFeesAccounts {
        admin: *admin,
        pool: reserve.pool,
        reserve: reserve.reserve,
        vault: reserve.vault,
        destination: account_address(admin, &reserve.mint),
        token_program: TOKEN_PROGRAM_ID,
    };
    build(LendingInstruction::CollectFees(CollectFees { amount }), accounts.metas())
}

/// Liquidates a position; `liquidator` signs, pays the debt and receives the collateral. `others`
/// are reserves the position uses; `receiver` is a position of the liquidator's in the pool, which
/// receives shares when the vault is short of cash.
///
/// The others are writable and come with their second feeds, so that bad debt the liquidation
/// leaves is recognised in the same instruction, in whichever reserve it is owed. Eight reserves of
/// two feeds each and a receiver are one address too many for a transaction: then the last of the
/// others goes without its second feed, which a liquidation needs for nothing else, and what is
/// left of a loss [`absorb_bad_debt`] recognises.
#[must_use]
pub fn liquidate(
    liquidator: &Address,
    position: &Address,
    (debt, collateral): (&ReserveKeys, &ReserveKeys),
    receiver: Option<&Address>,
    others: &[ReserveKeys],
    args: Liquidate,
) -> Instruction {
    let accounts = LiquidateAccounts {
        liquidator: *liquidator,
        pool: debt.pool,
        position: *position,
        debt_reserve: debt.reserve,
        debt_feed: debt.feed,
        collateral_reserve: collateral.reserve,
        collateral_feed: collateral.feed,
        source: account_address(liquidator, &debt.mint),
        debt_vault: debt.vault,
        destination: account_address(liquidator, &collateral.mint),
        collateral_vault: collateral.vault,
        receiver: *receiver.unwrap_or(position),
        token_program: TOKEN_PROGRAM_ID,
    };
    let named = [debt, collateral];
    let mut metas = with_others(accounts.metas(), &named, others, CallAccount::writable);
    let addresses = || metas.iter().map(|account| account.address).collect::<BTreeSet<_>>();
    if receiver.is_some() && addresses().len() > LIQUIDATE_ADDRESSES_MAX {
        spare_a_feed(&mut metas, &named, others);
    }
    build(LendingInstruction::Liquidate(args), metas)
}

/// Leaves out the second feed of the last of `others` that is not among `named`, and whose second
/// feed nobody else needs.
fn spare_a_feed(metas: &mut Vec<CallAccount>, named: &[&ReserveKeys], others: &[ReserveKeys]) {
    let is_named = |keys: &ReserveKeys| named.iter().any(|named| named.reserve == keys.reserve);
    let times = |feed: &Address| metas.iter().filter(|account| account.address == *feed).count();
    let feeds = others.iter().rev().filter(|keys| !is_named(keys)).filter_map(|it| it.second_feed);
    if let Some(spared) = feeds.into_iter().find(|feed| times(feed) == 1) {
        metas.retain(|account| account.address != spared);
    }
}

/// Addresses of a liquidation that fit the 1,232 bytes of a transaction beside the program's, a
/// signature, a blockhash and the amounts.
const LIQUIDATE_ADDRESSES_MAX: usize = 32;

/// Recognises a position's bad debt; nobody has to sign but who pays the fee. `reserves` are the
/// reserves the position uses: those it owes to may lose, the others may gain a remainder.
#[must_use]
pub fn absorb_bad_debt(
    pool: &Address,
    position: &Address,
    reserves: &[ReserveKeys],
) -> Instruction {
    let mut metas = AbsorbBadDebtAccounts { pool: *pool, position: *position }.metas();
    for keys in reserves {
        metas.extend([CallAccount::writable(keys.reserve), CallAccount::readonly(keys.feed)]);
        metas.extend(keys.second());
    }
    build(LendingInstruction::AbsorbBadDebt(AbsorbBadDebt {}), metas)
}

/// Accounts of an instruction that lets tokens out to the position's owner.
fn outflow(
    owner: &Address,
    position: &Address,
    reserve: &ReserveKeys,
    others: &[ReserveKeys],
) -> Vec<CallAccount> {
    let accounts = OutflowAccounts {
        owner: *owner,
        pool: reserve.pool,
        reserve: reserve.reserve,
        feed: reserve.feed,
        position: *position,
        vault: reserve.vault,
        destination: account_address(owner, &reserve.mint),
        token_program: TOKEN_PROGRAM_ID,
    };
    with_others(accounts.metas(), &[reserve], others, CallAccount::readonly)
}

/// Adds reserve, passed as `reserve` says, and feeds of each of `others` that is not among `named`
/// already, and the second feeds of those that are.
fn with_others(
    mut metas: Vec<CallAccount>,
    named: &[&ReserveKeys],
    others: &[ReserveKeys],
    reserve: fn(Address) -> CallAccount,
) -> Vec<CallAccount> {
    metas.extend(named.iter().filter_map(|keys| keys.second()));
    for keys in others {
        if !named.iter().any(|named| named.reserve == keys.reserve) {
            metas.extend([reserve(keys.reserve), CallAccount::readonly(keys.feed)]);
            metas.extend(keys.second());
        }
    }
    metas
}

#[expect(clippy::needless_pass_by_value, reason = "both are made for the call and used up here")]
fn build(instruction: LendingInstruction, metas: Vec<CallAccount>) -> Instruction {
    let meta = |account: &CallAccount| AccountMeta {
        pubkey: account.address,
        is_signer: account.is_signer,
        is_writable: account.is_writable,
    };
    let accounts = metas.iter().map(meta).collect();
    Instruction { program_id: ID, accounts, data: instruction.to_bytes() }
}
