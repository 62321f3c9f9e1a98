//! What a search compares: texts without case and accents, their words, and what is looked for.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use booking_domain::text::Name;
use unicode_normalization::UnicodeNormalization;

/// Combining accents, which a search does not see.
const ACCENTS: RangeInclusive<char> = '\u{300}'..='\u{36f}';
/// Scripts that put no spaces between words: each of their characters is a word. Han, Hiragana and Katakana.
const SPACELESS: [RangeInclusive<char>; 5] = [
    '\u{3040}'..='\u{30ff}',
    '\u{31f0}'..='\u{31ff}',
    '\u{3400}'..='\u{9fff}',
    '\u{f900}'..='\u{faff}',
    '\u{20000}'..='\u{3ffff}',
];
/// What is in every address, and so tells none from another.
const IN_EVERY_ADDRESS: [char; 2] = ['@', '.'];

/// Longest word, in characters. A longer run of letters is several, so that a hostile text has few and short ends.
const WORD_CHARS: usize = 32;
/// Longest part that is looked up: wherever it stands in a long run of letters, one of the words that it becomes holds it whole.
const PART_CHARS: usize = WORD_CHARS / 2;
/// Most parts that are looked up. The longest are the rarest; the others are compared where those were found.
const PARTS: usize = 4;

/// A text as it is compared: every character in its plainest form, in lower case, without accents.
fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let plain = text.nfkd().filter(|c| !ACCENTS.contains(c));
    // A sigma at the end of a word is still a sigma.
    plain.flat_map(char::to_lowercase).map(|c| if c == 'ς' { 'σ' } else { c }).collect()
}

/// What belongs to one word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Gap,
    Letter,
    Digit,
    /// A word of its own: a sign, or a character of a script without spaces.
    Single,
}

impl Class {
    fn of(c: char) -> Self {
        if c.is_whitespace() || c.is_control() || IN_EVERY_ADDRESS.contains(&c) {
            Self::Gap
        } else if SPACELESS.iter().any(|range| range.contains(&c)) {
            Self::Single
        } else if c.is_numeric() {
            Self::Digit
        } else if c.is_alphabetic() {
            Self::Letter
        } else {
            Self::Single
        }
    }

    fn goes_on_with(self, next: Self) -> bool {
        self == next && matches!(self, Self::Letter | Self::Digit)
    }
}

/// The runs of characters in a folded text that belong together. Where one ends does not depend on what stands further away, so
/// a part of a text has the same runs, but for its first and last, which may be parts of longer ones.
fn runs(folded: &str) -> Vec<Vec<char>> {
    let mut runs: Vec<Vec<char>> = Vec::new();
    let mut last = Class::Gap;
    for c in folded.chars() {
        let class = Class::of(c);
        match runs.last_mut() {
            Some(run) if last.goes_on_with(class) => run.push(c),
            _ if class != Class::Gap => runs.push(vec![c]),
            _ => {}
        }
        last = class;
    }
    runs
}

/// The words of a text, for an index: every part of it that is looked up is a part of one of them.
pub(super) fn words(text: &str) -> BTreeSet<String> {
    runs(&fold(text)).iter().flat_map(|run| pieces(run)).collect()
}

/// A run as one word, or as several that overlap by half.
fn pieces(run: &[char]) -> Vec<String> {
    if run.len() <= WORD_CHARS {
        return vec![run.iter().collect()];
    }
    let starts = (0..=run.len() - PART_CHARS).step_by(PART_CHARS);
    starts
        .filter_map(|start| run.get(start..run.len().min(start + WORD_CHARS)))
        .map(|piece| piece.iter().collect())
        .collect()
}

/// The ends of a word: what contains a part has an end that begins with it.
pub(super) fn ends(word: &str) -> impl Iterator<Item = &str> {
    word.char_indices().filter_map(|(at, _)| word.get(at..))
}

/// What is looked for: all of these, in any order.
#[derive(Clone, Debug)]
pub(super) struct Terms(Vec<String>);

impl Terms {
    /// What stands between the spaces.
    pub(super) fn of(text: &Name) -> Self {
        Self(fold(text.as_str()).split_whitespace().map(str::to_owned).collect())
    }

    /// Whether each is somewhere in this text.
    pub(super) fn are_in(&self, text: &str) -> bool {
        let folded = fold(text);
        self.0.iter().all(|term| folded.contains(term))
    }

    /// The parts to look up: each must be within a word of whatever is found. There may be none.
    pub(super) fn parts(&self) -> Vec<String> {
        let runs: BTreeSet<Vec<char>> = self.0.iter().flat_map(|term| runs(term)).collect();
        let mut parts: Vec<Vec<char>> = runs.into_iter().collect();
        parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
        parts.iter().take(PARTS).map(|part| part.iter().take(PART_CHARS).collect()).collect()
    }
}

#[cfg(test)]
#[path = "search/tests.rs"]
mod tests;
