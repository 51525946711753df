//! A market with two reserves, and somebody who owes one against the other.

use std::mem::size_of;

use solana_program::{
    instruction::Instruction, program_option::COption, program_pack::Pack, pubkey::Pubkey, sysvar,
};
use spl_token::state::{Account, AccountState, Mint};
use spl_token_lending::{
    id, instruction as build,
    math::Decimal,
    pyth,
    state::{
        LendingMarket, Obligation, ObligationCollateral, ObligationLiquidity, Reserve,
        ReserveCollateral, ReserveConfig, ReserveFees, ReserveLiquidity,
    },
};

use crate::bank::Bank;

/// Where Pyth's price says which slot it is of.
const VALID_SLOT_AT: usize = 40;
/// Tokens of everything there is plenty of.
const PLENTY: u64 = 1 << 50;

/// One reserve's addresses.
#[derive(Clone, Copy)]
pub(crate) struct Side {
    reserve: Pubkey,
    oracle: Pubkey,
    supply: Pubkey,
    fees: Pubkey,
    collateral_mint: Pubkey,
    collateral_supply: Pubkey,
    wallet: Pubkey,
    collateral_wallet: Pubkey,
}

/// The market.
pub(crate) struct Market {
    pub(crate) bank: Bank,
    market: Pubkey,
    owner: Pubkey,
    obligation: Pubkey,
    held: Side,
    owed: Side,
}

impl Market {
    /// `debt` is owed against collateral worth 1,000,000,000; half of that may be borrowed, and
    /// from 55 % on it can be liquidated.
    pub(crate) fn new(debt: u64) -> Self {
        let (market, owner, obligation) = (address(1), address(2), address(3));
        let seeds: [&[u8]; 1] = [market.as_ref()];
        let (authority, bump_seed) = Pubkey::find_program_address(&seeds, &id());
        let mut bank = Bank::new();
        let state = LendingMarket {
            version: 1,
            bump_seed,
            owner,
            token_program_id: spl_token::id(),
            ..LendingMarket::default()
        };
        bank.add(market, id(), packed(state));
        bank.add(authority, Pubkey::default(), Vec::new());
        bank.add(owner, Pubkey::default(), Vec::new());
        let held = side(&mut bank, 10, (&market, &authority, &owner));
        let owed = side(&mut bank, 30, (&market, &authority, &owner));
        bank.add(obligation, id(), packed(owing((market, owner), (&held, &owed), debt)));
        Self { bank, market, owner, obligation, held, owed }
    }

    /// Moves time, and the prices with it.
    pub(crate) fn move_to(&self, slot: u64) {
        self.bank.write(&sysvar::clock::id(), 0, &slot.to_le_bytes());
        for side in [&self.held, &self.owed] {
            self.bank.write(&side.oracle, VALID_SLOT_AT, &slot.to_le_bytes());
        }
    }

    pub(crate) fn accrue(&self) -> Vec<Instruction> {
        vec![refresh(&self.owed)]
    }

    /// Supplies, and pledges what is got for it; a reserve has to be refreshed before each.
    pub(crate) fn deposit(&self, amount: u64) -> Vec<Instruction> {
        let (side, owner) = (&self.held, self.owner);
        let supply = build::deposit_reserve_liquidity(
            id(),
            amount,
            side.wallet,
            side.collateral_wallet,
            side.reserve,
            side.supply,
            side.collateral_mint,
            self.market,
            owner,
        );
        let pledge = build::deposit_obligation_collateral(
            id(),
            amount / 2,
            side.collateral_wallet,
            side.collateral_supply,
            side.reserve,
            self.obligation,
            self.market,
            owner,
            owner,
        );
        vec![refresh(side), supply, refresh(side), pledge]
    }

    pub(crate) fn borrow(&self, amount: u64) -> Vec<Instruction> {
        let side = &self.owed;
        self.refreshed([build::borrow_obligation_liquidity(
            id(),
            amount,
            side.supply,
            side.wallet,
            side.reserve,
            side.fees,
            self.obligation,
            self.market,
            self.owner,
            None,
        )])
    }

    pub(crate) fn repay(&self, amount: u64) -> Vec<Instruction> {
        let side = &self.owed;
        self.refreshed([build::repay_obligation_liquidity(
            id(),
            amount,
            side.wallet,
            side.supply,
            side.reserve,
            self.obligation,
            self.market,
            self.owner,
        )])
    }

    /// Releases collateral and redeems it.
    pub(crate) fn withdraw(&self, amount: u64) -> Vec<Instruction> {
        let side = &self.held;
        let release = build::withdraw_obligation_collateral(
            id(),
            amount,
            side.collateral_supply,
            side.collateral_wallet,
            side.reserve,
            self.obligation,
            self.market,
            self.owner,
        );
        let redeem = build::redeem_reserve_collateral(
            id(),
            amount,
            side.collateral_wallet,
            side.wallet,
            side.reserve,
            side.collateral_mint,
            side.supply,
            self.market,
            self.owner,
        );
        self.refreshed([release, redeem])
    }

    pub(crate) fn liquidate(&self, amount: u64) -> Vec<Instruction> {
        self.refreshed([build::liquidate_obligation(
            id(),
            amount,
            self.owed.wallet,
            self.held.collateral_wallet,
            self.owed.reserve,
            self.owed.supply,
            self.held.reserve,
            self.held.collateral_supply,
            self.obligation,
            self.market,
            self.owner,
        )])
    }

    /// Both reserves and the obligation have to be refreshed in the slot of what follows.
    fn refreshed<const N: usize>(&self, then: [Instruction; N]) -> Vec<Instruction> {
        let reserves = vec![self.held.reserve, self.owed.reserve];
        let obligation = build::refresh_obligation(id(), self.obligation, reserves);
        [refresh(&self.held), refresh(&self.owed), obligation].into_iter().chain(then).collect()
    }
}

fn refresh(side: &Side) -> Instruction {
    build::refresh_reserve(id(), side.reserve, side.oracle)
}

/// A reserve with plenty supplied, and the owner's wallets of both its tokens.
fn side(bank: &mut Bank, from: u8, (market, authority, owner): (&Pubkey, &Pubkey, &Pubkey)) -> Side {
    let at = |number: u8| address(from + number);
    let side = Side {
        reserve: at(0),
        oracle: at(1),
        supply: at(2),
        fees: at(3),
        collateral_mint: at(4),
        collateral_supply: at(5),
        wallet: at(6),
        collateral_wallet: at(7),
    };
    let mint = at(8);
    bank.add(side.reserve, id(), packed(reserve(&side, market, mint)));
    bank.add(side.oracle, Pubkey::default(), price());
    for (address, holder) in [(side.supply, authority), (side.fees, authority), (side.wallet, owner)]
    {
        bank.add(address, spl_token::id(), packed(tokens(mint, holder)));
    }
    for (address, holder) in [(side.collateral_supply, authority), (side.collateral_wallet, owner)] {
        bank.add(address, spl_token::id(), packed(tokens(side.collateral_mint, holder)));
    }
    let collateral = Mint {
        mint_authority: COption::Some(*authority),
        supply: PLENTY,
        decimals: 6,
        is_initialized: true,
        ..Mint::default()
    };
    bank.add(side.collateral_mint, spl_token::id(), packed(collateral));
    side
}

fn reserve(side: &Side, market: &Pubkey, mint: Pubkey) -> Reserve {
    Reserve {
        version: 1,
        lending_market: *market,
        liquidity: ReserveLiquidity {
            mint_pubkey: mint,
            mint_decimals: 6,
            supply_pubkey: side.supply,
            fee_receiver: side.fees,
            oracle_pubkey: side.oracle,
            available_amount: PLENTY / 2,
            borrowed_amount_wads: Decimal::from(PLENTY / 2),
            cumulative_borrow_rate_wads: Decimal::one(),
            market_price: Decimal::one(),
        },
        collateral: ReserveCollateral {
            mint_pubkey: side.collateral_mint,
            mint_total_supply: PLENTY,
            supply_pubkey: side.collateral_supply,
        },
        config: ReserveConfig {
            optimal_utilization_rate: 80,
            loan_to_value_ratio: 50,
            liquidation_bonus: 5,
            liquidation_threshold: 55,
            min_borrow_rate: 0,
            optimal_borrow_rate: 4,
            max_borrow_rate: 30,
            fees: ReserveFees::default(),
        },
        ..Reserve::default()
    }
}

fn owing((market, owner): (Pubkey, Pubkey), (held, owed): (&Side, &Side), debt: u64) -> Obligation {
    let collateral = ObligationCollateral {
        deposited_amount: 1_000_000_000,
        ..ObligationCollateral::new(held.reserve)
    };
    let liquidity = ObligationLiquidity {
        cumulative_borrow_rate_wads: Decimal::one(),
        borrowed_amount_wads: Decimal::from(debt),
        ..ObligationLiquidity::new(owed.reserve)
    };
    Obligation {
        version: 1,
        lending_market: market,
        owner,
        deposits: vec![collateral],
        borrows: vec![liquidity],
        ..Obligation::default()
    }
}

fn tokens(mint: Pubkey, owner: &Pubkey) -> Account {
    let state = AccountState::Initialized;
    Account { mint, owner: *owner, amount: PLENTY, state, ..Account::default() }
}

/// One dollar, as Pyth writes it.
fn price() -> Vec<u8> {
    let mut bytes = vec![0; size_of::<pyth::Price>()];
    let price: &mut pyth::Price = pyth::load_mut(&mut bytes).expect("it is as long as a price");
    price.ptype = pyth::PriceType::Price;
    price.agg.status = pyth::PriceStatus::Trading;
    price.agg.price = 1;
    bytes
}

fn packed<T: Pack>(state: T) -> Vec<u8> {
    let mut bytes = vec![0; T::LEN];
    T::pack(state, &mut bytes).expect("it is as long as its form");
    bytes
}

const fn address(number: u8) -> Pubkey {
    Pubkey::new_from_array([number; 32])
}
