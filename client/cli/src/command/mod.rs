mod replay;
mod run;

pub(crate) use replay::replay;
pub(crate) use run::run;
