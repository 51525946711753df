//! How values look in the journal's text.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// 32 bytes as lower-case hex.
pub(crate) mod hex32 {
    use super::{Deserialize, Deserializer, Error, Serializer};

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8; 32], out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&hex::encode(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 32], D::Error> {
        let text = String::deserialize(from)?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(D::Error::custom)?;
        Ok(bytes)
    }
}

/// A root as lower-case hex.
pub(crate) mod root {
    use solana_hash::Hash;

    use super::{Deserializer, Serializer, hex32};

    pub(crate) fn serialize<S: Serializer>(root: &Hash, out: S) -> Result<S::Ok, S::Error> {
        hex32::serialize(&root.to_bytes(), out)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Hash, D::Error> {
        hex32::deserialize(from).map(Hash::new_from_array)
    }
}

/// A blockhash in base58, as wallets show it.
pub(crate) mod blockhash {
    use solana_hash::Hash;

    use super::{Deserialize, Deserializer, Error, Serializer};

    pub(crate) fn serialize<S: Serializer>(hash: &Hash, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(hash)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Hash, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

/// An address in base58.
pub(crate) mod address {
    use cofferdam_host::Address;

    use super::{Deserialize, Deserializer, Error, Serializer};

    pub(crate) fn serialize<S: Serializer>(address: &Address, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(address)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Address, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

/// Bytes in base64.
pub(crate) mod base64 {
    use base64::{DecodeError, Engine, prelude::BASE64_STANDARD};

    use super::{Deserialize, Deserializer, Error, Serializer};

    pub(crate) fn encode(bytes: &[u8]) -> String {
        BASE64_STANDARD.encode(bytes)
    }

    pub(crate) fn decode(text: &str) -> Result<Vec<u8>, DecodeError> {
        BASE64_STANDARD.decode(text)
    }

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&encode(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(from)?;
        decode(&text).map_err(D::Error::custom)
    }
}

/// A transaction as its wire bytes in base64.
pub(crate) mod transaction {
    use std::sync::Arc;

    use solana_transaction::Transaction;

    use super::{Deserializer, Error, Serializer, base64};

    pub(crate) fn serialize<S: Serializer>(
        transaction: &Arc<Transaction>,
        out: S,
    ) -> Result<S::Ok, S::Error> {
        let bytes = bincode::serialize(transaction.as_ref()).map_err(serde::ser::Error::custom)?;
        base64::serialize(&bytes, out)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Arc<Transaction>, D::Error> {
        let bytes = base64::deserialize(from)?;
        bincode::deserialize(&bytes).map(Arc::new).map_err(D::Error::custom)
    }
}

/// An account with its owner in base58 and its data in base64.
pub(crate) mod account {
    use cofferdam_host::Address;
    use solana_account::Account;

    use super::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Record {
        lamports: u64,
        #[serde(with = "super::address")]
        owner: Address,
        executable: bool,
        rent_epoch: u64,
        #[serde(with = "super::base64")]
        data: Vec<u8>,
    }

    // Borrowed, so that writing a ledger does not copy the data of every account.
    #[derive(Serialize)]
    struct RecordRef<'a> {
        lamports: u64,
        #[serde(with = "super::address")]
        owner: &'a Address,
        executable: bool,
        rent_epoch: u64,
        #[serde(with = "super::base64")]
        data: &'a [u8],
    }

    pub(crate) fn serialize<S: Serializer>(account: &Account, out: S) -> Result<S::Ok, S::Error> {
        let Account { lamports, data, owner, executable, rent_epoch } = account;
        let (lamports, executable, rent_epoch) = (*lamports, *executable, *rent_epoch);
        RecordRef { lamports, owner, executable, rent_epoch, data }.serialize(out)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Account, D::Error> {
        let Record { lamports, owner, executable, rent_epoch, data } = Record::deserialize(from)?;
        Ok(Account { lamports, data, owner, executable, rent_epoch })
    }
}
