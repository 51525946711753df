//! What an attacker changes in an honest instruction.

use cofferdam_sdk::Instruction;
use rand_chacha::ChaCha8Rng;
use solana_instruction::AccountMeta;

use super::{below, cast::Cast, one};

/// The same instruction with one thing about it changed.
pub(super) fn changed(cast: &Cast, rng: &mut ChaCha8Rng, honest: Instruction) -> Instruction {
    let mut instruction = honest;
    let accounts = instruction.accounts.len() as u64;
    let at = usize::try_from(below(rng, accounts.max(1))).unwrap_or_default();
    let address = one(rng, &cast.addresses());
    match below(rng, 9) {
        0 => change(&mut instruction, at, |meta| meta.is_signer = false),
        1 => change(&mut instruction, at, |meta| meta.is_writable = false),
        2 => change(&mut instruction, at, |meta| meta.is_writable = true),
        3 => change(&mut instruction, at, |meta| meta.pubkey = address),
        4 => instruction.accounts.truncate(at),
        5 => instruction.accounts.push(AccountMeta::new(address, false)),
        6 => {
            let other = one(rng, &instruction.accounts.clone());
            change(&mut instruction, at, |meta| *meta = other);
        }
        7 => {
            let len = below(rng, instruction.data.len() as u64 + 1);
            instruction.data.truncate(usize::try_from(len).unwrap_or_default());
        }
        _ => {
            let byte = usize::try_from(below(rng, instruction.data.len().max(1) as u64));
            let bit = 1 << below(rng, 8);
            let byte = instruction.data.get_mut(byte.unwrap_or_default());
            byte.into_iter().for_each(|byte| *byte ^= bit);
        }
    }
    instruction
}

/// A changed address must be able to sign, or both sides would turn the transaction away unrun.
fn change(instruction: &mut Instruction, at: usize, how: impl FnOnce(&mut AccountMeta)) {
    if let Some(meta) = instruction.accounts.get_mut(at) {
        how(meta);
    }
}
