//! A preview and the program's result in the same slot are the same: every balance of the books,
//! every token moved, or the very error.

use std::{cell::RefCell, collections::BTreeMap};

use cofferdam_sdk::{
    Address, ClientError, Decimal, Market, PositionView, Signer,
    instruction::{self as build, ReserveKeys},
    interface::{
        LendingError,
        event::BadDebtAbsorbed,
        instruction::{ALL, Liquidate},
        plan::{AbsorbPlan, LiquidationPlan},
        state::{Entry, Mode, Reserve},
        units::{Amount, Bps, Value, WAD},
    },
};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use crate::world::{Asset, Who, World, key};

/// What happens next.
#[derive(Clone, Copy, Debug)]
enum Step {
    Deposit(Who, Asset, Amount),
    Withdraw(Who, Asset, Amount),
    Borrow(Who, Asset, Amount),
    Repay(Who, Asset, Amount),
    Liquidate(Who, Asset, Amount),
    Absorb(Who),
    Collect(Asset, Amount),
    Insure(Asset, Amount),
    Wait(u64),
    Price(Asset, i64),
    /// As `Price`, while the other feed stays as old as it is.
    PriceAlone(Asset, i64),
    /// Whoever runs the pool sets a mode or a limit.
    Govern(Asset, Order),
}

/// What whoever runs the pool may do to change what is allowed.
#[derive(Clone, Copy, Debug)]
enum Order {
    PoolMode(Mode),
    ReserveMode(Mode),
    Caps(Amount),
    Utilisation(Bps),
    Outflow(Amount),
    LeastPosition(u128),
}

/// How often each verb succeeded and was refused, so that a property of nothing is noticed.
type Tally = BTreeMap<(&'static str, bool), u32>;

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![Just(Who::Alice), Just(Who::Bob)]
}

fn asset() -> impl Strategy<Value = Asset> {
    prop_oneof![Just(Asset::Eth), Just(Asset::Usd)]
}

/// From dust to fifty tokens, and now and then everything there is.
fn amount() -> impl Strategy<Value = Amount> {
    prop_oneof![
        1 => (0_u64..5).prop_map(Amount),
        8 => (1_u64..50_000_000_000).prop_map(Amount),
        4 => (1_u64..5_000).prop_map(|tokens| Amount(tokens * 1_000_000_000)),
        1 => Just(Amount(ALL)),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (who(), asset(), amount()).prop_map(|(who, asset, n)| Step::Deposit(who, asset, n)),
        2 => (who(), asset(), amount()).prop_map(|(who, asset, n)| Step::Withdraw(who, asset, n)),
        3 => (who(), asset(), amount()).prop_map(|(who, asset, n)| Step::Borrow(who, asset, n)),
        2 => (who(), asset(), amount()).prop_map(|(who, asset, n)| Step::Repay(who, asset, n)),
        3 => (who(), asset(), amount()).prop_map(|(who, asset, n)| Step::Liquidate(who, asset, n)),
        2 => who().prop_map(Step::Absorb),
        1 => (asset(), amount()).prop_map(|(asset, n)| Step::Collect(asset, n)),
        1 => (asset(), 0_u64..9).prop_map(|(asset, n)| Step::Insure(asset, Amount(n * 1_000_000_000))),
        1 => (1_u64..3_000_000).prop_map(Step::Wait),
        2 => (asset(), 0_i64..40_000).prop_map(|(asset, cents)| Step::PriceAlone(asset, cents)),
        3 => (asset(), 50_i64..40_000).prop_map(|(asset, cents)| Step::Price(asset, cents)),
    ]
}

fn mode() -> impl Strategy<Value = Mode> {
    // Killed would end the run for everybody.
    prop_oneof![3 => Just(Mode::Active), 1 => Just(Mode::ReduceOnly), 1 => Just(Mode::Frozen)]
}

fn order() -> impl Strategy<Value = Order> {
    let cap = || prop_oneof![Just(Amount::MAX), (0_u64..8_000_000_000_000).prop_map(Amount)];
    prop_oneof![
        1 => mode().prop_map(Order::PoolMode),
        2 => mode().prop_map(Order::ReserveMode),
        2 => cap().prop_map(Order::Caps),
        2 => (1_u32..=10_000).prop_map(|bps| Order::Utilisation(Bps(bps))),
        2 => cap().prop_map(Order::Outflow),
        2 => (0_u128..3_000).prop_map(Order::LeastPosition),
    ]
}

/// Waits of minutes, so that the outflow windows matter, and orders in between.
fn governed_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => step(),
        1 => (1_u64..4_000).prop_map(Step::Wait),
        3 => (asset(), order()).prop_map(|(asset, order)| Step::Govern(asset, order)),
    ]
}

const fn other(who: Who) -> Who {
    match who {
        Who::Alice => Who::Bob,
        Who::Bob => Who::Alice,
    }
}

const fn opposite(asset: Asset) -> Asset {
    match asset {
        Asset::Eth => Asset::Usd,
        Asset::Usd => Asset::Eth,
    }
}

/// Everything a verb can move.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Books {
    market: Market,
    positions: [PositionView; 2],
    /// Of Alice, Bob and the admin, ETH and USD each.
    wallets: Vec<u64>,
}

fn owners(world: &World) -> [cofferdam_sdk::Address; 3] {
    [world.key(Who::Alice).pubkey(), world.key(Who::Bob).pubkey(), key("admin").pubkey()]
}

impl Books {
    fn of(world: &World) -> Self {
        let wallet =
            |owner| [Asset::Eth, Asset::Usd].map(|asset| world.wallet(&owner, asset).get());
        Self {
            market: world.market(),
            positions: [Who::Alice, Who::Bob].map(|who| world.position(who)),
            wallets: owners(world).into_iter().flat_map(wallet).collect(),
        }
    }

    fn pay(&mut self, (owner, asset): (usize, Asset), amount: Amount) {
        self.wallets[owner * 2 + asset as usize] -= amount.get();
    }

    fn receive(&mut self, (owner, asset): (usize, Asset), amount: Amount) {
        self.wallets[owner * 2 + asset as usize] += amount.get();
    }

    /// Lets a plan work on a reserve and on the stake of a position in it.
    fn book(
        &mut self,
        who: Who,
        keys: &ReserveKeys,
        apply: impl FnOnce(&mut Reserve, &mut Entry) -> Result<(), LendingError>,
    ) {
        let view = self.market.reserves.iter_mut().find(|view| view.keys == *keys).unwrap();
        let position = &mut self.positions[who as usize].state;
        let mut entry = position.entry(&keys.reserve);
        apply(&mut view.state, &mut entry).unwrap();
        position.set(entry).unwrap();
    }
}

impl Books {
    /// Lets the payers pay and the insurance funds have what is forfeit.
    fn absorb(&mut self, who: Who, plan: &AbsorbPlan) {
        let keys = |books: &Self, reserve: &Address| {
            let views = &books.market.reserves;
            views.iter().find(|view| view.keys.reserve == *reserve).unwrap().keys
        };
        for cut in &plan.cuts {
            self.book(who, &keys(self, &cut.reserve), |reserve, entry| {
                let loss = reserve.write_off(cut.shares)?;
                entry.debt = entry.debt.minus(cut.shares)?;
                entry.claim = entry.claim.plus(loss.recognised)?;
                Ok(())
            });
        }
        for forfeit in &plan.forfeits {
            self.book(who, &keys(self, &forfeit.reserve), |reserve, entry| {
                entry.supply = entry.supply.minus(forfeit.shares)?;
                reserve.forfeit(forfeit.shares, forfeit.amount)
            });
        }
    }
}

/// What is told of a liquidation that leaves nothing uncovered.
const NOTHING: ClientError = ClientError::Preview(LendingError::NoBadDebt);

/// Runs a step, having said before what it will do.
fn check(world: &mut World, step: Step, tally: &mut Tally) {
    match step {
        Step::Wait(seconds) => world.warp(seconds),
        Step::PriceAlone(asset, cents) => world.publish(asset, cents),
        Step::Price(asset, cents) => {
            world.publish(asset, cents);
            world.publish(opposite(asset), if asset == Asset::Eth { 100 } else { 20_000 });
        }
        Step::Deposit(..) | Step::Withdraw(..) | Step::Borrow(..) | Step::Repay(..) => {
            check_owner(world, step, tally);
        }
        Step::Govern(asset, order) => govern(world, asset, order),
        Step::Liquidate(who, debt, amount) => check_liquidation(world, who, (debt, amount), tally),
        Step::Absorb(who) => check_absorb(world, who, tally),
        Step::Collect(asset, amount) => check_collection(world, asset, amount, tally),
        Step::Insure(asset, amount) => check_insurance(world, asset, amount, tally),
    }
}

fn govern(world: &mut World, asset: Asset, order: Order) {
    let (admin, market) = (key("admin"), world.market());
    let view = market.reserve_of(&world.mint(asset)).unwrap();
    let (by, pool, reserve) = (admin.pubkey(), world.pool, view.keys.reserve);
    let mut config = view.state.config;
    let mut whole = market.pool.config;
    let instruction = match order {
        Order::PoolMode(mode) => build::set_pool_mode(&by, &pool, mode),
        Order::ReserveMode(mode) => build::set_reserve_mode(&by, &pool, &reserve, mode),
        Order::LeastPosition(dollars) => {
            whole.min_position_value = Value(dollars * WAD);
            whole.grace_s = 3_600;
            build::update_pool(&by, &pool, whole)
        }
        Order::Caps(cap) => {
            (config.supply_cap, config.borrow_cap) = (cap, cap);
            build::update_reserve(&by, &pool, &reserve, config, 0)
        }
        Order::Utilisation(most) => {
            config.max_utilisation = most;
            build::update_reserve(&by, &pool, &reserve, config, 0)
        }
        Order::Outflow(most) => {
            (config.outflow_hour_max, config.outflow_day_max) = (most, most);
            build::update_reserve(&by, &pool, &reserve, config, 0)
        }
    };
    let _receipt = world.send(&admin, [instruction]).unwrap();
}

fn keys(world: &World, asset: Asset) -> ReserveKeys {
    world.market().reserve_of(&world.mint(asset)).unwrap().keys
}

fn count(tally: &mut Tally, verb: &'static str, preview: &Result<(), ClientError>) {
    *tally.entry((verb, preview.is_ok())).or_default() += 1;
    let refusal = preview.as_ref().err().and_then(ClientError::lending);
    if let Some(limit) = refusal.map(LendingError::name).filter(|name| LIMITS.contains(name)) {
        *tally.entry((limit, false)).or_default() += 1;
    }
}

/// The error of the preview is the error of the transaction; else the books are as expected.
fn compare(
    world: &World,
    preview: Result<(), ClientError>,
    sent: Result<(), ClientError>,
    expected: &Books,
) {
    match (preview, sent) {
        (Ok(()), Ok(())) => assert_eq!(Books::of(world), *expected),
        (Err(preview), Err(sent)) => {
            assert!(preview.lending().is_some());
            assert_eq!(preview.lending(), sent.lending(), "{preview} | {sent}");
            assert_eq!(Books::of(world), *expected);
        }
        (preview, sent) => panic!("preview {preview:?}, sent {sent:?}"),
    }
}

fn check_owner(world: &mut World, step: Step, tally: &mut Tally) {
    let (Step::Deposit(who, asset, amount)
    | Step::Withdraw(who, asset, amount)
    | Step::Borrow(who, asset, amount)
    | Step::Repay(who, asset, amount)) = step
    else {
        unreachable!("only the owner's verbs come here")
    };
    // Nobody's wallet holds "all"; the token program's refusal is not the preview's matter.
    let amount = if matches!(step, Step::Deposit(..)) { amount.min(Amount(5_000)) } else { amount };
    let (market, position, mint) = (world.market(), world.position(who), world.mint(asset));
    let (keys, owner) = (keys(world, asset), world.key(who));
    let mut expected = Books::of(world);
    let others = market.used_by(&position.state);
    let (wallet, at) = ((who as usize, asset), (&owner.pubkey(), &position.address));
    let (verb, preview, instruction) = match step {
        Step::Deposit(..) => {
            let plan = market.preview_deposit(&position, &mint, amount);
            let done = plan.map(|plan| {
                expected.book(who, &keys, |reserve, entry| {
                    plan.apply(reserve, entry)?;
                    reserve.count_in(plan.amount)
                });
                expected.pay(wallet, plan.amount);
            });
            ("deposit", done, build::deposit(at.0, at.1, &keys, amount))
        }
        Step::Withdraw(..) => {
            let plan = market.preview_withdraw(&position, &mint, amount);
            let done = plan.map(|plan| {
                expected.book(who, &keys, |reserve, entry| {
                    plan.apply(reserve, entry)?;
                    reserve.count_out(plan.amount)
                });
                expected.receive(wallet, plan.amount);
            });
            ("withdraw", done, build::withdraw(at.0, at.1, &keys, &others, amount))
        }
        Step::Borrow(..) => {
            let plan = market.preview_borrow(&position, &mint, amount);
            let done = plan.map(|plan| {
                expected.book(who, &keys, |reserve, entry| {
                    plan.apply(reserve, entry)?;
                    reserve.count_out(plan.amount)
                });
                expected.receive(wallet, plan.amount);
            });
            ("borrow", done, build::borrow(at.0, at.1, &keys, &others, amount))
        }
        _ => {
            let plan = market.preview_repay(&position, &mint, amount);
            let done = plan.map(|plan| {
                expected.book(who, &keys, |reserve, entry| {
                    let _back = plan.apply(reserve, entry)?;
                    reserve.count_in(plan.amount)
                });
                expected.pay(wallet, plan.amount);
            });
            ("repay", done, build::repay(at.0, at.1, &keys, amount))
        }
    };
    count(tally, verb, &preview);
    let sent = world.send(&owner, [instruction]).map(drop);
    compare(world, preview, sent, &expected);
}

fn check_liquidation(
    world: &mut World,
    who: Who,
    (debt, most): (Asset, Amount),
    tally: &mut Tally,
) {
    let (market, position) = (world.market(), world.position(who));
    let collateral = opposite(debt);
    let mints = (world.mint(debt), world.mint(collateral));
    let (owed, taken) = (keys(world, debt), keys(world, collateral));
    let mut expected = Books::of(world);
    let liquidator = other(who);
    let plan = market.preview_liquidation(&position, (&mints.0, &mints.1), most, None);
    let preview = plan.map(|plan: LiquidationPlan| {
        expected.book(who, &owed, |reserve, entry| plan.apply_debt(reserve, entry));
        expected.book(who, &taken, |reserve, entry| plan.apply_collateral(reserve, entry));
        let found = market.preview_recognition(&position, (&mints.0, &mints.1), &plan).unwrap();
        found.iter().for_each(|found| expected.absorb(who, found));
        count(tally, "recognise", &found.map(drop).ok_or(NOTHING));
        expected.pay((liquidator as usize, debt), plan.repay.amount);
        expected.receive((liquidator as usize, collateral), plan.payout);
    });
    count(tally, "liquidate", &preview);
    let (signer, others) = (world.key(liquidator), market.used_by(&position.state));
    let args = Liquidate { repay_max: most, collateral_min: Amount::ZERO };
    let (by, at) = (signer.pubkey(), position.address);
    let liquidate = build::liquidate(&by, &at, (&owed, &taken), None, &others, args);
    let sent = world.send(&signer, [liquidate]).map(drop);
    compare(world, preview, sent, &expected);
}

/// What each payer lost, the debt that is gone, and the claim that stays in its place.
fn check_absorb(world: &mut World, who: Who, tally: &mut Tally) {
    let (market, position) = (world.market(), world.position(who));
    let mut expected = Books::of(world);
    let plan = market.preview_absorb(&position);
    let losses = market.preview_loss_units(&position);
    count(
        tally,
        "absorb",
        &plan.as_ref().map(drop).map_err(|error| match error {
            ClientError::Preview(error) => ClientError::Preview(*error),
            other => panic!("{other}"),
        }),
    );
    let signer = world.key(other(who));
    let sent = world.send(&signer, [market.absorb_bad_debt(&position)]);
    match (plan, sent) {
        (Ok(plan), Ok(receipt)) => {
            let events: Vec<BadDebtAbsorbed> = receipt.events().collect();
            let paid: Vec<_> = events.iter().map(|event| (event.reserve, event.loss)).collect();
            assert_eq!(paid, losses.unwrap());
            expected.absorb(who, &plan);
            assert_eq!(Books::of(world), expected);
        }
        (plan, sent) => {
            compare(world, plan.map(drop), sent.map(drop), &expected);
        }
    }
}

fn check_collection(world: &mut World, asset: Asset, amount: Amount, tally: &mut Tally) {
    let (keys, admin) = (keys(world, asset), key("admin"));
    let mut expected = Books::of(world);
    let plan = world.market().preview_collect_fees(&world.mint(asset), amount);
    let preview = plan.map(|paid| {
        let views = &mut expected.market.reserves;
        let reserve = &mut views.iter_mut().find(|view| view.keys == keys).unwrap().state;
        reserve.fees = reserve.fees.minus(paid.fine()).unwrap();
        reserve.cash = reserve.cash.minus(paid).unwrap();
        expected.receive((2, asset), paid);
    });
    count(tally, "collect", &preview);
    let collect = build::collect_fees(&admin.pubkey(), &keys, amount);
    let sent = world.send(&admin, [collect]).map(drop);
    compare(world, preview, sent, &expected);
}

fn check_insurance(world: &mut World, asset: Asset, amount: Amount, tally: &mut Tally) {
    let (keys, alice) = (keys(world, asset), world.key(Who::Alice));
    let mut expected = Books::of(world);
    let preview = world.market().preview_fund_insurance(&world.mint(asset), amount);
    let preview = preview.map(|insurance| {
        let views = &mut expected.market.reserves;
        let reserve = &mut views.iter_mut().find(|view| view.keys == keys).unwrap().state;
        reserve.endow(amount.fine()).unwrap();
        reserve.keep_for_fund(amount.fine()).unwrap();
        assert_eq!(reserve.insurance, insurance);
        reserve.cash = reserve.cash.plus(amount).unwrap();
        expected.pay((Who::Alice as usize, asset), amount);
    });
    count(tally, "insure", &preview);
    let insure = build::fund_insurance(&alice.pubkey(), &keys, amount);
    let sent = world.send(&alice, [insure]).map(drop);
    compare(world, preview, sent, &expected);
}

/// Runs steps from where Alice has dollars to lend and Bob ETH to borrow against; returns how each
/// verb ended.
fn run(cases: u32, steps: impl Strategy<Value = Vec<Step>>) -> Tally {
    let mut start = World::new();
    start.deposit(Who::Alice, Asset::Usd, 20_000);
    start.deposit(Who::Bob, Asset::Eth, 50);
    start.borrow(Who::Bob, Asset::Usd, 6_000);
    let tally = RefCell::new(Tally::new());
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, rng)
        .run(&steps, |steps| {
            let mut world = start.clone();
            steps.iter().for_each(|step| check(&mut world, *step, &mut tally.borrow_mut()));
            Ok(())
        })
        .unwrap();
    tally.into_inner()
}

#[test]
fn preview_is_what_happens() {
    let tally = run(400, proptest::collection::vec(step(), 1..25));
    let verbs = [
        "deposit",
        "withdraw",
        "borrow",
        "repay",
        "liquidate",
        "recognise",
        "absorb",
        "collect",
        "insure",
    ];
    for verb in verbs {
        for succeeded in [true, false] {
            let seen = tally.get(&(verb, succeeded)).copied().unwrap_or_default();
            assert!(seen > 0, "{verb} never ended in success = {succeeded}: {tally:?}");
        }
    }
}

/// The same under modes, caps and limits that change, the least position and a grace.
#[test]
fn preview_is_what_happens_in_every_mode() {
    let tally = run(300, proptest::collection::vec(governed_step(), 1..40));
    for verb in ["deposit", "withdraw", "borrow", "repay", "liquidate"] {
        for succeeded in [true, false] {
            let seen = tally.get(&(verb, succeeded)).copied().unwrap_or_default();
            assert!(seen > 0, "{verb} never ended in success = {succeeded}: {tally:?}");
        }
    }
    let refusals = tally.keys().filter_map(|(verb, _)| LIMITS.iter().find(|limit| limit == &verb));
    assert_eq!(refusals.count(), LIMITS.len(), "some limit was never met: {tally:?}");
}

/// Refusals that only modes and limits give, as the tally counts them.
const LIMITS: [&str; 6] = [
    "ModeForbids",
    "SupplyCapExceeded",
    "BorrowCapExceeded",
    "UtilisationTooHigh",
    "OutflowLimitExceeded",
    "PositionTooSmall",
];

#[test]
fn a_preview_of_a_foreign_mint_names_it() {
    let world = World::new();
    let nowhere = key("nowhere").pubkey();
    let error = world.market().deposit(&world.position(Who::Bob), &nowhere, Decimal::ONE);
    assert!(error.unwrap_err().to_string().contains(&nowhere.to_string()));
}
