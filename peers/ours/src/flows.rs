//! The workloads as bytes, for LiteSVM and Mollusk.

use cofferdam_ledger::{Action as Happened, Cheat, Journal, Ledger, Recording, Warp};
use cofferdam_tests::{
    action::bundles,
    world::{Options, Signatures, World},
};
use peers_common::{Effort, Export, Flow, Start, Step, StoredAccount, Time};

use crate::{
    hunts::{RUN, records},
    workload::{self, Kind, Workload},
};

/// Groups of the hunt's flow.
const HUNT_GROUPS: usize = 20;

/// All flows. Signed transactions are the same whether or not anybody checks them.
pub(crate) fn export(effort: Effort) -> Export {
    let kinds = Kind::ALL.into_iter().map(|kind| {
        let operations = workload::operations(kind, effort).min(4_000);
        flow(kind, &Workload::of(kind, Signatures::Checked, operations))
    });
    let flows = kinds.chain([hunt(effort)]).collect();
    Export { program: cofferdam_lending_interface::ID.to_bytes(), flows }
}

fn flow(kind: Kind, workload: &Workload) -> Flow {
    let steps = |group: &Vec<workload::Step>| {
        let mut clock = workload.start.fork();
        group.iter().map(|step| one(step, &mut clock)).collect()
    };
    Flow {
        name: kind.name().to_owned(),
        start: start(&workload.start),
        groups: workload.groups.iter().map(steps).collect(),
        operations: workload.operations(),
    }
}

fn one(step: &workload::Step, ledger: &mut Ledger) -> Step {
    match step {
        workload::Step::Second => {
            let _clock = ledger.warp(Warp::Seconds(1)).expect("the clock goes further");
            Step::Clock(time(ledger))
        }
        workload::Step::Send(transaction) => {
            Step::Send(bincode::serialize(transaction).expect("it has a wire form"), true)
        }
    }
}

/// The hunt's random records, run on the ledger, as the journal tells them.
fn hunt(effort: Effort) -> Flow {
    let options = Options { recording: Recording::Journal, ..Options::wild() };
    let world = World::lively(&options);
    let records = records(RUN * effort.of(HUNT_GROUPS).max(1));
    let groups = records.chunks(RUN).map(|records| journalled(&world, records)).collect();
    let operations = records.len() as u64;
    Flow { name: "hunt".into(), start: start(world.ledger()), groups, operations }
}

fn journalled(world: &World, records: &[cofferdam_tests::action::Record]) -> Vec<Step> {
    let mut world = world.clone();
    let (mut seen, mut steps) = (world.ledger().journal().map_or(0, Journal::len), Vec::new());
    for bundle in bundles(records) {
        let scene = cofferdam_tests::scene::Scene::of(&world);
        let _outcome = world.run_bundle(&scene, &bundle);
        let journal = world.ledger().journal().expect("the world keeps one");
        let told = journal.iter().skip(seen).map(|entry| told(&entry.action, world.ledger()));
        steps.extend(told.flatten());
        seen = journal.len();
    }
    steps
}

fn told(action: &Happened, ledger: &Ledger) -> Option<Step> {
    match action {
        Happened::Transaction { wire, outcome } => {
            let bytes = bincode::serialize(wire.as_ref()).expect("it has a wire form");
            Some(Step::Send(bytes, outcome == "ok"))
        }
        Happened::Warp(_) => Some(Step::Clock(time(ledger))),
        Happened::Cheat(Cheat::Airdrop { address, .. } | Cheat::SetAccount { address, .. }) => {
            let account = ledger.account(address).cloned().unwrap_or_default();
            Some(Step::Account(stored(address, &account)))
        }
        Happened::Cheat(Cheat::ExpireBlockhashes {}) => None,
    }
}

fn start(ledger: &Ledger) -> Start {
    let accounts = ledger.accounts().filter(|(_, account)| !account.executable);
    let accounts = accounts.map(|(address, account)| stored(&address, account));
    Start { time: time(ledger), accounts: accounts.collect() }
}

fn stored(address: &cofferdam_sdk::Address, account: &solana_account::Account) -> StoredAccount {
    StoredAccount {
        address: address.to_bytes(),
        lamports: account.lamports,
        data: account.data.clone(),
        owner: account.owner.to_bytes(),
    }
}

fn time(ledger: &Ledger) -> Time {
    let clock = ledger.clock();
    Time {
        slot: clock.slot,
        epoch_start_timestamp: clock.epoch_start_timestamp,
        epoch: clock.epoch,
        leader_schedule_epoch: clock.leader_schedule_epoch,
        unix_timestamp: clock.unix_timestamp,
    }
}
