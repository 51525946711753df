//! Where an exploit plays: a world, and every invariant checked after each transaction.

use std::collections::BTreeSet;

use cofferdam_host::Address;
use cofferdam_ledger::{Receipt, SubmitError};
use cofferdam_lending_interface::{
    math::shares::{debt_shares_down, debt_shares_up},
    state::{Entry, Reserve},
    units::{Amount, DebtShares, Shares},
};
use cofferdam_sdk::{ClientError, Instruction};
use cofferdam_tests::{
    action::{Outcome, Refusal, Verb},
    invariant::{Check, SPEC, Step},
    scene::Scene,
    world::{Actor, Asset, PoolId, World},
};

/// A world under watch.
pub(super) struct Stage {
    pub(super) world: World,
    pub(super) scene: Scene,
    /// Ids of the invariants that did not hold.
    pub(super) fired: BTreeSet<&'static str>,
}

impl Stage {
    pub(super) fn new(world: World) -> Self {
        let scene = Scene::of(&world);
        Self { world, scene, fired: BTreeSet::new() }
    }

    /// Runs one transaction and checks what must hold; whether it succeeded.
    pub(super) fn act(
        &mut self,
        verb: Verb,
        signers: &[Actor],
        run: impl FnOnce(&mut World) -> Result<Receipt, ClientError>,
    ) -> bool {
        let result = run(&mut self.world);
        let refused = result.as_ref().err().map(Refusal::from);
        let receipt = match result {
            Ok(receipt) => Some(receipt),
            Err(
                ClientError::Lending { receipt, .. }
                | ClientError::Submit(SubmitError::Failed { receipt, .. }),
            ) => Some(*receipt),
            Err(_) => None,
        };
        let signers = signers.iter().map(|actor| self.world.person(*actor)).collect();
        let label = verb.name().to_owned();
        let done = refused.is_none();
        self.check(&Outcome { verb, signers, sent: Vec::new(), receipt, refused, label });
        done
    }

    /// Sends instructions; whether they succeeded.
    pub(super) fn send(&mut self, verb: Verb, signer: Actor, instructions: &[Instruction]) -> bool {
        self.act(verb, &[signer], |world| world.send(&[signer], instructions))
    }

    /// Lets time pass and publishes the last prices again.
    pub(super) fn wait(&mut self, seconds: u64) {
        self.world.advance(seconds);
        self.scene = Scene::of(&self.world);
        let fresh = self.act(Verb::Refresh, &[Actor::Publisher], World::refresh);
        assert!(fresh, "prices can be published");
    }

    /// Publishes a price in dollars.
    pub(super) fn price(&mut self, asset: Asset, dollars: u128) {
        let price = crate::common::dollars(dollars);
        let told =
            self.act(Verb::PublishPrice, &[Actor::Publisher], |world| world.publish(asset, price));
        assert!(told, "a price can be published");
    }

    /// Checks what must hold at the end.
    pub(super) fn finish(&mut self) {
        for invariant in SPEC {
            if let Check::End(check) = invariant.check
                && check(&self.world).is_err()
            {
                let _new = self.fired.insert(invariant.id);
            }
        }
    }

    fn check(&mut self, outcome: &Outcome) {
        let after = Scene::of(&self.world);
        let changes = self.scene.ledger.diff(&after.ledger);
        let step = Step { before: &self.scene, after: &after, outcome, changes: &changes };
        for invariant in SPEC {
            if let Check::Step(check) = invariant.check
                && check(&step).is_err()
            {
                let _new = self.fired.insert(invariant.id);
            }
        }
        self.scene = after;
    }

    pub(super) fn reserve(&self, pool: PoolId, asset: Asset) -> Reserve {
        self.world.reserve(pool, asset)
    }

    pub(super) fn entry(&self, pool: PoolId, owner: Actor, asset: Asset) -> Entry {
        let reserve = self.address(pool, asset);
        self.world.position(pool, owner).state.entry(&reserve)
    }

    pub(super) fn address(&self, pool: PoolId, asset: Asset) -> Address {
        self.world.keys(pool, asset).reserve
    }

    pub(super) fn wallet(&self, owner: Actor, asset: Asset) -> u64 {
        self.scene.balance(&self.world.wallet(owner, asset)).get()
    }

    /// Withdraws, and says whether fewer shares went than the amount was worth.
    pub(super) fn withdraws_too_cheaply(
        &mut self,
        owner: Actor,
        asset: Asset,
        amount: Amount,
    ) -> bool {
        let pool = PoolId::Harbour;
        let accrued = &self.scene.accrued[&self.address(pool, asset)];
        let fair = accrued.supply().and_then(|supply| supply.shares_up(amount.fine()));
        let before = self.entry(pool, owner, asset).supply;
        let verb = Verb::Withdraw;
        let done = self.act(verb, &[owner], |world| world.withdraw(owner, pool, asset, amount));
        let after = self.entry(pool, owner, asset).supply;
        let given = Shares(before.get() - after.get());
        done && given < fair.expect("the reserve has suppliers")
    }

    /// Borrows, and says whether less is owed for it than was lent.
    pub(super) fn borrows_too_cheaply(
        &mut self,
        owner: Actor,
        asset: Asset,
        amount: Amount,
    ) -> bool {
        let pool = PoolId::Harbour;
        let index = self.scene.accrued[&self.address(pool, asset)].index;
        let before = self.entry(pool, owner, asset).debt;
        let verb = Verb::Borrow;
        let done = self.act(verb, &[owner], |world| world.borrow(owner, pool, asset, amount));
        let after = self.entry(pool, owner, asset).debt;
        let added = DebtShares(after.get() - before.get());
        done && added < debt_shares_up(amount.fine(), index).expect("in range")
    }

    /// Repays a part, and says whether more debt went than was paid.
    pub(super) fn repays_too_cheaply(
        &mut self,
        owner: Actor,
        asset: Asset,
        amount: Amount,
    ) -> bool {
        let pool = PoolId::Harbour;
        let index = self.scene.accrued[&self.address(pool, asset)].index;
        let before = self.entry(pool, owner, asset).debt;
        let verb = Verb::Repay;
        let repay = |world: &mut World| world.repay(owner, (pool, owner), asset, amount);
        let done = self.act(verb, &[owner], repay);
        let after = self.entry(pool, owner, asset).debt;
        let gone = DebtShares(before.get() - after.get());
        done && gone > debt_shares_down(amount.fine(), index).expect("in range")
    }
}
