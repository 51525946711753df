//! Flash loans: what they cost, what they may stand beside, and what nobody gains by one.

use cofferdam_host::{Address, Call, CallAccount, Host, ProgramResult};
use cofferdam_ledger::{Invocation, Program, Receipt};
use cofferdam_lending_interface::{
    ID, LendingError,
    event::{FlashLoanRepaid, FlashLoanTaken, Liquidated},
    state::{Mode, Reserve, ReserveConfig},
    units::Bps,
};
use cofferdam_sdk::{ClientError, Instruction, instruction as build};
use cofferdam_tests::world::{Actor, Asset, Options, PoolId, World, base_config};
use solana_instruction::AccountMeta;

use crate::common::*;

const AT: (PoolId, Asset) = (Harbour, Usdc);

/// 100,000 dollars at 5 bps cost 50, of which a tenth is the protocol's: 5, a fifth of it the
/// insurance fund's. The vault gains what the books do.
#[test]
fn costs_the_fee_and_nothing_else() {
    let mut world = indebted();
    let receipt = moves(
        &mut world,
        Carol,
        |world| world.flash(Carol, AT, Usdc.whole(100_000), &[]),
        [
            ("carol USDC", -50_000_000),
            ("harbour USDC vault", 50_000_000),
            ("harbour USDC cash", 50_000_000),
            ("harbour USDC fees", 4_000_000_000_000_000),
            ("harbour USDC insurance", 1_000_000_000_000_000),
            ("harbour USDC fund shares", 1_000_000_000_000),
        ],
    );
    let (reserve, carol) = (reserve(&world, Harbour, Usdc), world.person(Carol));
    let amount = Usdc.whole(100_000);
    let taken = FlashLoanTaken { reserve, borrower: carol, amount };
    assert_eq!(event::<FlashLoanTaken>(&receipt), taken);
    let repaid = FlashLoanRepaid { reserve, payer: carol, amount, fee: Usdc.whole(50) };
    assert_eq!(event::<FlashLoanRepaid>(&receipt), repaid);
    assert_eq!(world.reserve(Harbour, Usdc).flash_loan, Amount::ZERO);
}

#[test]
fn the_smallest_loan_pays_a_unit() {
    let mut world = indebted();
    let receipt = receipt_of(world.flash(Carol, AT, Amount(1), &[]));
    assert_eq!(event::<FlashLoanRepaid>(&receipt).fee, Amount(1));
    let free = ReserveConfig { flash_fee: Bps(0), ..base_config() };
    done(world.update_reserve(Harbour, Usdc, free));
    let receipt = receipt_of(world.flash(Carol, AT, Usdc.whole(140_000), &[]));
    assert_eq!(event::<FlashLoanRepaid>(&receipt).fee, Amount(0));
}

#[test]
fn lends_all_cash_but_the_insurance() {
    let mut world = indebted();
    done(world.fund_insurance(Admin, Harbour, Usdc, Usdc.whole(500)));
    refuses(&world, Carol, LendingError::InsufficientCash, |world| {
        world.flash(Carol, AT, Amount(140_000_000_001), &[])
    });
    refuses(&world, Carol, LendingError::AmountTooSmall, |world| {
        world.flash(Carol, AT, Amount(0), &[])
    });
    done(world.flash(Carol, AT, Usdc.whole(140_000), &[]));
}

/// Sends as Carol what must be refused with `error`.
#[track_caller]
fn refused(world: &World, error: LendingError, instructions: &[Instruction]) {
    refuses(world, Carol, error, |world| world.send(&[Carol], instructions));
}

#[test]
fn needs_its_own_repayment_later_in_the_transaction() {
    let world = lively();
    let (borrow, repay) = world.flash_pair(Carol, AT, Usdc.whole(1));
    let (_, other_reserve) = world.flash_pair(Carol, (Harbour, Dai), Usdc.whole(1));
    let (_, other_pool) = world.flash_pair(Carol, (Lagoon, Usdc), Usdc.whole(1));
    let unpaid = LendingError::FlashLoanUnpaid;
    refused(&world, unpaid, std::slice::from_ref(&borrow));
    refused(&world, unpaid, &[borrow.clone(), other_reserve]);
    refused(&world, unpaid, &[borrow.clone(), other_pool]);
    // The accounts in place, but another instruction: a plain repayment, and bytes that are none.
    let carol = world.person(Carol);
    let position = world.position_address(Harbour, Carol);
    let plain = build::repay(&carol, &position, &world.keys(Harbour, Usdc), Amount(1));
    refused(&world, unpaid, &[borrow.clone(), plain]);
    let long = Instruction { data: [repay.data.clone(), vec![0]].concat(), ..repay.clone() };
    refused(&world, unpaid, &[borrow.clone(), long]);
    // Somebody else's program, with the same accounts and bytes.
    let program_id = cofferdam_host::cpi::SYSTEM_PROGRAM_ID;
    let elsewhere = Instruction { program_id, ..repay.clone() };
    refused(&world, unpaid, &[borrow.clone(), elsewhere]);
    // Before instead of after.
    refused(&world, LendingError::FlashLoanMissing, &[repay, borrow]);
}

/// Address of somebody's program that hands on whatever it is called with.
const RELAY: Address = Address::new_from_array([77; 32]);

/// Calls the lending program with its own accounts and data.
fn relay(cx: &mut Invocation<'_>, data: &[u8]) -> ProgramResult {
    let account = |slot| {
        cx.account(slot).map(|account| CallAccount {
            address: *account.address,
            is_signer: account.is_signer,
            is_writable: account.is_writable,
        })
    };
    let accounts = (0..cx.account_count()).map(account).collect::<Result<Vec<_>, _>>()?;
    cx.invoke(Call { program_id: &ID, accounts: &accounts, data })
}

fn relayed(instruction: &Instruction) -> Instruction {
    let mut relayed = Instruction { program_id: RELAY, ..instruction.clone() };
    relayed.accounts.push(AccountMeta::new_readonly(ID, false));
    relayed
}

/// One relay calls for two loans and promises both the same repayment; even with one each it
/// would stand between the loan and the transaction.
#[test]
fn a_loan_called_by_a_program_is_refused() {
    let guests = vec![Program::native(RELAY, "relay", relay)];
    let mut world = World::new(&Options { guests, ..options() });
    done(world.deposit(Dave, Harbour, Usdc, Usdc.whole(200_000)));
    let (borrow, repay) = world.flash_pair(Carol, AT, Usdc.whole(1));
    let unpaid = LendingError::FlashLoanUnpaid;
    refused(&world, unpaid, &[relayed(&borrow), repay.clone()]);
    // A relayed repayment is not seen either.
    refused(&world, unpaid, &[borrow.clone(), relayed(&repay)]);
    // One that comes first leaves nothing for the promised one.
    let missing = LendingError::FlashLoanMissing;
    refused(&world, missing, &[borrow.clone(), relayed(&repay), repay.clone()]);
    done(world.send(&[Carol], &[borrow, repay]));
}

#[test]
fn one_repayment_is_not_promised_twice() {
    let world = indebted();
    let (borrow, repay) = world.flash_pair(Carol, AT, Usdc.whole(1));
    let all = [borrow.clone(), borrow.clone(), repay.clone()];
    refused(&world, LendingError::FlashLoanActive, &all);
    let all = [borrow.clone(), borrow.clone(), repay.clone(), repay.clone()];
    refused(&world, LendingError::FlashLoanActive, &all);
    let all = [borrow.clone(), repay.clone(), repay.clone()];
    refused(&world, LendingError::FlashLoanMissing, &all);
    let all = [borrow.clone(), repay.clone(), borrow.clone()];
    refused(&world, LendingError::FlashLoanUnpaid, &all);
    refused(&world, LendingError::FlashLoanMissing, std::slice::from_ref(&repay));
    // One after the other is fine.
    let mut after = world.clone();
    done(after.send(&[Carol], &[borrow.clone(), repay.clone(), borrow, repay]));
}

/// Whatever is out, of this reserve, of another one and of another pool, is paid back first, and
/// a repayment later in the transaction serves the loan before it.
#[test]
fn loans_of_whatever_reserve_do_not_nest() {
    let world = lively();
    let pair = |at| world.flash_pair(Carol, at, Amount(1_000_000));
    let (borrow, repay) = pair(AT);
    for other in [AT, (Harbour, Dai), (Lagoon, Usdc)] {
        let (inner, back) = pair(other);
        let inside = [borrow.clone(), inner.clone(), back.clone(), repay.clone()];
        refused(&world, LendingError::FlashLoanActive, &inside);
        let across = [borrow.clone(), inner.clone(), repay.clone(), back.clone()];
        refused(&world, LendingError::FlashLoanActive, &across);
        // A loan that is back hides none that is out.
        let (lent, returned) = pair((Harbour, Weth));
        let third = [lent, returned, borrow.clone(), inner, back, repay.clone()];
        refused(&world, LendingError::FlashLoanActive, &third);
    }
}

#[test]
fn loans_go_one_after_the_other() {
    let mut world = lively();
    let pair = |at| <[Instruction; 2]>::from(world.flash_pair(Carol, at, Amount(1_000_000)));
    let all = [AT, (Harbour, Dai), (Lagoon, Usdc), AT].map(pair).concat();
    let receipt = receipt_of(world.send(&[Carol], &all));
    assert_eq!(receipt.events::<FlashLoanRepaid>().count(), 4);
}

#[test]
fn modes_stop_the_loan_and_never_its_return() {
    for mode in [Mode::ReduceOnly, Mode::Frozen, Mode::Killed] {
        let mut world = indebted();
        done(world.set_reserve_mode(Admin, AT, mode));
        refuses(&world, Carol, LendingError::ModeForbids, |world| {
            world.flash(Carol, AT, Usdc.whole(1), &[])
        });
        // The admin shuts the reserve while a loan is out.
        let mut world = indebted();
        let (borrow, repay) = world.flash_pair(Admin, AT, Usdc.whole(1));
        let keys = world.keys(Harbour, Usdc);
        let admin = world.person(Admin);
        let shut = build::set_reserve_mode(&admin, &keys.pool, &keys.reserve, mode);
        done(world.send(&[Admin], &[borrow, shut, repay]));
    }
}

/// Alice at 1,400: all of her 60,000 may be repaid. Carol, who has no dollar of her own left,
/// borrows them, liquidates, sells the ether to Dave and pays back.
#[test]
fn flash_liquidation_needs_no_capital() {
    let mut world = indebted();
    price(&mut world, Weth, 1_400);
    let all_of_it = world.ledger_balance(Carol, Usdc);
    let [carol, dave] = [Carol, Dave].map(|actor| world.person(actor));
    let give = |world: &World, from, to, asset, amount| {
        cofferdam_sdk::token::transfer(&world.mint(asset), from, to, amount)
    };
    let broke = give(&world, &carol, &dave, Usdc, all_of_it);
    done(world.send(&[Carol], &[broke]));
    let (borrow, repay) = world.flash_pair(Carol, AT, Usdc.whole(60_000));
    let seize = world.liquidation(Carol, (Harbour, Alice), (Usdc, Weth), Amount(ALL), None);
    // 45.942857142 ether at 1,400 are worth 64,319.99; Dave gives 64,000 for them.
    let ether = give(&world, &carol, &dave, Weth, Amount(45_942_857_142));
    let dollars = give(&world, &dave, &carol, Usdc, Usdc.whole(64_000));
    let before = world.ledger_balance(Carol, Weth);
    let all = [borrow, seize, ether, dollars, repay];
    let receipt = receipt_of(world.send(&[Carol, Dave], &all));
    assert_eq!(event::<Liquidated>(&receipt).repaid, Usdc.whole(60_000));
    // 64,000 less 60,000 and the fee of 30.
    assert_eq!(world.ledger_balance(Carol, Usdc), Usdc.whole(3_970));
    assert_eq!(world.ledger_balance(Carol, Weth), before);
    assert!(!world.position(Harbour, Alice).state.has_debt());
}

/// Who borrows all cash, supplies it and borrows against it has what an honest supplier with as
/// much money has, and cannot pay back without taking it out again, which the debt forbids.
#[test]
fn borrowed_cash_counts_once() {
    let world = attackers();
    let amount = Usdc.whole(140_000);
    let (borrow, repay) = world.flash_pair(Mallory, AT, amount);
    let (mallory, position) = (world.person(Mallory), world.position_address(Harbour, Mallory));
    let (usdc, weth) = (world.keys(Harbour, Usdc), world.keys(Harbour, Weth));
    let deposit = build::deposit(&mallory, &position, &usdc, amount);
    let take = build::borrow(&mallory, &position, &weth, &[usdc, weth], Weth.whole(10));
    let withdraw = build::withdraw(&mallory, &position, &usdc, &[usdc, weth], amount);
    let run = |world: &World, all: &[Instruction]| {
        let mut after = world.clone();
        let sent = after.send(&[Mallory], all);
        (after, sent)
    };
    // Leaving the supply in: the dollars to pay back with are in the vault.
    let all = [borrow.clone(), deposit.clone(), take.clone(), repay.clone()];
    failed_whole(&world, run(&world, &all));
    // Taking it out again: what was lent against it stays owed.
    let all = [borrow.clone(), deposit.clone(), take, withdraw.clone(), repay.clone()];
    let (after, sent) = run(&world, &all);
    let lending = sent.as_ref().err().and_then(ClientError::lending);
    assert_eq!(lending, Some(LendingError::BorrowLimitExceeded));
    failed_whole(&world, (after, sent));
    // In and out without a loan in between costs the fee of 70 and leaves 30.
    let (after, sent) = run(&world, &[borrow, deposit, withdraw, repay]);
    done(sent);
    assert_eq!(after.ledger_balance(Mallory, Usdc), Usdc.whole(30));
}

/// While the cash is out nobody else can be paid with it, and supplying it back does not pay the
/// loan: the reserve's own books are what counts.
#[test]
fn a_loan_that_is_out_is_nobodys_cash() {
    let world = indebted();
    let (borrow, repay) = world.flash_pair(Dave, AT, Usdc.whole(140_000));
    let (dave, usdc) = (world.person(Dave), world.keys(Harbour, Usdc));
    let position = world.position_address(Harbour, Dave);
    let withdraw = build::withdraw(&dave, &position, &usdc, &[], Amount(1));
    refuses(&world, Dave, LendingError::InsufficientCash, |world| {
        world.send(&[Dave], &[borrow.clone(), withdraw.clone(), repay.clone()])
    });
    // A donation to the vault pays nothing back; the repayment still takes all of it.
    let gift = world.donation(Dave, Harbour, Usdc, Usdc.whole(140_000));
    let mut after = world.clone();
    let before = after.ledger_balance(Dave, Usdc).get();
    done(after.send(&[Dave], &[borrow, gift, repay]));
    let paid = before - after.ledger_balance(Dave, Usdc).get();
    assert_eq!(Amount(paid), Usdc.whole(140_070));
    let reserve = after.reserve(Harbour, Usdc);
    assert_eq!((reserve.cash, reserve.flash_loan), (Usdc.whole(140_070), Amount::ZERO));
}

/// The price of a share is the same before, during and after but for the fee, so neither a
/// supplier who comes nor one who leaves in between takes anything from the others. Supplying a
/// moment before one's own loan earns back a part of its fee, which is all that can be had.
#[test]
fn supplying_around_a_loan_earns_nothing() {
    let mut world = indebted();
    let (borrow, repay) = world.flash_pair(Bob, AT, Usdc.whole(100_000));
    let (bob, usdc) = (world.person(Bob), world.keys(Harbour, Usdc));
    let position = world.position_address(Harbour, Bob);
    let deposit = build::deposit(&bob, &position, &usdc, Usdc.whole(50_000));
    let withdraw = build::withdraw(&bob, &position, &usdc, &[], Amount(ALL));
    let before = world.ledger_balance(Bob, Usdc).get();
    let mut inside = world.clone();
    let all = [borrow.clone(), deposit.clone(), withdraw.clone(), repay.clone()];
    done(inside.send(&[Bob], &all));
    // The fee of 50, and at most a unit that rounding keeps.
    let paid = before - inside.ledger_balance(Bob, Usdc).get();
    assert!((50_000_000..=50_000_001).contains(&paid), "{paid}");
    // Around it: a fifth of the suppliers' 45 comes back.
    done(world.send(&[Bob], &[deposit, borrow, repay, withdraw]));
    let paid = before - world.ledger_balance(Bob, Usdc).get();
    assert!((41_000_000..=41_000_001).contains(&paid), "{paid}");
}

/// Bad debt recognised and fees collected while cash is out: the books are those of the loan
/// coming back a moment later.
#[test]
fn recognising_a_loss_under_a_loan_changes_nothing_about_it() {
    let mut plain = indebted();
    price(&mut plain, Weth, 1_000);
    let mut under = plain.clone();
    let absorb = plain.market(Harbour).absorb_bad_debt(&plain.position(Harbour, Alice));
    let (borrow, repay) = plain.flash_pair(Carol, AT, Usdc.whole(140_000));
    done(plain.send(&[Carol], &[borrow.clone(), repay.clone(), absorb.clone()]));
    done(under.send(&[Carol], &[borrow, absorb, repay]));
    let (plain, under) = (plain.reserve(Harbour, Usdc), under.reserve(Harbour, Usdc));
    assert_eq!(plain.losses.recognised, under.losses.recognised);
    assert_eq!((plain.cash, plain.debt_shares), (under.cash, under.debt_shares));
    // Recognised first, the fee of the loan was not there yet to pay for it.
    assert!(under.fees >= plain.fees);
    let ours = |reserve: &Reserve| {
        let supply = reserve.supply().expect("in range").assets;
        supply.plus(reserve.fees).and_then(|sum| sum.plus(reserve.insurance)).expect("in range")
    };
    assert_eq!(ours(&plain), ours(&under));
}

/// Nothing of a failed transaction stays but the fee.
#[track_caller]
fn failed_whole(before: &World, (after, sent): (World, Result<Receipt, ClientError>)) {
    assert!(sent.is_err(), "went through");
    only_fee(before, &after, Mallory);
}

/// Mallory with a hundred dollars, and ether to be had.
fn attackers() -> World {
    let mut world = indebted();
    done(world.deposit(Dave, Harbour, Weth, Weth.whole(100)));
    let [mallory, dave] = [Mallory, Dave].map(|actor| world.person(actor));
    let surplus = Amount(world.ledger_balance(Mallory, Usdc).get() - 100_000_000);
    let give = cofferdam_sdk::token::transfer(&world.mint(Usdc), &mallory, &dave, surplus);
    done(world.send(&[Mallory], &[give]));
    world
}

trait Balance {
    fn ledger_balance(&self, actor: Actor, asset: Asset) -> Amount;
}

impl Balance for World {
    fn ledger_balance(&self, actor: Actor, asset: Asset) -> Amount {
        let account = self.ledger().account(&self.wallet(actor, asset)).expect("has a wallet");
        let token = cofferdam_host::cpi::TokenAccount::decode(&account.data);
        Amount(token.expect("a token account").amount)
    }
}
