//! A path, as `cofferdam hunt show --as code` prints it.

#![allow(unused_imports, reason = "which names a path needs depends on the path")]

use cofferdam_sdk::{
    Instruction, instruction as build,
    interface::{instruction::Liquidate, units::{Amount, Price, Shares}},
};
use cofferdam_tests::{
    action::Verb,
    hunt::{Checked, code::{TOKEN_PROGRAM_ID, address, bytes, meta}},
    world::{Actor::*, Asset::*, Options, PoolId::*, World},
};

#[test]
fn printed_wild() {
    let mut run = Checked::wild();
    let world = run.world().clone();

    // 1. absorb_bad_debt alice@harbour WETH by liquidator: refused, NoBadDebt
    let sent = vec![
        build::absorb_bad_debt(&world.pool(Harbour), &world.position_address(Harbour, Alice), &[world.keys(Harbour, Weth), world.keys(Harbour, Usdc)]),
    ];
    run.send(Verb::AbsorbBadDebt, &[Liquidator], sent);

    // 2. fund_insurance mallory@lagoon WETH 34968852996 by mallory: done
    let sent = vec![
        build::fund_insurance(&world.person(Mallory), &world.keys(Lagoon, Weth), Amount(34968852996)),
    ];
    run.send(Verb::FundInsurance, &[Mallory], sent);

    // 3. refresh mallory@harbour USDC by publisher + cover_deficit Kin { slot: 19, with: 77 } alice@harbour DAI 141500001000000 by alice: refused, Transaction failed to sanitize accounts offsets correctly
    let sent = vec![
        build::publish_price(&world.person(Publisher), &world.feed(Weth), Price(2000000000000000000000), Price(0), 1577836800),
        build::publish_price(&world.person(Admin), &world.feed(Weth), Price(2000000000000000000000), Price(0), 1577836800),
        build::publish_price(&world.person(Liquidator), &world.feed(Weth), Price(2000000000000000000000), Price(0), 1577836800),
        build::publish_price(&world.person(Carol), &world.feed(Weth), Price(2000000000000000000000), Price(0), 1577836800),
        build::publish_price(&world.person(Dave), &world.feed(Weth), Price(2000000000000000000000), Price(0), 1577836800),
        build::publish_price(&world.person(Publisher), &world.feed(Usdc), Price(1000000000000000000), Price(0), 1577836800),
        build::publish_price(&world.person(Publisher), &world.feed(Dai), Price(1000000000000000000), Price(0), 1577836800),
        build::publish_price(&world.person(Publisher), &world.feed(Wbtc), Price(30000000000000000000000), Price(0), 1577836800),
        build::publish_price(&world.person(Publisher), &address("F8ZeCzEaDX8GH9pXgS8P8oN2S1Za2BViApDzFgLLrTZM"), Price(1000000000000000000), Price(0), 1577836800),
        Instruction {
            program_id: cofferdam_sdk::interface::ID,
            accounts: vec![
                meta(world.person(Alice), "rs"),
                meta(world.pool(Lagoon), "r"),
                meta(world.keys(Harbour, Dai).reserve, "w"),
                meta(world.wallet(Alice, Dai), "w"),
                meta(world.keys(Harbour, Dai).vault, "w"),
                meta(TOKEN_PROGRAM_ID, "r"),
            ],
            // CoverDeficit(CoverDeficit { amount: Amount(141500001000000) })
            data: bytes("19409a4b89b1800000"),
        },
    ];
    run.send(Verb::Refresh, &[Publisher, Admin, Liquidator, Carol, Dave, Alice], sent);

    // 4. absorb_bad_debt DropLast alice@harbour USDC by liquidator: refused, Error processing Instruction 0: insufficient account keys for instruction
    let sent = vec![
        Instruction {
            program_id: cofferdam_sdk::interface::ID,
            accounts: vec![
                meta(world.pool(Harbour), "r"),
                meta(world.position_address(Harbour, Alice), "w"),
                meta(world.keys(Harbour, Weth).reserve, "w"),
                meta(world.feed(Weth), "r"),
                meta(world.keys(Harbour, Usdc).reserve, "w"),
            ],
            // AbsorbBadDebt(AbsorbBadDebt)
            data: bytes("0c"),
        },
    ];
    run.send(Verb::AbsorbBadDebt, &[Liquidator], sent);

    // 5. refresh alice@harbour DAI by publisher: done
    let sent = vec![
        build::publish_price(&world.person(Publisher), &world.feed(Weth), Price(2000000000000000000000), Price(0), 1577836800),
        build::publish_price(&world.person(Admin), &world.feed(Weth), Price(2000000000000000000000), Price(0), 1577836800),
        build::publish_price(&world.person(Liquidator), &world.feed(Weth), Price(2000000000000000000000), Price(0), 1577836800),
        build::publish_price(&world.person(Carol), &world.feed(Weth), Price(2000000000000000000000), Price(0), 1577836800),
        build::publish_price(&world.person(Dave), &world.feed(Weth), Price(2000000000000000000000), Price(0), 1577836800),
        build::publish_price(&world.person(Publisher), &world.feed(Usdc), Price(1000000000000000000), Price(0), 1577836800),
        build::publish_price(&world.person(Publisher), &world.feed(Dai), Price(1000000000000000000), Price(0), 1577836800),
        build::publish_price(&world.person(Publisher), &world.feed(Wbtc), Price(30000000000000000000000), Price(0), 1577836800),
        build::publish_price(&world.person(Publisher), &address("F8ZeCzEaDX8GH9pXgS8P8oN2S1Za2BViApDzFgLLrTZM"), Price(1000000000000000000), Price(0), 1577836800),
    ];
    run.send(Verb::Refresh, &[Publisher, Admin, Liquidator, Carol, Dave], sent);

    // 6. absorb_bad_debt alice@lagoon USDC by liquidator: refused, NoBadDebt
    let sent = vec![
        build::absorb_bad_debt(&world.pool(Lagoon), &world.position_address(Lagoon, Alice), &[world.keys(Lagoon, Weth), world.keys(Lagoon, Usdc)]),
    ];
    run.send(Verb::AbsorbBadDebt, &[Liquidator], sent);

    // 7. publish_price Swap { slot: 104, with: 60 } dave@harbour DAI 1000000000000000000 ± 0 observed 0 s ago by publisher: refused, MissingSignature
    let sent = vec![
        Instruction {
            program_id: cofferdam_sdk::interface::ID,
            accounts: vec![
                meta(world.mint(Weth), "r"),
                meta(world.feed(Dai), "w"),
            ],
            // PublishPrice(PublishPrice { price: Price(1000000000000000000), confidence: Price(0), observed_at_s: 1577836800 })
            data: bytes("04000064a7b3b6e00d00000000000000000000000000000000000000000000000000e10b5e00000000"),
        },
    ];
    run.send(Verb::PublishPrice, &[Publisher], sent);

    // 8. liquidate alice@harbour DAI 0 against WBTC by liquidator: refused, WrongOwner
    let sent = vec![
        build::liquidate(&world.person(Liquidator), &world.position_address(Harbour, Alice), (&world.keys(Harbour, Dai), &world.keys(Harbour, Wbtc)), None, &[world.keys(Harbour, Dai), world.keys(Harbour, Wbtc), world.keys(Harbour, Weth), world.keys(Harbour, Usdc)], Liquidate { repay_max: Amount(0), collateral_min: Amount(0) }),
    ];
    run.send(Verb::Liquidate, &[Liquidator], sent);

    // 9. advance 12 s: done
    run.advance(12);

    // 10. publish_price carol@lagoon WETH 1962890625000000000000 ± 0 observed 0 s ago by publisher: done
    let sent = vec![
        build::publish_price(&world.person(Publisher), &world.feed(Weth), Price(1962890625000000000000), Price(0), 1577836812),
    ];
    run.send(Verb::PublishPrice, &[Publisher], sent);

    // 11. flash_repay Swap { slot: 228, with: 77 } carol@harbour WETH 95598754882 by liquidator: refused, MissingSignature
    let sent = vec![
        Instruction {
            program_id: cofferdam_sdk::interface::ID,
            accounts: vec![
                meta(world.person(Carol), "rs"),
                meta(world.pool(Harbour), "r"),
                meta(world.keys(Harbour, Weth).reserve, "w"),
                meta(world.keys(Harbour, Weth).vault, "w"),
                meta(world.wallet(Carol, Weth), "w"),
                meta(TOKEN_PROGRAM_ID, "r"),
                meta(address("Sysvar1nstructions1111111111111111111111111"), "r"),
            ],
            // FlashBorrow(FlashBorrow { amount: Amount(95598754882) })
            data: bytes("1f423c214216000000"),
        },
        Instruction {
            program_id: cofferdam_sdk::interface::ID,
            accounts: vec![
                meta(address("9PD6nAgsxzw533VQ5iR8aprFxWRwNWgaxN7HRRx1UJ5p"), "r"),
                meta(world.pool(Harbour), "r"),
                meta(world.keys(Harbour, Weth).reserve, "w"),
                meta(world.wallet(Liquidator, Weth), "w"),
                meta(world.keys(Harbour, Weth).vault, "w"),
                meta(TOKEN_PROGRAM_ID, "r"),
            ],
            // FlashRepay(FlashRepay)
            data: bytes("20"),
        },
    ];
    run.send(Verb::FlashRepay, &[Liquidator, Carol], sent);

    // 12. refresh bob@harbour WETH by publisher: done
    let sent = vec![
        build::publish_price(&world.person(Publisher), &world.feed(Weth), Price(2000000000000000000000), Price(0), 1577836812),
        build::publish_price(&world.person(Admin), &world.feed(Weth), Price(2000000000000000000000), Price(0), 1577836812),
        build::publish_price(&world.person(Liquidator), &world.feed(Weth), Price(2000000000000000000000), Price(0), 1577836812),
        build::publish_price(&world.person(Carol), &world.feed(Weth), Price(2000000000000000000000), Price(0), 1577836812),
        build::publish_price(&world.person(Dave), &world.feed(Weth), Price(2000000000000000000000), Price(0), 1577836812),
        build::publish_price(&world.person(Publisher), &world.feed(Usdc), Price(1000000000000000000), Price(0), 1577836812),
        build::publish_price(&world.person(Publisher), &world.feed(Dai), Price(1000000000000000000), Price(0), 1577836812),
        build::publish_price(&world.person(Publisher), &world.feed(Wbtc), Price(30000000000000000000000), Price(0), 1577836812),
        build::publish_price(&world.person(Publisher), &address("F8ZeCzEaDX8GH9pXgS8P8oN2S1Za2BViApDzFgLLrTZM"), Price(1000000000000000000), Price(0), 1577836812),
    ];
    run.send(Verb::Refresh, &[Publisher, Admin, Liquidator, Carol, Dave], sent);

    // 13. repay Kin { slot: 23, with: 234 } alice@harbour WETH 0 by alice: refused, WrongPool
    let sent = vec![
        Instruction {
            program_id: cofferdam_sdk::interface::ID,
            accounts: vec![
                meta(world.person(Alice), "rs"),
                meta(world.pool(Harbour), "r"),
                meta(world.keys(Lagoon, Weth).reserve, "w"),
                meta(world.position_address(Harbour, Alice), "w"),
                meta(world.wallet(Alice, Weth), "w"),
                meta(world.keys(Harbour, Weth).vault, "w"),
                meta(TOKEN_PROGRAM_ID, "r"),
            ],
            // Repay(Repay { amount: Amount(0) })
            data: bytes("090000000000000000"),
        },
    ];
    run.send(Verb::Repay, &[Alice], sent);

    // 14. absorb_bad_debt carol@harbour WETH by liquidator: refused, NoBadDebt
    let sent = vec![
        build::absorb_bad_debt(&world.pool(Harbour), &world.position_address(Harbour, Carol), &[world.keys(Harbour, Weth), world.keys(Harbour, Usdc), world.keys(Harbour, Dai)]),
    ];
    run.send(Verb::AbsorbBadDebt, &[Liquidator], sent);

    // 15. collect_fees alice@harbour USDC 18446744073709551615 by admin: done
    let sent = vec![
        Instruction {
            program_id: cofferdam_sdk::interface::ID,
            accounts: vec![
                meta(world.person(Admin), "rs"),
                meta(world.pool(Harbour), "r"),
                meta(world.keys(Harbour, Usdc).reserve, "w"),
                meta(world.keys(Harbour, Usdc).vault, "w"),
                meta(world.wallet(Admin, Usdc), "w"),
                meta(TOKEN_PROGRAM_ID, "r"),
            ],
            // CollectFees(CollectFees { amount: Amount(18446744073709551615) })
            data: bytes("0dffffffffffffffff"),
        },
    ];
    run.send(Verb::CollectFees, &[Admin], sent);

    // 16. withdraw mallory@harbour DAI 607666 by mallory: done
    let sent = vec![
        build::withdraw(&world.person(Mallory), &world.position_address(Harbour, Mallory), &world.keys(Harbour, Dai), &[world.keys(Harbour, Dai)], Amount(607666)),
    ];
    run.send(Verb::Withdraw, &[Mallory], sent);

    // 17. repay alice@lagoon USDC 15173034713 by alice: done
    let sent = vec![
        build::repay(&world.person(Alice), &world.position_address(Lagoon, Alice), &world.keys(Lagoon, Usdc), Amount(15173034713)),
    ];
    run.send(Verb::Repay, &[Alice], sent);

    // 18. publish_price dave@harbour USDC 985839843750000000 ± 0 observed 0 s ago by publisher: done
    let sent = vec![
        build::publish_price(&world.person(Publisher), &world.feed(Usdc), Price(985839843750000000), Price(0), 1577836812),
    ];
    run.send(Verb::PublishPrice, &[Publisher], sent);

    // 19. liquidate alice@harbour USDC 8846740776 against WETH by liquidator: refused, NotLiquidatable
    let sent = vec![
        build::liquidate(&world.person(Liquidator), &world.position_address(Harbour, Alice), (&world.keys(Harbour, Usdc), &world.keys(Harbour, Weth)), None, &[world.keys(Harbour, Usdc), world.keys(Harbour, Weth)], Liquidate { repay_max: Amount(8846740776), collateral_min: Amount(0) }),
    ];
    run.send(Verb::Liquidate, &[Liquidator], sent);

    // 20. deposit Kin { slot: 18, with: 152 } dave@lagoon DAI 8879104293823242 by dave: refused, SupplyCapExceeded
    let sent = vec![
        Instruction {
            program_id: cofferdam_sdk::interface::ID,
            accounts: vec![
                meta(world.person(Dave), "rs"),
                meta(world.pool(Lagoon), "r"),
                meta(world.keys(Lagoon, Dai).reserve, "w"),
                meta(world.position_address(Lagoon, Dave), "w"),
                meta(world.keys(Lagoon, Dai).vault, "w"),
                meta(world.keys(Lagoon, Dai).vault, "w"),
                meta(TOKEN_PROGRAM_ID, "r"),
            ],
            // Deposit(Deposit { amount: Amount(8879104293823242) })
            data: bytes("060a635b917f8b1f00"),
        },
    ];
    run.send(Verb::Deposit, &[Dave], sent);

    // 21. absorb_bad_debt alice@lagoon DAI by liquidator: refused, NoBadDebt
    let sent = vec![
        build::absorb_bad_debt(&world.pool(Lagoon), &world.position_address(Lagoon, Alice), &[world.keys(Lagoon, Weth), world.keys(Lagoon, Usdc)]),
    ];
    run.send(Verb::AbsorbBadDebt, &[Liquidator], sent);

    // 22. liquidate Twice { slot: 29, with: 4 } alice@harbour WETH 60000000362 against WETH by liquidator: refused, WrongAccountType
    let sent = vec![
        Instruction {
            program_id: cofferdam_sdk::interface::ID,
            accounts: vec![
                meta(world.person(Liquidator), "rs"),
                meta(world.pool(Harbour), "r"),
                meta(world.position_address(Harbour, Alice), "w"),
                meta(world.feed(Usdc), "w"),
                meta(world.feed(Usdc), "r"),
                meta(world.keys(Harbour, Weth).reserve, "w"),
                meta(world.feed(Weth), "r"),
                meta(world.wallet(Liquidator, Usdc), "w"),
                meta(world.keys(Harbour, Usdc).vault, "w"),
                meta(world.wallet(Liquidator, Weth), "w"),
                meta(world.keys(Harbour, Weth).vault, "w"),
                meta(world.position_address(Harbour, Alice), "w"),
                meta(TOKEN_PROGRAM_ID, "r"),
            ],
            // Liquidate(Liquidate { repay_max: Amount(60000000362), collateral_min: Amount(0) })
            data: bytes("0b6a5947f80d0000000000000000000000"),
        },
    ];
    run.send(Verb::Liquidate, &[Liquidator], sent);

    // 23. advance 3599 s: done
    run.advance(3599);
    run.finish();
}
