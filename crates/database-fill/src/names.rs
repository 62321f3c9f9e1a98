//! Who booked: names and addresses put together from lists of words, each booker's different from every other's.

use std::fmt::Write;

/// How many words a list has: a power of two, so that a number's bits choose from each list.
const WORDS: usize = 64;
/// Bookers with names of their own; after so many, names come again, with other addresses.
const NAMES: i64 = (WORDS * WORDS * WORDS) as i64;

/// The slug of an event type that tests and benches use, of one room.
pub const PLAIN: &str = "fill-plain";
/// The slug of another one, of another room, whose bookings have to be confirmed.
pub const CONFIRMED: &str = "fill-confirmed";
/// A name that only one booking of each organization has.
pub const RARE_NAME: &str = "Xanthe Quetzalcoatl";
/// The address of that booking.
pub const RARE_EMAIL: &str = "xanthe.quetzalcoatl@rare.example";
/// The booking that has it.
pub(crate) const RARE_BOOKING: i64 = 7;
/// The address with which every 64th booking was made.
pub const REGULAR_EMAIL: &str = "regular@often.example";
/// Who that is.
pub(crate) const REGULAR_NAME: &str = "Ottoline Oftentimes";

const GIVEN: [&str; WORDS] = [
    "Ada", "Agnes", "Alma", "Anton", "Arjun", "Astrid", "Bela", "Bruno", "Carla", "Chiara", "Clara", "Conrad", "Dario",
    "Dilan", "Dorian", "Edda", "Elif", "Elias", "Emil", "Esra", "Fabio", "Farah", "Fiona", "Frida", "Gustav", "Hanna",
    "Hélène", "Henrik", "Ida", "Ines", "Ivo", "Jakob", "Joana", "Jörg", "Julia", "Karim", "Katja", "Kenji", "Lars",
    "Leila", "Lina", "Luca", "Magda", "Marek", "Mira", "Nadia", "Nils", "Noor", "Olga", "Oskar", "Paula", "Pedro",
    "Quinn", "Rahel", "René", "Rosa", "Samir", "Selma", "Søren", "Tara", "Tomás", "Ulla", "Vera", "Zoë",
];
const BEGINNINGS: [&str; WORDS] = [
    "Acker", "Adler", "Ahl", "Alten", "Anders", "Ash", "Bach", "Bär", "Berg", "Birk", "Blom", "Brand", "Brück", "Burk",
    "Cald", "Cor", "Dahl", "Dorn", "Eber", "Eck", "Eich", "Elm", "Erd", "Falk", "Feld", "Fern", "Fisch", "Fors",
    "Gold", "Grön", "Hag", "Hart", "Hasel", "Hell", "Holm", "Horn", "Kalt", "Kirch", "Klein", "Kron", "Lang", "Lind",
    "Lund", "Mark", "Moor", "Nord", "Nuss", "Ober", "Ost", "Pfeil", "Ram", "Rosen", "Sand", "Schön", "Silber", "Stein",
    "Sund", "Tann", "Thor", "Ul", "Wald", "Weiss", "Win", "Wolf",
];
const ENDINGS: [&str; WORDS] = [
    "aker", "auer", "bach", "baum", "beck", "berg", "bert", "blad", "born", "brink", "brook", "burg", "dahl", "dorf",
    "eck", "egger", "er", "feld", "fels", "ford", "fors", "gaard", "gast", "gren", "hagen", "haus", "heim", "hoff",
    "holm", "horst", "huber", "ing", "kamp", "kvist", "ley", "lin", "lund", "mann", "mark", "meier", "moor", "müller",
    "nagel", "ner", "quist", "rath", "reich", "rup", "schmidt", "sen", "sky", "son", "stad", "stein", "ström", "tal",
    "thal", "ton", "väg", "vik", "wald", "weg", "wig", "wood",
];

/// Makes the lists of words, for the connection's life.
pub(crate) fn word_lists() -> String {
    let mut text = "CREATE TEMP TABLE words (list INTEGER NOT NULL, n BIGINT NOT NULL, word TEXT NOT NULL,
        mail TEXT NOT NULL, PRIMARY KEY (list, n));\nINSERT INTO words VALUES "
        .to_owned();
    for (list, words) in [GIVEN, BEGINNINGS, ENDINGS].iter().enumerate() {
        for (n, word) in words.iter().enumerate() {
            let separator = if list + n == 0 { "" } else { ", " };
            // Writing to a text does not fail.
            let _ = write!(text, "{separator}({list}, {n}, '{word}', '{}')", in_an_address(word));
        }
    }
    text
}

/// The word as addresses spell it.
fn in_an_address(word: &str) -> String {
    let plain = |letter: char| match letter {
        'ä' => "ae".to_owned(),
        'ö' | 'ø' => "oe".to_owned(),
        'ü' => "ue".to_owned(),
        'é' | 'è' | 'ë' => "e".to_owned(),
        'á' => "a".to_owned(),
        other => other.to_lowercase().to_string(),
    };
    word.chars().map(plain).collect()
}

/// The joins that give the booker of this number a given name, and the two parts of a family name.
pub(crate) fn joins(booker: &str) -> String {
    // An odd factor goes once through all numbers below a power of two: neighbours are called differently, and nobody alike.
    let mixed = format!("(({booker}) * 40503 % {NAMES})");
    format!(
        "JOIN words AS given ON given.list = 0 AND given.n = {mixed} % {WORDS}
         JOIN words AS beginning ON beginning.list = 1 AND beginning.n = {mixed} / {WORDS} % {WORDS}
         JOIN words AS ending ON ending.list = 2 AND ending.n = {mixed} / {WORDS} / {WORDS}"
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_word_is_in_a_list_twice_and_addresses_are_plain() {
        for list in [GIVEN, BEGINNINGS, ENDINGS] {
            assert_eq!(list.iter().collect::<BTreeSet<_>>().len(), WORDS);
            assert!(list.iter().all(|word| in_an_address(word).chars().all(|letter| letter.is_ascii_lowercase())));
        }
    }
}
