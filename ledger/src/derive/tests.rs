use proptest::prelude::*;

use super::*;

fn seeds() -> impl Strategy<Value = Vec<Vec<u8>>> {
    // Short seeds over two bytes that could be lengths as well: many lists have the same bytes
    // and differ in where a seed ends. Now and then one that is too long, or too many.
    let letter = prop_oneof![Just(0_u8), Just(1)];
    let seed = prop_oneof![
        20 => prop::collection::vec(letter, 0..3),
        1 => prop::collection::vec(any::<u8>(), 30..35),
    ];
    prop_oneof![
        20 => prop::collection::vec(seed.clone(), 0..4),
        1 => prop::collection::vec(seed, 15..18),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_kept_is_what_is_derived(
        asked in prop::collection::vec((seeds(), 0..2_u8), 0..40),
    ) {
        let derivations = Derivations::default();
        for (seeds, program) in asked {
            let seeds: Vec<&[u8]> = seeds.iter().map(Vec::as_slice).collect();
            let program_id = Address::new_from_array([program; 32]);
            let derived = Address::create_program_address(&seeds, &program_id);
            prop_assert_eq!(derivations.address(&seeds, &program_id), derived.clone());
            prop_assert_eq!(derivations.address(&seeds, &program_id), derived);
        }
    }
}

#[test]
fn no_more_is_kept_than_the_limit() {
    let derivations = Derivations::default();
    let program_id = Address::new_from_array([7; 32]);
    // Known addresses stand in for derived ones: deriving thousands would take seconds.
    let mut known = derivations.known.write().unwrap();
    known.extend((0..KEPT_MAX).map(|n| (n.to_le_bytes().into(), Address::default())));
    drop(known);
    let seed = (0..=255_u8).find(|n| derivations.address(&[&[*n]], &program_id).is_ok()).unwrap();
    assert_eq!(derivations.known.read().unwrap().len(), 1);
    let derived = Address::create_program_address(&[&[seed]], &program_id);
    assert_eq!(derivations.address(&[&[seed]], &program_id), derived);
}
