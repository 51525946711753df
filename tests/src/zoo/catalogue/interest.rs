//! Interest and the index.

use super::{Entry, Tier};

pub(super) const INTEREST: &[Entry] = &[
    Entry {
        id: "C1",
        name: "liq_skips_accrue",
        tier: Tier::Easy,
        incident: "class",
        loss: "—",
        source: "audit findings",
        planted: "A liquidation works with books from when they were last touched.",
        caught_by: &["PRICE-1"],
    },
    Entry {
        id: "C2",
        name: "repay_stale_index",
        tier: Tier::Easy,
        incident: "class",
        loss: "—",
        source: "audit findings",
        planted: "A repayment is counted at the index of the last booking.",
        caught_by: &["SHARE-4", "PRICE-1"],
    },
    Entry {
        id: "C3",
        name: "util_over_100",
        tier: Tier::Deep,
        incident: "Silo, April 2023",
        loss: "$3M at risk",
        source: "Immunefi",
        planted: "Utilisation is debt by deposits and may exceed one, where the curve has no rate.",
        caught_by: &["LIVE-1"],
    },
    Entry {
        id: "C4",
        name: "fee_double_count",
        tier: Tier::Easy,
        incident: "class: bZx style",
        loss: "—",
        source: "audit findings",
        planted: "The protocol's fees are its own and are left among the suppliers' assets too.",
        caught_by: &["SHARE-3", "PRICE-1"],
    },
    Entry {
        id: "X1",
        name: "accrues_twice",
        tier: Tier::Easy,
        incident: "class",
        loss: "—",
        source: "audit findings",
        planted: "Interest is booked, the time of booking is not.",
        caught_by: &["ACCR-1"],
    },
];
