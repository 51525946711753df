//! Calls of the SDK's builders for the instructions that a builder would have built.

use borsh::BorshDeserialize;
use cofferdam_host::Address;
use cofferdam_lending_interface::instruction::{LendingInstruction as Ix, Liquidate, PublishPrice};
use cofferdam_sdk::{Instruction, instruction as build, instruction::ReserveKeys};

use super::code::Names;
use crate::world::{Asset, PoolId, World};

/// The call of a builder that gives exactly this instruction; `None` when there is none, as for a
/// damaged one.
pub(super) fn readable(world: &World, names: &Names, sent: &Instruction) -> Option<String> {
    let decoded = Ix::try_from_slice(&sent.data).ok()?;
    let (code, built) = candidate(world, names, sent, &decoded)?;
    (built == *sent).then_some(code)
}

fn candidate(
    world: &World,
    names: &Names,
    sent: &Instruction,
    decoded: &Ix,
) -> Option<(String, Instruction)> {
    if let Ix::PublishPrice(args) = decoded {
        return publication(names, sent, args);
    }
    let at = |slot: usize| sent.accounts.get(slot).map(|account| account.pubkey);
    let signer = sent.accounts.iter().find(|account| account.is_signer).map(|a| a.pubkey);
    let reserves = reserves(world, sent);
    let (first_keys, first) = reserves.first().cloned()?;
    let position = sent.accounts.iter().map(|account| account.pubkey);
    let position = position.into_iter().find(|key| names.get(key).contains("position_address"));
    let name = |key: Option<Address>| key.map(|key| names.get(&key)).unwrap_or_default();
    let keys: Vec<ReserveKeys> = reserves.iter().map(|(keys, _)| *keys).collect();
    let all = list(reserves.iter().map(|(_, name)| name));
    let (by, place) = (name(signer), name(position));
    Some(match decoded {
        Ix::Deposit(args) => (
            format!("build::deposit(&{by}, &{place}, &{first}, Amount({}))", args.amount),
            build::deposit(&signer?, &position?, &first_keys, args.amount),
        ),
        Ix::Repay(args) => (
            format!("build::repay(&{by}, &{place}, &{first}, Amount({}))", args.amount),
            build::repay(&signer?, &position?, &first_keys, args.amount),
        ),
        Ix::Withdraw(args) => (
            format!("build::withdraw(&{by}, &{place}, &{first}, &{all}, Amount({}))", args.amount),
            build::withdraw(&signer?, &position?, &first_keys, &keys, args.amount),
        ),
        Ix::Borrow(args) => (
            format!("build::borrow(&{by}, &{place}, &{first}, &{all}, Amount({}))", args.amount),
            build::borrow(&signer?, &position?, &first_keys, &keys, args.amount),
        ),
        Ix::FundInsurance(args) => (
            format!("build::fund_insurance(&{by}, &{first}, Amount({}))", args.amount),
            build::fund_insurance(&signer?, &first_keys, args.amount),
        ),
        Ix::AbsorbBadDebt(_) => (
            format!("build::absorb_bad_debt(&{}, &{place}, &{all})", name(at(0))),
            build::absorb_bad_debt(&at(0)?, &position?, &keys),
        ),
        Ix::Liquidate(args) => {
            let ((debt, debt_name), (held, held_name)) = (reserves.first()?, reserves.get(1)?);
            let Liquidate { repay_max, collateral_min } = args;
            (
                format!(
                    "build::liquidate(&{by}, &{place}, (&{debt_name}, &{held_name}), None, &{all}, \
                     Liquidate {{ repay_max: Amount({repay_max}), collateral_min: Amount({collateral_min}) }})"
                ),
                build::liquidate(&signer?, &position?, (debt, held), None, &keys, args.clone()),
            )
        }
        _ => return None,
    })
}

fn publication(
    names: &Names,
    sent: &Instruction,
    args: &PublishPrice,
) -> Option<(String, Instruction)> {
    let at = |slot: usize| sent.accounts.get(slot).map(|account| account.pubkey);
    let (publisher, feed) = (at(0)?, at(1)?);
    let PublishPrice { price, confidence, observed_at_s } = args;
    let (by, place) = (names.get(&publisher), names.get(&feed));
    let (one, sure) = (price.get(), confidence.get());
    let code = format!(
        "build::publish_price(&{by}, &{place}, Price({one}), Price({sure}), {observed_at_s})"
    );
    Some((code, build::publish_price(&publisher, &feed, *price, *confidence, *observed_at_s)))
}

/// The reserves an instruction names, in its order, each with an expression.
fn reserves(world: &World, sent: &Instruction) -> Vec<(ReserveKeys, String)> {
    let of = |address: &Address| {
        let places = PoolId::ALL.into_iter().flat_map(|pool| Asset::ALL.map(|a| (pool, a)));
        let place = places.into_iter().find(|(pool, a)| world.keys(*pool, *a).reserve == *address);
        place.map(|(pool, asset)| {
            (world.keys(pool, asset), format!("world.keys({pool:?}, {asset:?})"))
        })
    };
    sent.accounts.iter().filter_map(|account| of(&account.pubkey)).collect()
}

fn list<'a>(items: impl Iterator<Item = &'a String>) -> String {
    format!("[{}]", items.cloned().collect::<Vec<_>>().join(", "))
}
