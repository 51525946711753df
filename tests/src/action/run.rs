//! Running actions.

use cofferdam_host::cpi::TOKEN_PROGRAM_ID;
use cofferdam_sdk::{ClientError, Instruction};

use super::{
    Action, Figures, Label, Line, Outcome, Refusal, Twist, Verb,
    build::{self, Loan},
    resolve, twist,
};
use crate::{
    scene::Scene,
    world::{Actor, Asset, Parcel, PoolId, Storm, World},
};

/// A place for what has none.
const HERE: (PoolId, Asset) = (PoolId::Harbour, Asset::Weth);

/// A transaction that is being put together.
#[derive(Default)]
struct Draft {
    payer: Option<Actor>,
    sent: Vec<Instruction>,
    loans: Vec<Loan>,
    label: Label,
}

impl World {
    /// Runs an action against the state as it is.
    pub fn run(&mut self, action: &Action) -> Outcome {
        self.run_on(&Scene::of(self), action)
    }

    /// Runs an action against `scene`, which must be the state as it is; for callers who have it
    /// already.
    pub fn run_on(&mut self, scene: &Scene, action: &Action) -> Outcome {
        self.run_bundle(scene, std::slice::from_ref(action))
    }

    /// Runs actions in one transaction, all of them resolved against `scene`, the state before.
    /// Time and the chain's condition are no part of a transaction: as the first of several they
    /// are all that is run.
    pub fn run_bundle(&mut self, scene: &Scene, actions: &[Action]) -> Outcome {
        match actions {
            [action, ..] if action.verb == Verb::Advance => self.run_wait(scene, action),
            [action, ..] if action.verb == Verb::Congest => self.run_storm(action),
            _ => self.run_transaction(scene, actions),
        }
    }

    /// Sends instructions as they are and books them as `verb`.
    pub fn run_sent(&mut self, verb: Verb, signers: &[Actor], sent: Vec<Instruction>) -> Outcome {
        self.deliver(Parcel { verb, label: Label::of(verb), signers: signers.to_vec(), sent })
    }

    /// Lets time pass, as an outcome.
    pub fn run_time(&mut self, seconds: u64) -> Outcome {
        self.advance(seconds);
        done(Line::bare(Verb::Advance, HERE), Figures::Seconds(seconds))
    }

    fn run_wait(&mut self, scene: &Scene, action: &Action) -> Outcome {
        let seconds = resolve::seconds(self, scene, action.wait);
        self.advance(seconds);
        done(Line::of(action), Figures::Seconds(seconds))
    }

    fn run_storm(&mut self, action: &Action) -> Outcome {
        let storm = match action.way % 8 {
            0 | 1 => Storm::Lost,
            2 | 3 => Storm::Late,
            4 => Storm::Calm,
            way => Storm::Rationed(way - 4),
        };
        let lasts_s = i64::from(action.way) * 60;
        let until_s = self.now_s() + lasts_s;
        self.weather_mut().begin(storm, until_s);
        done(Line::of(action), Figures::Text(format!("{storm:?} for {lasts_s} s").into()))
    }

    fn run_transaction(&mut self, scene: &Scene, actions: &[Action]) -> Outcome {
        let mut draft = Draft::default();
        for action in actions.iter().filter(|action| action.verb.is_sent()) {
            draft.add(self, scene, action);
        }
        draft.close(self);
        let verb = actions.first().map_or(Verb::Refresh, |action| action.verb);
        let Some(payer) = draft.payer else {
            return unsent(verb, Refusal::Nothing, draft.label);
        };
        let signers = signers(self, payer, &draft.sent);
        let mut parcel = Parcel { verb, label: draft.label, signers, sent: draft.sent };
        if actions.iter().any(|action| action.verb.is_kept_up()) {
            let now_s = self.now_s();
            match self.weather_mut().fate(now_s, parcel) {
                Ok(arrives) => parcel = arrives,
                Err(lost) => return unsent(verb, Refusal::Congested, lost),
            }
        }
        self.deliver(parcel)
    }

    fn deliver(&mut self, parcel: Parcel) -> Outcome {
        let Parcel { verb, label, signers, sent } = parcel;
        let result = self.send(&signers, &sent);
        if let Ok(receipt) = &result {
            self.book_strays(&sent, receipt);
            let transfers = sent.iter().filter(|call| call.program_id == TOKEN_PROGRAM_ID);
            transfers.for_each(|transfer| self.book_donation(transfer));
        }
        let refused = result.as_ref().err().map(Refusal::from);
        let signers = signers.iter().map(|actor| self.person(*actor)).collect();
        let receipt = result.map_or_else(ClientError::into_receipt, Some);
        Outcome { verb, signers, sent, receipt, refused, label }
    }
}

impl Draft {
    fn add(&mut self, world: &World, scene: &Scene, action: &Action) {
        let resolved = build::resolve(world, scene, action);
        let mut line = Line::of(action);
        line.place = (resolved.pool, resolved.asset);
        let Some(mut built) = resolved.build(&mut self.loans) else {
            line.figures = Figures::Text("finds nothing".into());
            self.push(line);
            return;
        };
        let mut signer = built.signer;
        // A donation is the Token program's business; a wrong one would test only that.
        let wrong = if action.verb == Verb::Donate { Twist::Honest } else { action.twist };
        if let Some(last) = built.instructions.last_mut() {
            signer = twist::apply((world, scene), resolved.pool, wrong, signer, last);
        }
        (line.twist, line.people) = (wrong, Some((resolved.owner, signer)));
        line.figures = built.figures;
        self.payer = self.payer.or(Some(signer));
        self.sent.append(&mut built.instructions);
        self.push(line);
    }

    fn push(&mut self, mut line: Line) {
        line.until = self.sent.len();
        self.label.push(line);
    }

    /// Pays back the flash loans that are still out, the last one first.
    fn close(&mut self, world: &World) {
        while let Some(loan) = self.loans.pop() {
            self.sent.push(loan.repayment(world));
            self.payer = self.payer.or(Some(loan.payer()));
        }
        let all = self.sent.len();
        if let Some(line) = self.label.last_mut() {
            line.until = all;
        }
    }
}

/// The payer first, then whoever else the instructions want a signature of and has a key.
fn signers(world: &World, payer: Actor, sent: &[Instruction]) -> Vec<Actor> {
    let mut signers = vec![payer];
    let accounts = sent.iter().flat_map(|call| &call.accounts);
    for account in accounts.filter(|account| account.is_signer) {
        let Some(actor) = world.actor(&account.pubkey) else { continue };
        if !signers.contains(&actor) {
            signers.push(actor);
        }
    }
    signers
}

/// What is done without a transaction.
fn done(mut line: Line, figures: Figures) -> Outcome {
    let (mut label, verb) = (Label::default(), line.verb);
    line.figures = figures;
    label.push(line);
    let (signers, sent) = (Vec::new(), Vec::new());
    Outcome { verb, signers, sent, receipt: None, refused: None, label }
}

fn unsent(verb: Verb, refusal: Refusal, label: Label) -> Outcome {
    let (signers, sent, refused) = (Vec::new(), Vec::new(), Some(refusal));
    Outcome { verb, signers, sent, receipt: None, refused, label }
}
