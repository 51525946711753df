//! From instructions to a message. It is the message that `solana-message` makes, byte for byte,
//! which sorts its keys in a tree and walks it four times: a fifth of what a small transaction
//! costs on a local ledger.

use smallvec::SmallVec;
use solana_address::Address;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_message::{Message, MessageHeader, compiled_instruction::CompiledInstruction};

/// What an account may do; the order of the account list, then by address.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Payer,
    WritableSigner,
    ReadonlySigner,
    Writable,
    Readonly,
}

/// An account that an instruction names.
struct Named {
    address: Address,
    is_payer: bool,
    is_signer: bool,
    is_writable: bool,
    /// Where it stood when it was named first.
    place: u8,
}

impl Named {
    const fn rank(&self) -> Rank {
        match (self.is_payer, self.is_signer, self.is_writable) {
            (true, _, _) => Rank::Payer,
            (_, true, true) => Rank::WritableSigner,
            (_, true, false) => Rank::ReadonlySigner,
            (_, false, true) => Rank::Writable,
            (_, false, false) => Rank::Readonly,
        }
    }
}

/// The message of `instructions`; `payer` pays its fee.
pub(crate) fn compile(
    instructions: &[Instruction],
    payer: Option<&Address>,
    blockhash: &Hash,
) -> Message {
    let mut names = Names::default();
    if let Some(payer) = payer {
        names.name(payer, true, true);
        names.0[0].is_payer = true;
    }
    let mut compiled = Vec::with_capacity(instructions.len());
    for instruction in instructions {
        let program_id_index = names.name(&instruction.program_id, false, false);
        let named = |account: &solana_instruction::AccountMeta| {
            names.name(&account.pubkey, account.is_signer, account.is_writable)
        };
        let accounts = instruction.accounts.iter().map(named).collect();
        let data = instruction.data.clone();
        compiled.push(CompiledInstruction { program_id_index, accounts, data });
    }
    // More accounts than an index tells apart: no chain takes that, and what is said about it is
    // the crate's own.
    if names.0.len() > usize::from(u8::MAX) {
        return Message::new_with_blockhash(instructions, payer, blockhash);
    }
    finish(names, compiled, *blockhash)
}

fn finish(Names(mut all): Names, mut compiled: Vec<CompiledInstruction>, hash: Hash) -> Message {
    all.sort_unstable_by(|a, b| a.rank().cmp(&b.rank()).then_with(|| a.address.cmp(&b.address)));
    let mut moved = [0_u8; 256];
    for (to, named) in (0..=u8::MAX).zip(&all) {
        moved[usize::from(named.place)] = to;
    }
    for instruction in &mut compiled {
        let own = std::iter::once(&mut instruction.program_id_index);
        for index in own.chain(&mut instruction.accounts) {
            *index = moved[usize::from(*index)];
        }
    }
    let count = |rank: fn(Rank) -> bool| {
        let count = all.iter().filter(|named| rank(named.rank())).count();
        u8::try_from(count).unwrap_or(u8::MAX)
    };
    let header = MessageHeader {
        num_required_signatures: count(|rank| rank <= Rank::ReadonlySigner),
        num_readonly_signed_accounts: count(|rank| rank == Rank::ReadonlySigner),
        num_readonly_unsigned_accounts: count(|rank| rank == Rank::Readonly),
    };
    let account_keys = all.iter().map(|named| named.address).collect();
    Message { header, account_keys, recent_blockhash: hash, instructions: compiled }
}

/// The accounts named so far, in the order of their naming.
#[derive(Default)]
struct Names(SmallVec<[Named; 24]>);

impl Names {
    /// Names an account with what it may do here; returns its place. Past 255 places mean nothing.
    fn name(&mut self, address: &Address, is_signer: bool, is_writable: bool) -> u8 {
        if let Some(known) = self.0.iter_mut().find(|named| named.address == *address) {
            known.is_signer |= is_signer;
            known.is_writable |= is_writable;
            return known.place;
        }
        let place = u8::try_from(self.0.len()).unwrap_or(u8::MAX);
        let address = *address;
        self.0.push(Named { address, is_payer: false, is_signer, is_writable, place });
        place
    }
}

#[cfg(test)]
mod tests;
