//! A transaction in words, for people who want to read what they sign.

use std::fmt;

use borsh::BorshDeserialize;
use cofferdam_host::cpi::{SYSTEM_PROGRAM_ID, TOKEN_PROGRAM_ID};
use cofferdam_lending_interface::{
    ID,
    instruction::{
        ALL, AbsorbBadDebtAccounts, AcceptAdminAccounts, AddReserveAccounts,
        ApplyPoolChangeAccounts, ApplyReserveChangeAccounts, CancelChangeAccounts,
        CollectFeesAccounts, CoverDeficitAccounts, CreateFeedAccounts, CreatePoolAccounts,
        DepositAccounts, FlashBorrowAccounts, FlashRepayAccounts, FundInsuranceAccounts,
        GiveNoticeAccounts, LendingInstruction, LiquidateAccounts, OpenPositionAccounts,
        OpenStakeAccounts, OutflowAccounts, PoolAdminAccounts, PublishPriceAccounts,
        QueuePoolChangeAccounts, QueueReserveChangeAccounts, RepayAccounts, SetPoolModeAccounts,
        SetReserveModeAccounts, StakeInsuranceAccounts, StartCooldownAccounts,
        UnstakeInsuranceAccounts, UpdateReserveAccounts,
    },
    units::Amount,
};
use solana_message::compiled_instruction::CompiledInstruction;
use solana_system_interface::instruction::SystemInstruction;
use solana_transaction::Transaction;
use spl_token_interface::instruction::TokenInstruction;

use crate::human;

/// A transaction in words; see [`fmt::Display`] of it. Amounts are native units, since a
/// transaction does not carry the decimals of its mints.
#[derive(Clone, Copy, Debug)]
pub struct Listing<'t> {
    transaction: &'t Transaction,
}

impl<'t> Listing<'t> {
    /// The listing of `transaction`.
    #[must_use]
    pub const fn new(transaction: &'t Transaction) -> Self {
        Self { transaction }
    }

    /// Program and name of every instruction, without arguments: `lending Repay, lending Withdraw`.
    #[must_use]
    pub fn summary(&self) -> String {
        let message = &self.transaction.message;
        let name = |(number, instruction): (usize, &CompiledInstruction)| {
            let text = decode(message.program_id(number), &instruction.data).text;
            let words: Vec<&str> = text.split_whitespace().take(2).collect();
            words.join(" ").trim_end_matches(',').to_owned()
        };
        message.instructions.iter().enumerate().map(name).collect::<Vec<_>>().join(", ")
    }

    fn write_instruction(
        &self,
        f: &mut fmt::Formatter<'_>,
        (number, instruction): (usize, &CompiledInstruction),
    ) -> fmt::Result {
        let message = &self.transaction.message;
        let Decoded { text, roles } = decode(message.program_id(number), &instruction.data);
        writeln!(f, "instruction {number}: {text}")?;
        for (slot, index) in instruction.accounts.iter().map(|at| usize::from(*at)).enumerate() {
            // A listing is read before anything is checked: the index may point nowhere.
            let Some(address) = message.account_keys.get(index) else {
                writeln!(f, "  account {index} is not listed in the message")?;
                continue;
            };
            let signs = if message.is_signer(index) { "signs" } else { "" };
            let writes = if message.is_maybe_writable(index, None) { "writes" } else { "" };
            let role = roles.get(slot).copied().unwrap_or_else(|| remaining(slot - roles.len()));
            writeln!(f, "  {role:<20} {signs:<5} {writes:<6} {address}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Listing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Transaction { signatures, message } = self.transaction;
        match signatures.first() {
            Some(signature) => writeln!(f, "transaction {signature}")?,
            None => writeln!(f, "transaction without signatures")?,
        }
        if let Some(payer) = message.account_keys.first() {
            writeln!(f, "fee payer {payer}")?;
        }
        writeln!(f, "blockhash {}", message.recent_blockhash)?;
        let mut numbered = message.instructions.iter().enumerate();
        numbered.try_for_each(|numbered| self.write_instruction(f, numbered))
    }
}

/// An instruction in words, and the names of its accounts.
struct Decoded {
    text: String,
    roles: &'static [&'static str],
}

/// Accounts behind the named ones come as reserve and feed, two by two.
const fn remaining(slot: usize) -> &'static str {
    if slot.is_multiple_of(2) { "other reserve" } else { "other feed" }
}

fn decode(program: Option<&solana_address::Address>, data: &[u8]) -> Decoded {
    let unnamed = |text: String| Decoded { text, roles: &[""; u8::MAX as usize + 1] };
    match program {
        Some(id) if *id == ID => match LendingInstruction::try_from_slice(data) {
            Ok(instruction) => Decoded { text: in_words(&instruction), roles: roles(&instruction) },
            Err(_) => unnamed(format!("lending, {} bytes that do not decode", data.len())),
        },
        Some(id) if *id == SYSTEM_PROGRAM_ID => {
            let decoded = bincode::deserialize::<SystemInstruction>(data);
            unnamed(foreign("system", decoded.ok(), data))
        }
        Some(id) if *id == TOKEN_PROGRAM_ID => {
            unnamed(foreign("token", TokenInstruction::unpack(data).ok(), data))
        }
        Some(id) => unnamed(format!("program {id}, {} bytes", data.len())),
        None => unnamed("of a program that the message does not list".into()),
    }
}

fn foreign(name: &str, decoded: Option<impl fmt::Debug>, data: &[u8]) -> String {
    match decoded {
        Some(instruction) => format!("{name} {instruction:?}"),
        None => format!("{name}, {} bytes that do not decode", data.len()),
    }
}

/// Name and arguments of an instruction of the lending program.
#[must_use]
pub fn in_words(instruction: &LendingInstruction) -> String {
    use LendingInstruction as I;
    match instruction {
        I::CreatePool(args) => format!("lending CreatePool {}", text(&args.name)),
        I::AddReserve(args) => format!("lending AddReserve {:?}", args.config),
        I::UpdateReserve(args) => format!("lending UpdateReserve {:?}", args.config),
        I::CreateFeed(args) => format!("lending CreateFeed {}", text(&args.symbol)),
        I::PublishPrice(args) => {
            let (price, at_s) = (human::price_of(args.price), args.observed_at_s);
            format!("lending PublishPrice {price}, observed at {at_s}")
        }
        I::OpenPosition(args) => format!("lending OpenPosition number {}", args.index),
        I::Deposit(args) => format!("lending Deposit {}", units(args.amount)),
        I::Withdraw(args) => format!("lending Withdraw {}", units(args.amount)),
        I::Borrow(args) => format!("lending Borrow {}", units(args.amount)),
        I::Repay(args) => format!("lending Repay {}", units(args.amount)),
        I::FundInsurance(args) => format!("lending FundInsurance {}", units(args.amount)),
        I::Liquidate(args) => {
            let (most, least) = (units(args.repay_max), units(args.collateral_min));
            format!("lending Liquidate repaying at most {most} for at least {least}")
        }
        I::AbsorbBadDebt(_) => "lending AbsorbBadDebt".into(),
        I::CollectFees(args) => format!("lending CollectFees {}", units(args.amount)),
        other => format!("lending {other:?}"),
    }
}

/// A zero-padded name or symbol as text.
#[must_use]
pub fn text(padded: &[u8]) -> String {
    let end = padded.iter().position(|byte| *byte == 0).unwrap_or(padded.len());
    String::from_utf8_lossy(&padded[..end]).into_owned()
}

fn units(amount: Amount) -> String {
    if amount.get() == ALL { "all".into() } else { format!("{amount} units") }
}

/// Names of an instruction's accounts, in wire order.
const fn roles(instruction: &LendingInstruction) -> &'static [&'static str] {
    use LendingInstruction as I;
    match instruction {
        I::CreatePool(_) => CreatePoolAccounts::NAMES,
        I::AddReserve(_) => AddReserveAccounts::NAMES,
        I::UpdateReserve(_) => UpdateReserveAccounts::NAMES,
        I::CreateFeed(_) => CreateFeedAccounts::NAMES,
        I::PublishPrice(_) => PublishPriceAccounts::NAMES,
        I::OpenPosition(_) => OpenPositionAccounts::NAMES,
        I::Deposit(_) => DepositAccounts::NAMES,
        I::Withdraw(_) | I::Borrow(_) => OutflowAccounts::NAMES,
        I::Repay(_) => RepayAccounts::NAMES,
        I::FundInsurance(_) => FundInsuranceAccounts::NAMES,
        I::Liquidate(_) => LiquidateAccounts::NAMES,
        I::AbsorbBadDebt(_) => AbsorbBadDebtAccounts::NAMES,
        I::CollectFees(_) => CollectFeesAccounts::NAMES,
        I::UpdatePool(_) | I::ProposeAdmin(_) => PoolAdminAccounts::NAMES,
        I::AcceptAdmin(_) => AcceptAdminAccounts::NAMES,
        I::SetPoolMode(_) => SetPoolModeAccounts::NAMES,
        I::SetReserveMode(_) => SetReserveModeAccounts::NAMES,
        I::QueueReserveChange(_) => QueueReserveChangeAccounts::NAMES,
        I::ApplyReserveChange(_) => ApplyReserveChangeAccounts::NAMES,
        I::CancelReserveChange(_) | I::CancelPoolChange(_) => CancelChangeAccounts::NAMES,
        I::QueuePoolChange(_) => QueuePoolChangeAccounts::NAMES,
        I::ApplyPoolChange(_) => ApplyPoolChangeAccounts::NAMES,
        I::CoverDeficit(_) => CoverDeficitAccounts::NAMES,
        I::OpenStake(_) => OpenStakeAccounts::NAMES,
        I::StakeInsurance(_) => StakeInsuranceAccounts::NAMES,
        I::StartCooldown(_) => StartCooldownAccounts::NAMES,
        I::UnstakeInsurance(_) => UnstakeInsuranceAccounts::NAMES,
        I::GiveNotice(_) => GiveNoticeAccounts::NAMES,
        I::FlashBorrow(_) => FlashBorrowAccounts::NAMES,
        I::FlashRepay(_) => FlashRepayAccounts::NAMES,
    }
}
