//! A transaction that went well, to be tampered with.

use std::{collections::BTreeSet, sync::Arc};

use borsh::BorshSerialize;
use cofferdam_host::{AccountData, Address, Event, decode_account, encode_account};
use cofferdam_lending_interface::state::{Pool, Position, PriceFeed, Reserve};
use cofferdam_sdk::{Instruction, instruction as build, interface::instruction::Liquidate};
use cofferdam_tests::{
    action::{Outcome, Verb},
    invariant::Step,
    scene::Scene,
};

use crate::common::*;
use cofferdam_tests::world::{Actor, Asset, World};

/// A change of what the checks see of the state before.
type Edit = Box<dyn FnOnce(&mut Scene)>;

/// A transaction with the worlds around it.
pub(super) struct Case {
    before: World,
    after: World,
    outcome: Outcome,
    edit: Option<Edit>,
}

impl Case {
    /// Sends what must succeed.
    pub(super) fn sent(world: World, signers: &[Actor], sent: Vec<Instruction>) -> Self {
        let case = Self::tried(world, Verb::Repay, signers, sent);
        assert_eq!(case.outcome.refused, None);
        case
    }

    /// Sends what may be refused.
    pub(super) fn tried(
        world: World,
        verb: Verb,
        signers: &[Actor],
        sent: Vec<Instruction>,
    ) -> Self {
        let mut after = world.clone();
        let outcome = after.run_sent(verb, signers, sent);
        Self { before: world, after, outcome, edit: None }
    }

    /// Carol supplies 1,000 dollars.
    pub(super) fn deposit(world: World) -> Self {
        let (at, keys) = (world.position_address(Harbour, Carol), world.keys(Harbour, Usdc));
        let deposit = build::deposit(&world.person(Carol), &at, &keys, Usdc.whole(1_000));
        Self::sent(world, &[Carol], vec![deposit])
    }

    /// Alice borrows ten dollars more.
    pub(super) fn borrow(world: World) -> Self {
        let (at, keys) = (world.position_address(Harbour, Alice), world.keys(Harbour, Usdc));
        let others = world.market(Harbour).used_by(&world.position(Harbour, Alice).state);
        let borrow = build::borrow(&world.person(Alice), &at, &keys, &others, Usdc.whole(10));
        Self::sent(world, &[Alice], vec![borrow])
    }

    /// Dave withdraws 1,000 dollars.
    pub(super) fn withdraw(world: World) -> Self {
        let (at, keys) = (world.position_address(Harbour, Dave), world.keys(Harbour, Usdc));
        let withdraw = build::withdraw(&world.person(Dave), &at, &keys, &[], Usdc.whole(1_000));
        Self::sent(world, &[Dave], vec![withdraw])
    }

    /// Alice repays everything, claims included.
    pub(super) fn repay(world: World) -> Self {
        let (at, keys) = (world.position_address(Harbour, Alice), world.keys(Harbour, Usdc));
        let repay = build::repay(&world.person(Alice), &at, &keys, Amount(ALL));
        Self::sent(world, &[Alice], vec![repay])
    }

    /// Alice is liquidated, dollars for ether.
    pub(super) fn liquidate(world: World) -> Self {
        let at = world.position_address(Harbour, Alice);
        let others = world.market(Harbour).used_by(&world.position(Harbour, Alice).state);
        let sides = (&world.keys(Harbour, Usdc), &world.keys(Harbour, Weth));
        let args = Liquidate { repay_max: Amount(ALL), collateral_min: Amount::ZERO };
        let liquidator = world.person(Liquidator);
        let liquidate = build::liquidate(&liquidator, &at, sides, None, &others, args);
        Self::sent(world, &[Liquidator], vec![liquidate])
    }

    /// Alice's bad debt is recognised.
    pub(super) fn absorb(world: World) -> Self {
        let absorb = world.market(Harbour).absorb_bad_debt(&world.position(Harbour, Alice));
        Self::sent(world, &[Liquidator], vec![absorb])
    }

    /// Ether is published at 1,900 dollars.
    pub(super) fn publish(world: World) -> Self {
        let (person, feed) = (world.person(Publisher), world.feed(Weth));
        let (price, now_s) = (dollars(1_900), world.now_s());
        let none = cofferdam_lending_interface::units::Price::ZERO;
        let publish = build::publish_price(&person, &feed, price, none, now_s);
        Self::sent(world, &[Publisher], vec![publish])
    }

    /// The account was something else, and still is.
    pub(super) fn both<T: AccountData>(mut self, at: Address, change: impl Fn(&mut T)) -> Self {
        alter(&mut self.before, at, &change);
        alter(&mut self.after, at, change);
        self
    }

    /// The account ended as something else.
    pub(super) fn is<T: AccountData>(mut self, at: Address, change: impl Fn(&mut T)) -> Self {
        alter(&mut self.after, at, change);
        self
    }

    /// The account was something else.
    pub(super) fn was<T: AccountData>(mut self, at: Address, change: impl Fn(&mut T)) -> Self {
        alter(&mut self.before, at, change);
        self
    }

    /// The reserve of an asset ended as something else.
    pub(super) fn reserve_is(self, asset: Asset, change: impl Fn(&mut Reserve)) -> Self {
        let at = reserve(&self.after, Harbour, asset);
        self.is(at, change)
    }

    /// The reserve of an asset was something else, and still is.
    pub(super) fn reserve_both(self, asset: Asset, change: impl Fn(&mut Reserve)) -> Self {
        let at = reserve(&self.after, Harbour, asset);
        self.both(at, change)
    }

    /// The pool was something else, and still is.
    pub(super) fn pool_both(self, change: impl Fn(&mut Pool)) -> Self {
        let at = self.after.pool(Harbour);
        self.both(at, change)
    }

    /// The feed of ether was something else, and still is.
    pub(super) fn feed_both(self, change: impl Fn(&mut PriceFeed)) -> Self {
        let at = self.after.feed(Weth);
        self.both(at, change)
    }

    /// The position of somebody ended as something else.
    pub(super) fn position_is(self, owner: Actor, change: impl Fn(&mut Position)) -> Self {
        let at = self.after.position_address(Harbour, owner);
        self.is(at, change)
    }

    /// The tokens of an account ended as so many more.
    pub(super) fn tokens_are(mut self, at: Address, more: u64) -> Self {
        let mut account = self.after.ledger().account(&at).expect("it is there").clone();
        let amount = account.data[64..72].try_into().map(u64::from_le_bytes).expect("eight bytes");
        account.data[64..72].copy_from_slice(&(amount + more).to_le_bytes());
        self.put(at, account);
        self
    }

    /// An account ended as these bytes.
    pub(super) fn put(&mut self, at: Address, account: solana_account::Account) {
        let mut cheats = self.after.client_mut().backend_mut().cheat();
        let _cheats = cheats.set_account(&at, account).expect("any account can be written");
    }

    /// Somebody ended with so many more lamports.
    pub(super) fn gift(mut self, to: Actor, lamports: u64) -> Self {
        let at = self.after.person(to);
        let mut cheats = self.after.client_mut().backend_mut().cheat();
        let _cheats = cheats.airdrop(&at, lamports).expect("a wallet takes them");
        self
    }

    /// The last event of a type told something else.
    pub(super) fn told<E: Event + BorshSerialize>(mut self, change: impl Fn(&mut E)) -> Self {
        let receipt = self.outcome.receipt.as_mut().expect("it was sent");
        let mut events = receipt.events.iter_mut().rev();
        let raw = events.find(|raw| raw.decode::<E>().is_some()).expect("it was told");
        let mut event = raw.decode::<E>().expect("it decodes");
        change(&mut event);
        raw.data = [&E::DISCRIMINATOR[..], &borsh::to_vec(&event).expect("it encodes")].concat();
        self
    }

    /// Somebody else signed.
    pub(super) fn signed_by(mut self, who: Actor) -> Self {
        self.outcome.signers = vec![self.after.person(who)];
        self
    }

    /// The checks saw another state before.
    pub(super) fn seen(mut self, edit: impl FnOnce(&mut Scene) + 'static) -> Self {
        self.edit = Some(Box::new(edit));
        self
    }

    /// The world after.
    pub(super) const fn after(&self) -> &World {
        &self.after
    }

    /// The first invariant that fires, and all that do.
    pub(super) fn fired(self) -> (Option<&'static str>, BTreeSet<&'static str>, String) {
        let mut before = Scene::of(&self.before);
        let mut after = before.clone();
        let changes = self.before.ledger().diff(self.after.ledger());
        let delta = after.follow(&self.after, &changes);
        if let Some(edit) = self.edit {
            edit(&mut before);
        }
        let step = Step::new((&before, &after), &self.outcome, &changes, &delta);
        let first = step.verdict().err();
        let details = first.as_ref().map(|(_, details)| details.clone()).unwrap_or_default();
        let all = step.violations().map(|(invariant, _)| invariant.id).collect();
        (first.map(|(invariant, _)| invariant.id), all, details)
    }
}

fn alter<T: AccountData>(world: &mut World, at: Address, change: impl Fn(&mut T)) {
    let mut account = world.ledger().account(&at).expect("it is there").clone();
    let mut value: T = decode_account(&account.data).expect("it is of that type");
    change(&mut value);
    encode_account(&value, &mut account.data).expect("it fits");
    let mut cheats = world.client_mut().backend_mut().cheat();
    let _cheats = cheats.set_account(&at, account).expect("any account can be written");
}

/// A position that the checks see, whatever the ledger has.
pub(super) fn pretend(scene: &mut Scene, at: Address, change: impl FnOnce(&mut Position)) {
    let mut position = scene.positions[&at].clone();
    change(&mut position);
    let _previous = scene.positions.set(at, Some(Arc::new(position)));
}
