//! One transaction, from the bytes on the wire to the accounts it leaves behind.
//!
//! [`execute()`] reads the state and writes nothing: what came out is committed by the ledger.
//! The order of checks is the order of the modules: sanitize, signatures and replay, fees,
//! instructions, rent.

mod commit;
mod fees;
pub(crate) mod frame;
pub(crate) mod load;
pub(crate) mod refusal;
pub(crate) mod rules;
mod running;
mod sanitize;
mod workspace;

use std::sync::Arc;

use solana_account::Account;
use solana_clock::Clock;
use solana_message::Message;
use solana_transaction::Transaction;
use solana_transaction_error::TransactionError;

pub(crate) use frame::Execution;
pub(crate) use load::Originals;
pub(crate) use running::{FrameAccount, Running};
use sanitize::Writable;
pub(crate) use workspace::Workspace;

use crate::{
    blockhash::{Blockhashes, Freshness},
    error::Rejection,
    genesis::Genesis,
    inspect::Hook,
    program::Programs,
    receipt::{AccountChange, Failure, Frame, RawEvent, ReturnData},
    root::sha256,
    store::{Accounts, Digest32},
    wire,
};

/// What stays the same from one transaction to the next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chain<'a> {
    pub(crate) genesis: &'a Genesis,
    pub(crate) programs: &'a Programs,
    pub(crate) clock: &'a Clock,
}

/// What a transaction reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Env<'a> {
    pub(crate) chain: Chain<'a>,
    pub(crate) accounts: &'a Accounts,
    pub(crate) blockhashes: &'a Blockhashes,
}

/// What an instruction reads besides its accounts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene<'a> {
    pub(crate) genesis: &'a Genesis,
    pub(crate) programs: &'a Programs,
    pub(crate) clock: &'a Clock,
    pub(crate) message: &'a Message,
    /// The listed accounts as they were before the transaction, `None` where there was none.
    pub(crate) originals: &'a [Option<&'a Arc<Account>>],
    /// Whether the transaction may write the account, by index.
    pub(crate) writable: &'a [bool],
    /// Who watches, if anybody does.
    pub(crate) hook: Option<&'a dyn Hook>,
}

/// A transaction whose form and blockhash are in order.
#[derive(Debug)]
pub(crate) struct Admitted {
    /// Whether the transaction may write the account, by index. The fee payer always is.
    pub(crate) writable: Writable,
    pub(crate) message_hash: Digest32,
    /// Whether it was signed is a question of its own: a copy of a transaction is told so before
    /// anybody asks for its signatures.
    pub(crate) signatures: Result<(), Rejection>,
}

/// What a transaction did.
#[derive(Debug)]
pub(crate) struct Executed {
    pub(crate) message_hash: Digest32,
    pub(crate) fee: u64,
    pub(crate) units_consumed: u64,
    pub(crate) frames: Vec<Frame>,
    pub(crate) events: Vec<RawEvent>,
    pub(crate) return_data: Option<ReturnData>,
    pub(crate) changes: Vec<AccountChange>,
    pub(crate) result: Result<(), TransactionError>,
    pub(crate) failure: Option<Failure>,
}

pub(crate) fn execute(
    env: Env<'_>,
    transaction: &Transaction,
    hook: Option<&dyn Hook>,
    workspace: &mut Workspace,
) -> Result<Executed, Rejection> {
    let admitted = admit(env, transaction, workspace)?;
    admitted.signatures?;
    let originals = load::accounts(env.accounts, &transaction.message);
    let Admitted { writable, message_hash, .. } = admitted;
    run(env.chain, transaction, (&writable, message_hash), &originals, hook, workspace)
}

/// Checks what can be checked without the accounts.
pub(crate) fn admit(
    env: Env<'_>,
    transaction: &Transaction,
    workspace: &mut Workspace,
) -> Result<Admitted, Rejection> {
    let writable = sanitize::check(env.chain.genesis, transaction)?;
    let message = &mut workspace.message;
    message.clear();
    wire::write_message(message, &transaction.message);
    let message_hash = sha256(message);
    check_fresh(env, transaction, &message_hash)?;
    let signatures = check_signatures(env.chain.genesis, transaction, message);
    Ok(Admitted { writable, message_hash, signatures })
}

/// Takes the fee and runs an admitted and signed transaction on the accounts it lists.
pub(crate) fn run(
    chain: Chain<'_>,
    transaction: &Transaction,
    (writable, message_hash): (&[bool], Digest32),
    originals: &[Option<&Arc<Account>>],
    hook: Option<&dyn Hook>,
    workspace: &mut Workspace,
) -> Result<Executed, Rejection> {
    let Chain { genesis, programs, clock } = chain;
    let message = &transaction.message;
    let (payer, fee) = fees::charge(genesis, transaction, originals[0])?;
    let scene = Scene { genesis, programs, clock, message, originals, writable, hook };
    let mut execution = Execution::new(scene, Arc::clone(&payer), std::mem::take(workspace));
    let (frames, mut result) = run_instructions(scene, &mut execution);
    if result.is_ok() {
        result = commit::check_rent(scene, &execution);
    }
    // A failed transaction leaves the fee and nothing else, whatever it did until then.
    let changes = match &result {
        Ok(()) => commit::changes(scene, execution.take_written()),
        Err(_) => commit::changes(scene, [Some(payer)]),
    };
    Ok(finish(execution, workspace, message_hash, fee, frames, changes, result))
}

fn finish(
    mut execution: Execution,
    workspace: &mut Workspace,
    message_hash: Digest32,
    fee: u64,
    frames: Vec<Frame>,
    changes: Vec<AccountChange>,
    result: Result<(), TransactionError>,
) -> Executed {
    let units_consumed = execution.units_consumed();
    let mut events = std::mem::take(&mut execution.events);
    let (mut return_data, failure) = (execution.return_data.take(), execution.failure.take());
    *workspace = execution.into_workspace();
    // What a failed transaction announced did not happen.
    if result.is_err() {
        events.clear();
        return_data = None;
    }
    Executed {
        message_hash,
        fee,
        units_consumed,
        frames,
        events,
        return_data,
        changes,
        result,
        failure,
    }
}

/// Refuses a message whose blockhash is not valid any more, and one that was processed before.
fn check_fresh(
    env: Env<'_>,
    transaction: &Transaction,
    message_hash: &Digest32,
) -> Result<(), Rejection> {
    let blockhash = transaction.message.recent_blockhash;
    match env.blockhashes.freshness(&blockhash, message_hash) {
        Freshness::Fresh => Ok(()),
        Freshness::BlockhashNotFound => Err(Rejection::BlockhashNotFound(blockhash)),
        Freshness::AlreadyProcessed => Err(Rejection::AlreadyProcessed(transaction.signatures[0])),
    }
}

/// Checks every signature, if this chain checks signatures at all.
fn check_signatures(
    genesis: &Genesis,
    transaction: &Transaction,
    message: &[u8],
) -> Result<(), Rejection> {
    if !genesis.verify_signatures {
        return Ok(());
    }
    for (signature, signer) in transaction.signatures.iter().zip(&transaction.message.account_keys)
    {
        if !signature.verify(signer.as_ref(), message) {
            return Err(Rejection::WrongSignature(*signer));
        }
    }
    Ok(())
}

/// Runs the instructions in order, up to the first that fails.
fn run_instructions(
    scene: Scene<'_>,
    execution: &mut Execution,
) -> (Vec<Frame>, Result<(), TransactionError>) {
    let mut frames = Vec::with_capacity(scene.message.instructions.len());
    if let Err(error) = load::check_programs(scene, execution) {
        return (frames, Err(error));
    }
    for index in 0..scene.message.instructions.len() {
        let (frame, result) = frame::run_top_level(scene, execution, index);
        frames.extend(frame);
        if let Err(error) = result {
            let index = u8::try_from(index).unwrap_or(u8::MAX);
            return (frames, Err(TransactionError::InstructionError(index, error)));
        }
    }
    (frames, Ok(()))
}
