//! From an account's bytes to the auditor's books: the only place where the program's own types
//! are read.

use std::sync::Arc;

use cofferdam_host::{
    AccountData, Address,
    cpi::{TOKEN_PROGRAM_ID, TokenAccount, mint_decimals},
    decode_account,
};
use cofferdam_lending_interface::{
    ID,
    math::{loss::LossSplit, outflow::OutflowWindow, ramp::ThresholdRamp},
    state::{self, QueuedPoolChange, QueuedReserveChange},
    units,
};

use super::{
    number::{Grain, Q},
    state::{
        Account, Entry, Feed, Pool, PoolChange, Position, Quote, Ramp, Reserve, ReserveChange,
        Split, Stake, Token, Window,
    },
};

impl Account {
    /// Reads an account by its owner and its bytes.
    pub(super) fn read(owner: &Address, data: &[u8]) -> Self {
        if *owner == TOKEN_PROGRAM_ID {
            return Self::read_token(data);
        }
        if *owner != ID {
            return Self::None;
        }
        let kind = data.first_chunk::<8>().copied().unwrap_or_default();
        let known = match kind {
            state::Pool::DISCRIMINATOR => decode_account(data).ok().map(|kept| Self::pool(&kept)),
            state::Reserve::DISCRIMINATOR => {
                decode_account(data).ok().map(|kept| Self::reserve(&kept))
            }
            state::Position::DISCRIMINATOR => {
                decode_account(data).ok().map(|kept| Self::position(&kept))
            }
            state::PriceFeed::DISCRIMINATOR => {
                decode_account(data).ok().map(|kept| Self::feed(&kept))
            }
            state::Stake::DISCRIMINATOR => decode_account(data).ok().map(|kept| Self::stake(&kept)),
            QueuedPoolChange::DISCRIMINATOR => {
                decode_account(data).ok().map(|kept| Self::pool_change(&kept))
            }
            QueuedReserveChange::DISCRIMINATOR => {
                decode_account(data).ok().map(|kept| Self::reserve_change(&kept))
            }
            _ => None,
        };
        known.unwrap_or(Self::None)
    }

    fn read_token(data: &[u8]) -> Self {
        if let Ok(token) = TokenAccount::decode(data) {
            let TokenAccount { mint, owner, amount } = token;
            return Self::Token(Token { mint, owner, amount: Q::whole(amount) });
        }
        mint_decimals(data).map_or(Self::TokenOther, Self::Mint)
    }

    fn pool(pool: &state::Pool) -> Self {
        let nobody = Address::default();
        let len = pool.reserves.iter().rposition(|place| *place != nobody).map_or(0, |at| at + 1);
        Self::Pool(Arc::new(Pool {
            bump: pool.bump,
            creator: pool.creator,
            name: pool.name,
            admin: pool.admin,
            pending_admin: pool.pending_admin,
            mode: pool.mode,
            grace_until_s: pool.grace_until_s,
            config: pool.config,
            reserve_count: pool.reserve_count,
            reserves: pool.reserves.iter().copied().take(len).collect(),
        }))
    }

    fn reserve(kept: &state::Reserve) -> Self {
        let fine = |fine: units::Fine| Q::kept(fine.0, Grain::Fine);
        Self::Reserve(Arc::new(Reserve {
            bump: kept.bump,
            vault_bump: kept.vault_bump,
            pool: kept.pool,
            mint: kept.mint,
            vault: kept.vault,
            feed: kept.feed,
            second_feed: kept.second_feed,
            decimals: kept.decimals,
            mode: kept.mode,
            config: kept.config,
            ramp: Ramp::from(kept.ramp),
            accrued_at_s: kept.accrued_at_s,
            cash: Q::whole(kept.cash.0),
            hour: Window::from(kept.outflow.hour),
            day: Window::from(kept.outflow.day),
            flash_loan: Q::whole(kept.flash_loan.0),
            rate_at_target: Q::kept(kept.rate_at_target, Grain::Ray),
            supply_shares: Q::whole(kept.supply_shares.0),
            debt_shares: Q::whole(kept.debt_shares.0),
            index: Q::kept(kept.index.0, Grain::Ray),
            fees: fine(kept.fees),
            insurance: fine(kept.insurance),
            insurance_cash: fine(kept.insurance_cash),
            insurance_shares: Q::whole(kept.insurance_shares.0),
            insurance_staked: Q::whole(kept.insurance_staked.0),
            insurance_epoch: kept.insurance_epoch,
            deficit: fine(kept.deficit),
            covered: fine(kept.covered),
            vesting: fine(kept.vesting),
            vesting_until_s: kept.vesting_until_s,
            losses: Split::from(kept.losses),
            recovered: Split::from(kept.recovered),
        }))
    }

    fn position(kept: &state::Position) -> Self {
        let entry = |entry: &state::Entry| {
            // Whatever is not all zero is no free entry.
            let used = *entry != state::Entry::default();
            used.then(|| Entry {
                reserve: entry.reserve,
                supply: Q::whole(entry.supply.0),
                debt: Q::whole(entry.debt.0),
                claim: Q::kept(entry.claim.0, Grain::Fine),
                noticed: Q::whole(entry.noticed.0),
                noticed_at_s: entry.noticed_at_s,
            })
        };
        let state::Position { bump, pool, owner, index, ref entries } = *kept;
        let entries = entries.iter().map(entry).collect();
        Self::Position(Arc::new(Position { bump, pool, owner, index, entries }))
    }

    fn feed(kept: &state::PriceFeed) -> Self {
        let dollars = |price: units::Price| Q::kept(price.0, Grain::Dollar);
        let quote = |quote: &state::PublisherQuote| Quote {
            price: dollars(quote.price),
            confidence: dollars(quote.confidence),
            observed_at_s: quote.observed_at_s,
        };
        Self::Feed(Arc::new(Feed {
            bump: kept.bump,
            authority: kept.authority,
            symbol: kept.symbol,
            price: dollars(kept.price),
            confidence: dollars(kept.confidence),
            average: dollars(kept.ema),
            average_at_s: kept.ema_at_s,
            observed_at_s: kept.observed_at_s,
            published_slot: kept.published_slot,
            sequence: kept.sequence,
            config: kept.config,
            quotes: kept.quotes.iter().map(quote).collect(),
        }))
    }

    fn stake(kept: &state::Stake) -> Self {
        Self::Stake(Arc::new(Stake {
            bump: kept.bump,
            reserve: kept.reserve,
            owner: kept.owner,
            shares: Q::whole(kept.shares.0),
            epoch: kept.epoch,
            cooling: Q::whole(kept.cooling.0),
            cooling_from_s: kept.cooling_from_s,
        }))
    }

    fn pool_change(kept: &QueuedPoolChange) -> Self {
        let QueuedPoolChange { bump, pool, ready_at_s, payer, config } = *kept;
        Self::PoolChange(Arc::new(PoolChange { bump, pool, ready_at_s, payer, config }))
    }

    fn reserve_change(kept: &QueuedReserveChange) -> Self {
        let QueuedReserveChange {
            bump,
            pool,
            reserve,
            ready_at_s,
            payer,
            config,
            feed,
            second_feed,
        } = *kept;
        Self::ReserveChange(Arc::new(ReserveChange {
            bump,
            pool,
            reserve,
            ready_at_s,
            payer,
            config,
            feed,
            second_feed,
        }))
    }
}

impl From<ThresholdRamp> for Ramp {
    fn from(ramp: ThresholdRamp) -> Self {
        Self { from: ramp.from.0, start_s: ramp.start_s, end_s: ramp.end_s }
    }
}

impl From<OutflowWindow> for Window {
    fn from(window: OutflowWindow) -> Self {
        let OutflowWindow { start_s, current, previous } = window;
        Self { start_s, current: Q::whole(current), previous: Q::whole(previous) }
    }
}

impl From<LossSplit> for Split {
    fn from(split: LossSplit) -> Self {
        let fine = |fine: units::Fine| Q::kept(fine.0, Grain::Fine);
        Self {
            recognised: fine(split.recognised),
            fees: fine(split.fees),
            insurance: fine(split.insurance),
            suppliers: fine(split.suppliers),
            deficit: fine(split.deficit),
        }
    }
}
