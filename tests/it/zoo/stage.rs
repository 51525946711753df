//! Where an exploit plays: a world, and every invariant checked after each transaction.

use std::collections::BTreeSet;

use cofferdam_host::Address;
use cofferdam_ledger::{Action, Receipt, Recording};
use cofferdam_lending_interface::{
    math::shares::{debt_shares_down, debt_shares_up},
    state::{Entry, Reserve},
    units::{Amount, DebtShares, Shares},
};
use cofferdam_sdk::{ClientError, Instruction, token};
use cofferdam_tests::{
    action::{Label, Outcome, Refusal, Verb},
    auditor::Auditor,
    invariant::Watch,
    world::{Actor, Asset, PoolId, World},
};
use solana_instruction::AccountMeta;

/// A world under watch.
pub(crate) struct Stage {
    watch: Watch,
    /// Ids of the invariants that did not hold.
    pub(super) fired: BTreeSet<&'static str>,
    auditor: Auditor,
    /// What the auditor did not agree to first.
    pub(crate) disagreement: Option<String>,
}

impl Stage {
    pub(super) fn new(mut world: World) -> Self {
        // What was sent is read back from the last thing that happened.
        let _kept = world.client_mut().backend_mut().set_recording(Recording::Tail(1));
        let (auditor, fired) = (Auditor::new(&world), BTreeSet::new());
        Self { watch: Watch::new(world), fired, auditor, disagreement: None }
    }

    pub(super) const fn world(&self) -> &World {
        self.watch.world()
    }

    /// Runs one transaction and checks what must hold; whether it succeeded.
    pub(super) fn act(
        &mut self,
        verb: Verb,
        signers: &[Actor],
        run: impl FnOnce(&mut World) -> Result<Receipt, ClientError>,
    ) -> bool {
        let mut done = false;
        let (auditor, disagreement) = (&mut self.auditor, &mut self.disagreement);
        let checked = self.watch.step_with(|world, _| {
            let result = run(world);
            done = result.is_ok();
            let outcome = outcome(world, verb, signers, result);
            let agreed = auditor.observe(world, &outcome);
            *disagreement = disagreement.take().or(agreed.err().map(|fault| fault.to_string()));
            outcome
        });
        self.note(checked.err().map(|violation| violation.id));
        done
    }

    /// Sends instructions; whether they succeeded.
    pub(super) fn send(&mut self, verb: Verb, signer: Actor, instructions: &[Instruction]) -> bool {
        self.act(verb, &[signer], |world| world.send(&[signer], instructions))
    }

    /// Lets time pass and publishes the last prices again.
    pub(super) fn wait(&mut self, seconds: u64) {
        let passed = self.watch.step_with(|world, _| world.run_time(seconds));
        self.note(passed.err().map(|violation| violation.id));
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
        let checked = self.watch.finish();
        self.note(checked.err().map(|violation| violation.id));
    }

    fn note(&mut self, fired: Option<&'static str>) {
        self.fired.extend(fired);
    }

    pub(super) fn reserve(&self, pool: PoolId, asset: Asset) -> Reserve {
        self.world().reserve(pool, asset)
    }

    /// With interest up to now.
    pub(super) fn accrued(&self, pool: PoolId, asset: Asset) -> Reserve {
        let mut reserve = self.reserve(pool, asset);
        let _interest = reserve.accrue(self.world().now_s()).expect("interest is in range");
        reserve
    }

    pub(super) fn entry(&self, pool: PoolId, owner: Actor, asset: Asset) -> Entry {
        let reserve = self.address(pool, asset);
        self.world().position(pool, owner).state.entry(&reserve)
    }

    pub(super) fn address(&self, pool: PoolId, asset: Asset) -> Address {
        self.world().keys(pool, asset).reserve
    }

    pub(super) fn wallet(&self, owner: Actor, asset: Asset) -> u64 {
        let account = self.world().ledger().account(&self.world().wallet(owner, asset));
        account.map_or(0, |account| token::balance(&account.data).get())
    }

    /// Withdraws, and says whether fewer shares went than the amount was worth.
    pub(super) fn withdraws_too_cheaply(
        &mut self,
        owner: Actor,
        asset: Asset,
        amount: Amount,
    ) -> bool {
        let pool = PoolId::Harbour;
        let fair =
            self.accrued(pool, asset).supply().and_then(|supply| supply.shares_up(amount.fine()));
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
        let index = self.accrued(pool, asset).index;
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
        let index = self.accrued(pool, asset).index;
        let before = self.entry(pool, owner, asset).debt;
        let verb = Verb::Repay;
        let repay = |world: &mut World| world.repay(owner, (pool, owner), asset, amount);
        let done = self.act(verb, &[owner], repay);
        let after = self.entry(pool, owner, asset).debt;
        let gone = DebtShares(before.get() - after.get());
        done && gone > debt_shares_down(amount.fine(), index).expect("in range")
    }
}

/// What came of a transaction, with the instructions it had.
fn outcome(
    world: &World,
    verb: Verb,
    signers: &[Actor],
    result: Result<Receipt, ClientError>,
) -> Outcome {
    let refused = result.as_ref().err().map(Refusal::from);
    let receipt = result.map_or_else(ClientError::into_receipt, Some);
    // A transaction that was rejected is not what happened last.
    let sent = if receipt.is_some() { last_sent(world) } else { Vec::new() };
    let signers = signers.iter().map(|actor| world.person(*actor)).collect();
    Outcome { verb, signers, sent, receipt, refused, label: Label::of(verb) }
}

/// The instructions of the last transaction.
fn last_sent(world: &World) -> Vec<Instruction> {
    let last = world.ledger().tail().and_then(|tail| tail.iter().last());
    let Some(Action::Transaction { wire, .. }) = last.map(|entry| entry.action.clone()) else {
        return Vec::new();
    };
    let message = &wire.message;
    let account = |place: &u8| {
        let place = usize::from(*place);
        AccountMeta {
            pubkey: message.account_keys[place],
            is_signer: message.is_signer(place),
            is_writable: message.is_maybe_writable(place, None),
        }
    };
    let decompiled = message.instructions.iter().map(|compiled| Instruction {
        program_id: message.account_keys[usize::from(compiled.program_id_index)],
        accounts: compiled.accounts.iter().map(account).collect(),
        data: compiled.data.clone(),
    });
    decompiled.collect()
}
