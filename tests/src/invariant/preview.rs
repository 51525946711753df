//! That a client's preview tells what then happens, tried on forks at the end of a run.

use cofferdam_ledger::Receipt;
use cofferdam_lending_interface::{
    event::{Borrowed, Deposited, Liquidated, Repaid, Withdrawn},
    instruction::ALL,
    units::Amount,
};
use cofferdam_sdk::{ClientError, Market, PositionView};

use super::Verdict;
use crate::world::{Actor, Asset, PoolId, World};

/// Amounts that are tried, in native units.
const TRIES: [u64; 2] = [1_000_000, ALL];

/// Somebody in a pool, as a client sees him.
struct Client<'a> {
    world: &'a World,
    market: &'a Market,
    pool: PoolId,
    owner: Actor,
    position: PositionView,
}

pub(super) fn previews_come_true(world: &World) -> Verdict {
    for pool in PoolId::ALL {
        // Interest that leaves its range is another invariant's business.
        let Ok(market) = world.client().market(&world.pool(pool)) else { continue };
        for owner in Actor::OWNERS {
            let position = world.position(pool, owner);
            let client = Client { world, market: &market, pool, owner, position };
            for asset in Asset::ALL {
                client.tries(asset)?;
            }
            client.liquidations()?;
            client.absorption()?;
        }
    }
    Ok(())
}

impl Client<'_> {
    fn tries(&self, asset: Asset) -> Verdict {
        let (mint, market, position) = (self.world.mint(asset), self.market, &self.position);
        let (pool, owner) = (self.pool, self.owner);
        for amount in TRIES.map(Amount) {
            if amount.get() != ALL {
                let preview = market.preview_deposit(position, &mint, amount);
                let sent = self.world.clone().deposit(owner, pool, asset, amount);
                self.same("deposit", &preview, &sent, |plan, receipt| {
                    let told = receipt.events::<Deposited>().next();
                    told.is_some_and(|e| (e.amount, e.shares) == (plan.amount, plan.shares))
                })?;
                let preview = market.preview_borrow(position, &mint, amount);
                let sent = self.world.clone().borrow(owner, pool, asset, amount);
                self.same("loan", &preview, &sent, |plan, receipt| {
                    let told = receipt.events::<Borrowed>().next();
                    told.is_some_and(|e| (e.amount, e.shares) == (plan.amount, plan.shares))
                })?;
            }
            let preview = market.preview_withdraw(position, &mint, amount);
            let sent = self.world.clone().withdraw(owner, pool, asset, amount);
            self.same("withdrawal", &preview, &sent, |plan, receipt| {
                let told = receipt.events::<Withdrawn>().next();
                told.is_some_and(|e| (e.amount, e.shares) == (plan.amount, plan.shares))
            })?;
            let preview = market.preview_repay(position, &mint, amount);
            let sent = self.world.clone().repay(owner, (pool, owner), asset, amount);
            self.same("repayment", &preview, &sent, |plan, receipt| {
                let told = receipt.events::<Repaid>().next();
                told.is_some_and(|e| (e.amount, e.shares) == (plan.amount, plan.shares))
            })?;
        }
        Ok(())
    }

    fn liquidations(&self) -> Verdict {
        let entry = |asset| self.position.state.entry(&self.world.keys(self.pool, asset).reserve);
        for debt in Asset::ALL.into_iter().filter(|asset| !entry(*asset).debt.is_zero()) {
            for held in Asset::ALL.into_iter().filter(|asset| !entry(*asset).supply.is_zero()) {
                let mints = (&self.world.mint(debt), &self.world.mint(held));
                let all = Amount(ALL);
                let preview = self.market.preview_liquidation(&self.position, mints, all, None);
                let at = (self.pool, self.owner);
                let sent = self.world.clone().liquidate(at, (debt, held), all, Amount::ZERO);
                self.same("liquidation", &preview, &sent, |plan, receipt| {
                    let told = receipt.events::<Liquidated>().next();
                    told.is_some_and(|e| {
                        let paid = (plan.repay.amount, plan.seize.amount, plan.protocol_fee);
                        (e.repaid, e.seized, e.protocol_fee) == paid && e.bonus == plan.bonus
                    })
                })?;
            }
        }
        Ok(())
    }

    fn absorption(&self) -> Verdict {
        use cofferdam_lending_interface::event::BadDebtAbsorbed;

        let preview = self.market.preview_absorb(&self.position);
        let sent = self.world.clone().absorb(self.pool, self.owner);
        self.same("recognition", &preview, &sent, |plan, receipt| {
            let told = receipt.events::<BadDebtAbsorbed>().map(|e| (e.reserve, e.shares));
            told.eq(plan.cuts.iter().map(|cut| (cut.reserve, cut.shares)))
        })
    }

    /// A plan comes true to the unit, a refusal with the same error. What the token program or the
    /// ledger refuses, an empty wallet above all, no preview can know.
    fn same<P: std::fmt::Debug>(
        &self,
        what: &str,
        preview: &Result<P, ClientError>,
        sent: &Result<Receipt, ClientError>,
        agree: impl Fn(&P, &Receipt) -> bool,
    ) -> Verdict {
        let fine = match (preview, sent) {
            (Ok(plan), Ok(receipt)) => agree(plan, receipt),
            (Err(ClientError::Preview(told)), Err(ClientError::Lending { error, .. })) => {
                told == error
            }
            (_, Err(ClientError::Submit(_))) | (Err(ClientError::Missing { .. }), _) => true,
            _ => false,
        };
        if fine {
            return Ok(());
        }
        let (owner, pool) = (self.owner.name(), self.pool.name());
        Err(format!("{what} of {owner} in {pool}: told {preview:?}, got {sent:?}"))
    }
}
