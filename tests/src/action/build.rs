//! From a resolved action to an instruction and who signs it.

use cofferdam_host::Address;
use cofferdam_lending_interface::{instruction::Liquidate, state::FeedConfig, units::Amount};
use cofferdam_sdk::{Instruction, instruction as build, instruction::ReserveKeys};

use super::{
    Action, Verb,
    price::{Publication, Side, publication},
    resolve,
};
use crate::{
    scene::Scene,
    world::{Actor, Asset, World},
};

/// What is to be sent, by whom, and the figures for the label.
pub(super) struct Built {
    pub(super) instruction: Instruction,
    pub(super) signer: Actor,
    pub(super) figures: String,
}

/// A resolved action.
pub(super) struct Resolved<'a> {
    pub(super) world: &'a World,
    pub(super) scene: &'a Scene,
    pub(super) action: &'a Action,
    owner: Actor,
    position: Address,
    pub(super) keys: ReserveKeys,
}

/// The instruction of an action; `None` for what is no transaction of its own.
pub(super) fn build(world: &World, scene: &Scene, action: &Action) -> Option<Built> {
    let (owner, position) = resolve::position(world, scene, action.pool, action.role);
    let keys = world.keys(action.pool, action.asset);
    let resolved = Resolved { world, scene, action, owner, position, keys };
    match action.verb {
        Verb::Deposit | Verb::Withdraw | Verb::Borrow | Verb::Repay => resolved.position_verb(),
        Verb::Liquidate => resolved.liquidate(),
        Verb::AbsorbBadDebt => resolved.absorb(),
        Verb::FundInsurance | Verb::CollectFees | Verb::Donate => resolved.vault_verb(),
        Verb::PublishPrice => Some(resolved.publish()),
        Verb::UpdateReserve
        | Verb::AddReserve
        | Verb::CreatePool
        | Verb::UpdatePool
        | Verb::SetMode => Some(resolved.admin_verb()),
        Verb::CreateFeed | Verb::OpenPosition => Some(resolved.create()),
        Verb::Refresh | Verb::Advance => None,
    }
}

impl Resolved<'_> {
    fn position_verb(&self) -> Option<Built> {
        let (person, position, keys) = (self.world.person(self.owner), self.position, self.keys);
        let reserve = self.scene.reserves.get(&keys.reserve)?;
        let amount = resolve::amount(self.action.size, self.most());
        let others = self.used();
        // Anybody may repay; the liquidator does, so that payer and owner differ.
        let payer =
            if self.action.other == self.action.asset { Actor::Liquidator } else { self.owner };
        let (signer, instruction) = match self.action.verb {
            Verb::Deposit => (self.owner, build::deposit(&person, &position, &keys, amount)),
            Verb::Withdraw => {
                (self.owner, build::withdraw(&person, &position, &keys, &others, amount))
            }
            Verb::Borrow => (self.owner, build::borrow(&person, &position, &keys, &others, amount)),
            _ => (payer, build::repay(&self.world.person(payer), &position, &keys, amount)),
        };
        let figures = format!("{} {amount} (reserve cash {})", self.place(), reserve.cash);
        Some(Built { instruction, signer, figures })
    }

    /// The most that makes sense for a verb.
    fn most(&self) -> Amount {
        let (scene, position, reserve) = (self.scene, &self.position, &self.keys.reserve);
        match self.action.verb {
            Verb::Withdraw => scene.held(position, reserve),
            Verb::Borrow => scene.room(position, reserve),
            Verb::Repay => scene.owed(position, reserve),
            _ => scene.balance(&self.world.wallet(self.owner, self.action.asset)),
        }
    }

    /// A liquidation of what the position owes and holds: the assets of the record when it does,
    /// its first ones otherwise.
    fn liquidate(&self) -> Option<Built> {
        let state = self.scene.positions.get(&self.position)?;
        let asset_of =
            |address: &Address| Asset::ALL.into_iter().find(|a| self.key(*a).reserve == *address);
        let owed = state.used().filter(|entry| !entry.debt.is_zero()).map(|entry| entry.reserve);
        let held = state.used().filter(|entry| !entry.supply.is_zero()).map(|entry| entry.reserve);
        let pick = |wanted: Asset, mut among: Vec<Address>| {
            among.sort_by_key(|address| *address != self.key(wanted).reserve);
            among.first().and_then(asset_of).unwrap_or(wanted)
        };
        let debt = pick(self.action.asset, owed.collect());
        let collateral = pick(self.action.other, held.collect());
        let (debt_keys, collateral_keys) = (self.key(debt), self.key(collateral));
        let owed = self.scene.owed(&self.position, &debt_keys.reserve);
        let repay_max = resolve::amount(self.action.size, owed);
        let args = Liquidate { repay_max, collateral_min: Amount::ZERO };
        let liquidator = self.world.person(Actor::Liquidator);
        let sides = (&debt_keys, &collateral_keys);
        let instruction =
            build::liquidate(&liquidator, &self.position, sides, None, &self.used(), args);
        let symbols = (debt.symbol(), collateral.symbol());
        let figures = format!("{} {} for {}, {repay_max}", self.place(), symbols.0, symbols.1);
        Some(Built { instruction, signer: Actor::Liquidator, figures })
    }

    fn absorb(&self) -> Option<Built> {
        let _exists = self.scene.positions.get(&self.position)?;
        let pool = self.world.pool(self.action.pool);
        let instruction = build::absorb_bad_debt(&pool, &self.position, &self.used());
        Some(Built { instruction, signer: Actor::Liquidator, figures: self.place() })
    }

    fn vault_verb(&self) -> Option<Built> {
        let reserve = self.scene.accrued.get(&self.keys.reserve)?;
        let wallet = self.scene.balance(&self.world.wallet(self.owner, self.action.asset));
        let fees = reserve.fees.units_down().unwrap_or_default();
        let (signer, most) = match self.action.verb {
            Verb::CollectFees => (Actor::Admin, fees),
            // Not the whole wallet: insurance is never lent, so a pool would run dry of cash.
            _ => (self.owner, Amount(wallet.get() >> 8)),
        };
        let amount = resolve::amount(self.action.size, most);
        let person = self.world.person(signer);
        let instruction = match self.action.verb {
            Verb::CollectFees => build::collect_fees(&person, &self.keys, amount),
            Verb::FundInsurance => build::fund_insurance(&person, &self.keys, amount),
            _ => self.world.donation(signer, self.action.pool, self.action.asset, amount),
        };
        Some(Built { instruction, signer, figures: format!("{} {amount}", self.place()) })
    }

    fn publish(&self) -> Built {
        let (asset, side) = self.priced();
        let (feed, par) = (self.world.feed(asset), asset.par());
        let now = self.scene.feeds.get(&feed).map_or(par, |feed| feed.price);
        let health = self.scene.health(&self.position).unwrap_or_default();
        // From zero no factor leads back.
        let now = if now.is_zero() { par } else { now };
        let Publication { price, confidence, observed_ago_s } =
            publication(self.action.price, now, par, health, side);
        let publisher = self.world.person(Actor::Publisher);
        let observed_at_s = self.scene.now_s - observed_ago_s;
        let instruction = build::publish_price(&publisher, &feed, price, confidence, observed_at_s);
        let figures =
            format!("{} {price} ± {confidence} observed {observed_ago_s} s ago", asset.symbol());
        Built { instruction, signer: Actor::Publisher, figures }
    }

    /// The asset whose price moves: for a gap, one the position holds or owes.
    fn priced(&self) -> (Asset, Side) {
        let gap = matches!(
            self.action.price,
            super::Move::ThroughLiquidation
                | super::Move::ThroughBankruptcy
                | super::Move::ThinSurplus
        );
        let state = self.scene.positions.get(&self.position).filter(|_| gap);
        let found = Asset::ALL.into_iter().find_map(|asset| {
            let entry = state?.entry(&self.key(asset).reserve);
            (!entry.supply.is_zero()).then_some((asset, Side::Collateral))
        });
        let owed = self.action.asset;
        let owes = state.is_some_and(|p| !p.entry(&self.key(owed).reserve).debt.is_zero());
        if owes { (owed, Side::Debt) } else { found.unwrap_or((owed, Side::Collateral)) }
    }

    fn create(&self) -> Built {
        let (person, index) = (self.world.person(self.owner), self.action.seconds % 8);
        let index = u16::try_from(index).unwrap_or_default();
        let instruction = match self.action.verb {
            Verb::CreateFeed => build::create_feed(
                &person,
                &person,
                number(b'F', self.action),
                FeedConfig::single(person),
            ),
            _ => build::open_position(&person, &person, &self.world.pool(self.action.pool), index),
        };
        Built { instruction, signer: self.owner, figures: format!("{} {index}", self.place()) }
    }

    fn used(&self) -> Vec<ReserveKeys> {
        let state = self.scene.positions.get(&self.position);
        let used = |keys: &ReserveKeys| {
            state.is_some_and(|state| state.used().any(|entry| entry.reserve == keys.reserve))
        };
        Asset::ALL.map(|asset| self.key(asset)).into_iter().filter(used).collect()
    }

    fn key(&self, asset: Asset) -> ReserveKeys {
        self.world.keys(self.action.pool, asset)
    }

    pub(super) fn place(&self) -> String {
        let Action { pool, asset, .. } = self.action;
        format!("{}@{} {}", self.owner.name(), pool.name(), asset.symbol())
    }
}

/// A name out of a few, so that some exist already.
pub(super) fn number<const N: usize>(letter: u8, action: &Action) -> [u8; N] {
    let digit = b'0' + u8::try_from(action.seconds % 10).unwrap_or_default();
    let mut name = [0; N];
    name[..2].copy_from_slice(&[letter, digit]);
    name
}
