//! Flash loans, which are never alone in their transaction.

use cofferdam_sdk::{Instruction, instruction as build};
use cofferdam_tests::world::World;

use super::cases::{Case, Kind};
use crate::common::*;

/// A loan to Bob that Dave pays back: whoever signs for one instruction signs for the whole
/// transaction, so one person for both would hide a missing signature.
fn pair(world: &World) -> (Instruction, Instruction) {
    let (bob, dave) = (world.person(Bob), world.person(Dave));
    let weth = world.keys(Harbour, Weth);
    (build::flash_borrow(&bob, &weth, Amount(1_000)), build::flash_repay(&dave, &weth))
}

/// One case for each of the two.
pub(super) fn cases(world: &World) -> Vec<Case> {
    use Kind::{Pool, Program, Reserve, Signer, Tokens, Vault};
    let (borrow, repay) = pair(world);
    let (at_pool, at_reserve) = (("pool", Pool), ("reserve", Reserve(Weth)));
    let (vault, token) = (("vault", Vault(Weth)), ("token_program", Program));
    vec![
        Case {
            name: "flash_borrow",
            instruction: borrow,
            slots: vec![
                ("borrower", Signer),
                at_pool,
                at_reserve,
                vault,
                ("destination", Tokens(Weth)),
                token,
                ("instructions", Program),
            ],
        },
        Case {
            name: "flash_repay",
            instruction: repay,
            slots: vec![
                ("payer", Signer),
                at_pool,
                at_reserve,
                ("source", Tokens(Weth)),
                vault,
                token,
            ],
        },
    ]
}

/// The transaction that `instruction`, honest or not, stands in: for one half of a flash loan
/// with the other half. A repayment of other accounts stands before the honest one, because the
/// loan alone would be refused for want of one.
pub(super) fn transaction(
    world: &World,
    case: &Case,
    instruction: &Instruction,
) -> Vec<Instruction> {
    let (borrow, repay) = pair(world);
    let keys = |i: &Instruction| i.accounts.iter().map(|a| a.pubkey).collect::<Vec<_>>();
    match case.name {
        "flash_borrow" => vec![instruction.clone(), repay],
        "flash_repay" if keys(instruction) == keys(&repay) => vec![borrow, instruction.clone()],
        "flash_repay" => vec![borrow, instruction.clone(), repay],
        _ => vec![instruction.clone()],
    }
}
