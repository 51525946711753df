//! Everything that is fixed when a ledger starts: the seed, the clock's start and every limit.

use std::num::NonZeroU64;

use serde::{Deserialize, Serialize};

/// Bytes a chain adds to an account's data when it computes the rent-exempt balance: the
/// account's own bookkeeping.
const ACCOUNT_OVERHEAD_BYTES: u64 = 128;

/// The rules a ledger starts with. They never change afterwards, and the state root at genesis
/// commits to all of them.
///
/// Defaults are those of the public Solana cluster where it has one.
// The text of a genesis is hashed into every root. A field added later has to be left out of the
// text while it has its default, or journals and dumps that were written before lose their roots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Genesis {
    /// Makes this ledger's blockhashes differ from those of every other ledger.
    #[serde(with = "crate::journal::text::hex32")]
    pub seed: [u8; 32],
    /// Whether signatures are checked. Without the check the `is_signer` flags of the message
    /// are believed; everything else stays the same.
    pub verify_signatures: bool,
    /// Slot of the first block.
    pub slot: u64,
    /// Time of the first block, in seconds since 1970-01-01 UTC.
    pub unix_timestamp_s: i64,
    /// Length of a slot in milliseconds.
    pub slot_duration_ms: NonZeroU64,
    /// Length of an epoch in slots.
    pub slots_per_epoch: NonZeroU64,
    /// Fee of a transaction, in lamports, for each signature it carries.
    pub lamports_per_signature: u64,
    /// Rent-exempt balance in lamports, for each byte of an account and its 128 bytes overhead.
    pub rent_lamports_per_byte: u64,
    /// How many slots a blockhash stays valid.
    pub blockhash_age_slots_max: u64,
    /// Most accounts a transaction may list.
    pub account_locks_max: usize,
    /// Largest transaction on the wire, in bytes.
    pub transaction_bytes_max: usize,
    /// Deepest stack of instructions; the top-level instruction counts as one.
    pub cpi_depth_max: usize,
    /// Most instructions in one transaction, calls included.
    pub trace_len_max: usize,
    /// Largest account data, in bytes.
    pub data_len_max: usize,
    /// How many bytes an account may grow within one instruction of a program that is not
    /// builtin.
    pub growth_per_instruction_max: usize,
    /// How many bytes all accounts together may grow within one transaction.
    pub growth_per_transaction_max: usize,
    /// Compute units a transaction may spend.
    pub compute_units_max: u64,
    /// Most bytes of log a transaction keeps; what is beyond is cut off with a note.
    pub log_bytes_max: usize,
    /// Most bytes of events a transaction may record.
    pub event_bytes_max: usize,
    /// Most bytes of return data.
    pub return_data_bytes_max: usize,
    /// Prices of what a program does, in compute units.
    pub costs: Costs,
}

/// Prices of what a program does, in compute units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Costs {
    /// Every instruction, called or top-level.
    pub instruction_units: u64,
    /// Every call of another program, on top of its instruction.
    pub call_units: u64,
    /// Every line of log.
    pub log_units: u64,
    /// Every event.
    pub event_units: u64,
    /// Every byte of a log line, an event or return data.
    pub byte_units: u64,
    /// Every change of an account: its bytes handed out to be written, its length, its balance or
    /// its owner set.
    #[serde(default = "change_units", skip_serializing_if = "is_change_units")]
    pub change_units: u64,
    /// How many bytes a call hands over, an account grows by, or a program is handed to write, for
    /// one unit.
    pub bytes_per_unit: NonZeroU64,
    /// Every program address derived.
    pub program_address_units: u64,
    /// Every read of the clock, of rent or of a sibling instruction.
    pub sysvar_units: u64,
}

impl Default for Costs {
    fn default() -> Self {
        Self {
            instruction_units: 150,
            call_units: 1_000,
            log_units: 100,
            event_units: 100,
            byte_units: 1,
            change_units: change_units(),
            bytes_per_unit: const { NonZeroU64::new(250).unwrap() },
            program_address_units: 1_500,
            sysvar_units: 100,
        }
    }
}

const fn change_units() -> u64 {
    5
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "that is how serde asks")]
const fn is_change_units(units: &u64) -> bool {
    *units == change_units()
}

impl Default for Genesis {
    fn default() -> Self {
        Self {
            seed: [0; 32],
            verify_signatures: true,
            slot: 0,
            unix_timestamp_s: 1_577_836_800,
            slot_duration_ms: const { NonZeroU64::new(400).unwrap() },
            slots_per_epoch: const { NonZeroU64::new(432_000).unwrap() },
            lamports_per_signature: 5_000,
            rent_lamports_per_byte: 6_960,
            blockhash_age_slots_max: 150,
            account_locks_max: 128,
            transaction_bytes_max: 1_232,
            cpi_depth_max: 5,
            trace_len_max: 64,
            data_len_max: 10 * 1024 * 1024,
            growth_per_instruction_max: 10 * 1024,
            growth_per_transaction_max: 20 * 1024 * 1024,
            compute_units_max: 1_400_000,
            log_bytes_max: 10_000,
            event_bytes_max: 64 * 1024,
            return_data_bytes_max: 1_024,
            costs: Costs::default(),
        }
    }
}

impl Genesis {
    /// Balance, in lamports, from which an account of `data_len` bytes is rent-exempt.
    ///
    /// When the product leaves 64 bits no balance is enough, and the answer is `u64::MAX`.
    #[must_use]
    pub fn minimum_balance(&self, data_len: usize) -> u64 {
        let bytes = u128::from(ACCOUNT_OVERHEAD_BYTES) + data_len as u128;
        u64::try_from(bytes * u128::from(self.rent_lamports_per_byte)).unwrap_or(u64::MAX)
    }
}
