//! The stack of running instructions: entering a program, leaving it, and judging what it did.

use std::{
    any::Any,
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use cofferdam_host::{AccountView, Address, ProgramResult};
use solana_account::Account;
use solana_instruction_error::InstructionError;

use super::{
    Scene,
    refusal::{deny, instruction_error, log},
    rules::{self, Actor, SizeLimit},
};
use crate::{
    genesis::Genesis,
    inspect::InstructionView,
    invocation::Invocation,
    program::Program,
    receipt::{Failure, Frame, RawEvent, ReturnData, Step},
};

/// What the instructions of one transaction share and change.
#[derive(Debug)]
pub(crate) struct Execution {
    /// The listed accounts as they are now, `None` for one that nobody wrote so far.
    written: Vec<Option<Arc<Account>>>,
    /// Programs that are running, the innermost last.
    pub(crate) stack: Vec<Address>,
    /// Instructions started so far.
    trace_len: usize,
    /// Bytes all accounts grew so far.
    pub(crate) grown: usize,
    pub(crate) log_bytes: usize,
    pub(crate) event_bytes: usize,
    pub(crate) events: Vec<RawEvent>,
    pub(crate) return_data: Option<ReturnData>,
    /// The first thing that went wrong. It fails the transaction even when a program goes on:
    /// a refused change or a failed call cannot be hidden by answering `Ok`.
    pub(crate) failure: Option<Failure>,
    units_max: u64,
    // Cells, because programs derive addresses and read the clock through `&self`.
    units_left: Cell<u64>,
    is_exhausted: Cell<bool>,
}

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

/// The accounts of a frame.
pub(crate) type FrameAccounts = Vec<FrameAccount>;

/// An account as the running program was handed it, when it is not as it was before the
/// transaction any more.
#[derive(Debug)]
struct Baseline {
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
    pub(crate) accounts: FrameAccounts,
    pub(crate) steps: Vec<Step>,
    baselines: Vec<Baseline>,
}

impl Execution {
    pub(crate) fn new(scene: Scene<'_>, payer: Arc<Account>) -> Self {
        let mut written = Vec::with_capacity(scene.originals.len());
        written.push(Some(payer));
        written.resize(scene.originals.len(), None);
        let units_max = scene.genesis.compute_units_max;
        Self {
            written,
            stack: Vec::new(),
            trace_len: 0,
            grown: 0,
            log_bytes: 0,
            event_bytes: 0,
            events: Vec::new(),
            return_data: None,
            failure: None,
            units_max,
            units_left: Cell::new(units_max),
            is_exhausted: Cell::new(false),
        }
    }

    /// The account at `index` of the message, as it is now.
    pub(crate) fn account<'a>(&'a self, scene: Scene<'a>, index: usize) -> &'a Account {
        match &self.written[index] {
            Some(account) => account,
            None => scene.original(index),
        }
    }

    /// The same account, to be changed.
    pub(crate) fn account_mut(&mut self, scene: Scene<'_>, index: usize) -> &mut Account {
        let copy = || Arc::new(scene.original(index).clone());
        Arc::make_mut(self.written[index].get_or_insert_with(copy))
    }

    /// The accounts as they are now, in the order of the message; `None` for one nobody wrote.
    pub(crate) fn written(&self) -> &[Option<Arc<Account>>] {
        &self.written
    }

    /// [`Execution::written`], for good.
    pub(crate) fn take_written(&mut self) -> impl Iterator<Item = Option<Arc<Account>>> {
        self.written.iter_mut().map(Option::take)
    }

    pub(crate) fn units_left(&self) -> u64 {
        self.units_left.get()
    }

    pub(crate) fn units_consumed(&self) -> u64 {
        self.units_max - self.units_left.get()
    }

    /// Spends units. Asking for more than is left spends what is left, and [`leave`] fails the
    /// instruction whatever the program made of the refusal.
    pub(crate) fn charge(&self, units: u64) -> Result<(), InstructionError> {
        let left = self.units_left.get().checked_sub(units);
        self.units_left.set(left.unwrap_or_default());
        self.is_exhausted.set(self.is_exhausted.get() || left.is_none());
        left.map(|_| ()).ok_or(InstructionError::ComputationalBudgetExceeded)
    }

    /// Records what went wrong, unless something did before.
    pub(crate) fn fail(&mut self, running: &Running<'_>, error: InstructionError) {
        let failure = || Failure {
            instruction: running.instruction,
            program_id: running.program.id,
            program_name: running.program.name.to_string(),
            error,
        };
        self.failure.get_or_insert_with(failure);
    }

    fn result(&self) -> Result<(), InstructionError> {
        self.failure.as_ref().map_or(Ok(()), |failure| Err(failure.error.clone()))
    }

    /// Counts one more instruction onto the stack.
    fn push(&mut self, genesis: &Genesis, program_id: &Address) -> Result<(), InstructionError> {
        if self.trace_len >= genesis.trace_len_max {
            return Err(InstructionError::MaxInstructionTraceLengthExceeded);
        }
        if self.stack.len() >= genesis.cpi_depth_max {
            return Err(InstructionError::CallDepth);
        }
        // A program that calls itself knows its own state. One that is called back through
        // another program would see its accounts in the middle of a change.
        let on_stack = self.stack.contains(program_id);
        if on_stack && self.stack.last() != Some(program_id) {
            return Err(InstructionError::ReentrancyNotAllowed);
        }
        self.charge(genesis.costs.instruction_units)?;
        self.trace_len += 1;
        self.stack.push(*program_id);
        Ok(())
    }
}

impl<'a> Scene<'a> {
    fn original(self, index: usize) -> &'a Account {
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
    fn new(
        execution: &Execution,
        program: &'a Program,
        instruction: usize,
        accounts: FrameAccounts,
    ) -> Self {
        let mut running =
            Self { program, instruction, accounts, steps: Vec::new(), baselines: Vec::new() };
        for at in 0..running.accounts.len() {
            let held = running.accounts[at];
            if let Some(before) = &execution.written[held.index()]
                && running.baseline(held).is_none()
            {
                let entry_len = before.data.len();
                let before = Arc::clone(before);
                running.baselines.push(Baseline { place: held.place, before, entry_len });
            }
        }
        running
    }

    pub(crate) fn actor(&self, account: FrameAccount) -> Actor<'a> {
        Actor { program_id: &self.program.id, is_writable: account.is_writable }
    }

    fn baseline(&self, account: FrameAccount) -> Option<&Baseline> {
        self.baselines.iter().find(|baseline| baseline.place == account.place)
    }

    /// Bytes of the account's data when the instruction began.
    fn entry_len(&self, scene: Scene<'_>, account: FrameAccount) -> usize {
        let baseline = self.baseline(account).map(|baseline| baseline.entry_len);
        baseline.unwrap_or_else(|| scene.original(account.index()).data.len())
    }

    pub(crate) fn size_limit(&self, scene: Scene<'_>, account: FrameAccount) -> SizeLimit {
        SizeLimit::new(scene.genesis, self.program.growth, self.entry_len(scene, account))
    }

    /// Judges what the program itself did since it was entered or last judged.
    pub(crate) fn verify(
        &self,
        scene: Scene<'_>,
        execution: &Execution,
    ) -> Result<(), (usize, InstructionError)> {
        let (mut sum_before, mut sum_after, mut last) = (0_u128, 0_u128, 0);
        for (at, held) in self.accounts.iter().enumerate() {
            let index = held.index();
            let Some(after) = &execution.written[index] else { continue };
            let baseline = self.baseline(*held).map(|baseline| &baseline.before);
            let is_twin = || self.accounts[..at].iter().any(|twin| twin.place == held.place);
            if baseline.is_some_and(|before| Arc::ptr_eq(before, after)) || is_twin() {
                continue;
            }
            let before = baseline.map_or_else(|| scene.original(index), Arc::as_ref);
            rules::verify(self.actor(*held), before, after, self.size_limit(scene, *held))
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
        &mut self,
        scene: Scene<'_>,
        execution: &Execution,
    ) -> Result<(), (usize, InstructionError)> {
        for at in 0..self.accounts.len() {
            let held = self.accounts[at];
            let Some(now) = &execution.written[held.index()] else { continue };
            if self.baseline(held).is_some_and(|baseline| Arc::ptr_eq(&baseline.before, now)) {
                continue;
            }
            let entry_len = self.entry_len(scene, held);
            let limit = SizeLimit::new(scene.genesis, self.program.growth, entry_len);
            rules::check_len(entry_len, now.data.len(), limit)
                .map_err(|error| (held.index(), error))?;
            let before = Arc::clone(now);
            match self.baselines.iter_mut().find(|baseline| baseline.place == held.place) {
                Some(baseline) => baseline.before = before,
                None => self.baselines.push(Baseline { place: held.place, before, entry_len }),
            }
        }
        Ok(())
    }
}

/// Runs the top-level instruction at `instruction`.
pub(super) fn run_top_level(
    scene: Scene<'_>,
    execution: &mut Execution,
    instruction: usize,
) -> (Option<Frame>, Result<(), InstructionError>) {
    let compiled = &scene.message.instructions[instruction];
    let program_id = &scene.message.account_keys[usize::from(compiled.program_id_index)];
    let Some(program) = scene.programs.get(program_id) else {
        return (None, Err(InstructionError::UnsupportedProgramId));
    };
    let account = |place: &u8| {
        let index = usize::from(*place);
        let is_writable = scene.writable[index];
        FrameAccount { place: *place, is_signer: scene.message.is_signer(index), is_writable }
    };
    let accounts = compiled.accounts.iter().map(account).collect();
    let running = Running::new(execution, program, instruction, accounts);
    let units_before = execution.units_left();
    match execution.push(scene.genesis, program_id) {
        Ok(()) => {
            let frame = run(scene, execution, running, &compiled.data, units_before);
            (Some(frame), execution.result())
        }
        Err(error) => {
            execution.fail(&running, error.clone());
            (None, Err(error))
        }
    }
}

/// Runs a program that `caller` calls. What goes wrong before it is entered is the caller's
/// failure.
pub(crate) fn run_call(
    scene: Scene<'_>,
    execution: &mut Execution,
    caller: &mut Running<'_>,
    program: &Program,
    accounts: FrameAccounts,
    data: &[u8],
) -> Result<(), InstructionError> {
    let units_before = execution.units_left();
    execution.push(scene.genesis, &program.id)?;
    let callee = Running::new(execution, program, caller.instruction, accounts);
    let frame = run(scene, execution, callee, data, units_before);
    caller.steps.push(Step::Call(frame));
    execution.result()
}

/// Enters a program that is on the stack, and leaves it.
fn run(
    scene: Scene<'_>,
    execution: &mut Execution,
    running: Running<'_>,
    data: &[u8],
    units_before: u64,
) -> Frame {
    let depth = execution.stack.len();
    // What an earlier program returned is not this one's answer.
    execution.return_data = None;
    let Running { program, instruction, .. } = running;
    if let Some(hook) = scene.hook {
        let accounts = &running.accounts;
        hook.before(&InstructionView { scene, execution, program, accounts, instruction, data });
    }
    let mut invocation = Invocation { scene, execution, running };
    // A panic is a bug of the program, so it fails the program's transaction and nobody else's.
    // Nothing broken is left: the accounts it was changing are thrown away with the failure.
    let entered = AssertUnwindSafe(|| (program.entrypoint)(&mut invocation, data));
    let returned = catch_unwind(entered);
    let Invocation { execution, mut running, .. } = invocation;
    execution.stack.truncate(depth);
    leave(scene, execution, &mut running, returned);
    let frame = Frame {
        program_id: program.id,
        program_name: Arc::clone(&program.name),
        units_consumed: units_before - execution.units_left(),
        result: execution.result(),
        steps: running.steps,
    };
    if let Some(hook) = scene.hook {
        let accounts = &running.accounts;
        let view = InstructionView { scene, execution, program, accounts, instruction, data };
        hook.after(&view, &frame);
    }
    execution.stack.pop();
    frame
}

/// An account as a program, or an inspector, sees it.
pub(crate) fn view<'a>(
    scene: Scene<'a>,
    execution: &'a Execution,
    held: FrameAccount,
) -> AccountView<'a> {
    let account = execution.account(scene, held.index());
    AccountView {
        address: &scene.message.account_keys[held.index()],
        owner: &account.owner,
        lamports: account.lamports,
        data: &account.data,
        is_signer: held.is_signer,
        is_writable: held.is_writable,
        executable: account.executable,
    }
}

/// Decides how an instruction ended.
fn leave(
    scene: Scene<'_>,
    execution: &mut Execution,
    running: &mut Running<'_>,
    returned: Result<ProgramResult, Box<dyn Any + Send>>,
) {
    if execution.is_exhausted.get() {
        execution.fail(running, InstructionError::ComputationalBudgetExceeded);
    }
    match returned {
        Err(panic) => {
            let line = format!("panicked: {}", panic_text(panic.as_ref()));
            log(scene.genesis, execution, running, &line);
            execution.fail(running, InstructionError::ProgramFailedToComplete);
        }
        Ok(Err(error)) => execution.fail(running, instruction_error(error)),
        Ok(Ok(())) => {
            if let Err((index, error)) = running.verify(scene, execution) {
                deny(scene.genesis, execution, running, index, error);
            }
        }
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}
