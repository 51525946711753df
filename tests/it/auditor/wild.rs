//! Transactions of one to three instructions, of any kind, with random accounts and amounts.

use cofferdam_lending_interface::{
    instruction::{ALL, Liquidate},
    state::FeedConfig,
    units::{Amount, Price, Shares, WAD},
};
use cofferdam_sdk::{
    Address, Instruction, address,
    instruction::{self as build, ReserveKeys, padded},
};
use cofferdam_tests::{
    action::{Action, RECORD_LEN, Record},
    world::{Actor, Asset, PoolId, World},
};
use proptest::{prelude::Rng, test_runner::TestRng};

use super::params::{mode, pool_config, reserve_config};

/// A source of random choices.
pub(super) struct Dice(pub(super) TestRng);

/// Symbol of a feed that five people publish to.
pub(super) const PANEL: [u8; 16] = *b"PANEL\0\0\0\0\0\0\0\0\0\0\0";

/// How they make one price.
pub(super) fn panel(world: &World) -> FeedConfig {
    let mut config = FeedConfig::single(world.person(Actor::OWNERS[0]));
    config.publishers[..5].copy_from_slice(&Actor::OWNERS.map(|owner| world.person(owner)));
    FeedConfig { quorum: 4, quote_max_age_s: 3_600, ..config }
}

/// Kinds of instruction, those of everyday life several times.
const KINDS: u64 = 46;

impl Dice {
    pub(super) fn below(&mut self, sides: u64) -> u64 {
        self.0.next_u64() % sides
    }

    pub(super) fn small(&mut self, sides: u32) -> u32 {
        u32::try_from(self.below(u64::from(sides))).unwrap_or_default()
    }

    pub(super) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).unwrap_or_default()]
    }

    pub(super) fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    pub(super) fn amount(&mut self, likely: u64) -> Amount {
        let part = likely / 100 * self.below(130);
        let power = 1_u64 << self.below(64);
        Amount(match self.below(12) {
            0 => self.below(4),
            1 => power,
            2 | 3 => ALL,
            4 => likely,
            5 => likely.saturating_add(1),
            6 => likely.saturating_sub(1),
            _ => part,
        })
    }

    pub(super) fn shares(&mut self, likely: u128) -> Shares {
        Shares(match self.below(6) {
            0 => u128::from(self.below(3)),
            1 => likely.saturating_add(1),
            2 | 3 => likely,
            _ => likely / 100 * u128::from(self.below(100)),
        })
    }

    pub(super) fn action(&mut self) -> Action {
        let mut bytes = [0; RECORD_LEN];
        self.0.fill_bytes(&mut bytes);
        Action::from(Record(bytes))
    }

    pub(super) fn owner(&mut self) -> Actor {
        self.pick(&Actor::OWNERS)
    }

    pub(super) fn seconds(&mut self) -> u64 {
        let day = 86_400;
        let likely = [0, 0, 1, 30, 600, 3_000, 3_601, day, 3 * day, 8 * day, 10 * day, 31 * day];
        let seconds = self.pick(&likely);
        seconds + self.below(seconds + 1)
    }
}

/// What a random instruction is about.
pub(super) struct Setting<'a> {
    pub(super) world: &'a World,
    pub(super) pool: PoolId,
    pub(super) keys: ReserveKeys,
    pub(super) asset: Asset,
    pub(super) owner: Actor,
    pub(super) position: Address,
}

impl Setting<'_> {
    pub(super) fn person(&self, actor: Actor) -> Address {
        self.world.person(actor)
    }

    fn held(&self, actor: Actor) -> u64 {
        let wallet = self.world.wallet(actor, self.asset);
        let account = self.world.ledger().account(&wallet);
        account.map_or(0, |account| cofferdam_sdk::token::balance(&account.data).get())
    }

    /// Every reserve that the position uses.
    pub(super) fn used(&self) -> Vec<ReserveKeys> {
        let state = self.world.position(self.pool, self.owner).state;
        let keys = Asset::ALL.map(|asset| self.world.keys(self.pool, asset));
        let used = |keys: &ReserveKeys| state.used().any(|entry| entry.reserve == keys.reserve);
        keys.into_iter().filter(used).collect()
    }
}

/// One of the reserves that the owner uses, if there is one and the dice say so.
pub(super) fn setting<'a>(world: &'a World, dice: &mut Dice) -> Setting<'a> {
    let (pool, owner) = (dice.pick(&PoolId::ALL), dice.owner());
    let mut asset = dice.pick(&Asset::LISTED);
    let state = world.position(pool, owner).state;
    let mut used = Asset::LISTED.to_vec();
    used.retain(|asset| {
        let keys = world.keys(pool, *asset);
        state.used().any(|entry| entry.reserve == keys.reserve)
    });
    if !used.is_empty() && !dice.once_in(3) {
        asset = dice.pick(&used);
    }
    let (keys, position) = (world.keys(pool, asset), world.position_address(pool, owner));
    Setting { world, pool, keys, asset, owner, position }
}

/// A transaction and who signs it.
pub(super) fn transaction(world: &World, dice: &mut Dice) -> (Vec<Actor>, Vec<Instruction>) {
    let (mut signers, mut sent) = (Vec::new(), Vec::new());
    for _ in 0..dice.pick(&[1, 1, 1, 1, 2, 3]) {
        let setting = setting(world, dice);
        let (signer, mut instruction) = instruction(&setting, dice);
        if dice.once_in(25) {
            let _last = instruction.accounts.pop();
        }
        signers.push(signer);
        sent.push(instruction);
        if dice.once_in(10) {
            let amount = dice.amount(setting.world.reserve(setting.pool, setting.asset).cash.0);
            let borrower = setting.person(signer);
            let (lend, back) = build::flash_pair(&borrower, &setting.keys, amount);
            sent.insert(0, lend);
            sent.push(back);
        }
    }
    let mut unique = Vec::new();
    for signer in signers {
        if !unique.contains(&signer) {
            unique.push(signer);
        }
    }
    (unique, sent)
}

fn instruction(at: &Setting<'_>, dice: &mut Dice) -> (Actor, Instruction) {
    match dice.below(KINDS) {
        0..=24 => everyday(at, dice),
        25..=33 => fund(at, dice),
        _ => govern(at, dice),
    }
}

fn everyday(at: &Setting<'_>, dice: &mut Dice) -> (Actor, Instruction) {
    let Setting { world, pool, keys, owner, position, .. } = at;
    let (person, entry) =
        (at.person(*owner), world.position(*pool, *owner).state.entry(&keys.reserve));
    let wallet = at.held(*owner);
    let supplied = u64::try_from(entry.supply.0 / 1_000_000).unwrap_or(u64::MAX);
    let owed = u64::try_from(entry.debt.0 / 1_000_000_000).unwrap_or(u64::MAX);
    let cash = world.reserve(*pool, at.asset).cash.0;
    match dice.below(16) {
        0 | 1 => (*owner, build::deposit(&person, position, keys, dice.amount(wallet / 100))),
        2 | 3 => {
            (*owner, build::withdraw(&person, position, keys, &at.used(), dice.amount(supplied)))
        }
        4 | 5 => {
            let amount = dice.amount(cash / 4);
            (*owner, build::borrow(&person, position, keys, &at.used(), amount))
        }
        6 | 7 => (*owner, build::repay(&person, position, keys, dice.amount(owed))),
        8..=10 => liquidation(at, dice),
        11 => {
            let pool = world.pool(*pool);
            (Actor::Liquidator, build::absorb_bad_debt(&pool, position, &at.used()))
        }
        12 if dice.once_in(4) => {
            let (lend, back) = build::flash_pair(&person, keys, dice.amount(cash));
            (*owner, if dice.once_in(2) { lend } else { back })
        }
        12 => {
            let shares = dice.shares(entry.supply.0);
            (*owner, build::give_notice(&person, position, keys, shares))
        }
        _ => publication(at, dice),
    }
}

pub(super) fn liquidation(at: &Setting<'_>, dice: &mut Dice) -> (Actor, Instruction) {
    let state = at.world.position(at.pool, at.owner).state;
    let used = at.used();
    let owes = |keys: &&ReserveKeys| !state.entry(&keys.reserve).debt.is_zero();
    let holds = |keys: &&ReserveKeys| !state.entry(&keys.reserve).supply.is_zero();
    let debt = used.iter().find(owes).copied().unwrap_or(at.keys);
    let mut held: Vec<ReserveKeys> = used.iter().filter(holds).copied().collect();
    held.push(at.keys);
    let collateral = if dice.once_in(3) { dice.pick(&held) } else { held[0] };
    let owed = state.entry(&debt.reserve).debt.0 / 1_000_000_000;
    let repay_max = dice.amount(u64::try_from(owed).unwrap_or(u64::MAX));
    let collateral_min = if dice.once_in(8) { dice.amount(1_000_000) } else { Amount(0) };
    let by = dice.owner();
    let receiver = at.world.position_address(at.pool, by);
    let receiver = (!dice.once_in(4)).then_some(&receiver);
    let args = Liquidate { repay_max, collateral_min };
    let sides = (&debt, &collateral);
    let sent = build::liquidate(&at.person(by), &at.position, sides, receiver, &used, args);
    (by, sent)
}

fn publication(at: &Setting<'_>, dice: &mut Dice) -> (Actor, Instruction) {
    if dice.once_in(4) {
        return panel_quote(at, dice);
    }
    let feed = at.world.price_feed(at.asset);
    let now = if feed.price.is_zero() { at.asset.par().0 } else { feed.price.0 };
    let percent = dice.pick(&[100, 100, 99, 101, 90, 110, 70, 50, 200, 3, 0]);
    let price = now / 100 * percent;
    // Back towards the start, or after a while every price is zero or too high.
    let price = if dice.once_in(3) { at.asset.par().0 } else { price.min(1 << 100) };
    let confidence = dice.pick(&[0, 0, price / 1_000, price / 15, price]);
    let late_s = dice.pick(&[0, 0, 0, 10, 5_000, -1]);
    let feed = match at.keys.second_feed {
        Some(second) if dice.once_in(2) => second,
        _ => at.keys.feed,
    };
    let (price, confidence) = (Price(price), Price(confidence));
    let at_s = at.world.now_s() - late_s;
    let publisher = if dice.once_in(20) { at.owner } else { Actor::Publisher };
    let sent = build::publish_price(&at.person(publisher), &feed, price, confidence, at_s);
    (publisher, sent)
}

/// One of five says what they think.
pub(super) fn panel_quote(at: &Setting<'_>, dice: &mut Dice) -> (Actor, Instruction) {
    let feed = address::feed(&at.person(Actor::Publisher), &PANEL).0;
    let price = WAD + u128::from(dice.below(1_000_000_007));
    let price = if dice.once_in(10) { 0 } else { price };
    let confidence = if price == 0 { 0 } else { u128::from(dice.below(1_000_000)) };
    let late_s = i64::try_from(dice.below(100)).unwrap_or_default();
    let (price, confidence) = (Price(price), Price(confidence));
    let at_s = at.world.now_s() - late_s;
    (at.owner, build::publish_price(&at.person(at.owner), &feed, price, confidence, at_s))
}

fn fund(at: &Setting<'_>, dice: &mut Dice) -> (Actor, Instruction) {
    let Setting { world, pool, keys, owner, .. } = at;
    let (person, wallet) = (at.person(*owner), at.held(*owner));
    let stake = world.stake_address(*owner, *pool, at.asset);
    let stake = world.client().stake(&stake).ok();
    let (shares, cooling) = stake.map_or((0, 0), |stake| (stake.shares.0, stake.cooling.0));
    let reserve = world.reserve(*pool, at.asset);
    let fees = reserve.fees.units_down().unwrap_or_default().0;
    let deficit = reserve.deficit.units_down().unwrap_or_default().0;
    match dice.below(10) {
        0 => (*owner, build::open_stake(&person, &person, keys)),
        1 | 2 => (*owner, build::stake_insurance(&person, keys, dice.amount(wallet / 1_000))),
        3 | 4 => (*owner, build::start_cooldown(&person, keys, dice.shares(shares))),
        5 | 6 => (*owner, build::unstake_insurance(&person, keys, dice.shares(cooling))),
        7 => (*owner, build::cover_deficit(&person, keys, dice.amount(deficit))),
        8 => (*owner, build::fund_insurance(&person, keys, dice.amount(wallet / 10_000))),
        _ => {
            let admin = if dice.once_in(8) { *owner } else { Actor::Admin };
            (admin, build::collect_fees(&at.person(admin), keys, dice.amount(fees)))
        }
    }
}

fn govern(at: &Setting<'_>, dice: &mut Dice) -> (Actor, Instruction) {
    let Setting { keys, .. } = at;
    let admin = if dice.once_in(10) { at.owner } else { Actor::Admin };
    let guard = if dice.once_in(3) { Actor::Bob } else { admin };
    let (who, guardian, pool) = (at.person(admin), at.person(guard), keys.pool);
    let target = (&pool, &keys.reserve);
    let payer = at.person(Actor::Admin);
    match dice.below(15) {
        0 => (admin, build::update_pool(&who, &pool, pool_config(at, dice))),
        1 | 2 => {
            let (config, ramp_s) =
                (reserve_config(at, dice), dice.pick(&[0, 0, 86_400, 200_000, 3_600]));
            (guard, build::update_reserve(&guardian, &pool, &keys.reserve, config, ramp_s))
        }
        3 | 4 => (guard, build::set_pool_mode(&guardian, &pool, mode(dice))),
        5 => (guard, build::set_reserve_mode(&guardian, &pool, &keys.reserve, mode(dice))),
        6 => (admin, build::queue_pool_change(&who, &who, &pool, pool_config(at, dice))),
        7 => (admin, build::apply_pool_change(&who, &pool, &payer)),
        8 => (guard, build::cancel_pool_change(&guardian, &pool, &payer)),
        9 => {
            let second = keys.second_feed.unwrap_or_default();
            let feeds = (&keys.feed, &second);
            let config = reserve_config(at, dice);
            (admin, build::queue_reserve_change(&who, &who, target, feeds, config))
        }
        10 => (admin, build::apply_reserve_change(&who, target, &payer)),
        11 => (guard, build::cancel_reserve_change(&guardian, target, &payer)),
        12 => (admin, build::propose_admin(&who, &pool, &at.person(Actor::Admin))),
        13 => (admin, build::accept_admin(&who, &pool)),
        _ => open(at, dice),
    }
}

fn open(at: &Setting<'_>, dice: &mut Dice) -> (Actor, Instruction) {
    let who = at.person(at.owner);
    match dice.below(4) {
        0 => {
            let index = u16::try_from(dice.below(4)).unwrap_or_default();
            (at.owner, build::open_position(&who, &who, &at.keys.pool, index))
        }
        1 => {
            let name = padded(dice.pick(&["a", "b", "", "ö"])).unwrap_or_default();
            (at.owner, build::create_pool(&who, &who, name, pool_config(at, dice)))
        }
        2 => {
            let symbol = padded(dice.pick(&["X", "Y", "Z"])).unwrap_or_default();
            let mut config = FeedConfig::single(who);
            config.publishers[1] = at.person(dice.owner());
            config.quorum = dice.pick(&[0, 1, 2, 3]);
            (at.owner, build::create_feed(&who, &who, symbol, config))
        }
        _ => {
            let (admin, mint) = (at.person(Actor::Admin), at.world.mint(Asset::Wbtc));
            let feed = at.world.feed(Asset::Wbtc);
            let config = reserve_config(at, dice);
            (
                Actor::Admin,
                build::add_reserve(&admin, &admin, &at.keys.pool, (&mint, &feed), config),
            )
        }
    }
}
