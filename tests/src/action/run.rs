//! Running an action.

use cofferdam_host::Address;
use cofferdam_ledger::{Receipt, SubmitError};
use cofferdam_sdk::{ClientError, Instruction};

use super::{Action, Outcome, Refusal, Twist, Verb, build::build, twist};
use crate::{
    scene::Scene,
    world::{Actor, World},
};

impl World {
    /// Runs an action against the state as it is.
    pub fn run(&mut self, action: &Action) -> Outcome {
        self.run_on(&Scene::of(self), action)
    }

    /// Runs an action against `scene`, which must be the state as it is; for callers who have it
    /// already.
    pub fn run_on(&mut self, scene: &Scene, action: &Action) -> Outcome {
        match action.verb {
            Verb::Advance => {
                self.advance(u64::from(action.seconds));
                nothing_sent(action, None, format!("{} s pass", action.seconds))
            }
            Verb::Refresh => {
                let signers = vec![self.person(Actor::Publisher)];
                let sent = self.publications();
                let result = self.send(&[Actor::Publisher], &sent);
                outcome(action, (signers, sent), result, "last prices again".into())
            }
            _ => self.run_instruction(scene, action),
        }
    }

    /// Sends instructions as they are and books them as `verb`.
    pub fn run_sent(&mut self, verb: Verb, signers: &[Actor], sent: Vec<Instruction>) -> Outcome {
        let result = self.send(signers, &sent);
        let refused = result.as_ref().err().map(Refusal::from);
        if verb == Verb::Donate && refused.is_none() {
            sent.iter().for_each(|transfer| self.book_donation(transfer));
        }
        let signers = signers.iter().map(|actor| self.person(*actor)).collect();
        let label = verb.name().to_owned();
        Outcome { verb, signers, sent, receipt: receipt(result), refused, label }
    }

    /// Lets time pass, as an outcome.
    pub fn run_time(&mut self, seconds: u64) -> Outcome {
        self.advance(seconds);
        let (verb, label) = (Verb::Advance, format!("{seconds} s pass"));
        Outcome { verb, signers: Vec::new(), sent: Vec::new(), receipt: None, refused: None, label }
    }

    fn run_instruction(&mut self, scene: &Scene, action: &Action) -> Outcome {
        let Some(mut built) = build(self, scene, action) else {
            let label = format!("{} finds nothing", action.verb.name());
            return nothing_sent(action, Some(Refusal::Nothing), label);
        };
        let (pool, signer) = (action.pool, built.signer);
        // A donation is the Token program's business; a wrong one would test only that.
        let wrong = if action.verb == Verb::Donate { Twist::Honest } else { action.twist };
        let signer = twist::apply(self, pool, wrong, signer, &mut built.instruction);
        let signers = signers(self, signer, &built.instruction);
        let result = self.send(&signers, std::slice::from_ref(&built.instruction));
        if action.verb == Verb::Donate && result.is_ok() {
            self.book_donation(&built.instruction);
        }
        let twisted = if wrong == Twist::Honest { String::new() } else { format!(" {wrong:?}") };
        let label =
            format!("{}{twisted} {} by {}", action.verb.name(), built.figures, signer.name());
        let signers = signers.iter().map(|actor| self.person(*actor)).collect();
        outcome(action, (signers, vec![built.instruction]), result, label)
    }
}

/// The payer first, then whoever else the instruction wants a signature of and has a key.
fn signers(world: &World, payer: Actor, instruction: &Instruction) -> Vec<Actor> {
    let required = instruction.accounts.iter().filter(|account| account.is_signer);
    let others = required.filter_map(|account| world.actor(&account.pubkey));
    let mut signers = vec![payer];
    signers.extend(others.filter(|actor| *actor != payer));
    signers.dedup();
    signers
}

fn outcome(
    action: &Action,
    (signers, sent): (Vec<Address>, Vec<Instruction>),
    result: Result<Receipt, ClientError>,
    label: String,
) -> Outcome {
    let refused = result.as_ref().err().map(Refusal::from);
    Outcome { verb: action.verb, signers, sent, receipt: receipt(result), refused, label }
}

/// What the ledger answered, also where it refused.
fn receipt(result: Result<Receipt, ClientError>) -> Option<Receipt> {
    match result {
        Ok(receipt) => Some(receipt),
        Err(
            ClientError::Lending { receipt, .. }
            | ClientError::Submit(SubmitError::Failed { receipt, .. }),
        ) => Some(*receipt),
        Err(_) => None,
    }
}

const fn nothing_sent(action: &Action, refused: Option<Refusal>, label: String) -> Outcome {
    Outcome {
        verb: action.verb,
        signers: Vec::new(),
        sent: Vec::new(),
        receipt: None,
        refused,
        label,
    }
}
