//! Accounts that were closed, that exist already, and that another program made.

use cofferdam_host::{Address, cpi::SYSTEM_PROGRAM_ID};
use cofferdam_sdk::{Instruction, instruction as build};
use cofferdam_tests::world::{Actor, Asset, World};
use solana_account::Account;
use solana_system_interface::instruction::transfer as send_lamports;
use spl_token_interface::instruction as token;

use super::{
    attempt,
    cases::{Case, Kind},
    fault::{Attack, UNREAD, with},
};
use crate::common::*;

/// Lamports with which a closed account is revived: enough for the rent of any of them.
const REVIVAL: u64 = 100_000_000;

/// The account closed and given lamports again. Where somebody can close it, that happens in the
/// same transaction: a change by its pool's admin, a token account by its owner. Nothing closes
/// the others; they are given the state a closed and revived account has.
pub(super) fn revived(world: &World, case: &Case, slot: usize) -> Result<Attack, &'static str> {
    let address = case.instruction.accounts[slot].pubkey;
    let fund = send_lamports(&world.person(Mallory), &address, REVIVAL);
    let (pool, reserve) = (world.pool(Harbour), world.keys(Harbour, Weth).reserve);
    let admin = world.person(Admin);
    let mut before = match case.slots[slot].1 {
        Kind::Signer | Kind::Payee => return Err(UNREAD),
        Kind::Program => return Err("programs and sysvars are not closed"),
        Kind::ReserveChange => {
            vec![build::cancel_reserve_change(&admin, (&pool, &reserve), &admin)]
        }
        Kind::PoolChange => vec![build::cancel_pool_change(&admin, &pool, &admin)],
        Kind::Tokens(asset) => emptied(world, asset, address),
        // It does not exist yet; lamports alone revive what was there before.
        Kind::New => Vec::new(),
        _ => return Ok(as_if_revived(world, case, address)),
    };
    before.push(fund);
    Ok(Attack { world: world.clone(), before, instruction: case.instruction.clone() })
}

/// What would have been created there is there.
pub(super) fn already_initialised(
    world: &World,
    case: &Case,
    slot: usize,
) -> Result<Attack, &'static str> {
    if !matches!(case.slots[slot].1, Kind::New) {
        return Err("it is not created");
    }
    let address = case.instruction.accounts[slot].pubkey;
    let honest =
        Attack { world: world.clone(), before: Vec::new(), instruction: case.instruction.clone() };
    let (after, _) = attempt(case, &honest);
    let created = after.ledger().account(&address).expect("it was created").clone();
    let mut attack = honest;
    put(&mut attack.world, address, created);
    Ok(attack)
}

/// The same bytes at another address, owned by another program.
pub(super) fn forged(world: &World, case: &Case, slot: usize) -> Result<Attack, &'static str> {
    match case.slots[slot].1 {
        Kind::Signer | Kind::Payee => return Err(UNREAD),
        Kind::Program => return Err("it is known by its address; wrong_owner puts another there"),
        Kind::New => return Err("it has no bytes yet"),
        _ => {}
    }
    let honest = case.instruction.accounts[slot].pubkey;
    let forgery = Address::new_from_array([8; 32]);
    let mut account = world.ledger().account(&honest).expect("it exists").clone();
    account.owner = Address::new_from_array([7; 32]);
    let mut world = world.clone();
    put(&mut world, forgery, account);
    Ok(Attack { world, before: Vec::new(), instruction: with(case, slot, forgery) })
}

/// A token account emptied and closed by its owner.
fn emptied(world: &World, asset: Asset, account: Address) -> Vec<Instruction> {
    let owns = |actor: &Actor| world.wallet(*actor, asset) == account;
    let owner = Actor::ALL.into_iter().find(owns).expect("a person's token account");
    let (owner, thief) = (world.person(owner), world.wallet(Mallory, asset));
    let program = spl_token_interface::ID;
    let data = &world.ledger().account(&account).expect("it exists").data;
    let balance = cofferdam_host::cpi::TokenAccount::decode(data).expect("a token account").amount;
    let out = token::transfer(&program, &account, &thief, &owner, &[], balance);
    let close = token::close_account(&program, &account, &owner, &owner, &[]);
    vec![out.expect("valid"), close.expect("valid")]
}

/// The state of a closed account that was sent lamports: an empty wallet.
fn as_if_revived(world: &World, case: &Case, address: Address) -> Attack {
    let mut world = world.clone();
    let wallet = Account { lamports: REVIVAL, owner: SYSTEM_PROGRAM_ID, ..Account::default() };
    put(&mut world, address, wallet);
    Attack { world, before: Vec::new(), instruction: case.instruction.clone() }
}

fn put(world: &mut World, address: Address, account: Account) {
    let put = world.client_mut().backend_mut().cheat().set_account(&address, account).map(drop);
    put.expect("any account can be set");
}

/// [`as_if_revived`] is what closing and reviving leave.
#[test]
fn revived_accounts_are_empty_wallets() {
    let mut world = super::governance::waiting();
    let (pool, admin) = (world.pool(Harbour), world.person(Admin));
    let (change, _) = cofferdam_sdk::address::change(&pool);
    let cancel = build::cancel_pool_change(&admin, &pool, &admin);
    done(world.send(&[Admin], &[cancel, send_lamports(&admin, &change, REVIVAL)]));
    let wallet = world.wallet(Dave, Usdc);
    let owner = world.person(Dave);
    let mut close = emptied(&world, Usdc, wallet);
    close.push(send_lamports(&owner, &wallet, REVIVAL));
    done(world.send(&[Dave], &close));
    for address in [change, wallet] {
        let account = world.ledger().account(&address).expect("it holds lamports");
        assert_eq!((account.lamports, account.data.len()), (REVIVAL, 0));
        assert_eq!(account.owner, SYSTEM_PROGRAM_ID);
    }
}
