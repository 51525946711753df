//! What can be done: one list of verbs with their names and how often each is drawn.

use cofferdam_lending_interface::instruction::LendingInstruction;

/// Declares the verbs together with the list, the names and the weights, of 256 in all.
macro_rules! verbs {
    ($( $(#[doc = $doc:literal])* $verb:ident $name:literal $weight:literal, )+) => {
        /// What is done: every instruction of the program, and what happens around it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "each is the instruction or event of its name")]
        pub enum Verb {
            $( $(#[doc = $doc])* $verb, )+
        }

        impl Verb {
            /// Every verb.
            pub const ALL: [Self; [$($name),+].len()] = [$( Self::$verb ),+];

            /// How often each is drawn in 256 times, in the order of [`Verb::ALL`]: what moves
            /// money, price and time more often than set-up.
            pub(super) const WEIGHTS: [u8; Self::ALL.len()] = [$( $weight ),+];

            /// Name, as in tallies.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $( Self::$verb => $name, )+ }
            }
        }
    };
}

verbs! {
    Deposit "deposit" 14,
    Withdraw "withdraw" 18,
    Borrow "borrow" 18,
    Repay "repay" 14,
    Liquidate "liquidate" 28,
    AbsorbBadDebt "absorb_bad_debt" 22,
    PublishPrice "publish_price" 32,
    /// The last prices are published again.
    Refresh "refresh" 16,
    /// Time passes.
    Advance "advance" 16,
    /// A plain transfer into a vault.
    Donate "donate" 3,
    FundInsurance "fund_insurance" 3,
    CollectFees "collect_fees" 4,
    OpenStake "open_stake" 3,
    StakeInsurance "stake_insurance" 4,
    StartCooldown "start_cooldown" 4,
    UnstakeInsurance "unstake_insurance" 5,
    CoverDeficit "cover_deficit" 5,
    GiveNotice "give_notice" 5,
    /// With what the joined actions do in between, and its repayment.
    FlashBorrow "flash_borrow" 6,
    /// Of the loan that is out; where none is, of one taken for it.
    FlashRepay "flash_repay" 4,
    UpdateReserve "update_reserve" 3,
    UpdatePool "update_pool" 2,
    SetPoolMode "set_pool_mode" 5,
    SetReserveMode "set_reserve_mode" 3,
    QueueReserveChange "queue_reserve_change" 3,
    ApplyReserveChange "apply_reserve_change" 3,
    CancelReserveChange "cancel_reserve_change" 1,
    QueuePoolChange "queue_pool_change" 2,
    ApplyPoolChange "apply_pool_change" 2,
    CancelPoolChange "cancel_pool_change" 1,
    ProposeAdmin "propose_admin" 1,
    AcceptAdmin "accept_admin" 1,
    OpenPosition "open_position" 1,
    CreatePool "create_pool" 1,
    AddReserve "add_reserve" 1,
    CreateFeed "create_feed" 1,
    /// The chain becomes congested: what keepers and publishers send is lost, late or rationed.
    Congest "congest" 1,
}

impl Verb {
    /// The verb of an instruction.
    #[must_use]
    pub const fn of(instruction: &LendingInstruction) -> Self {
        use LendingInstruction as Is;
        match instruction {
            Is::CreatePool(_) => Self::CreatePool,
            Is::AddReserve(_) => Self::AddReserve,
            Is::UpdateReserve(_) => Self::UpdateReserve,
            Is::CreateFeed(_) => Self::CreateFeed,
            Is::PublishPrice(_) => Self::PublishPrice,
            Is::OpenPosition(_) => Self::OpenPosition,
            Is::Deposit(_) => Self::Deposit,
            Is::Withdraw(_) => Self::Withdraw,
            Is::Borrow(_) => Self::Borrow,
            Is::Repay(_) => Self::Repay,
            Is::FundInsurance(_) => Self::FundInsurance,
            Is::Liquidate(_) => Self::Liquidate,
            Is::AbsorbBadDebt(_) => Self::AbsorbBadDebt,
            Is::CollectFees(_) => Self::CollectFees,
            Is::UpdatePool(_) => Self::UpdatePool,
            Is::ProposeAdmin(_) => Self::ProposeAdmin,
            Is::AcceptAdmin(_) => Self::AcceptAdmin,
            Is::SetPoolMode(_) => Self::SetPoolMode,
            Is::SetReserveMode(_) => Self::SetReserveMode,
            Is::QueueReserveChange(_) => Self::QueueReserveChange,
            Is::ApplyReserveChange(_) => Self::ApplyReserveChange,
            Is::CancelReserveChange(_) => Self::CancelReserveChange,
            Is::QueuePoolChange(_) => Self::QueuePoolChange,
            Is::ApplyPoolChange(_) => Self::ApplyPoolChange,
            Is::CancelPoolChange(_) => Self::CancelPoolChange,
            Is::CoverDeficit(_) => Self::CoverDeficit,
            Is::OpenStake(_) => Self::OpenStake,
            Is::StakeInsurance(_) => Self::StakeInsurance,
            Is::StartCooldown(_) => Self::StartCooldown,
            Is::UnstakeInsurance(_) => Self::UnstakeInsurance,
            Is::GiveNotice(_) => Self::GiveNotice,
            Is::FlashBorrow(_) => Self::FlashBorrow,
            Is::FlashRepay(_) => Self::FlashRepay,
        }
    }

    /// The verb of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.name() == name)
    }

    /// Whether it is part of a transaction; time and the chain's condition are not.
    #[must_use]
    pub const fn is_sent(self) -> bool {
        !matches!(self, Self::Advance | Self::Congest)
    }

    /// Whether it is one of the program's instructions.
    #[must_use]
    pub const fn is_instruction(self) -> bool {
        self.is_sent() && !matches!(self, Self::Donate | Self::Refresh)
    }

    /// Whether those send it whom a congested chain fails: keepers and publishers.
    #[must_use]
    pub const fn is_kept_up(self) -> bool {
        matches!(self, Self::Liquidate | Self::AbsorbBadDebt | Self::PublishPrice | Self::Refresh)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use borsh::BorshDeserialize;

    use super::*;

    /// Longest instruction that is looked for, in bytes.
    const LEN_MAX: usize = 1_024;

    /// Every variant of the program's enum, each made of zeros after its number.
    fn instructions() -> Vec<LendingInstruction> {
        let decode = |number: u8| {
            (1..LEN_MAX).find_map(|len| {
                let mut bytes = vec![0; len];
                bytes[0] = number;
                LendingInstruction::try_from_slice(&bytes).ok()
            })
        };
        (0..=u8::MAX).map_while(decode).collect()
    }

    #[test]
    fn every_instruction_is_a_verb() {
        let instructions = instructions();
        assert_eq!(instructions.len(), 33, "instructions of the program");
        let reached: BTreeSet<Verb> = instructions.iter().map(Verb::of).collect();
        let declared: BTreeSet<Verb> =
            Verb::ALL.into_iter().filter(|verb| verb.is_instruction()).collect();
        assert_eq!(reached, declared);
    }

    #[test]
    fn every_verb_has_a_weight() {
        let total: u32 = Verb::WEIGHTS.into_iter().map(u32::from).sum();
        assert_eq!(total, 256);
        assert!(Verb::WEIGHTS.iter().all(|weight| *weight > 0));
    }
}
