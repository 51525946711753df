//! The life of a pool, told so that every instruction happens in it.

use cofferdam_sdk::{
    Address, Decimal, Keypair, PositionView, address,
    instruction::{self as build, padded},
    interface::{
        instruction::ALL,
        state::{COOLDOWN_S, FeedConfig, LossPolicy, Mode, PoolConfig, ReserveConfig},
        units::{Amount, Price, Shares, WAD},
    },
    keys::seeded,
    ledger::Warp,
    local::Sandbox,
};
use solana_signer::Signer as _;

use super::{Meter, SEED, dollars};

pub(super) fn play(meter: &mut Meter) {
    measure_market(meter);
    measure_loan(meter);
}

/// Sets up a market of its own: pool, feed and reserve.
fn measure_market(meter: &mut Meter) {
    let admin = seeded(SEED, "admin");
    let who = admin.pubkey();
    let (pool, feed) =
        (padded("units").expect("a short name"), padded("UNITS").expect("a short symbol"));
    meter.measure(
        "CreatePool",
        &[&admin],
        build::create_pool(&who, &who, pool, PoolConfig::default()),
    );
    meter.measure(
        "CreateFeed",
        &[&admin],
        build::create_feed(&who, &who, feed, FeedConfig::single(who)),
    );
    let (pool, feed) = (address::pool(&who, &pool).0, address::feed(&who, &feed).0);
    let now_s = meter.sandbox.client.backend().clock().unix_timestamp;
    let publish = build::publish_price(&who, &feed, Price(200 * WAD), Price::ZERO, now_s);
    meter.measure("PublishPrice", &[&admin], publish);
    let config = Sandbox::config().expect("valid");
    let eth = meter.sandbox.eth;
    let add = build::add_reserve(&who, &who, &pool, (&eth, &feed), config);
    meter.measure("AddReserve", &[&admin], add);
    let reserve = address::reserve(&pool, &eth).0;
    let changed = ReserveConfig { max_price_age_s: 60, ..config };
    let update = build::update_reserve(&who, &pool, &reserve, changed, 0);
    meter.measure("UpdateReserve", &[&admin], update);
    measure_governance(meter, &admin, (&pool, &reserve, &feed), config);
}

/// Who runs that market, and changes to it that have to wait.
fn measure_governance(
    meter: &mut Meter,
    admin: &Keypair,
    (pool, reserve, feed): (&Address, &Address, &Address),
    config: ReserveConfig,
) {
    let who = admin.pubkey();
    let slow = PoolConfig { timelock_s: 60, ..PoolConfig::default() };
    meter.measure("UpdatePool", &[admin], build::update_pool(&who, pool, slow));
    let (places, feeds) = ((pool, reserve), (feed, &Address::default()));
    let queue = build::queue_reserve_change(&who, &who, places, feeds, config);
    let cancel = build::cancel_reserve_change(&who, places, &who);
    let apply = build::apply_reserve_change(&who, places, &who);
    meter.measure("QueueReserveChange", &[admin], queue.clone());
    meter.measure("CancelReserveChange", &[admin], cancel);
    meter.wait(1);
    meter.run(&[admin], queue);
    meter.wait(61);
    meter.measure("ApplyReserveChange", &[admin], apply);
    let queue = build::queue_pool_change(&who, &who, pool, PoolConfig::default());
    meter.measure("QueuePoolChange", &[admin], queue.clone());
    meter.measure("CancelPoolChange", &[admin], build::cancel_pool_change(&who, pool, &who));
    meter.wait(1);
    meter.run(&[admin], queue);
    meter.wait(61);
    meter.measure("ApplyPoolChange", &[admin], build::apply_pool_change(&who, pool, &who));
    let mode = Mode::ReduceOnly;
    meter.measure("SetReserveMode", &[admin], build::set_reserve_mode(&who, pool, reserve, mode));
    meter.measure("SetPoolMode", &[admin], build::set_pool_mode(&who, pool, mode));
    let next = meter.sandbox.person("next").expect("funded");
    meter.measure("ProposeAdmin", &[admin], build::propose_admin(&who, pool, &next.pubkey()));
    meter.measure("AcceptAdmin", &[&next], build::accept_admin(&next.pubkey(), pool));
}

/// A stake in an insurance fund from its first day to its last, and a flash loan.
fn measure_fund(meter: &mut Meter, saver: &Keypair, savings: &PositionView) {
    let who = saver.pubkey();
    let market = meter.sandbox.client.market(&meter.sandbox.pool).expect("readable");
    let keys = market.reserve_of(&meter.sandbox.usd).expect("listed").keys;
    meter.measure("OpenStake", &[saver], build::open_stake(&who, &who, &keys));
    let amount = Amount(10_000_000_000);
    meter.measure("StakeInsurance", &[saver], build::stake_insurance(&who, &keys, amount));
    let stake = address::stake(&keys.reserve, &who).0;
    let shares = meter.sandbox.client.stake(&stake).expect("it was opened").shares;
    meter.measure("StartCooldown", &[saver], build::start_cooldown(&who, &keys, shares));
    meter.wait(u64::from(COOLDOWN_S));
    meter.measure("UnstakeInsurance", &[saver], build::unstake_insurance(&who, &keys, shares));
    let notice = build::give_notice(&who, &savings.address, &keys, Shares(1));
    meter.measure("GiveNotice", &[saver], notice);
    let (take, back) = build::flash_pair(&who, &keys, amount);
    meter.measure_all("FlashBorrow and FlashRepay", &[saver], vec![take, back]);
}

/// Bad debt under a policy that defers it, and somebody who pays for it.
fn measure_deficit(meter: &mut Meter, keeper: &Keypair, loan: &PositionView) {
    let admin = seeded(SEED, "admin");
    let (pool, usd) = (meter.sandbox.pool, meter.sandbox.usd);
    let market = meter.sandbox.client.market(&pool).expect("readable");
    let view = market.reserve_of(&usd).expect("listed");
    let config = ReserveConfig { loss_policy: LossPolicy::Deficit, ..view.state.config };
    let keys = view.keys;
    let update = build::update_reserve(&admin.pubkey(), &pool, &keys.reserve, config, 0);
    meter.run(&[&admin], update);
    meter.wait(1);
    meter.publish("ETH", 50);
    let (loan, market) =
        (meter.position(loan), meter.sandbox.client.market(&pool).expect("readable"));
    meter.run(&[keeper], market.absorb_bad_debt(&loan));
    let cover = build::cover_deficit(&keeper.pubkey(), &keys, Amount(ALL));
    meter.measure("CoverDeficit", &[keeper], cover);
}

/// The life of a loan, up to its liquidation and the recognition of its bad debt.
fn measure_loan(meter: &mut Meter) {
    let [saver, debtor, keeper] =
        ["saver", "debtor", "keeper"].map(|name| meter.sandbox.person(name).expect("funded"));
    let (eth, usd, pool) = (meter.sandbox.eth, meter.sandbox.usd, meter.sandbox.pool);
    let who = debtor.pubkey();
    let open = build::open_position(&who, &who, &pool, 0);
    meter.measure("OpenPosition", &[&debtor], open);
    let savings = meter.sandbox.open_position(&saver).expect("opened");
    let loan = address::position(&pool, &who, 0).0;
    let loan = meter.sandbox.client.position(&loan).expect("opened");
    let market = meter.sandbox.client.market(&pool).expect("readable");
    let supply = market.deposit(&savings, &usd, dollars(10_000)).expect("plannable");
    meter.measure("Deposit", &[&saver], supply);
    let cover = market.fund_insurance(&saver.pubkey(), &usd, dollars(100)).expect("plannable");
    meter.measure("FundInsurance", &[&saver], cover);
    let btc = meter.btc;
    for (asset, amount) in [(&eth, dollars(9)), (&btc, Decimal::new(1, 2))] {
        let deposit = market.deposit(&loan, asset, amount).expect("plannable");
        meter.run(&[&debtor], deposit);
    }
    let loan = meter.position(&loan);
    let market = meter.sandbox.client.market(&pool).expect("readable");
    let borrow = market.borrow(&loan, &usd, dollars(1_400)).expect("plannable");
    meter.measure("Borrow", &[&debtor], borrow);
    meter.sandbox.client.backend_mut().warp(Warp::Seconds(1_000_000)).expect("in range");
    for (symbol, price) in [("ETH", 200), ("BTC", 20_000), ("USD", 1)] {
        meter.publish(symbol, price);
    }
    let loan = meter.position(&loan);
    let market = meter.sandbox.client.market(&pool).expect("readable");
    let repay = market.repay(&who, &loan, &usd, dollars(10)).expect("plannable");
    meter.measure("Repay", &[&debtor], repay);
    let withdraw = market.withdraw(&loan, &eth, Decimal::new(1, 2)).expect("plannable");
    meter.measure("Withdraw, with debt", &[&debtor], withdraw);
    let withdraw = market.withdraw(&meter.position(&savings), &usd, dollars(5)).expect("plannable");
    meter.measure("Withdraw, no debt", &[&saver], withdraw);
    measure_fund(meter, &saver, &savings);
    measure_crash(meter, &keeper, &loan);
}

fn measure_crash(meter: &mut Meter, keeper: &Keypair, loan: &PositionView) {
    let admin = seeded(SEED, "admin");
    let _wallet = meter.sandbox.person("admin").expect("funded");
    let (eth, usd, pool) = (meter.sandbox.eth, meter.sandbox.usd, meter.sandbox.pool);
    let market = meter.sandbox.client.market(&pool).expect("readable");
    let fees = market.collect_fees(&usd, Some(Decimal::new(1, 6))).expect("plannable");
    meter.measure("CollectFees", &[&admin], fees);
    meter.publish("ETH", 165);
    let (loan, market) =
        (meter.position(loan), meter.sandbox.client.market(&pool).expect("readable"));
    let sides = ((&usd, dollars(100)), (&eth, Decimal::ZERO));
    let liquidate = market.liquidate(&keeper.pubkey(), &loan, sides.0, sides.1, None);
    meter.measure("Liquidate", &[keeper], liquidate.expect("plannable"));
    meter.publish("ETH", 100);
    let (loan, market) =
        (meter.position(&loan), meter.sandbox.client.market(&pool).expect("readable"));
    meter.measure("AbsorbBadDebt", &[keeper], market.absorb_bad_debt(&loan));
    measure_deficit(meter, keeper, &loan);
}
