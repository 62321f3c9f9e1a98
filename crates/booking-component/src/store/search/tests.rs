//! Whatever a text contains is found by its words.

use proptest::prelude::*;

use super::*;

fn terms(text: &str) -> Terms {
    Terms::of(&Name::parse(text).unwrap())
}

fn indexed(text: &str, part: &str) -> bool {
    words(text).iter().any(|word| ends(word).any(|end| end.starts_with(part)))
}

#[test]
fn words_end_where_letters_do() {
    let found = |text| words(text).into_iter().collect::<Vec<_>>();
    assert_eq!(found("Ada Lovelace\nada.l17@Example.org"), ["17", "ada", "example", "l", "lovelace", "org"]);
    assert_eq!(found("O'Neil 100%"), ["%", "'", "100", "neil", "o"]);
    assert_eq!(found("田中Ada"), ["ada", "中", "田"]);
    assert_eq!(found("\n @. \u{301}"), Vec::<String>::new());
}

#[test]
fn case_and_accents_are_not_seen() {
    for (text, part) in
        [("Müller", "MULLER"), ("Muller", "mü"), ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"), ("İpek", "ipek"), ("ＡＢ", "ab")]
    {
        assert!(terms(part).are_in(text), "{part} in {text}");
        assert!(terms(part).are_in(&text.to_lowercase()), "{part} in {text} as it is stored");
    }
    assert!(!terms("muler").are_in("Müller"));
}

#[test]
fn terms_stand_in_any_order_and_within_words() {
    for part in ["lovelace ada", "ove  a@ex", "ada", "@", "e.o", "ada@example.org", "xamp lov"] {
        assert!(terms(part).are_in("ada lovelace\nada@example.org"), "{part}");
    }
    for part in ["lovelace eve", "adalov", "org ada2", "eada"] {
        assert!(!terms(part).are_in("ada lovelace\nada@example.org"), "{part}");
    }
}

#[test]
fn a_long_text_has_few_and_short_words() {
    let words = words(&"x".repeat(200));
    assert!(words.iter().all(|word| word.chars().count() <= WORD_CHARS));
    let long: String = (0..200_u8).map(|n| char::from(b'a' + n % 26)).collect();
    assert!(super::words(&long).len() <= 200 / PART_CHARS);
}

#[test]
fn few_parts_are_looked_up_and_the_longest_first() {
    assert_eq!(terms("a bb ccc dddd eeeee").parts(), ["eeeee", "dddd", "ccc", "bb"]);
    assert_eq!(terms("lovelace@example.org").parts(), ["lovelace", "example", "org"]);
    assert_eq!(terms(&"x".repeat(200)).parts(), ["x".repeat(PART_CHARS)]);
    assert_eq!(terms("@.@").parts(), Vec::<String>::new());
}

/// Texts of few letters, so that parts meet; with long runs, marks, other scripts and signs.
fn texts() -> impl Strategy<Value = String> {
    proptest::string::string_regex("([ab]{1,80}|[abé17 @.%'*_\"\u{301}田中ßΣ😀가]{1,30}|\\PC{1,10}){1,4}").unwrap()
}

proptest! {
    #[test]
    fn whatever_contains_the_terms_has_words_with_their_parts(text in texts(), from in 0_usize..60, length in 1_usize..40) {
        let part: String = text.chars().skip(from).take(length).collect();
        if let Ok(part) = Name::parse(&part) {
            let terms = Terms::of(&part);
            prop_assume!(terms.are_in(&text));
            for part in terms.parts() {
                prop_assert!(indexed(&text, &part), "{part:?} in {:?}", words(&text));
            }
        }
    }

    #[test]
    fn a_part_of_a_text_is_in_it(text in "[a-zA-Z0-9 @.é%_-]{1,60}", from in 0_usize..60, length in 1_usize..40) {
        let part: String = text.chars().skip(from).take(length).collect();
        if let Ok(part) = Name::parse(&part) {
            prop_assert!(Terms::of(&part).are_in(&text));
        }
    }
}
