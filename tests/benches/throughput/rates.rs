//! Transactions a second, one by one, and how fast a journal is replayed.

use cofferdam_ledger::{Ledger, Recording, replay};
use cofferdam_sdk::local;
use cofferdam_tests::world::{Signatures, World};

use crate::{
    measure::{Effort, cpu, grouped, median, per_second},
    workload::{Kind, submit_all, transactions, world},
};

/// Receipts are made in every column.
pub(crate) fn print(effort: Effort) {
    let (believed, checked) = (world(Signatures::Believed), world(Signatures::Checked));
    println!("\ntransactions a second (CPU time), receipts on");
    let columns = ["no signatures", "+ roots", "+ journal", "signatures", "sig. + roots"];
    println!("{:<22}{}", "", columns.map(|column| format!("{column:>16}")).concat());
    for kind in Kind::ALL {
        let cells = [
            rate(effort, &believed, kind, Recording::Nothing),
            rate(effort, &believed, kind, Recording::Roots),
            rate(effort, &believed, kind, Recording::Journal),
            rate(effort, &checked, kind, Recording::Nothing),
            rate(effort, &checked, kind, Recording::Roots),
        ];
        let cells = cells.map(|cell| format!("{:>16}", grouped(cell)));
        println!("{:<22}{}", kind.name(), cells.concat());
    }
    let replays = [(&believed, "no signatures"), (&checked, "signatures")];
    let replays = replays.map(|(world, name)| (replay_rate(effort, world), name));
    println!("\njournal entries replayed a second (CPU time), every root compared");
    for (rate, name) in replays {
        println!("{name:<22}{:>16}", grouped(rate));
    }
}

/// Only the kinds with `name` in their name, without signatures and roots.
pub(crate) fn print_unsigned(effort: Effort, name: &str) {
    let world = world(Signatures::Believed);
    for kind in Kind::ALL.into_iter().filter(|kind| kind.name().contains(name)) {
        let rate = rate(effort, &world, kind, Recording::Nothing);
        println!("{:<22}{:>16}", kind.name(), grouped(rate));
    }
}

fn rate(effort: Effort, world: &World, kind: Kind, recording: Recording) -> u128 {
    let mut ledger = world.ledger().fork();
    assert_eq!(ledger.set_recording(recording), recording, "a journal cannot be taken up late");
    let transactions = transactions(world, kind, effort.transactions);
    let sample = || {
        let ledger = ledger.fork();
        cpu(|| submit_all(ledger, &transactions))
    };
    per_second(transactions.len(), median(effort.samples, sample))
}

/// Of a journal with as many transactions of every kind.
fn replay_rate(effort: Effort, world: &World) -> u128 {
    let of_each = effort.transactions / 10;
    let mut ledger: Ledger = world.ledger().fork();
    for kind in Kind::ALL {
        ledger = submit_all(ledger, &transactions(world, kind, of_each));
    }
    let journal = ledger.journal().expect("the world keeps one");
    let sample = || cpu(|| replay(journal, [local::program()]).expect("the journal is honest"));
    per_second(journal.len(), median(effort.samples, sample))
}
