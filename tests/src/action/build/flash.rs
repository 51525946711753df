//! Loans that live within one transaction.

use cofferdam_lending_interface::units::Amount;
use cofferdam_sdk::{Instruction, instruction as build, instruction::ReserveKeys};

use super::{Built, Resolved};
use crate::{
    action::Figures,
    world::{Actor, World},
};

/// A flash loan that the transaction has taken and not paid back yet.
#[derive(Clone, Copy, Debug)]
pub(in crate::action) struct Loan {
    keys: ReserveKeys,
    payer: Actor,
}

impl Loan {
    /// Pays it back.
    pub(in crate::action) fn repayment(&self, world: &World) -> Instruction {
        build::flash_repay(&world.person(self.payer), &self.keys)
    }

    /// Who does.
    pub(in crate::action) const fn payer(&self) -> Actor {
        self.payer
    }
}

impl Resolved<'_> {
    /// A loan of the reserve's cash. The transaction pays it back at its end, unless one of the
    /// joined actions did or this is one of the ways that forget to.
    pub(super) fn flash_borrow(&self, loans: &mut Vec<Loan>) -> Built {
        let (person, keys) = (self.world.person(self.owner), self.keys());
        let amount = self.amount(self.available());
        let borrow = build::flash_borrow(&person, &keys, amount);
        let mut instructions = vec![borrow.clone()];
        match self.action.way {
            // Deposited right away, where the owner may.
            216..232 => {
                instructions.push(build::deposit(&person, &self.position, &keys, amount));
                loans.push(Loan { keys, payer: self.owner });
            }
            // Another loan besides, and only that one is paid back.
            232..240 => {
                let keys = self.key(self.action.other);
                instructions.push(build::flash_borrow(&person, &keys, Amount(1_000)));
                loans.push(Loan { keys, payer: self.owner });
            }
            // Never paid back.
            240..248 => {}
            // Taken twice, paid back once.
            248.. => {
                instructions.push(borrow);
                loans.push(Loan { keys, payer: self.owner });
            }
            _ => loans.push(Loan { keys, payer: self.owner }),
        }
        Built { instructions, signer: self.owner, figures: Figures::Amount(amount) }
    }

    /// Pays back what is out; where nothing is, a loan taken for it, which somebody else pays.
    pub(super) fn flash_repay(&self, loans: &mut Vec<Loan>) -> Built {
        let (person, keys) = (self.world.person(self.owner), self.keys());
        if let Some(loan) = loans.pop() {
            return self.built(loan.repayment(self.world), loan.payer, Figures::None);
        }
        let payer = Actor::Liquidator;
        let repay = build::flash_repay(&self.world.person(payer), &keys);
        if self.is_odd() {
            return self.built(repay, payer, Figures::None);
        }
        let amount = self.amount(self.available());
        let borrow = build::flash_borrow(&person, &keys, amount);
        Built { instructions: vec![borrow, repay], signer: payer, figures: Figures::Amount(amount) }
    }

    fn available(&self) -> Amount {
        self.reserve().and_then(|reserve| reserve.available().ok()).unwrap_or_default()
    }

    /// A flash loan of all that a reserve may lend, for who takes it to pay back at the end: while
    /// it is out, the reserve is short of cash.
    pub(super) fn drain(
        &self,
        payer: Actor,
        keys: ReserveKeys,
        loans: &mut Vec<Loan>,
    ) -> Option<Instruction> {
        let all = self.scene.accrued.get(&keys.reserve)?.available().ok()?;
        if all.is_zero() {
            return None;
        }
        loans.push(Loan { keys, payer });
        Some(build::flash_borrow(&self.world.person(payer), &keys, all))
    }
}
