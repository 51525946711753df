//! The stack of running instructions: entering a program, leaving it, and judging what it did.

use std::{
    any::Any,
    cell::Cell,
    fmt::{self, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use cofferdam_host::{AccountView, Address, ProgramError, ProgramResult};
use solana_account::Account;
use solana_instruction_error::InstructionError;

use super::{
    Scene, Workspace,
    refusal::{deny, instruction_error, log},
    running::{FrameAccount, Running},
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
    pub(super) workspace: Workspace,
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
impl Execution {
    /// In an empty workspace.
    pub(crate) fn new(scene: Scene<'_>, payer: Arc<Account>, mut workspace: Workspace) -> Self {
        workspace.written.push(Some(payer));
        workspace.written.resize(scene.originals.len(), None);
        let units_max = scene.genesis.compute_units_max;
        Self {
            workspace,
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

    /// The workspace, emptied, for the next transaction.
    pub(crate) fn into_workspace(mut self) -> Workspace {
        self.workspace.clear();
        self.workspace
    }

    /// A line of the log as text.
    pub(crate) fn line(&mut self, line: fmt::Arguments<'_>) -> String {
        let text = &mut self.workspace.line;
        text.clear();
        // A string takes whatever is written to it.
        let _ = text.write_fmt(line);
        text.clone()
    }

    /// Programs that are running, the innermost last.
    pub(crate) fn stack(&self) -> &[Address] {
        &self.workspace.stack
    }

    /// The accounts of a running instruction, in its order.
    pub(crate) fn accounts_of(&self, running: &Running<'_>) -> &[FrameAccount] {
        &self.workspace.held[running.first..running.first + running.count]
    }

    /// The place of the accounts that are prepared next for an instruction.
    pub(crate) fn prepared_from(&self) -> usize {
        self.workspace.held.len()
    }

    /// Prepares one more account for the instruction that is entered next.
    pub(crate) fn prepare(&mut self, account: FrameAccount) {
        self.workspace.held.push(account);
    }

    /// The accounts prepared from that place on.
    pub(crate) fn prepared_mut(&mut self, from: usize) -> &mut [FrameAccount] {
        &mut self.workspace.held[from..]
    }

    /// The account at `index` of the message, as it is now.
    pub(crate) fn account<'a>(&'a self, scene: Scene<'a>, index: usize) -> &'a Account {
        match &self.workspace.written[index] {
            Some(account) => account,
            None => scene.original(index),
        }
    }

    /// The same account, to be changed.
    pub(crate) fn account_mut(&mut self, scene: Scene<'_>, index: usize) -> &mut Account {
        let copy = || Arc::new(scene.original(index).clone());
        Arc::make_mut(self.workspace.written[index].get_or_insert_with(copy))
    }

    /// The accounts as they are now, in the order of the message; `None` for one nobody wrote.
    pub(crate) fn written(&self) -> &[Option<Arc<Account>>] {
        &self.workspace.written
    }

    /// [`Execution::written`], for good.
    pub(crate) fn take_written(&mut self) -> impl Iterator<Item = Option<Arc<Account>>> {
        self.workspace.written.iter_mut().map(Option::take)
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
        self.fail_at(running, error, None);
    }

    /// Records what went wrong, and on which account, unless something did before.
    pub(crate) fn fail_at(
        &mut self,
        running: &Running<'_>,
        error: InstructionError,
        account: Option<Address>,
    ) {
        let program = running.program;
        let failure = || Failure {
            instruction: running.instruction,
            program_id: program.id,
            program_name: Arc::clone(&program.name),
            error_name: program.error_name(&error),
            error,
            account,
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
        if self.workspace.stack.len() >= genesis.cpi_depth_max {
            return Err(InstructionError::CallDepth);
        }
        // A program that calls itself knows its own state. One that is called back through
        // another program would see its accounts in the middle of a change.
        let on_stack = self.workspace.stack.contains(program_id);
        if on_stack && self.workspace.stack.last() != Some(program_id) {
            return Err(InstructionError::ReentrancyNotAllowed);
        }
        self.charge(genesis.costs.instruction_units)?;
        self.trace_len += 1;
        self.workspace.stack.push(*program_id);
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
    let first = execution.prepared_from();
    compiled.accounts.iter().map(account).for_each(|account| execution.prepare(account));
    let running = Running::new(execution, program, instruction, first);
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

/// Runs a program that `caller` calls with the accounts prepared from `first` on. What goes wrong
/// before it is entered is the caller's failure.
pub(crate) fn run_call(
    scene: Scene<'_>,
    execution: &mut Execution,
    caller: &mut Running<'_>,
    program: &Program,
    first: usize,
    data: &[u8],
) -> Result<(), InstructionError> {
    let units_before = execution.units_left();
    execution.push(scene.genesis, &program.id)?;
    let callee = Running::new(execution, program, caller.instruction, first);
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
    let depth = execution.stack().len();
    // What an earlier program returned is not this one's answer.
    execution.return_data = None;
    let Running { program, instruction, .. } = running;
    if let Some(hook) = scene.hook {
        let accounts = execution.accounts_of(&running);
        hook.before(&InstructionView { scene, execution, program, accounts, instruction, data });
    }
    let mut invocation = Invocation { scene, execution, running };
    // A panic is a bug of the program, so it fails the program's transaction and nobody else's.
    // Nothing broken is left: the accounts it was changing are thrown away with the failure.
    let entered = AssertUnwindSafe(|| (program.entrypoint)(&mut invocation, data));
    let returned = catch_unwind(entered);
    let Invocation { execution, mut running, .. } = invocation;
    execution.workspace.stack.truncate(depth);
    leave(scene, execution, &mut running, returned);
    let frame = Frame {
        program_id: program.id,
        program_name: Arc::clone(&program.name),
        units_consumed: units_before - execution.units_left(),
        result: execution.result(),
        steps: std::mem::take(&mut running.steps),
    };
    if let Some(hook) = scene.hook {
        let accounts = execution.accounts_of(&running);
        let view = InstructionView { scene, execution, program, accounts, instruction, data };
        hook.after(&view, &frame);
    }
    let Workspace { stack, held, baselines, .. } = &mut execution.workspace;
    stack.pop();
    held.truncate(running.first);
    baselines.truncate(running.baselines_from);
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
            log(scene.genesis, execution, running, line);
            execution.fail(running, InstructionError::ProgramFailedToComplete);
        }
        Ok(Err(error)) => {
            if error == ProgramError::NotEnoughAccountKeys {
                log_missing_account(scene, execution, running);
            }
            execution.fail(running, instruction_error(error));
        }
        Ok(Ok(())) => {
            if let Err((index, error)) = running.verify(scene, execution) {
                deny(scene, execution, running, index, error);
            }
        }
    }
}

/// Says which account a program asked for in vain: the standard error does not tell. A caller that
/// hands on what its callee failed with lacks nothing itself.
fn log_missing_account(scene: Scene<'_>, execution: &mut Execution, running: &mut Running<'_>) {
    if execution.failure.is_some() {
        return;
    }
    let (listed, instruction) = (running.count, running.instruction);
    let who = match execution.stack() {
        [caller @ .., _] if !caller.is_empty() => {
            let caller = scene.programs.get(&caller[caller.len() - 1]);
            let name = caller.map_or("another program", |caller| &*caller.name);
            format!("the call of {} by {name}", running.program.name)
        }
        _ => format!("instruction {instruction}"),
    };
    let line = format!("account {listed} is missing: {who} lists {listed} accounts");
    log(scene.genesis, execution, running, line);
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}
