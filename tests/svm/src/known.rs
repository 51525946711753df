//! Differences between the ledger and LiteSVM that are known, each with its reason; docs/RUNTIME.md
//! has them for readers.

use cofferdam_host::cpi::{SYSTEM_PROGRAM_ID, TOKEN_PROGRAM_ID};
use solana_instruction_error::InstructionError;
use solana_transaction::Transaction;
use solana_transaction_error::TransactionError;
use spl_token_interface::error::TokenError;

/// Instructions of the System program about durable nonces, which the ledger refuses.
const NONCES: [u8; 5] = [4, 5, 6, 7, 12];
/// Conversions from and to decimal text, which the ledger leaves out.
const UI_AMOUNTS: [u8; 2] = [23, 24];
/// By the delegate himself, in the rewritten token program.
const REVOKE: u8 = 5;
const SYNC_NATIVE: [u8; 1] = [17];

/// Says whether the two answers to a transaction, the ledger's and the machine's, differ for a
/// known reason.
pub type Known = fn(&Transaction, Option<&TransactionError>, Option<&TransactionError>) -> bool;

/// No difference is allowed: what the lending program is held to.
pub fn none(_: &Transaction, _: Option<&TransactionError>, _: Option<&TransactionError>) -> bool {
    false
}

/// What the System and SPL Token programs may differ in.
pub fn of_builtins(
    wire: &Transaction,
    ledger: Option<&TransactionError>,
    machine: Option<&TransactionError>,
) -> bool {
    use TransactionError::{InstructionError as At, InsufficientFundsForRent};
    let both = match (ledger, machine) {
        // LiteSVM looks whether accounts are exempt from rent before it looks whether an
        // instruction failed; a validator names the instruction.
        (Some(At(..)), Some(InsufficientFundsForRent { .. })) => true,
        (Some(At(at, ours)), Some(At(there, theirs))) if at == there => {
            by_both(wire, *at, ours, theirs)
        }
        _ => false,
    };
    let here = matches!(ledger, Some(At(at, error)) if by_the_ledger(wire, *at, error));
    let there = matches!(machine, Some(At(at, error)) if by_the_machine(wire, *at, error));
    both || here || there
}

/// Refused by the ledger alone.
fn by_the_ledger(wire: &Transaction, at: u8, error: &InstructionError) -> bool {
    use InstructionError as E;
    let first = data(wire, at).first().copied().unwrap_or_default();
    let of_tokens = program(wire, at) == Some(TOKEN_PROGRAM_ID);
    match error {
        // Same bytes written to a read-only account: refused where it is asked for, while the
        // machine compares when the instruction has ended.
        E::ReadonlyDataModified => true,
        // Lamports sent to a program: clusters stopped refusing them.
        E::ExecutableLamportChange => true,
        E::Custom(code) if *code == TokenError::InvalidInstruction as u32 => {
            of_tokens && UI_AMOUNTS.contains(&first)
        }
        E::Custom(code) if *code == TokenError::OwnerMismatch as u32 => {
            of_tokens && first == REVOKE
        }
        _ => false,
    }
}

/// Refused by the machine alone, for a change that changes nothing: its System program asks for a
/// writable account all the same, and its token program for the rent sysvar as the second account
/// of `SyncNative`, if there is a second.
fn by_the_machine(wire: &Transaction, at: u8, error: &InstructionError) -> bool {
    use InstructionError as E;
    match program(wire, at) {
        Some(SYSTEM_PROGRAM_ID) => {
            matches!(error, E::ReadonlyLamportChange | E::ReadonlyDataModified)
        }
        Some(TOKEN_PROGRAM_ID) => *error == E::InvalidArgument && data(wire, at) == SYNC_NATIVE,
        _ => false,
    }
}

/// The same instruction failed on both.
fn by_both(wire: &Transaction, at: u8, ours: &InstructionError, theirs: &InstructionError) -> bool {
    use InstructionError as E;
    match program(wire, at) {
        // What is called `NotEnoughAccountKeys` up to version 3 is called `MissingAccount` in 4.
        Some(SYSTEM_PROGRAM_ID) if NONCES.contains(data(wire, at).first().unwrap_or(&0)) => true,
        Some(SYSTEM_PROGRAM_ID) => {
            ours.to_string().contains("account keys") && *theirs == E::MissingAccount
        }
        // LiteSVM has the rewritten token program, which looks for the same faults in another
        // order.
        Some(TOKEN_PROGRAM_ID) => true,
        _ => false,
    }
}

fn data(wire: &Transaction, at: u8) -> &[u8] {
    wire.message.instructions.get(usize::from(at)).map_or(&[], |instruction| &instruction.data)
}

fn program(wire: &Transaction, at: u8) -> Option<cofferdam_host::Address> {
    let message = &wire.message;
    let instruction = message.instructions.get(usize::from(at))?;
    message.account_keys.get(usize::from(instruction.program_id_index)).copied()
}
