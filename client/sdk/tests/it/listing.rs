//! What a person reads before signing.

use cofferdam_sdk::{Decimal, Signer};

use crate::world::{Asset, Who, World};

#[test]
fn a_listing_names_instruction_roles_and_addresses() {
    let mut world = World::with_loan(10_000, 10, 500);
    let (market, bob, key) = (world.market(), world.position(Who::Bob), world.key(Who::Bob));
    let (eth, usd) = (world.mint(Asset::Eth), world.mint(Asset::Usd));
    let repay = market.repay(&key.pubkey(), &bob, &usd, Decimal::ONE).unwrap();
    let withdraw = market.withdraw(&bob, &eth, Decimal::ONE).unwrap();
    let vault = market.reserve_of(&usd).unwrap().keys.vault;
    let tx = world.client.tx().push(repay).push(withdraw).sign([&key]);
    let (text, signature) = (tx.listing().to_string(), tx.transaction().signatures[0]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], format!("transaction {signature}"));
    assert_eq!(lines[1], format!("fee payer {}", key.pubkey()));
    assert_eq!(lines[3], "instruction 0: lending Repay 1000000000 units");
    assert_eq!(lines[4], format!("  payer                signs writes {}", key.pubkey()));
    assert!(
        lines.contains(&format!("  vault                      writes {vault}").as_str()),
        "{text}"
    );
    assert_eq!(lines[11], "instruction 1: lending Withdraw 1000000000 units");
    // Behind the eight named accounts: reserve and feed of the debt.
    assert!(lines[20].starts_with("  other reserve"), "{text}");
    assert!(lines[21].starts_with("  other feed"), "{text}");
    assert_eq!(lines.len(), 22);
    let receipt = tx.print().send().unwrap();
    assert_eq!(receipt.signature, signature);
}

#[test]
fn foreign_and_broken_instructions_are_listed_too() {
    let mut world = World::new();
    let key = world.key(Who::Bob);
    let (mint, to) = (world.mint(Asset::Eth), world.key(Who::Alice).pubkey());
    let amount = cofferdam_sdk::interface::units::Amount(5);
    let transfer = cofferdam_sdk::token::transfer(&mint, &key.pubkey(), &to, amount);
    let mut broken =
        world.market().deposit(&world.position(Who::Bob), &mint, Decimal::ONE).unwrap();
    broken.data.truncate(3);
    let tx = world.client.tx().push(transfer).push(broken).sign([&key]);
    let text = tx.listing().to_string();
    assert!(text.contains("instruction 0: token Transfer { amount: 5 }"), "{text}");
    assert!(text.contains("instruction 1: lending, 3 bytes that do not decode"), "{text}");
}
