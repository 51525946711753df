//! A running instruction: its accounts, what it was handed, and what it may leave behind.

use std::sync::Arc;

use cofferdam_host::Address;
use solana_account::Account;
use solana_instruction_error::InstructionError;

use super::{
    Execution, Scene, Workspace,
    rules::{self, Actor, SizeLimit},
};
use crate::{program::Program, receipt::Step};

/// An account that is not there.
static ABSENT: Account = Account {
    lamports: 0,
    data: Vec::new(),
    owner: Address::new_from_array([0; 32]),
    executable: false,
    rent_epoch: 0,
};

/// An account of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FrameAccount {
    /// Index in the message.
    pub(crate) place: u8,
    pub(crate) is_signer: bool,
    pub(crate) is_writable: bool,
}

/// An account as the running program was handed it, when it is not as it was before the
/// transaction any more.
#[derive(Debug)]
pub(crate) struct Baseline {
    place: u8,
    before: Arc<Account>,
    /// Bytes of data when the instruction began; calls do not move it.
    entry_len: usize,
}

/// A running instruction.
#[derive(Debug)]
pub(crate) struct Running<'a> {
    pub(crate) program: &'a Program,
    /// Position of the top-level instruction.
    pub(crate) instruction: usize,
    pub(crate) steps: Vec<Step>,
    /// Where its accounts begin in the workspace, and how many they are.
    pub(super) first: usize,
    pub(super) count: usize,
    /// Where its baselines begin in the workspace. They end where the list does, unless it waits
    /// for a call.
    pub(super) baselines_from: usize,
}
impl<'a> Scene<'a> {
    pub(super) fn original(self, index: usize) -> &'a Account {
        self.originals[index].map_or(&ABSENT, Arc::as_ref)
    }
}

impl FrameAccount {
    /// Index in the message.
    pub(crate) fn index(self) -> usize {
        usize::from(self.place)
    }
}

impl<'a> Running<'a> {
    /// An instruction with the accounts prepared from `first` on.
    pub(super) fn new(
        execution: &mut Execution,
        program: &'a Program,
        instruction: usize,
        first: usize,
    ) -> Self {
        let Workspace { written, held, baselines, .. } = &mut execution.workspace;
        let (count, baselines_from) = (held.len() - first, baselines.len());
        for held in &held[first..] {
            let Some(before) = &written[held.index()] else { continue };
            let known = &baselines[baselines_from..];
            if known.iter().all(|baseline| baseline.place != held.place) {
                let (place, before) = (held.place, Arc::clone(before));
                let entry_len = before.data.len();
                baselines.push(Baseline { place, before, entry_len });
            }
        }
        Self { program, instruction, steps: Vec::new(), first, count, baselines_from }
    }

    pub(crate) fn actor(&self, account: FrameAccount) -> Actor<'a> {
        Actor { program_id: &self.program.id, is_writable: account.is_writable }
    }

    /// What it was handed, where that is not what stood there before the transaction. To be asked
    /// only while the instruction waits for no call.
    fn baseline<'b>(
        &self,
        execution: &'b Execution,
        account: FrameAccount,
    ) -> Option<&'b Baseline> {
        let baselines = &execution.workspace.baselines[self.baselines_from..];
        baselines.iter().find(|baseline| baseline.place == account.place)
    }

    /// Bytes of the account's data when the instruction began.
    fn entry_len(&self, scene: Scene<'_>, execution: &Execution, account: FrameAccount) -> usize {
        let baseline = self.baseline(execution, account).map(|baseline| baseline.entry_len);
        baseline.unwrap_or_else(|| scene.original(account.index()).data.len())
    }

    pub(crate) fn size_limit(
        &self,
        scene: Scene<'_>,
        execution: &Execution,
        account: FrameAccount,
    ) -> SizeLimit {
        let entry_len = self.entry_len(scene, execution, account);
        SizeLimit::new(scene.genesis, self.program.growth, entry_len)
    }

    /// Judges what the program itself did since it was entered or last judged.
    pub(crate) fn verify(
        &self,
        scene: Scene<'_>,
        execution: &Execution,
    ) -> Result<(), (usize, InstructionError)> {
        let (mut sum_before, mut sum_after, mut last) = (0_u128, 0_u128, 0);
        let accounts = execution.accounts_of(self);
        for (at, held) in accounts.iter().enumerate() {
            let index = held.index();
            let Some(after) = &execution.workspace.written[index] else { continue };
            let baseline = self.baseline(execution, *held).map(|baseline| &baseline.before);
            let is_twin = || accounts[..at].iter().any(|twin| twin.place == held.place);
            if baseline.is_some_and(|before| Arc::ptr_eq(before, after)) || is_twin() {
                continue;
            }
            let before = baseline.map_or_else(|| scene.original(index), Arc::as_ref);
            rules::verify(
                self.actor(*held),
                before,
                after,
                self.size_limit(scene, execution, *held),
            )
            .map_err(|error| (index, error))?;
            sum_before += u128::from(before.lamports);
            sum_after += u128::from(after.lamports);
            last = index;
        }
        // Lamports move, they do not appear or disappear.
        if sum_before != sum_after {
            return Err((last, InstructionError::UnbalancedInstruction));
        }
        Ok(())
    }

    /// Takes over what a callee, already judged by itself, left behind.
    ///
    /// A caller cannot grow an account past its limit by having another program do it.
    pub(crate) fn accept(
        &self,
        scene: Scene<'_>,
        execution: &mut Execution,
    ) -> Result<(), (usize, InstructionError)> {
        for at in self.first..self.first + self.count {
            let Workspace { written, held, baselines, .. } = &mut execution.workspace;
            let held = held[at];
            let Some(now) = &written[held.index()] else { continue };
            let mut own = baselines[self.baselines_from..].iter_mut();
            let known = own.find(|baseline| baseline.place == held.place);
            if known.as_ref().is_some_and(|baseline| Arc::ptr_eq(&baseline.before, now)) {
                continue;
            }
            let entry_len = match &known {
                Some(baseline) => baseline.entry_len,
                None => scene.original(held.index()).data.len(),
            };
            let limit = SizeLimit::new(scene.genesis, self.program.growth, entry_len);
            rules::check_len(entry_len, now.data.len(), limit)
                .map_err(|error| (held.index(), error))?;
            let before = Arc::clone(now);
            match known {
                Some(baseline) => baseline.before = before,
                None => baselines.push(Baseline { place: held.place, before, entry_len }),
            }
        }
        Ok(())
    }
}
