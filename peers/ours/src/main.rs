//! The ledger's side of the table: `peers-ours sample [--quick]` prints one sample of every row,
//! `peers-ours export FILE [--quick]` writes the same transactions for LiteSVM and Mollusk,
//! `peers-ours grow [--quick]` how cost grows, and `peers-ours only NAME` runs one row many times,
//! for a profiler.

mod flows;
mod grow;
mod hunts;
mod workload;

use std::{path::Path, process::ExitCode, time::Duration};

use cofferdam_tests::world::Signatures;
use peers_common::{Effort, Row, cpu};

use crate::workload::{Kind, Workload, operations, play};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let effort = Effort::of_arguments();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["sample", ..] => sample(effort),
        ["export", file, ..] => flows::export(effort).write(Path::new(file)).expect("it is written"),
        ["grow", ..] => grow::print(effort),
        ["only", name, ..] => only(name),
        _ => {
            eprintln!("peers-ours sample | export FILE | grow | only NAME [--quick]");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn sample(effort: Effort) {
    for kind in Kind::ALL {
        for signatures in [Signatures::Believed, Signatures::Checked] {
            let checked = signatures == Signatures::Checked;
            if checked && !kind.is_transfer() {
                continue;
            }
            let workload = Workload::of(kind, signatures, operations(kind, effort));
            let name = format!("{}{}", kind.name(), if checked { ", signed" } else { "" });
            Row::print(&name, "ledger", workload.operations(), spent(&workload));
        }
    }
    hunts::print(effort);
}

/// CPU time of all groups; forks are made and dropped outside it.
fn spent(workload: &Workload) -> Duration {
    let start = &workload.start;
    let group = |steps: &Vec<_>| {
        let ledger = start.fork();
        cpu(|| play(ledger, steps))
    };
    workload.groups.iter().map(group).sum()
}

fn only(name: &str) {
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name).expect("a row's name");
    let workload = Workload::of(kind, Signatures::Believed, 20_000);
    Row::print(name, "ledger", workload.operations(), spent(&workload));
}
