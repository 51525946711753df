//! The hand-written instruction bytes of the contract ABI against the official encoders.

use std::sync::{Arc, Mutex};

use cofferdam_host::{
    Address, Host, ProgramResult,
    cpi::{self, SYSTEM_PROGRAM_ID, TOKEN_PROGRAM_ID, TokenTransfer},
};
use cofferdam_ledger::{Invocation, Program};
use solana_instruction::{AccountMeta, Instruction};
use solana_system_interface::instruction as system;
use spl_token_interface::instruction as token;

use crate::support::*;

/// What a stand-in for the System and Token programs was called with.
type Seen = Arc<Mutex<Vec<Instruction>>>;

fn recorder(id: Address, seen: &Seen) -> Program {
    let seen = Arc::clone(seen);
    Program::native(id, "recorder", move |cx, data| {
        let accounts = (0..cx.account_count()).map(|index| {
            let account = cx.account(index).unwrap();
            AccountMeta {
                pubkey: *account.address,
                is_signer: account.is_signer,
                is_writable: account.is_writable,
            }
        });
        let accounts = accounts.collect();
        seen.lock().unwrap().push(Instruction { program_id: id, accounts, data: data.to_vec() });
        Ok(())
    })
}

fn calls(cx: &mut Invocation<'_>) -> ProgramResult {
    let (a, b, c) = (address("a"), address("b"), address("c"));
    cpi::create_account(cx, a, b, (11, 12), &c, &[b"none"])?;
    cpi::transfer_lamports(cx, a, b, 13)?;
    cpi::allocate(cx, a, 14, &[b"none"])?;
    cpi::assign(cx, a, &c, &[b"none"])?;
    let transfer = TokenTransfer { source: a, destination: b, authority: c, amount: 15 };
    cpi::transfer_tokens(cx, transfer, &[])?;
    cpi::initialize_token_account(cx, a, b, &c)
}

fn official() -> Vec<Instruction> {
    let (a, b, c) = (address("a"), address("b"), address("c"));
    vec![
        system::create_account(&a, &b, 11, 12, &c),
        system::transfer(&a, &b, 13),
        system::allocate(&a, 14),
        system::assign(&a, &c),
        token::transfer(&TOKEN_PROGRAM_ID, &a, &b, &c, &[], 15).unwrap(),
        token::initialize_account3(&TOKEN_PROGRAM_ID, &a, &b, &c).unwrap(),
    ]
}

#[test]
fn calls_are_encoded_like_the_official_ones() {
    let seen = Seen::default();
    // Seeds that derive an address: the recorder needs no signature of it.
    let caller = (0_u8..).map(|n| address(&format!("caller-{n}")));
    let mut caller = caller.filter(|id| Address::create_program_address(&[b"none"], id).is_ok());
    let caller = caller.next().unwrap();
    let programs = [
        recorder(SYSTEM_PROGRAM_ID, &seen),
        recorder(TOKEN_PROGRAM_ID, &seen),
        Program::native(caller, "caller", |cx, _| calls(cx)),
    ];
    let mut ledger = world(programs, &["payer"]);
    let (a, b, c) = (address("a"), address("b"), address("c"));
    let mut accounts: Vec<AccountMeta> = [a, b, c].map(|at| AccountMeta::new(at, true)).into();
    accounts.extend(
        [SYSTEM_PROGRAM_ID, TOKEN_PROGRAM_ID].map(|id| AccountMeta::new_readonly(id, false)),
    );
    let ix = Instruction { program_id: caller, accounts, data: vec![] };
    let signers = [&key("payer"), &key("a"), &key("b"), &key("c")];
    let _ = send(&mut ledger, &signers, &[ix]).unwrap();
    assert_eq!(*seen.lock().unwrap(), official());
}

#[test]
fn token_state_is_read_like_the_official_one() {
    use solana_program_pack::Pack;
    use spl_token_interface::state::{Account, AccountState, Mint};
    let (mint, owner) = (address("mint"), address("owner"));
    let state = AccountState::Initialized;
    let account = Account { mint, owner, amount: 77, state, ..Account::default() };
    let mut data = vec![0; cpi::TOKEN_ACCOUNT_LEN];
    Account::pack(account, &mut data).unwrap();
    assert_eq!(cpi::TokenAccount::decode(&data), Ok(cpi::TokenAccount { mint, owner, amount: 77 }));
    let mut data = vec![0; cpi::MINT_LEN];
    let mint = Mint { decimals: 9, is_initialized: true, ..Mint::default() };
    Mint::pack(mint, &mut data).unwrap();
    assert_eq!(cpi::mint_decimals(&data), Ok(9));
}
