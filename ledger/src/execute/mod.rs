//! One transaction, from the bytes on the wire to the accounts it leaves behind.
//!
//! [`execute`] reads the state and writes nothing: what came out is committed by the ledger.
//! The order of checks is the order of the modules: sanitize, signatures and replay, fees,
//! instructions, rent.

mod commit;
mod fees;
pub(crate) mod frame;
mod load;
pub(crate) mod rules;
mod sanitize;

use std::sync::Arc;

use solana_clock::Clock;
use solana_message::Message;
use solana_transaction::Transaction;
use solana_transaction_error::TransactionError;

pub(crate) use frame::{Execution, FrameAccount};

use crate::{
    blockhash::{Blockhashes, Freshness},
    error::Rejection,
    genesis::Genesis,
    program::Programs,
    receipt::{AccountChange, Failure, Frame, RawEvent, ReturnData},
    root::sha256,
    store::{Accounts, Digest32},
    wire,
};

/// What a transaction reads besides the accounts it lists.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Env<'a> {
    pub(crate) genesis: &'a Genesis,
    pub(crate) programs: &'a Programs,
    pub(crate) accounts: &'a Accounts,
    pub(crate) clock: &'a Clock,
    pub(crate) blockhashes: &'a Blockhashes,
}

/// What an instruction reads besides its accounts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene<'a> {
    pub(crate) genesis: &'a Genesis,
    pub(crate) programs: &'a Programs,
    pub(crate) clock: &'a Clock,
    pub(crate) message: &'a Message,
    /// Whether the transaction may write the account, by index.
    pub(crate) writable: &'a [bool],
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

pub(crate) fn execute(env: Env<'_>, transaction: &Transaction) -> Result<Executed, Rejection> {
    let writable = sanitize::check(env.genesis, transaction)?;
    let message = &transaction.message;
    let bytes = wire::message_bytes(message);
    let message_hash = sha256(&bytes);
    check_fresh(env, transaction, &message_hash)?;
    if env.genesis.verify_signatures {
        check_signatures(transaction, &bytes)?;
    }
    let originals = load::accounts(env.accounts, message);
    let (payer, fee) = fees::charge(env.genesis, transaction, originals[0].as_ref())?;
    let Env { genesis, programs, clock, .. } = env;
    let scene = Scene { genesis, programs, clock, message, writable: &writable };
    let mut execution = Execution::new(genesis, &originals, Arc::clone(&payer));
    let (frames, mut result) = run_instructions(scene, &mut execution);
    if result.is_ok() {
        result = commit::check_rent(scene, &originals, &execution.accounts);
    }
    // A failed transaction leaves the fee and nothing else, whatever it did until then.
    let changes = match &result {
        Ok(()) => commit::changes(message, &originals, &execution.accounts),
        Err(_) => commit::changes(message, &originals[..1], &[payer]),
    };
    Ok(finish(execution, message_hash, fee, frames, changes, result))
}

fn finish(
    execution: Execution,
    message_hash: Digest32,
    fee: u64,
    frames: Vec<Frame>,
    changes: Vec<AccountChange>,
    result: Result<(), TransactionError>,
) -> Executed {
    let units_consumed = execution.units_consumed();
    let (mut events, mut return_data) = (execution.events, execution.return_data);
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
        failure: execution.failure,
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

fn check_signatures(transaction: &Transaction, message: &[u8]) -> Result<(), Rejection> {
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
    if let Err(error) = load::check_programs(scene, &execution.accounts) {
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
