//! What the tests share: prepared worlds, and assertions on the complete set of changes.

use std::sync::LazyLock;

use borsh::BorshDeserialize;
use cofferdam_host::{AccountData, encode_account};
use cofferdam_ledger::{Receipt, Recording};
use cofferdam_lending_interface::{
    LendingError,
    instruction::LendingInstruction,
    state::{PoolConfig, Reserve},
    units::{Price, WAD},
};
use cofferdam_sdk::ClientError;
use cofferdam_tests::{
    balances::{Balances, Deltas},
    world::{Actor, Asset, Options, PoolId, World},
};

pub(crate) use cofferdam_lending_interface::{instruction::ALL, units::Amount};
pub(crate) use cofferdam_tests::world::{
    Actor::{Admin, Alice, Bob, Carol, Dave, Liquidator, Mallory, Publisher},
    Asset::{Dai, Usdc, Wbtc, Weth},
    PoolId::{Harbour, Lagoon},
};

/// Fee of a transaction with one signature, in lamports.
pub(crate) const FEE: i128 = 5_000;

static FRESH: LazyLock<World> = LazyLock::new(|| World::new(&options()));
static LIVELY: LazyLock<World> = LazyLock::new(|| World::lively(&options()));

pub(crate) fn options() -> Options {
    Options { recording: Recording::Nothing, ..Options::default() }
}

/// A world where nobody did anything yet.
pub(crate) fn fresh() -> World {
    FRESH.clone()
}

/// A world in full swing.
pub(crate) fn lively() -> World {
    LIVELY.clone()
}

/// Dave lends 200,000 dollars; Alice borrows 60,000 of them against 50 ether at 2,000.
pub(crate) fn indebted() -> World {
    let mut world = fresh();
    done(world.deposit(Dave, Harbour, Usdc, Usdc.whole(200_000)));
    done(world.deposit(Alice, Harbour, Weth, Weth.whole(50)));
    done(world.borrow(Alice, Harbour, Usdc, Usdc.whole(60_000)));
    world
}

/// As [`indebted`], with Bob as Harbour's guardian, a timelock of a day and a grace of an hour.
pub(crate) fn governed() -> World {
    let mut world = indebted();
    let config = governed_config(&world);
    done(world.update_pool(Harbour, config));
    world
}

/// Harbour's parameters in a [`governed`] world.
pub(crate) fn governed_config(world: &World) -> PoolConfig {
    let guardian = world.person(Bob);
    PoolConfig { guardian, timelock_s: 86_400, grace_s: 3_600, ..PoolConfig::default() }
}

/// Every balance of a world.
pub(crate) fn balances(world: &World) -> Balances {
    Balances::of(world)
}

/// A whole number of dollars as a price.
pub(crate) const fn dollars(price: u128) -> Price {
    Price(price * WAD)
}

/// Publishes a price in dollars.
pub(crate) fn price(world: &mut World, asset: Asset, price: u128) {
    done(world.publish(asset, dollars(price)));
}

/// Writes a reserve behind the program's back.
pub(crate) fn rewrite(world: &mut World, at: (PoolId, Asset), change: impl FnOnce(&mut Reserve)) {
    let address = world.keys(at.0, at.1).reserve;
    let mut reserve = world.reserve(at.0, at.1);
    change(&mut reserve);
    let mut account = world.ledger().account(&address).expect("it exists").clone();
    account.data = vec![0; Reserve::LEN];
    encode_account(&reserve, &mut account.data).expect("it fits");
    let put = world.client_mut().backend_mut().cheat().set_account(&address, account).map(drop);
    put.expect("any account can be set");
}

/// What must succeed.
#[track_caller]
pub(crate) fn done(result: Result<Receipt, ClientError>) {
    let _receipt = receipt_of(result);
}

/// The receipt of what must succeed.
#[track_caller]
pub(crate) fn receipt_of(result: Result<Receipt, ClientError>) -> Receipt {
    match result {
        Ok(receipt) => receipt,
        Err(error) => panic!("refused: {error}"),
    }
}

/// Runs what must succeed, and compares everything that moved: the fee of `payer` and `changes`.
#[track_caller]
pub(crate) fn moves<const N: usize>(
    world: &mut World,
    payer: Actor,
    run: impl FnOnce(&mut World) -> Result<Receipt, ClientError>,
    changes: [(&str, i128); N],
) -> Receipt {
    let before = Balances::of(world);
    let receipt = receipt_of(run(world));
    let fee = format!("{} lamports", payer.name());
    let mut expected = vec![(fee.as_str(), -FEE)];
    expected.extend(changes);
    let moved = before.to(&Balances::of(world));
    let lines = |deltas: &Deltas| deltas.to_string();
    let expected = expected.iter().map(|(label, change)| format!("{label}: {change:+}\n"));
    let mut expected: Vec<String> = expected.collect();
    expected.sort();
    let mut actual: Vec<String> = lines(&moved).lines().map(|line| format!("{line}\n")).collect();
    actual.sort();
    assert_eq!(actual.concat(), expected.concat(), "what moved, and what should have");
    receipt
}

/// Runs what the program must refuse with `error`; nothing but the fee of `payer` may change.
#[track_caller]
pub(crate) fn refuses(
    world: &World,
    payer: Actor,
    error: LendingError,
    run: impl FnOnce(&mut World) -> Result<Receipt, ClientError>,
) {
    let mut after = world.clone();
    let result = run(&mut after);
    match &result {
        Ok(_) => panic!("succeeded, should be refused with {}", error.name()),
        Err(refusal) => assert_eq!(refusal.lending(), Some(error), "{refusal}"),
    }
    only_fee(world, &after, payer);
}

/// Nothing changed from `before` to `after` but the fee of `payer`.
#[track_caller]
pub(crate) fn only_fee(before: &World, after: &World, payer: Actor) {
    let changes = before.ledger().diff(after.ledger());
    let changed: Vec<_> = changes.iter().map(|change| change.address).collect();
    assert_eq!(changed, [before.person(payer)], "accounts that changed");
    let lamports = |world: &World| i128::from(world.ledger().lamports(&world.person(payer)));
    assert_eq!(lamports(before) - lamports(after), FEE);
}

/// The only event of a type in a receipt.
#[track_caller]
pub(crate) fn event<E: cofferdam_host::Event>(receipt: &Receipt) -> E {
    let mut events = receipt.events::<E>();
    let first = events.next().expect("the event was recorded");
    assert!(events.next().is_none(), "the event was recorded twice");
    first
}

/// Address of a reserve.
pub(crate) fn reserve(world: &World, pool: PoolId, asset: Asset) -> cofferdam_host::Address {
    world.keys(pool, asset).reserve
}

/// The numbers of the program's instructions: those whose decoder asks for more than the number.
pub(crate) fn instruction_numbers() -> impl Iterator<Item = u8> {
    (0..u8::MAX).take_while(|number| match LendingInstruction::try_from_slice(&[*number]) {
        Ok(_) => true,
        Err(error) => !error.to_string().contains("variant"),
    })
}

/// A generated table is what `tests/it/<path>` says; `COFFERDAM_WRITE_TABLES=1` writes it anew.
#[track_caller]
pub(crate) fn is_in_file(path: &str, expected: &str, table: &str) {
    if std::env::var_os("COFFERDAM_WRITE_TABLES").is_some() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/it/").to_owned() + path;
        std::fs::write(&file, table).expect("the table can be written");
        return;
    }
    let differs = table.lines().zip(expected.lines()).find(|(now, then)| now != then);
    assert!(
        table == expected,
        "tests/it/{path} differs, first at {differs:#?}; compare, then COFFERDAM_WRITE_TABLES=1"
    );
}
