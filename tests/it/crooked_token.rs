//! A token program that does not move what it was told to. The lending program calls the one at a
//! fixed address and still compares the vault with its books after every movement.

use cofferdam_host::{Host, ProgramError, ProgramResult, cpi::TOKEN_PROGRAM_ID};
use cofferdam_ledger::{Invocation, Program};
use cofferdam_lending_interface::LendingError;
use cofferdam_tests::world::{Options, World};

use crate::common::*;

/// Where a token account holds its balance.
const BALANCE: std::ops::Range<usize> = 64..72;
/// Of a transfer of so many units one does not arrive.
const SHORT: u64 = 7;
/// For a transfer of so many units one more is taken.
const DEAR: u64 = 9;

/// As much of the SPL Token program as a world needs, honest but for the two amounts.
fn crooked(host: &mut Invocation<'_>, data: &[u8]) -> ProgramResult {
    let (kind, rest) = data.split_first().ok_or(ProgramError::InvalidInstructionData)?;
    match kind {
        // InitializeMint2: authority, decimals, initialised.
        20 => {
            let mint = host.data_mut(0)?;
            mint[..4].copy_from_slice(&[1, 0, 0, 0]);
            mint[4..36].copy_from_slice(&rest[1..33]);
            (mint[44], mint[45]) = (rest[0], 1);
            Ok(())
        }
        // InitializeAccount3: mint, owner, initialised.
        18 => {
            let mint = *host.account(1)?.address;
            let account = host.data_mut(0)?;
            account[..32].copy_from_slice(mint.as_ref());
            account[32..64].copy_from_slice(rest);
            account[108] = 1;
            Ok(())
        }
        // MintTo.
        7 => add(host, 1, amount(rest)),
        3 => {
            let asked = amount(rest);
            let taken = if asked == DEAR { asked + 1 } else { asked };
            let left = amount(&host.account(0)?.data[BALANCE]) - taken;
            host.data_mut(0)?[BALANCE].copy_from_slice(&left.to_le_bytes());
            add(host, 1, if asked == SHORT { asked - 1 } else { asked })
        }
        _ => Err(ProgramError::InvalidInstructionData),
    }
}

fn amount(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes[..8].try_into().expect("eight bytes"))
}

fn add(host: &mut Invocation<'_>, slot: usize, units: u64) -> ProgramResult {
    let sum = amount(&host.account(slot)?.data[BALANCE]) + units;
    host.data_mut(slot)?[BALANCE].copy_from_slice(&sum.to_le_bytes());
    Ok(())
}

/// Alice has 50 ether and 60,000 dollars of debt there, and a stake of a dollar.
fn world() -> World {
    let guests = vec![Program::native(TOKEN_PROGRAM_ID, "crooked token", crooked)];
    let mut world = World::new(&Options { guests, ..options() });
    done(world.deposit(Dave, Harbour, Usdc, Usdc.whole(200_000)));
    done(world.deposit(Alice, Harbour, Weth, Weth.whole(50)));
    done(world.borrow(Alice, Harbour, Usdc, Usdc.whole(60_000)));
    done(world.open_stake(Alice, Harbour, Usdc));
    done(world.stake(Alice, Harbour, Usdc, Usdc.whole(1)));
    // The vault covers its books whatever happens: only a movement can be wrong.
    done(world.donate(Dave, Harbour, Usdc, Amount(100)));
    world
}

#[test]
fn what_does_not_arrive_is_not_booked() {
    let world = world();
    let short = Amount(SHORT);
    let mismatch = LendingError::VaultMismatch;
    refuses(&world, Dave, mismatch, |world| world.deposit(Dave, Harbour, Usdc, short));
    refuses(&world, Alice, mismatch, |world| world.repay(Alice, (Harbour, Alice), Usdc, short));
    refuses(&world, Alice, mismatch, |world| world.stake(Alice, Harbour, Usdc, short));
    refuses(&world, Alice, mismatch, |world| world.fund_insurance(Alice, Harbour, Usdc, short));
    done(world.clone().stake(Alice, Harbour, Usdc, Amount(SHORT + 1)));
    // A sender who pays too much loses it to nobody in the pool.
    done(world.clone().stake(Alice, Harbour, Usdc, Amount(DEAR)));
}

#[test]
fn what_leaves_beyond_the_books_stays() {
    let world = world();
    let dear = Amount(DEAR);
    let mismatch = LendingError::VaultMismatch;
    refuses(&world, Dave, mismatch, |world| world.withdraw(Dave, Harbour, Usdc, dear));
    refuses(&world, Alice, mismatch, |world| world.borrow(Alice, Harbour, Usdc, dear));
    done(world.clone().borrow(Alice, Harbour, Usdc, Amount(DEAR + 1)));
    done(world.clone().borrow(Alice, Harbour, Usdc, Amount(SHORT)));
}

/// A vault that holds less than its books say, whoever took it: nothing moves any more.
#[test]
fn a_vault_short_of_its_books_moves_nothing() {
    let mut world = indebted();
    let vault = world.keys(Harbour, Usdc).vault;
    let mut account = world.ledger().account(&vault).expect("it exists").clone();
    let short = amount(&account.data[BALANCE]) - 1;
    account.data[BALANCE].copy_from_slice(&short.to_le_bytes());
    let put = world.client_mut().backend_mut().cheat().set_account(&vault, account).map(drop);
    put.expect("any account can be set");
    let mismatch = LendingError::VaultMismatch;
    refuses(&world, Dave, mismatch, |world| world.deposit(Dave, Harbour, Usdc, Amount(2)));
    refuses(&world, Dave, mismatch, |world| world.withdraw(Dave, Harbour, Usdc, Amount(2)));
    // A gift makes up for it.
    done(world.donate(Dave, Harbour, Usdc, Amount(1)));
    done(world.deposit(Dave, Harbour, Usdc, Amount(2)));
}
