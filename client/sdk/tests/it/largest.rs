//! The largest position still fits one transaction: 1,232 bytes and 64 accounts, as on Solana.

use cofferdam_sdk::{
    Address, ClientError, Decimal, Instruction, Keypair, Market, PositionView, Signer, address,
    instruction::{self as build, ReserveKeys},
    interface::{instruction::Liquidate, state::ENTRIES_MAX, units::Amount},
    local::Sandbox,
};

const BYTES_MAX: usize = 1_232;
const ACCOUNTS_MAX: usize = 64;
const AMOUNT: Amount = Amount(1);

/// A reserve with two feeds, made up.
fn reserve(pool: Address, number: u8) -> ReserveKeys {
    let made_up = |kind: u8| Address::new_from_array([number + 16 * kind; 32]);
    let reserve = made_up(1);
    ReserveKeys {
        reserve,
        pool,
        mint: made_up(2),
        vault: made_up(3),
        feed: made_up(4),
        second_feed: Some(made_up(5)),
    }
}

/// Bytes and accounts of a transaction with that instruction in it, signed by whoever pays for it.
fn size(payer: &Address, instruction: &Instruction) -> (usize, usize) {
    let message = solana_message::Message::new(std::slice::from_ref(instruction), Some(payer));
    (1 + 64 + message.serialize().len(), message.account_keys.len())
}

#[test]
fn every_verb_fits_with_two_feeds_a_reserve() {
    let who = Address::new_from_array([1; 32]);
    let pool = Address::new_from_array([2; 32]);
    let position = address::position(&pool, &who, 0).0;
    let all: Vec<ReserveKeys> =
        (0..u8::try_from(ENTRIES_MAX).unwrap()).map(|number| reserve(pool, number)).collect();
    let args = || Liquidate { repay_max: AMOUNT, collateral_min: AMOUNT };
    let verbs = [
        ("deposit", build::deposit(&who, &position, &all[0], AMOUNT)),
        ("withdraw", build::withdraw(&who, &position, &all[0], &all, AMOUNT)),
        ("borrow", build::borrow(&who, &position, &all[0], &all, AMOUNT)),
        ("repay", build::repay(&who, &position, &all[0], AMOUNT)),
        ("liquidate", build::liquidate(&who, &position, (&all[0], &all[1]), None, &all, args())),
        ("absorb_bad_debt", build::absorb_bad_debt(&pool, &position, &all)),
    ];
    for (verb, instruction) in verbs {
        let (bytes, accounts) = size(&who, &instruction);
        assert!(bytes <= BYTES_MAX && accounts <= ACCOUNTS_MAX, "{verb}: {bytes}, {accounts}");
    }
}

/// A receiver of shares is one account more, for which the last reserve that is on neither side
/// goes without its second feed; with one reserve or one feed less there is room for all.
#[test]
fn a_liquidation_into_shares_fits_with_two_feeds_a_reserve() {
    let [who, pool] = [1, 2].map(|byte| Address::new_from_array([byte; 32]));
    let [position, receiver] = [0, 1].map(|index| address::position(&pool, &who, index).0);
    let all: Vec<ReserveKeys> =
        (0..u8::try_from(ENTRIES_MAX).unwrap()).map(|number| reserve(pool, number)).collect();
    let liquidate = |all: &[ReserveKeys], sides: (usize, usize), receiver: Option<&Address>| {
        let sides = (&all[sides.0], &all[sides.1]);
        let args = Liquidate { repay_max: AMOUNT, collateral_min: AMOUNT };
        let instruction = build::liquidate(&who, &position, sides, receiver, all, args);
        let (bytes, accounts) = size(&who, &instruction);
        assert!(bytes <= BYTES_MAX && accounts <= ACCOUNTS_MAX, "{bytes}, {accounts}");
        let named: Vec<Address> = instruction.accounts.iter().map(|meta| meta.pubkey).collect();
        let is_missing = |feed: &Address| !named.contains(feed);
        all.iter().filter_map(|keys| keys.second_feed).filter(is_missing).collect::<Vec<_>>()
    };
    assert_eq!(liquidate(&all, (0, 1), Some(&receiver)), [all[7].second_feed.unwrap()]);
    assert_eq!(liquidate(&all, (7, 6), Some(&receiver)), [all[5].second_feed.unwrap()]);
    assert_eq!(liquidate(&all, (0, 1), None), []);
    assert_eq!(liquidate(&all[..7], (0, 1), Some(&receiver)), []);
    let mut fewer = all.clone();
    fewer[4].second_feed = None;
    assert_eq!(liquidate(&fewer, (0, 1), Some(&receiver)), []);
    // A feed that serves twice is no address more.
    let mut shared = all;
    shared[7].second_feed = shared[6].second_feed;
    assert_eq!(liquidate(&shared, (0, 1), Some(&receiver)), []);
}

fn send(sandbox: &mut Sandbox, signer: &Keypair, instruction: Instruction) {
    let _receipt = sandbox.client.tx().push(instruction).sign([signer]).send().unwrap();
}

/// Sends what somebody does with the first position they have.
fn act(
    sandbox: &mut Sandbox,
    who: &Keypair,
    verb: impl Fn(&Market, &PositionView) -> Result<Instruction, ClientError>,
) {
    let place = address::position(&sandbox.pool, &who.pubkey(), 0).0;
    let position = sandbox.client.position(&place).unwrap();
    let market = sandbox.client.market(&sandbox.pool).unwrap();
    send(sandbox, who, verb(&market, &position).unwrap());
}

/// Seven collaterals and a debt, for real: the ledger has the same limits.
#[test]
fn the_largest_position_borrows_withdraws_is_liquidated_and_absorbed() {
    let mut sandbox = Sandbox::new(7).unwrap();
    let symbols = ["A", "B", "C", "D", "E", "F"];
    let mut collateral = vec![sandbox.eth];
    for symbol in symbols {
        collateral.push(sandbox.add_asset(symbol, Decimal::from(10)).unwrap());
    }
    let [lender, owner, keeper] = ["lender", "owner", "keeper"].map(|n| sandbox.person(n).unwrap());
    let usd = sandbox.usd;
    let _lends = sandbox.open_position(&lender).unwrap();
    let _owns = sandbox.open_position(&owner).unwrap();
    act(&mut sandbox, &lender, |market, position| market.deposit(position, &usd, 1_000.into()));
    for mint in &collateral {
        act(&mut sandbox, &owner, |market, position| market.deposit(position, mint, 1.into()));
    }
    act(&mut sandbox, &owner, |market, position| market.borrow(position, &usd, 190.into()));
    let a = collateral[1];
    act(&mut sandbox, &owner, |market, position| market.withdraw(position, &a, Decimal::new(1, 2)));
    sandbox.publish("ETH", Decimal::from(170)).unwrap();
    let place = address::position(&sandbox.pool, &owner.pubkey(), 0).0;
    let position = sandbox.client.position(&place).unwrap();
    assert_eq!(
        position.state.entries.iter().filter(|entry| entry.reserve != Address::default()).count(),
        ENTRIES_MAX
    );
    let market = sandbox.client.market(&sandbox.pool).unwrap();
    let sides = ((&usd, 10.into()), (&sandbox.eth, Decimal::ZERO));
    let liquidate = market.liquidate(&keeper.pubkey(), &position, sides.0, sides.1, None).unwrap();
    send(&mut sandbox, &keeper, liquidate);
    for symbol in symbols {
        sandbox.publish(symbol, Decimal::new(1, 3)).unwrap();
    }
    sandbox.publish("ETH", Decimal::ONE).unwrap();
    let position = sandbox.client.position(&place).unwrap();
    let absorb = sandbox.client.market(&sandbox.pool).unwrap().absorb_bad_debt(&position);
    send(&mut sandbox, &keeper, absorb);
    let after = sandbox.client.position(&place).unwrap();
    assert!(after.state.entries != position.state.entries, "nothing was recognised");
}
