//! Opens a stake in a reserve's insurance fund.

use cofferdam_host::{AccountData, Host, ProgramResult, cpi::create_program_account};
use cofferdam_lending_interface::{
    ID,
    address::STAKE,
    event::StakeOpened,
    instruction::{OpenStake, OpenStakeAccounts},
    state::Stake,
    units::Shares,
};

use super::emit;
use crate::load::{Loaded, new_address, pool, reserve_unchanged, signer};

const SLOTS: OpenStakeAccounts<usize> = OpenStakeAccounts::SLOTS;

pub(crate) fn process<H: Host>(host: &mut H, args: &OpenStake) -> ProgramResult {
    let owner = signer(host, SLOTS.owner)?;
    let pool = pool(host, SLOTS.pool)?.address;
    let reserve = reserve_unchanged(host, SLOTS.reserve, &pool)?;
    let seeds: [&[u8]; 4] = [STAKE, reserve.address.as_ref(), owner.as_ref(), &[args.bump]];
    let address = new_address(host, SLOTS.stake, &seeds)?;

    create_program_account(host, SLOTS.payer, SLOTS.stake, Stake::LEN, &ID, &seeds)?;
    let state = Stake {
        bump: args.bump,
        reserve: reserve.address,
        owner,
        shares: Shares::ZERO,
        epoch: reserve.state.insurance_epoch,
        cooling: Shares::ZERO,
        cooling_from_s: 0,
    };
    Loaded::new(SLOTS.stake, address, state).store(host)?;
    emit(host, &StakeOpened { reserve: reserve.address, stake: address, owner })
}
