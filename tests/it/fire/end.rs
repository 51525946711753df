//! What is probed at the end of a run, in worlds whose program does one thing wrong.

use borsh::BorshDeserialize;
use cofferdam_host::{Host, ProgramError, ProgramResult, decode_account, encode_account};
use cofferdam_ledger::{Entrypoint, Invocation, Program, Recording};
use cofferdam_lending_interface::{
    ID,
    instruction::{LendingInstruction, RepayAccounts},
    state::{Entry, Position},
};
use cofferdam_sdk::local;
use cofferdam_tests::{
    action::{RECORD_LEN, Record},
    hunt::{Engine, Ground, Plan},
    invariant::Watch,
    world::{Options, World},
};

use crate::common::*;

/// Invariants that are shown here.
pub(super) const IDS: [&str; 5] = ["TRIP-1", "LIVE-1", "LIVE-2", "PREVIEW-1", "REPLAY-1"];

/// What the program does instead, given the real one.
type Wrong = fn(&Entrypoint, &mut Invocation<'_>, &[u8]) -> ProgramResult;

/// A world in which the program was replaced.
fn world(wrong: Wrong, recording: Recording) -> World {
    let Program { name, entrypoint: real, .. } = local::program();
    let program = Program::native(ID, &name, move |host, data| wrong(&real, host, data));
    let mut world = World::new(&Options { guests: vec![program], recording, ..Options::default() });
    done(world.deposit(Dave, Harbour, Usdc, Usdc.whole(200_000)));
    done(world.deposit(Alice, Harbour, Weth, Weth.whole(50)));
    world
}

fn fires(world: World, id: &str) {
    let violation = Watch::new(world).finish().expect_err("something is wrong");
    assert_eq!(violation.id, id, "{violation}");
}

/// Fed as one of a corpus it would be told once in 24 times.
#[test]
fn what_only_the_probes_find_is_found_whenever_it_is_fed() {
    let ground = Ground::of(|options| world(forgive, options.recording));
    let deposit = [Record([0; RECORD_LEN])];
    for seed in 0..8 {
        let mut engine = Engine::new(&ground, Plan { seed, ..Plan::default() });
        let finding = engine.feed_probed(&deposit).expect("a debt is forgiven");
        assert_eq!((finding.key.id.as_str(), finding.key.verb.as_str()), ("TRIP-1", "end"));
        assert_eq!(engine.feed_probed(&deposit), None, "it is told once");
        assert_eq!(engine.count().violations.values().copied().collect::<Vec<_>>(), [2]);
    }
}

fn is(data: &[u8], wanted: impl Fn(&LendingInstruction) -> bool) -> bool {
    LendingInstruction::try_from_slice(data).is_ok_and(|asked| wanted(&asked))
}

#[test]
fn a_debt_that_is_forgiven_pays() {
    fires(world(forgive, Recording::Nothing), "TRIP-1");
}

/// A repayment clears the debt and takes nothing.
fn forgive(real: &Entrypoint, host: &mut Invocation<'_>, data: &[u8]) -> ProgramResult {
    if !is(data, |asked| matches!(asked, LendingInstruction::Repay(_))) {
        return real(host, data);
    }
    let slot = RepayAccounts::SLOTS.position;
    let mut position: Position = decode_account(host.account(slot)?.data)?;
    for entry in &mut position.entries {
        if !entry.debt.is_zero() {
            *entry = Entry::default();
        }
    }
    encode_account(&position, host.data_mut(slot)?)
}

#[test]
fn nobody_gets_out() {
    let wrong: Wrong = |real, host, data| {
        let leaves = is(data, |asked| matches!(asked, LendingInstruction::Withdraw(_)));
        if leaves { Err(ProgramError::Custom(1)) } else { real(host, data) }
    };
    fires(world(wrong, Recording::Nothing), "LIVE-1");
}

#[test]
fn nobody_is_liquidated() {
    let wrong: Wrong = |real, host, data| {
        let settles = is(data, |asked| {
            matches!(asked, LendingInstruction::Liquidate(_) | LendingInstruction::AbsorbBadDebt(_))
        });
        if settles { Err(ProgramError::Custom(1)) } else { real(host, data) }
    };
    let mut world = world(wrong, Recording::Nothing);
    done(world.borrow(Alice, Harbour, Usdc, Usdc.whole(60_000)));
    price(&mut world, Weth, 1_450);
    fires(world, "LIVE-2");
}

#[test]
fn a_deposit_is_not_what_was_told() {
    let wrong: Wrong = |real, host, data| match LendingInstruction::try_from_slice(data) {
        Ok(LendingInstruction::Deposit(mut deposit)) => {
            deposit.amount = Amount(deposit.amount.get() / 2);
            real(host, &LendingInstruction::Deposit(deposit).to_bytes())
        }
        _ => real(host, data),
    };
    fires(world(wrong, Recording::Nothing), "PREVIEW-1");
}

/// What ran was another program than the one the journal is replayed with.
#[test]
fn a_replay_ends_elsewhere() {
    let right: Wrong = |real, host, data| real(host, data);
    assert_eq!(Watch::new(world(right, Recording::Journal)).finish(), Ok(()));
    let wrong: Wrong = |real, host, data| match LendingInstruction::try_from_slice(data) {
        Ok(LendingInstruction::PublishPrice(mut publish)) => {
            publish.price.0 += 1;
            real(host, &LendingInstruction::PublishPrice(publish).to_bytes())
        }
        _ => real(host, data),
    };
    fires(world(wrong, Recording::Journal), "REPLAY-1");
}
