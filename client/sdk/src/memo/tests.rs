use super::*;

fn answer(byte: u8) -> (Address, u8) {
    (Address::new_from_array([byte; 32]), byte)
}

#[test]
fn an_answer_is_derived_once() {
    let key = Key::new(Kind::Stake, &[1; 32], &[2; 32], 3);
    assert_eq!(once(key, || answer(4)), answer(4));
    assert_eq!(once(key, || unreachable!("it is known")), answer(4));
}

#[test]
fn no_part_of_a_key_is_overlooked() {
    let key = Key::new(Kind::Position, &[1; 32], &[2; 32], 3);
    assert_eq!(once(key, || answer(0)), answer(0));
    let others = [
        Key { kind: Kind::Stake, ..key },
        Key { first: [9; 32], ..key },
        Key { second: [9; 32], ..key },
        Key { number: 9, ..key },
    ];
    for (byte, other) in (1..).zip(others) {
        assert_eq!(once(other, || answer(byte)), answer(byte), "{other:?}");
    }
}

#[test]
fn keys_that_fall_on_one_place_push_each_other_out() {
    let key = |number| Key::new(Kind::Position, &[1; 32], &[2; 32], number);
    let first = key(0);
    let twin = (1..).map(key).find(|other| other.place() == first.place());
    let twin = twin.expect("there are more numbers than places");
    assert_eq!(once(first, || answer(1)), answer(1));
    assert_eq!(once(twin, || answer(2)), answer(2));
    assert_eq!(once(first, || answer(3)), answer(3));
}
