//! What actions become: transactions of several, storms, flash loans, publishers who lie.

use cofferdam_lending_interface::{
    LendingError,
    event::{FlashLoanRepaid, FlashLoanTaken},
};
use cofferdam_tests::{
    action::{Action, Link, Move, RECORD_LEN, Record, Refusal, Role, Size, Verb, Wait, Waits},
    scene::Scene,
    world::{COMPROMISED, Storm},
};

use crate::common::*;

/// An honest action of Alice in the harbour about ether.
fn act(verb: Verb) -> Action {
    Action { verb, ..Action::from(Record([0; RECORD_LEN])) }
}

fn wild() -> cofferdam_tests::world::World {
    cofferdam_tests::world::World::lively(&cofferdam_tests::world::Options::wild())
}

#[test]
fn joined_actions_are_one_transaction() {
    let mut world = lively();
    let deposit = Action { size: Size::Share(99), ..act(Verb::Deposit) };
    let repay = Action { asset: Usdc, size: Size::All, link: Link::Joined, ..act(Verb::Repay) };
    let scene = Scene::of(&world);
    let outcome = world.run_bundle(&scene, &[deposit, repay]);
    assert_eq!(outcome.refused, None, "{}", outcome.label);
    assert_eq!((outcome.sent.len(), outcome.signers.len()), (2, 1));
    assert_eq!(outcome.verbs().collect::<Vec<_>>(), [Verb::Deposit, Verb::Repay]);
    assert_eq!(outcome.booked().collect::<Vec<_>>(), [Verb::Deposit, Verb::Repay]);
    let left = Scene::of(&world)
        .owed(&world.position_address(Harbour, Alice), &reserve(&world, Harbour, Usdc));
    assert_eq!(left, Amount::ZERO);
}

/// The second one fails, so nothing of the first stays, and the failure is booked under its name.
#[test]
fn what_fails_is_booked_alone() {
    let mut world = lively();
    let before = world.clone();
    let deposit = Action { size: Size::Tiny(3), ..act(Verb::Deposit) };
    let borrow =
        Action { asset: Dai, size: Size::Power(60), link: Link::Joined, ..act(Verb::Borrow) };
    let scene = Scene::of(&world);
    let outcome = world.run_bundle(&scene, &[deposit, borrow]);
    assert_eq!(outcome.refused, Some(Refusal::Lending(LendingError::InsufficientCash)));
    assert_eq!(outcome.booked().collect::<Vec<_>>(), [Verb::Borrow]);
    only_fee(&before, &world, Alice);
}

#[test]
fn a_flash_loan_is_paid_back_behind_what_is_joined_to_it() {
    let mut world = lively();
    let borrow = Action { asset: Usdc, size: Size::Share(999), ..act(Verb::FlashBorrow) };
    let deposit = Action { size: Size::Tiny(3), link: Link::Joined, ..act(Verb::Deposit) };
    let scene = Scene::of(&world);
    let outcome = world.run_bundle(&scene, &[borrow, deposit]);
    let receipt = outcome.success().expect("it is paid back");
    assert_eq!(outcome.sent.len(), 3);
    let taken = event::<FlashLoanTaken>(receipt);
    let repaid = event::<FlashLoanRepaid>(receipt);
    assert_eq!((taken.amount, taken.borrower), (repaid.amount, repaid.payer));
}

#[test]
fn a_flash_loan_that_is_forgotten_is_refused() {
    let mut world = lively();
    let forgotten = Action { way: 240, ..act(Verb::FlashBorrow) };
    let outcome = world.run(&forgotten);
    assert_eq!(outcome.refused, Some(Refusal::Lending(LendingError::FlashLoanUnpaid)));
}

/// Lost, late by one, and rationed: what keepers send. Whoever acts for themselves gets through.
#[test]
fn storms_fail_keepers_and_nobody_else() {
    let mut world = lively();
    price(&mut world, Weth, 1_400);
    let liquidate = Action {
        asset: Usdc,
        size: Size::Tiny(2),
        role: Role::Liquidatable,
        ..act(Verb::Liquidate)
    };
    let until_s = world.now_s() + 60;
    world.weather_mut().begin(Storm::Lost, until_s);
    let lost = world.run(&liquidate);
    assert_eq!((lost.refused, lost.sent.len()), (Some(Refusal::Congested), 0));
    let repay = Action { asset: Usdc, size: Size::Tiny(2), ..act(Verb::Repay) };
    assert_eq!(world.run(&repay).refused, None);

    world.weather_mut().begin(Storm::Rationed(1), until_s);
    assert_eq!(world.run(&liquidate).refused, None);
    assert_eq!(world.run(&liquidate).refused, Some(Refusal::Congested));

    world.weather_mut().begin(Storm::Late, until_s);
    assert_eq!(world.run(&liquidate).refused, Some(Refusal::Congested));
    let publish = Action { price: Move::Par, ..act(Verb::PublishPrice) };
    let late = world.run(&publish);
    assert_eq!((late.verb, late.refused), (Verb::Liquidate, None), "the one before arrives");
    world.advance(60);
    assert_eq!(world.run(&publish).refused, None, "the storm is over");
}

/// Two of seven say whatever they like, from zero to the highest number there is: the price stays
/// where the five who are honest saw it.
#[test]
fn a_compromised_minority_moves_no_price() {
    let mut world = wild();
    let par = world.price_feed(Weth).price;
    for lie in [1, par.get() / 2, par.get() * 1_000_000] {
        for liar in COMPROMISED {
            let (feed, now_s) = (world.feed(Weth), world.now_s());
            let quote = cofferdam_lending_interface::state::PublisherQuote {
                price: cofferdam_lending_interface::units::Price(lie),
                confidence: cofferdam_lending_interface::units::Price::ZERO,
                observed_at_s: now_s,
            };
            done(world.quote(liar, &feed, quote));
        }
        done(world.refresh());
        assert_eq!(world.price_feed(Weth).price, par, "after {lie}");
    }
}

/// A wait until what cools is ready ends exactly there, and one second earlier with a step back.
#[test]
fn waits_end_where_something_is_ready() {
    let mut world = wild();
    let cool = Action {
        role: Role::Owner(Dave),
        size: Size::Edge(0),
        way: 230,
        ..act(Verb::StartCooldown)
    };
    assert_eq!(world.run(&cool).refused, None);
    let leave = Action { size: Size::Edge(0), ..act(Verb::UnstakeInsurance) };
    let mut early = world.clone();
    let wait = |step: i8| Action { wait: Wait::Ready(Waits::Stake, step), ..act(Verb::Advance) };
    let _passed = early.run(&wait(-1));
    let refused = early.run(&leave).refused;
    assert_eq!(refused, Some(Refusal::Lending(LendingError::CooldownRequired)));
    let _passed = world.run(&wait(0));
    assert_eq!(world.run(&leave).refused, None);
}
