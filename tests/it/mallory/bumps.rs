//! Bumps: an account is created at the address that its seeds derive, and at no other. Two bumps of
//! one seed would be two accounts of one thing.

use borsh::BorshDeserialize;
use cofferdam_lending_interface::instruction::LendingInstruction;
use cofferdam_tests::world::World;

use super::{
    attempt,
    cases::{Case, cases, world},
    fault::Attack,
    governance::{governance_cases, queue_cases, waiting},
};

fn bumps(instruction: &mut LendingInstruction) -> Vec<&mut u8> {
    use LendingInstruction as I;
    match instruction {
        I::CreatePool(args) => vec![&mut args.bump],
        I::AddReserve(args) => vec![&mut args.bump, &mut args.vault_bump],
        I::CreateFeed(args) => vec![&mut args.bump],
        I::OpenPosition(args) => vec![&mut args.bump],
        I::QueueReserveChange(args) => vec![&mut args.bump],
        I::QueuePoolChange(args) => vec![&mut args.bump],
        I::OpenStake(args) => vec![&mut args.bump],
        _ => Vec::new(),
    }
}

fn wrong_bumps(world: &World, case: &Case) -> usize {
    let honest = LendingInstruction::try_from_slice(&case.instruction.data).expect("valid");
    let text = format!("{honest:?}");
    let count = bumps(&mut honest.clone()).len();
    assert_eq!(count, text.matches("bump: ").count(), "{text}");
    for place in 0..count {
        for by in [1, u8::MAX] {
            let mut wrong = honest.clone();
            let bump = &mut *bumps(&mut wrong)[place];
            *bump = bump.wrapping_add(by);
            let mut instruction = case.instruction.clone();
            instruction.data = wrong.to_bytes();
            let attack = Attack { world: world.clone(), before: Vec::new(), instruction };
            let (after, end) = attempt(case, &attack);
            assert_eq!(end, "WrongAddress", "{} bump {place}", case.name);
            super::only_the_fee(world, &after, case.name);
        }
    }
    count
}

#[test]
fn another_bump_is_another_address() {
    let (world, waiting) = (world(), waiting());
    let mut tried: usize = cases(&world).iter().map(|case| wrong_bumps(&world, case)).sum();
    tried += queue_cases(&world).iter().map(|case| wrong_bumps(&world, case)).sum::<usize>();
    let governed = governance_cases(&waiting);
    tried += governed.iter().map(|case| wrong_bumps(&waiting, case)).sum::<usize>();
    assert_eq!(tried, 8, "each of the seven instructions that create");
}
