//! Mallory tries to empty a vault and is refused each time. `cargo run -p cofferdam-sdk --example hostile`

use cofferdam_host::{Host, ProgramResult, cpi};
use cofferdam_sdk::{
    Address, ClientError, Decimal, Instruction, Signer, instruction as build,
    interface::{address::RESERVE, units::Amount},
    ledger::{Genesis, Ledger, Program},
    local::{self, Sandbox},
    token,
};
use solana_instruction::AccountMeta;

const THIEF: Address = Address::new_from_array(*b"a-program-that-empties-the-vault");

/// Accounts: reserve, vault, loot, token program. Data: 0 writes into the reserve; 1 asks the
/// token program for the vault's tokens in the reserve's name, with the reserve's own seeds.
fn thief(host: &mut impl Host, data: &[u8]) -> ProgramResult {
    if data.first() == Some(&0) {
        host.data_mut(0)?.fill(0xff);
        return Ok(());
    }
    let at = |index| host.account(index).map(|account| *account.address);
    let (authority, source, destination) = (at(0)?, at(1)?, at(2)?);
    let transfer = cpi::TokenTransfer { source, destination, authority, amount: 1 };
    let (pool, mint, bump) = (&data[1..33], &data[33..65], &data[65..66]);
    cpi::transfer_tokens(host, transfer, &[&[RESERVE, pool, mint, bump]])
}

pub(crate) fn main() -> Result<(), ClientError> {
    for (attempt, refusal) in play()? {
        println!("{attempt}\n    {}", refusal.replace('\n', "\n    "));
    }
    Ok(())
}

/// Each attempt and its refusal.
pub(crate) fn play() -> Result<Vec<(&'static str, String)>, ClientError> {
    let program = Program::native(THIEF, "thief", |host, data| thief(host, data));
    let ledger = Ledger::new(Genesis::default(), [local::program(), program]);
    let mut sandbox = Sandbox::on(ledger, 7)?;
    let (alice, mallory) = (sandbox.person("alice")?, sandbox.person("mallory")?);
    let (savings, mine) = (sandbox.open_position(&alice)?, sandbox.open_position(&mallory)?);
    let client = &mut sandbox.client;
    let market = client.market(&sandbox.pool)?;
    let deposit = market.deposit(&savings, &sandbox.usd, Decimal::from(1_000))?;
    let _ = client.tx().push(deposit).sign([&alice]).send()?;

    let reserve = client.market(&sandbox.pool)?.reserve_of(&sandbox.usd)?.clone();
    let (keys, one) = (reserve.keys, Amount(1_000_000_000));
    let (me, loot) = (mallory.pubkey(), token::account_address(&mallory.pubkey(), &keys.mint));
    let meta = |address| AccountMeta::new(address, false);
    let spl = Instruction {
        program_id: cpi::TOKEN_PROGRAM_ID,
        accounts: vec![meta(keys.vault), meta(loot), AccountMeta::new_readonly(me, true)],
        data: [&[3][..], &one.get().to_le_bytes()].concat(),
    };
    let seeds = [&[1][..], keys.pool.as_ref(), keys.mint.as_ref(), &[reserve.state.bump]].concat();
    let mut accounts = [keys.reserve, keys.vault, loot].map(meta).to_vec();
    accounts.push(AccountMeta::new_readonly(cpi::TOKEN_PROGRAM_ID, false));
    let rob = |data| Instruction { program_id: THIEF, accounts: accounts.clone(), data };
    let withdraw = build::withdraw(&me, &savings.address, &keys, &[], one);
    let mut forged = build::withdraw(&me, &mine.address, &keys, &[], one);
    forged.accounts[2] = meta(loot);
    let attempts = [
        ("transfer out of the vault, signed by Mallory", spl),
        ("a program that overwrites the reserve's books", rob(vec![0])),
        ("a program that signs with the reserve's seeds", rob(seeds)),
        ("withdraw from Alice's position", withdraw),
        ("withdraw with Mallory's token account as the reserve", forged),
    ];
    let refused = attempts.map(|(name, attempt)| {
        let sent = client.tx().push(attempt).sign([&mallory]).send();
        (name, sent.err().map_or("STOLEN".into(), |error| error.to_string()))
    });
    Ok(refused.into())
}
