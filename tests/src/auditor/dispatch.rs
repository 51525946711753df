//! Which rule an instruction is about.

use borsh::BorshDeserialize;
use cofferdam_host::cpi::TOKEN_PROGRAM_ID;
use cofferdam_lending_interface::{ID, LendingError, instruction::LendingInstruction};
use cofferdam_sdk::Instruction;

use super::draft::{Draft, Run, Stop};

impl Draft<'_> {
    /// Runs the whole transaction; where it stops, `at` is the instruction that fails.
    pub(super) fn run_all(&mut self) -> Run<()> {
        for at in 0..self.scope.sent.len() {
            self.at = at;
            let program = self.call().program_id;
            if program == TOKEN_PROGRAM_ID {
                self.token_instruction()?;
            } else if program == ID {
                let decoded = LendingInstruction::try_from_slice(&self.call().data);
                let instruction = decoded.map_err(|_| LendingError::InvalidInstruction)?;
                self.run_one(&instruction)?;
            } else {
                return Err(Stop::Unmodelled(format!("a call of {program}")));
            }
        }
        Ok(())
    }

    fn run_one(&mut self, instruction: &LendingInstruction) -> Run<()> {
        use LendingInstruction as I;
        match instruction {
            I::PublishPrice(args) => self.publish(args),
            I::Deposit(args) => self.deposit(args.amount.0),
            I::Withdraw(args) => self.withdraw(args.amount.0),
            I::Borrow(args) => self.borrow(args.amount.0),
            I::Repay(args) => self.repay(args.amount.0),
            I::Liquidate(args) => self.liquidate(args),
            I::AbsorbBadDebt(_) => self.absorb(),
            I::FundInsurance(args) => self.fund_insurance(args.amount.0),
            I::CollectFees(args) => self.collect_fees(args.amount.0),
            I::CoverDeficit(args) => self.cover_deficit(args.amount.0),
            I::StakeInsurance(args) => self.stake(args.amount.0),
            I::StartCooldown(args) => self.start_cooldown(args.shares.0),
            I::UnstakeInsurance(args) => self.unstake(args.shares.0),
            I::GiveNotice(args) => self.give_notice(args.shares.0),
            I::FlashBorrow(args) => self.flash_borrow(args.amount.0),
            I::FlashRepay(_) => self.flash_repay(),
            governance => self.run_governance(governance),
        }
    }

    fn run_governance(&mut self, instruction: &LendingInstruction) -> Run<()> {
        use LendingInstruction as I;
        match instruction {
            I::CreatePool(args) => self.create_pool(args),
            I::AddReserve(args) => self.add_reserve(args),
            I::UpdateReserve(args) => self.update_reserve(args),
            I::CreateFeed(args) => self.create_feed(args),
            I::OpenPosition(args) => self.open_position(args),
            I::OpenStake(args) => self.open_stake(args),
            I::UpdatePool(args) => self.update_pool(args.config),
            I::ProposeAdmin(args) => self.propose_admin(args.admin),
            I::AcceptAdmin(_) => self.accept_admin(),
            I::SetPoolMode(args) => self.set_pool_mode(args.mode),
            I::SetReserveMode(args) => self.set_reserve_mode(args.mode),
            I::QueueReserveChange(args) => self.queue_reserve_change(args),
            I::ApplyReserveChange(_) => self.apply_reserve_change(),
            I::CancelReserveChange(_) => self.cancel_reserve_change(),
            I::QueuePoolChange(args) => self.queue_pool_change(args),
            I::ApplyPoolChange(_) => self.apply_pool_change(),
            I::CancelPoolChange(_) => self.cancel_pool_change(),
            _ => Err(Stop::Unmodelled(name(self.call()).to_owned())),
        }
    }
}

/// Name of an instruction; of what is not the lending program's, none.
pub(super) fn name(call: &Instruction) -> &'static str {
    use LendingInstruction as I;
    if call.program_id != ID {
        return "another program's";
    }
    match LendingInstruction::try_from_slice(&call.data) {
        Err(_) => "undecodable",
        Ok(I::CreatePool(_)) => "CreatePool",
        Ok(I::AddReserve(_)) => "AddReserve",
        Ok(I::UpdateReserve(_)) => "UpdateReserve",
        Ok(I::CreateFeed(_)) => "CreateFeed",
        Ok(I::PublishPrice(_)) => "PublishPrice",
        Ok(I::OpenPosition(_)) => "OpenPosition",
        Ok(I::Deposit(_)) => "Deposit",
        Ok(I::Withdraw(_)) => "Withdraw",
        Ok(I::Borrow(_)) => "Borrow",
        Ok(I::Repay(_)) => "Repay",
        Ok(I::FundInsurance(_)) => "FundInsurance",
        Ok(I::Liquidate(_)) => "Liquidate",
        Ok(I::AbsorbBadDebt(_)) => "AbsorbBadDebt",
        Ok(I::CollectFees(_)) => "CollectFees",
        Ok(I::UpdatePool(_)) => "UpdatePool",
        Ok(I::ProposeAdmin(_)) => "ProposeAdmin",
        Ok(I::AcceptAdmin(_)) => "AcceptAdmin",
        Ok(I::SetPoolMode(_)) => "SetPoolMode",
        Ok(I::SetReserveMode(_)) => "SetReserveMode",
        Ok(I::QueueReserveChange(_)) => "QueueReserveChange",
        Ok(I::ApplyReserveChange(_)) => "ApplyReserveChange",
        Ok(I::CancelReserveChange(_)) => "CancelReserveChange",
        Ok(I::QueuePoolChange(_)) => "QueuePoolChange",
        Ok(I::ApplyPoolChange(_)) => "ApplyPoolChange",
        Ok(I::CancelPoolChange(_)) => "CancelPoolChange",
        Ok(I::CoverDeficit(_)) => "CoverDeficit",
        Ok(I::OpenStake(_)) => "OpenStake",
        Ok(I::StakeInsurance(_)) => "StakeInsurance",
        Ok(I::StartCooldown(_)) => "StartCooldown",
        Ok(I::UnstakeInsurance(_)) => "UnstakeInsurance",
        Ok(I::GiveNotice(_)) => "GiveNotice",
        Ok(I::FlashBorrow(_)) => "FlashBorrow",
        Ok(I::FlashRepay(_)) => "FlashRepay",
    }
}
