//! From roles and sizes to positions and amounts, against the state of the moment.

use cofferdam_host::Address;
use cofferdam_lending_interface::{instruction::ALL, units::Amount};

use super::{Role, Size};
use crate::{
    scene::Scene,
    world::{Actor, PoolId, World},
};

/// The position a role stands for in a pool. A role that nobody has falls to Alice's: the refusal
/// that follows is a test as well.
pub(super) fn position(world: &World, scene: &Scene, pool: PoolId, role: Role) -> (Actor, Address) {
    let place = |owner: Actor| (owner, world.position_address(pool, owner));
    let fits = |owner: &Actor| is(scene, &world.position_address(pool, *owner), role);
    match role {
        Role::Owner(owner) => place(owner),
        _ => place(Actor::OWNERS.into_iter().find(fits).unwrap_or(Actor::Alice)),
    }
}

/// Native units a size stands for when `most` is the most that makes sense.
pub(super) fn amount(size: Size, most: Amount) -> Amount {
    let most = most.get();
    Amount(match size {
        Size::Share(share) => {
            let part = (u128::from(most) * (u128::from(share) + 1)) >> 16;
            u64::try_from(part).unwrap_or(most)
        }
        Size::Edge(step) => most.saturating_add_signed(i64::from(step)),
        Size::Tiny(units) => u64::from(units),
        Size::Power(exponent) => 1 << (exponent % 64),
        Size::All => ALL,
    })
}

fn is(scene: &Scene, position: &Address, role: Role) -> bool {
    let Some(health) = scene.health(position) else { return false };
    match role {
        Role::Owner(_) => true,
        Role::Liquidatable => health.is_liquidatable(),
        Role::Near => {
            !health.is_liquidatable()
                && health.debt_weighted.get() / 9 > health.liquidation_limit.get() / 10
        }
        Role::Insolvent => scene.is_insolvent(position),
        Role::Borrower => !health.debt.is_zero(),
    }
}
