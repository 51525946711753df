use cofferdam_lending_interface::{
    LendingError,
    instruction::ALL,
    plan::{self, CoverPlan, StakePlan, UnstakePlan},
    state::Stake,
    units::{Amount, Fine, Shares},
};
use rust_decimal::Decimal;
use solana_address::Address;
use solana_instruction::Instruction;

use super::{Market, PositionView};
use crate::{ClientError, human, instruction as build, instruction::ReserveKeys};

/// A stake in an insurance fund for people, in whole tokens at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StakeView {
    /// What it is worth, rounded down.
    pub tokens: Decimal,
    /// What of that is on its way out, rounded down.
    pub cooling: Decimal,
    /// From when on it may leave, unix time; `None` while nothing is on its way.
    pub ready_at_s: Option<i64>,
}

/// Insurance stakes, deficits and notices: instructions from whole tokens, and previews.
impl Market {
    /// Instruction by which `owner` stakes `tokens` whole tokens in the insurance of `mint`.
    ///
    /// # Errors
    /// [`ClientError::Missing`] for a mint without a reserve; [`ClientError::Number`].
    pub fn stake_insurance(
        &self,
        owner: &Address,
        mint: &Address,
        tokens: Decimal,
    ) -> Result<Instruction, ClientError> {
        let (keys, amount) = self.amount_of("stake", mint, tokens)?;
        Ok(build::stake_insurance(owner, &keys, amount))
    }

    /// Instruction that lets `tokens` whole tokens of `stake`, or all of it, begin to cool down.
    ///
    /// # Errors
    /// Those of [`Market::stake_insurance`]; [`ClientError::Preview`].
    pub fn start_cooldown(
        &self,
        stake: &Stake,
        mint: &Address,
        tokens: Option<Decimal>,
    ) -> Result<Instruction, ClientError> {
        let (keys, shares) = self.stake_shares(stake, stake.shares, mint, tokens)?;
        Ok(build::start_cooldown(&stake.owner, &keys, shares))
    }

    /// Instruction that takes `tokens` whole tokens of `stake` out, or all that has cooled down.
    ///
    /// # Errors
    /// Those of [`Market::start_cooldown`].
    pub fn unstake_insurance(
        &self,
        stake: &Stake,
        mint: &Address,
        tokens: Option<Decimal>,
    ) -> Result<Instruction, ClientError> {
        let (keys, shares) = self.stake_shares(stake, stake.cooling, mint, tokens)?;
        Ok(build::unstake_insurance(&stake.owner, &keys, shares))
    }

    /// Instruction by which `payer` pays `tokens` whole tokens, or all of it, of the deficit in
    /// `mint`.
    ///
    /// # Errors
    /// Those of [`Market::stake_insurance`].
    pub fn cover_deficit(
        &self,
        payer: &Address,
        mint: &Address,
        tokens: Option<Decimal>,
    ) -> Result<Instruction, ClientError> {
        let (keys, amount) = match tokens {
            Some(tokens) => self.amount_of("cover", mint, tokens)?,
            None => (self.reserve_of(mint)?.keys, Amount(ALL)),
        };
        Ok(build::cover_deficit(payer, &keys, amount))
    }

    /// Instruction that announces a withdrawal of `tokens` whole tokens of `mint`, or of all.
    ///
    /// # Errors
    /// Those of [`Market::start_cooldown`].
    pub fn give_notice(
        &self,
        position: &PositionView,
        mint: &Address,
        tokens: Option<Decimal>,
    ) -> Result<Instruction, ClientError> {
        let view = self.reserve_of(mint)?;
        let held = position.state.entry(&view.keys.reserve).supply;
        let shares = match tokens {
            Some(tokens) => {
                let amount = human::amount("notice", tokens, view.state.decimals)?;
                let shares = view.state.supply().and_then(|all| all.shares_up(amount.fine()));
                shares.map_err(ClientError::Preview)?
            }
            None => held,
        };
        let owner = &position.state.owner;
        Ok(build::give_notice(owner, &position.address, &view.keys, shares))
    }

    /// A stake of `amount` native units of `mint`.
    ///
    /// # Errors
    /// [`ClientError::Missing`], [`ClientError::Preview`].
    pub fn preview_stake(&self, mint: &Address, amount: Amount) -> Result<StakePlan, ClientError> {
        plan::stake(&self.reserve_of(mint)?.state, amount).map_err(ClientError::Preview)
    }

    /// `shares` of `stake` leaving the insurance fund of `mint`.
    ///
    /// # Errors
    /// [`ClientError::Missing`], [`ClientError::Preview`].
    pub fn preview_unstake(
        &self,
        stake: &Stake,
        mint: &Address,
        shares: Shares,
    ) -> Result<UnstakePlan, ClientError> {
        let state = &self.reserve_of(mint)?.state;
        plan::unstake(state, stake, shares, self.now_s).map_err(ClientError::Preview)
    }

    /// A payment of `amount` native units towards the deficit of `mint`.
    ///
    /// # Errors
    /// [`ClientError::Missing`], [`ClientError::Preview`].
    pub fn preview_cover_deficit(
        &self,
        mint: &Address,
        amount: Amount,
    ) -> Result<CoverPlan, ClientError> {
        plan::cover_deficit(&self.reserve_of(mint)?.state, amount).map_err(ClientError::Preview)
    }

    /// What `stake` in the insurance fund of `mint` is worth.
    ///
    /// # Errors
    /// [`ClientError::Missing`], [`ClientError::Preview`].
    pub fn stake_view(&self, stake: &Stake, mint: &Address) -> Result<StakeView, ClientError> {
        let state = &self.reserve_of(mint)?.state;
        let mut settled = stake.clone();
        settled.settle(state.insurance_epoch);
        let read = || -> Result<_, LendingError> {
            let worth = |shares| state.fund().assets_down(shares).and_then(Fine::units_down);
            let ready_at_s = (!settled.cooling.is_zero()).then(|| settled.ready_at_s());
            Ok((worth(settled.shares)?, worth(settled.cooling)?, ready_at_s.transpose()?))
        };
        let (tokens, cooling, ready_at_s) = read().map_err(ClientError::Preview)?;
        let [tokens, cooling] = [tokens, cooling].map(|units| human::tokens(units, state.decimals));
        Ok(StakeView { tokens, cooling, ready_at_s })
    }

    /// Shares for `tokens`; without, `most`, or none of a fund that was used up since.
    fn stake_shares(
        &self,
        stake: &Stake,
        most: Shares,
        mint: &Address,
        tokens: Option<Decimal>,
    ) -> Result<(ReserveKeys, Shares), ClientError> {
        let view = self.reserve_of(mint)?;
        let most = if stake.epoch == view.state.insurance_epoch { most } else { Shares::ZERO };
        let Some(tokens) = tokens else { return Ok((view.keys, most)) };
        let amount = human::amount("stake", tokens, view.state.decimals)?;
        // Worth at least that much; the price moves little until the transaction lands.
        let shares = view.state.fund().shares_up(amount.fine()).map_err(ClientError::Preview)?;
        Ok((view.keys, shares))
    }
}
