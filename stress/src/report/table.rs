//! The table a risk engineer reads at a glance.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Cell, CellAlignment, Table};

use super::number;
use crate::outcome::{PoolSummary, ReserveSummary, Summary};
use crate::scenario::PoolRole;

const HEADER: [&str; 8] = [
    "pool / reserve",
    "bad debt",
    "fees paid",
    "insurance paid",
    "suppliers paid",
    "deficit",
    "liquidations\ndone / late / missed",
    "supply share price",
];

/// The result as text for a terminal: one row a reserve, then a line for each dry pool.
pub fn table(summary: &Summary) -> String {
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED).set_header(HEADER.map(Cell::new));
    for column in 1..HEADER.len() {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for pool in &summary.pools {
        for reserve in &pool.reserves {
            table.add_row(row(pool, reserve));
        }
    }
    let mut lines = vec![format!("{}  seed {}", summary.scenario, summary.seed), table.to_string()];
    lines.extend(remarks(summary));
    lines.push(transactions(summary));
    lines.push(format!("State root {}", summary.state_root));
    lines.join("\n") + "\n"
}

fn row(pool: &PoolSummary, reserve: &ReserveSummary) -> Vec<Cell> {
    let amount = |units| number::plain(units, reserve.decimals);
    let (debt, done) = (&reserve.bad_debt, &reserve.liquidations);
    let price = &reserve.share_price;
    let (before, after) = (number::share_price(price.before), number::share_price(price.after));
    let cells = [
        format!("{} / {}", pool.name, reserve.symbol),
        number::amount(debt.recognised, reserve.decimals, &reserve.symbol),
        amount(debt.fees),
        amount(debt.insurance),
        amount(debt.suppliers),
        amount(debt.deficit),
        format!("{} / {} / {}", done.executed, done.late, done.missed),
        format!("{before} → {after}"),
    ];
    cells.map(Cell::new).into()
}

/// What the rows do not say: debt nobody recognised, sums that do not add up, dry pools.
fn remarks(summary: &Summary) -> Vec<String> {
    let mut remarks = Vec::new();
    for pool in &summary.pools {
        for reserve in &pool.reserves {
            let name = format!("{} / {}", pool.name, reserve.symbol);
            if reserve.uncollected.0 > 0 {
                let left = number::amount(reserve.uncollected, reserve.decimals, &reserve.symbol);
                remarks.push(format!("{name}: {left} under water is not recognised yet."));
            }
            if !reserve.bad_debt.is_attributed() {
                remarks.push(format!("{name}: the payers do not add up to the bad debt."));
            }
        }
        if pool.role == PoolRole::Dry {
            remarks.push(number::neighbour(pool));
        }
    }
    remarks
}

fn transactions(summary: &Summary) -> String {
    let counts = &summary.transactions;
    format!(
        "{}: {} succeeded, {} failed, {} rejected.",
        number::counted(counts.submitted, "transaction"),
        number::places(counts.succeeded.into(), 0),
        number::places(counts.failed.into(), 0),
        number::places(counts.rejected.into(), 0),
    )
}
