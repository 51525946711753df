//! Watching a transaction from within: what invariant checks and profilers hook into.

use std::{cell::RefCell, fmt};

use cofferdam_host::{AccountView, Address};
use solana_transaction::Transaction;

use crate::{
    error::SubmitError,
    execute::{Execution, FrameAccount, Scene, frame},
    ledger::Ledger,
    program::Program,
    receipt::{Frame, Receipt},
};

/// Told about every instruction and every call of a transaction, before and after it.
///
/// It sees everything and can change nothing. It is called in the order of execution: a call
/// begins and ends between the beginning and the end of the instruction that makes it. What is
/// refused before its program is entered (an unknown program, a call too deep) does not reach it.
///
/// An inspector that panics within a call is taken for a panic of the calling program: collect
/// what is wrong and judge it afterwards.
pub trait Inspector {
    /// A program is about to be entered; the accounts are as it will find them.
    fn before(&mut self, instruction: &InstructionView<'_>) {
        let _ = instruction;
    }

    /// The program was left and judged. The accounts are as it left them, even when it failed and
    /// all of it will be undone; `frame` has the units it spent, its result, its log and its calls.
    fn after(&mut self, instruction: &InstructionView<'_>, frame: &Frame) {
        let _ = (instruction, frame);
    }
}

/// One instruction or call, as an [`Inspector`] sees it.
#[derive(Clone, Copy, Debug)]
pub struct InstructionView<'a> {
    pub(crate) scene: Scene<'a>,
    pub(crate) execution: &'a Execution,
    pub(crate) program: &'a Program,
    pub(crate) accounts: &'a [FrameAccount],
    /// Position of the top-level instruction.
    pub(crate) instruction: usize,
    pub(crate) data: &'a [u8],
}

/// An inspector behind a shared reference. A running instruction is handed around as shared
/// borrows of one lifetime, into which a mutable one does not fit.
pub(crate) trait Hook {
    fn before(&self, instruction: &InstructionView<'_>);
    fn after(&self, instruction: &InstructionView<'_>, frame: &Frame);
}

impl<I: Inspector + ?Sized> Hook for RefCell<&mut I> {
    fn before(&self, instruction: &InstructionView<'_>) {
        self.borrow_mut().before(instruction);
    }

    fn after(&self, instruction: &InstructionView<'_>, frame: &Frame) {
        self.borrow_mut().after(instruction, frame);
    }
}

impl fmt::Debug for dyn Hook + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hook")
    }
}

impl<'a> InstructionView<'a> {
    /// Program that runs.
    #[must_use]
    pub fn program_id(&self) -> &'a Address {
        &self.program.id
    }

    /// Its name.
    #[must_use]
    pub fn program_name(&self) -> &'a str {
        &self.program.name
    }

    /// Position of the top-level instruction that this is, or is called from.
    #[must_use]
    pub fn index(&self) -> usize {
        self.instruction
    }

    /// How deep it stands in the stack of calls; 1 for a top-level instruction.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.execution.stack().len()
    }

    /// Its instruction data.
    #[must_use]
    pub fn data(&self) -> &'a [u8] {
        self.data
    }

    /// Its accounts in order; one that is listed twice stands here twice.
    pub fn accounts(&self) -> impl ExactSizeIterator<Item = AccountView<'a>> {
        let Self { scene, execution, accounts, .. } = *self;
        accounts.iter().map(move |account| frame::view(scene, execution, *account))
    }

    /// Compute units the transaction may still spend.
    #[must_use]
    pub fn units_left(&self) -> u64 {
        self.execution.units_left()
    }
}

impl Ledger {
    /// [`Ledger::submit`], watched by `inspector`: the same answer, the same state and journal.
    ///
    /// To inspect without doing, submit to a [`Ledger::fork`].
    ///
    /// # Errors
    /// Those of [`Ledger::submit`]; a rejected transaction runs nothing to inspect.
    pub fn submit_inspected<I: Inspector + ?Sized>(
        &mut self,
        transaction: &Transaction,
        inspector: &mut I,
    ) -> Result<Receipt, SubmitError> {
        let hook = RefCell::new(inspector);
        self.submit_hooked(transaction, Some(&hook))
    }
}
