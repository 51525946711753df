//! Insurance stakes, deficits and notices.

use cofferdam_lending_interface::{state::COOLDOWN_S, units::Shares};
use cofferdam_sdk::instruction as build;
use cofferdam_tests::world::World;

use super::cases::{Case, Kind};
use crate::common::*;

/// Bob's stake has cooled down, others have theirs, and the ether reserve has a deficit and
/// some fees.
pub(super) fn prepare(world: &mut World) {
    for (owner, pool, asset) in
        [(Bob, Harbour, Weth), (Carol, Harbour, Weth), (Bob, Lagoon, Weth), (Bob, Harbour, Dai)]
    {
        done(world.open_stake(owner, pool, asset));
        done(world.stake(owner, pool, asset, Amount(1_000_000_000)));
        done(world.cool(owner, pool, asset, Shares(5_000_000)));
    }
    world.advance(u64::from(COOLDOWN_S));
    done(world.refresh());
}

/// The ether reserve has a deficit; after it earned its fees, which would have paid it down.
pub(super) fn owe(world: &mut World) {
    rewrite(world, (Harbour, Weth), |state| {
        state.deficit = Weth.whole(1).fine();
        state.losses.deficit = state.deficit;
        // What the protocol earns pays the deficit first, so the fees to collect are given too.
        state.fees = Amount(1_000).fine();
    });
}

pub(super) fn cases(world: &World) -> Vec<Case> {
    use Kind::{New, Pool, Position, Program, Reserve, Signer, Stake, Tokens, Vault};
    let [bob, dave] = [Bob, Dave].map(|actor| world.person(actor));
    let weth = world.keys(Harbour, Weth);
    let (owner, token) = (("owner", Signer), ("token_program", Program));
    let (at_pool, at_reserve) = (("pool", Pool), ("reserve", Reserve(Weth)));
    let (stake, vault) = (("stake", Stake), ("vault", Vault(Weth)));
    let source = ("source", Tokens(Weth));
    vec![
        Case {
            name: "cover_deficit",
            instruction: build::cover_deficit(&bob, &weth, Amount(1)),
            slots: vec![("payer", Signer), at_pool, at_reserve, source, vault, token],
        },
        Case {
            name: "open_stake",
            instruction: build::open_stake(&bob, &dave, &weth),
            slots: vec![
                ("payer", Signer),
                owner,
                at_pool,
                at_reserve,
                ("stake", New),
                ("system_program", Program),
            ],
        },
        Case {
            name: "stake_insurance",
            instruction: build::stake_insurance(&bob, &weth, Amount(1_000)),
            slots: vec![owner, at_pool, at_reserve, stake, source, vault, token],
        },
        Case {
            name: "start_cooldown",
            instruction: build::start_cooldown(&bob, &weth, Shares(7)),
            slots: vec![owner, at_pool, at_reserve, stake],
        },
        Case {
            name: "unstake_insurance",
            instruction: build::unstake_insurance(&bob, &weth, Shares(5_000_000)),
            slots: vec![
                owner,
                at_pool,
                at_reserve,
                stake,
                vault,
                ("destination", Tokens(Weth)),
                token,
            ],
        },
        Case {
            name: "give_notice",
            instruction: build::give_notice(
                &dave,
                &world.position_address(Harbour, Dave),
                &weth,
                Shares(7),
            ),
            slots: vec![owner, at_pool, at_reserve, ("position", Position)],
        },
    ]
}
