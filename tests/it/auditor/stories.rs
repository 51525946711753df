//! Short stories that random transactions would hardly ever hit upon: each takes a few steps, with
//! the right time between them, or nearly.

use cofferdam_lending_interface::{
    instruction::{ALL, Liquidate},
    state::{PoolConfig, ReserveConfig},
    units::{Amount, Bps, Price, WAD},
};
use cofferdam_sdk::instruction as build;
use cofferdam_tests::{
    action::{Action, Verb},
    world::{
        Actor::{self, Alice, Dave, Mallory},
        Asset::{Dai, Usdc, Wbtc, Weth},
        PoolId::{self, Lagoon},
    },
};

use super::{
    Audit, params,
    wild::{self, Dice},
};

/// Tells one of them.
pub(super) fn tell(audit: &mut Audit, dice: &mut Dice) {
    match dice.below(11) {
        0 => cooling(audit, dice),
        1 => notice(audit, dice),
        2 => pool_change(audit, dice),
        3 => reserve_change(audit, dice),
        4 => thaw(audit, dice),
        5 => panel(audit, dice),
        8 => wipe_out(audit, dice),
        9 => drained(audit, dice),
        6 | 7 => return_of_a_loss(audit, dice),
        _ => crash(audit, dice),
    }
}

/// Shares cool down, and their owner is there in time, or not.
fn cooling(audit: &mut Audit, dice: &mut Dice) {
    let at = wild::setting(&audit.world, dice);
    let (owner, keys, person) = (at.owner, at.keys, at.person(at.owner));
    let stake = build::stake_insurance(&person, &keys, Amount(1_000_000 + dice.below(1 << 32)));
    audit.transaction((vec![owner], vec![stake]));
    let held = audit.stake(owner, &keys);
    audit
        .transaction((vec![owner], vec![build::start_cooldown(&person, &keys, dice.shares(held))]));
    audit.world.advance(860_000 + dice.below(200_000));
    let leave = build::unstake_insurance(&person, &keys, dice.shares(held / 2));
    audit.transaction((vec![owner], vec![leave]));
}

/// A withdrawal is announced and comes in time, or not.
fn notice(audit: &mut Audit, dice: &mut Dice) {
    let at = wild::setting(&audit.world, dice);
    let (owner, keys, person, position) = (at.owner, at.keys, at.person(at.owner), at.position);
    let held = at.world.position(at.pool, owner).state.entry(&keys.reserve).supply.0;
    let give = build::give_notice(&person, &position, &keys, dice.shares(held));
    audit.transaction((vec![owner], vec![give]));
    audit.world.advance(3_500 + dice.pick(&[0, 200, 80_000, 90_000]));
    refresh(audit, dice);
    let used = wild::setting(&audit.world, dice).used();
    let likely = u64::try_from(held / 2_000_000).unwrap_or(u64::MAX);
    let leave = build::withdraw(&person, &position, &keys, &used, dice.amount(likely));
    audit.transaction((vec![owner], vec![leave]));
}

/// A pool's change waits and is applied, too early, in time or too late.
fn pool_change(audit: &mut Audit, dice: &mut Dice) {
    let at = wild::setting(&audit.world, dice);
    let (admin, pool) = (at.person(Actor::Admin), at.keys.pool);
    let guardian = at.person(Actor::Bob);
    let grace_s = dice.pick(&[3_600, 14_400]);
    let timelock_s = dice.pick(&[0, 60, 3_600]);
    let config = PoolConfig { guardian, timelock_s, grace_s, ..Default::default() };
    let queue = build::queue_pool_change(&admin, &admin, &pool, config);
    audit.transaction((vec![Actor::Admin], vec![queue]));
    audit.world.advance(dice.pick(&[0, 60, 3_600, 1_209_600, 1_209_601, 1_300_000]));
    let apply = build::apply_pool_change(&admin, &pool, &admin);
    audit.transaction((vec![Actor::Admin], vec![apply]));
}

/// The same of a reserve, and a threshold that falls.
fn reserve_change(audit: &mut Audit, dice: &mut Dice) {
    let at = wild::setting(&audit.world, dice);
    let (admin, target) = (at.person(Actor::Admin), (at.keys.pool, at.keys.reserve));
    let (target, keys) = ((&target.0, &target.1), at.keys);
    let second = keys.second_feed.unwrap_or_default();
    let config = ReserveConfig { max_price_age_s: 7_200, ..params::reserve_config(&at, dice) };
    let feeds = (&keys.feed, &second);
    let queue = build::queue_reserve_change(&admin, &admin, target, feeds, config);
    audit.transaction((vec![Actor::Admin], vec![queue]));
    audit.world.advance(dice.pick(&[0, 3_600, 90_000, 1_300_000]));
    let apply = build::apply_reserve_change(&admin, target, &admin);
    audit.transaction((vec![Actor::Admin], vec![apply]));
    let threshold = Bps(7_700 + dice.pick(&[0, 100, 200]));
    let config = ReserveConfig { liquidation_threshold: threshold, ..config };
    let ramp_s = dice.pick(&[86_400, 100_003, 31_536_000]);
    let update = build::update_reserve(&admin, target.0, target.1, config, ramp_s);
    audit.transaction((vec![Actor::Admin], vec![update]));
    audit.world.advance(dice.below(100_000));
    refresh(audit, dice);
    let at = wild::setting(&audit.world, dice);
    let (who, seize) = wild::liquidation(&at, dice);
    audit.transaction((vec![who], vec![seize]));
}

/// A pool freezes and thaws, and somebody is liquidated within the grace.
fn thaw(audit: &mut Audit, dice: &mut Dice) {
    use cofferdam_lending_interface::state::Mode;
    let at = wild::setting(&audit.world, dice);
    let (admin, pool) = (at.person(Actor::Admin), at.keys.pool);
    for mode in [Mode::Frozen, Mode::Active] {
        audit.transaction((vec![Actor::Admin], vec![build::set_pool_mode(&admin, &pool, mode)]));
    }
    crash(audit, dice);
}

/// Five people publish, some of them twice.
fn panel(audit: &mut Audit, dice: &mut Dice) {
    for _ in 0..8 {
        let at = wild::setting(&audit.world, dice);
        let (who, say) = wild::panel_quote(&at, dice);
        audit.transaction((vec![who], vec![say]));
        audit.world.advance(dice.pick(&[0, 1, 37, 400]));
    }
}

/// A price falls or rises, and liquidators, and whoever recognises losses, come at once.
fn crash(audit: &mut Audit, dice: &mut Dice) {
    refresh(audit, dice);
    let at = wild::setting(&audit.world, dice);
    let (feed, publisher) = (at.keys.feed, at.person(Actor::Publisher));
    let percent = dice.pick(&[20, 50, 70, 80, 90, 95, 130, 180]);
    let price = Price((at.asset.par().0 / 100 * percent).max(WAD / 1_000));
    let now_s = audit.world.now_s();
    let publish = build::publish_price(&publisher, &feed, price, Price(0), now_s);
    audit.transaction((vec![Actor::Publisher], vec![publish]));
    audit.world.advance(dice.pick(&[0, 300, 3_000]));
    for _ in 0..4 {
        let at = wild::setting(&audit.world, dice);
        let (pool, position, used) = (at.keys.pool, at.position, at.used());
        let (who, seize) = wild::liquidation(&at, dice);
        audit.transaction((vec![who], vec![seize]));
        let absorb = build::absorb_bad_debt(&pool, &position, &used);
        audit.transaction((vec![Actor::Liquidator], vec![absorb]));
    }
}

/// A borrower whose debt was written off pays after all, and what comes back vests.
fn return_of_a_loss(audit: &mut Audit, dice: &mut Dice) {
    crash(audit, dice);
    for _ in 0..6 {
        let at = wild::setting(&audit.world, dice);
        let (payer, person, keys) = (Actor::Liquidator, at.person(Actor::Liquidator), at.keys);
        let amount = Amount(dice.pick(&[ALL, ALL, 1_000_000_000, 7]));
        let repay = build::repay(&person, &at.position, &keys, amount);
        audit.transaction((vec![payer], vec![repay]));
        if dice.once_in(2) {
            audit.world.advance(dice.pick(&[1, 3_600, 86_400, 500_000]));
        }
        let cover = build::cover_deficit(&person, &keys, dice.amount(1 << 30));
        audit.transaction((vec![payer], vec![cover]));
        let touch = build::fund_insurance(&person, &keys, Amount(1));
        audit.transaction((vec![payer], vec![touch]));
    }
}

/// All of a reserve is borrowed against what is worth nothing a moment later.
fn wipe_out(audit: &mut Audit, dice: &mut Dice) {
    refresh(audit, dice);
    let world = &audit.world;
    let (weth, wbtc) = (world.keys(Lagoon, Weth), world.keys(Lagoon, Wbtc));
    let (person, position) = (world.person(Mallory), world.position_address(Lagoon, Mallory));
    let used = [weth, wbtc, world.keys(Lagoon, Dai)];
    let deposit = build::deposit(&person, &position, &weth, Weth.whole(400));
    let cash = world.reserve(Lagoon, Wbtc).cash;
    let borrow = build::borrow(&person, &position, &wbtc, &used, cash);
    audit.transaction((vec![Mallory], vec![deposit, borrow]));
    let (publisher, now_s) = (audit.world.person(Actor::Publisher), audit.world.now_s());
    let price = Price(dice.pick(&[WAD / 1_000, WAD, 1]));
    let publish = build::publish_price(&publisher, &weth.feed, price, Price(0), now_s);
    audit.transaction((vec![Actor::Publisher], vec![publish]));
    audit.world.advance(dice.pick(&[0, 1_000]));
    let absorb = build::absorb_bad_debt(&weth.pool, &position, &used);
    audit.transaction((vec![Actor::Liquidator], vec![absorb]));
    let dave = (audit.world.person(Dave), audit.world.position_address(Lagoon, Dave));
    let clear = build::withdraw(&dave.0, &dave.1, &wbtc, &[], Amount(ALL));
    audit.transaction((vec![Dave], vec![clear]));
}

/// All cash of a collateral is lent out, so a liquidation of it pays in shares.
fn drained(audit: &mut Audit, dice: &mut Dice) {
    refresh(audit, dice);
    let (pool, world) = (dice.pick(&PoolId::ALL), &audit.world);
    let (weth, usdc) = (world.keys(pool, Weth), world.keys(pool, Usdc));
    let (person, position) = (world.person(Mallory), world.position_address(pool, Mallory));
    let used = [weth, usdc, world.keys(pool, Dai)];
    let deposit = build::deposit(&person, &position, &usdc, Usdc.whole(2_000_000));
    let free = world.reserve(pool, Weth).available().unwrap_or_default();
    let borrow = build::borrow(&person, &position, &weth, &used, free);
    audit.transaction((vec![Mallory], vec![deposit, borrow]));
    let (publisher, now_s) = (audit.world.person(Actor::Publisher), audit.world.now_s());
    let price = Price(WAD * dice.pick(&[1_550, 1_450, 1_000, 500]));
    let publish = build::publish_price(&publisher, &weth.feed, price, Price(0), now_s);
    audit.transaction((vec![Actor::Publisher], vec![publish]));
    let (alice, dave) = (audit.world.position_address(pool, Alice), audit.world.person(Dave));
    let receiver = audit.world.position_address(pool, Dave);
    let receiver = if dice.once_in(4) { alice } else { receiver };
    let repay_max = dice.amount(Usdc.whole(10_000).0);
    let args = Liquidate { repay_max, collateral_min: Amount(0) };
    let sides = (&usdc, &weth);
    let seize = build::liquidate(&dave, &alice, sides, Some(&receiver), &[weth, usdc], args);
    audit.transaction((vec![Dave], vec![seize]));
}

fn refresh(audit: &mut Audit, dice: &mut Dice) {
    audit.action(&Action { verb: Verb::Refresh, ..dice.action() });
}
