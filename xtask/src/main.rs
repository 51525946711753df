//! Temporary.
mod rewrite;
fn main() {
    let mut args = std::env::args().skip(1);
    let (from, to) = (args.next().unwrap(), args.next().unwrap());
    let source = std::fs::read_to_string(from).unwrap();
    let (text, count) = rewrite::module(&source).unwrap();
    std::fs::write(to, text).unwrap();
    eprintln!("{count:?}");
}
