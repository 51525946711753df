//! Hostile programs against the ledger's rules: two programs do whatever the bytes say to whatever
//! accounts they are given, call each other with privileges they do not have, and swallow refusals.
//! Whatever they do, no lamports are made, what is read-only or another program's stays as it is,
//! and a failed transaction costs its fee.

use std::sync::LazyLock;

use cofferdam_host::{
    Address, Call, CallAccount, Host, ProgramError, ProgramResult,
    cpi::{SYSTEM_PROGRAM_ID, TOKEN_PROGRAM_ID},
};
use cofferdam_ledger::{Genesis, Invocation, Ledger, Program, SubmitError};
use cofferdam_sdk::{Client, ClientError, Instruction, Keypair, Signer, keys};
use solana_account::Account;
use solana_instruction::AccountMeta;

/// The programs.
const PUPPET: Address = Address::new_from_array([7; 32]);
const ACCOMPLICE: Address = Address::new_from_array([8; 32]);
/// Accounts after the payer: two of the puppet's, one of the accomplice's, a wallet, and one of
/// the token program's.
const VAULT: Address = Address::new_from_array([21; 32]);
const BOOK: Address = Address::new_from_array([22; 32]);
const FOREIGN: Address = Address::new_from_array([23; 32]);
const WALLET: Address = Address::new_from_array([24; 32]);
const TOKENS: Address = Address::new_from_array([25; 32]);

const LAMPORTS: u64 = 1_000_000_000;
/// Bytes of one step of a script.
const STEP_LEN: usize = 3;
/// Longest script.
const STEPS_MAX: usize = 32;

struct Stage {
    client: Client<Ledger>,
    payer: Keypair,
}

static STAGE: LazyLock<Stage> = LazyLock::new(|| {
    let programs = [PUPPET, ACCOMPLICE].map(|id| Program::native(id, "puppet", entrypoint));
    let genesis = Genesis { verify_signatures: false, ..Genesis::default() };
    let mut ledger = Ledger::new(genesis, programs);
    let payer = keys::seeded(1, "payer");
    let owners = [
        (payer.pubkey(), SYSTEM_PROGRAM_ID, 0),
        (VAULT, PUPPET, 64),
        (BOOK, PUPPET, 16),
        (FOREIGN, ACCOMPLICE, 64),
        (WALLET, SYSTEM_PROGRAM_ID, 0),
        (TOKENS, TOKEN_PROGRAM_ID, 165),
    ];
    for (address, owner, len) in owners {
        let account =
            Account { lamports: LAMPORTS, data: vec![1; len], owner, ..Account::default() };
        let _cheats = ledger.cheat().set_account(&address, account).expect("it can be held");
    }
    Stage { client: Client::new(ledger), payer }
});

/// Runs a script: the first byte says which accounts are writable, the rest is steps. Says whether
/// the transaction succeeded.
///
/// # Panics
/// When a rule is broken.
pub fn run(bytes: &[u8]) -> bool {
    let Some((flags, script)) = bytes.split_first() else { return false };
    let Stage { client, payer } = &*STAGE;
    let mut client = client.clone();
    let before = client.backend().clone();
    let metas = metas(payer, *flags);
    let call = Instruction { program_id: PUPPET, accounts: metas.clone(), data: script.to_vec() };
    let (done, fee) = match client.tx().extend([call]).sign(&[payer]).send() {
        Ok(receipt) => (true, receipt.fee),
        Err(ClientError::Submit(SubmitError::Failed { receipt, .. })) => (false, receipt.fee),
        Err(_) => (false, 0),
    };
    let after = client.backend();
    let total = |ledger: &Ledger| ledger.accounts().map(|(_, a)| u128::from(a.lamports)).sum();
    let (had, have): (u128, u128) = (total(&before), total(after));
    assert!(have <= had && had - have <= u128::from(fee), "{had} lamports became {have}");
    for change in before.diff(after) {
        let (was, now) = (change.before.as_deref(), change.after.as_deref());
        judge(&metas, &change.address, (was, now), (done, fee));
    }
    done
}

fn metas(payer: &Keypair, flags: u8) -> Vec<AccountMeta> {
    let mut metas = vec![AccountMeta::new(payer.pubkey(), true)];
    for (address, bit) in [VAULT, BOOK, FOREIGN, WALLET, TOKENS].into_iter().zip(0..) {
        let is_writable = flags >> bit & 1 == 1;
        metas.push(AccountMeta { pubkey: address, is_signer: false, is_writable });
    }
    let programs = [PUPPET, ACCOMPLICE, SYSTEM_PROGRAM_ID];
    metas.extend(programs.map(|program| AccountMeta::new_readonly(program, false)));
    metas
}

/// What may have happened to one account.
fn judge(
    metas: &[AccountMeta],
    address: &Address,
    (was, now): (Option<&Account>, Option<&Account>),
    (done, fee): (bool, u64),
) {
    let (Some(was), Some(meta)) = (was, metas.iter().find(|meta| meta.pubkey == *address)) else {
        panic!("{address} was not listed and changed: {was:?} became {now:?}");
    };
    let gone = Account::default();
    let now = now.unwrap_or(&gone);
    if meta.is_signer {
        assert!(done || now.lamports + fee == was.lamports, "a failure cost more than its fee");
        return;
    }
    assert!(done, "{address} changed in a transaction that failed");
    assert!(meta.is_writable, "{address} was read-only and changed");
    if was.owner != PUPPET && was.owner != ACCOMPLICE {
        assert!(now.lamports >= was.lamports, "{address} of another program was spent");
        let same = now.data == was.data && now.owner == was.owner;
        assert!(same, "{address} of another program was written");
    }
    if now.owner != was.owner && now.lamports > 0 {
        assert!(now.data.iter().all(|byte| *byte == 0), "{address} was given away with data");
    }
}

/// Follows a script. The low bit of a step's last byte says whether its refusal is swallowed.
fn entrypoint(cx: &mut Invocation<'_>, script: &[u8]) -> ProgramResult {
    let steps = script.as_chunks::<STEP_LEN>().0;
    for (number, step) in steps.iter().enumerate().take(STEPS_MAX) {
        let rest = &script[(number + 1) * STEP_LEN..];
        let result = act(cx, *step, rest);
        if step[2] & 1 == 0 {
            result?;
        }
    }
    Ok(())
}

fn act(cx: &mut Invocation<'_>, [what, slot, value]: [u8; 3], rest: &[u8]) -> ProgramResult {
    let count = cx.account_count().max(1);
    let slot = usize::from(slot) % count;
    let next = (slot + 1 + usize::from(value) / 64) % count;
    let part = u64::from(value) << 12;
    match what % 8 {
        0 => {
            let data = cx.data_mut(slot)?;
            let len = data.len().max(1);
            let byte = data.get_mut(usize::from(value) % len);
            byte.map(|byte| *byte ^= value | 1).ok_or(ProgramError::InvalidArgument)
        }
        1 => cx.resize(slot, usize::from(value) * 48),
        2 => {
            let lamports = cx.account(slot)?.lamports;
            cx.set_lamports(slot, lamports.wrapping_add(part).wrapping_sub(1 << 18))
        }
        3 => {
            let (from, to) = (cx.account(slot)?.lamports, cx.account(next)?.lamports);
            cx.set_lamports(slot, from.saturating_sub(part))?;
            cx.set_lamports(next, to + from.min(part))
        }
        4 => {
            let owners = [PUPPET, ACCOMPLICE, SYSTEM_PROGRAM_ID, TOKEN_PROGRAM_ID];
            cx.set_owner(slot, &owners[usize::from(value / 2) % owners.len()])
        }
        5 => {
            let data = cx.data_mut(slot)?;
            data.fill(0);
            Ok(())
        }
        6 => call(cx, value, rest),
        _ => transfer(cx, slot, next, part),
    }
}

/// Hands the rest of the script to the other program, with privileges as the value says.
fn call(cx: &mut Invocation<'_>, value: u8, rest: &[u8]) -> ProgramResult {
    let own = *cx.program_id();
    let other = if own == PUPPET { ACCOMPLICE } else { PUPPET };
    let account = |at: usize| {
        let view = cx.account(at)?;
        let is_signer = view.is_signer || value & 2 != 0;
        let is_writable = view.is_writable || value & 4 != 0;
        Ok(CallAccount { address: *view.address, is_signer, is_writable })
    };
    let accounts =
        (0..cx.account_count()).map(account).collect::<Result<Vec<_>, ProgramError>>()?;
    cx.invoke(Call { program_id: &other, accounts: &accounts, data: rest })
}

/// Asks the System program to move lamports of an account that may not have signed.
fn transfer(cx: &mut Invocation<'_>, from: usize, to: usize, lamports: u64) -> ProgramResult {
    let (from, to) = (*cx.account(from)?.address, *cx.account(to)?.address);
    cofferdam_host::cpi::transfer_lamports(cx, from, to, lamports)
}
