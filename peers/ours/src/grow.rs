//! How cost grows: with accounts on the ledger, with positions in a pool, and with the reserves
//! that a position uses.

use cofferdam_lending_interface::units::Amount;
use cofferdam_sdk::{Address, instruction as build};
use cofferdam_tests::world::{Actor, Asset, Options, PoolId, World};
use peers_common::{Effort, Row};
use solana_account::Account;

use crate::{
    spent,
    workload::{Kind, Workload, sign},
};

/// Operations of each figure.
const OPERATIONS: usize = 4_000;
/// How often a sample is taken; the median counts.
const SAMPLES: usize = 5;

/// Prints a line for each size.
pub(crate) fn print(effort: Effort) {
    let sizes = [1_000, 10_000, 100_000, 1_000_000];
    for size in sizes.into_iter().filter(|size| effort == Effort::Full || *size < 100_000) {
        let crowded = |world: &mut World| crowd(world, size);
        for kind in [Kind::TokenTransfer, Kind::Borrow] {
            let workload = Workload::in_world(kind, &Options::fast(), OPERATIONS, crowded);
            row(&format!("{}, {size} accounts", kind.name()), &workload);
        }
    }
    for size in [10, 1_000, 20_000].map(|size| effort.of(size).max(1)) {
        let opened = |world: &mut World| open(world, size);
        let workload = Workload::in_world(Kind::Borrow, &Options::fast(), OPERATIONS, opened);
        row(&format!("borrow, {size} positions more"), &workload);
    }
    for reserves in 2..=3 {
        row(&format!("borrow, {reserves} reserves used"), &using(reserves));
    }
}

fn row(name: &str, workload: &Workload) {
    let mut samples: Vec<_> = (0..SAMPLES).map(|_| spent(workload)).collect();
    samples.sort_unstable();
    Row::print(name, "ledger", workload.operations(), samples[SAMPLES / 2]);
}

/// Puts token accounts beside what is there.
fn crowd(world: &mut World, number: u64) {
    let like = world.ledger().account(&world.wallet(Actor::Bob, Asset::Dai)).cloned();
    let like: Account = like.expect("everybody has a wallet");
    for number in 0..number {
        let mut cheats = world.client_mut().backend_mut().cheat();
        let put = cheats.set_account(&spread(number), like.clone()).map(|_| ());
        put.expect("any account can be written");
    }
}

/// Addresses spread as hashes are: multiplied by an odd constant and repeated.
fn spread(number: u64) -> Address {
    let word = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
    Address::new_from_array(std::array::from_fn(|at| word[at % 8]))
}

fn open(world: &mut World, number: usize) {
    for index in 1..=u16::try_from(number).expect("as many as an owner may have") {
        let opened = world.open_position(Actor::Mallory, PoolId::Harbour, index);
        let _receipt = opened.expect("anybody may open positions");
    }
}

/// Alice's position with ether and dollars, and with a third asset as collateral.
fn using(reserves: usize) -> Workload {
    let mut others = vec![Asset::Weth];
    let arrange = |world: &mut World| {
        if reserves > 2 {
            let deposit =
                world.deposit(Actor::Alice, PoolId::Harbour, Asset::Dai, Amount(1_000_000));
            let _receipt = deposit.expect("everybody has tokens");
        }
    };
    if reserves > 2 {
        others.push(Asset::Dai);
    }
    Workload::with(&Options::fast(), OPERATIONS, arrange, |world, at| {
        let (alice, amount) = (world.person(Actor::Alice), Amount(1_000 + at as u64));
        let position = world.position_address(PoolId::Harbour, Actor::Alice);
        let keys: Vec<_> =
            others.iter().map(|asset| world.keys(PoolId::Harbour, *asset)).collect();
        let usdc = world.keys(PoolId::Harbour, Asset::Usdc);
        let borrow = build::borrow(&alice, &position, &usdc, &keys, amount);
        sign(world, Actor::Alice, &borrow)
    })
}
