//! Mollusk with the same instructions. It knows neither fees nor signatures, and it is given the
//! accounts of each instruction by the caller.

use std::time::Duration;

use mollusk_svm::Mollusk;
use peers_common::{Flow, Step, cpu};
use solana_account::Account;
use solana_instruction::{AccountMeta, Instruction};
use solana_pubkey::Pubkey;
use solana_transaction::Transaction;

use crate::lite::{account, transaction};

/// CPU time of all instructions of a flow that has one group; the accounts that one leaves are
/// what the next begins with.
pub(crate) fn spent(flow: &Flow) -> Result<Duration, String> {
    let mut mollusk = Mollusk::default();
    mollusk.logger = None;
    mollusk_svm_programs_token::token::add_program(&mut mollusk);
    let steps = flow.groups.iter().flatten();
    let instructions: Vec<Instruction> = steps.map(instruction).collect::<Result<_, _>>()?;
    let first = instructions.first().ok_or("a flow without transactions")?;
    let mut accounts = accounts(flow, first);
    let mut failed = None;
    let spent = cpu(|| {
        for instruction in &instructions {
            let result = mollusk.process_instruction(instruction, &accounts);
            if let Err(error) = result.raw_result {
                failed = Some(format!("mollusk: {error}"));
                return;
            }
            accounts = result.resulting_accounts;
        }
    });
    failed.map_or(Ok(spent), Err)
}

/// The accounts an instruction lists, as they are at the start.
fn accounts(flow: &Flow, instruction: &Instruction) -> Vec<(Pubkey, Account)> {
    let find = |meta: &AccountMeta| {
        let mut stored = flow.start.accounts.iter();
        let stored = stored.find(|stored| stored.address == meta.pubkey.to_bytes());
        stored.map_or_else(|| (meta.pubkey, Account::default()), account)
    };
    instruction.accounts.iter().map(find).collect()
}

fn instruction(step: &Step) -> Result<Instruction, String> {
    let Step::Send(wire, _) = step else { return Err("only transactions here".into()) };
    let Transaction { message, .. } = transaction(wire)?;
    let compiled = message.instructions.first().ok_or("a transaction without instructions")?;
    let meta = |index: &u8| {
        let index = usize::from(*index);
        AccountMeta {
            pubkey: message.account_keys[index],
            is_signer: message.is_signer(index),
            is_writable: message.is_maybe_writable(index, None),
        }
    };
    Ok(Instruction {
        program_id: message.account_keys[usize::from(compiled.program_id_index)],
        accounts: compiled.accounts.iter().map(meta).collect(),
        data: compiled.data.clone(),
    })
}
