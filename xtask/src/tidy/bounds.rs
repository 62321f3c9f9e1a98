//! Bounds are told as they are: an operator reads them in docs/security.md.

use super::tree::{Complaint, Tree};

const LIMITS: &str = "crates/booking-domain/src/limits.rs";
const TOLD: &str = "docs/security.md";

/// Every bound of the domain has a row with its number.
pub(super) fn every_bound_is_told(tree: &Tree) -> Vec<Complaint> {
    let (Some(limits), Some(told)) = (tree.get(LIMITS), tree.get(TOLD)) else { return Vec::new() };
    let mut complaints = Vec::new();
    for (line, (name, number)) in (1..).zip(limits.lines()).filter_map(|(line, text)| Some((line, bound(text)?))) {
        let place = format!("| `booking-domain/limits` `{name}` |");
        let told = told.lines().find_map(|row| row.strip_suffix(&place)).map(number_told);
        if told != Some(Some(number)) {
            let lesson = format!("{TOLD} has to say under Bounds that `{name}` is {number}, and why");
            complaints.push(Complaint::new(LIMITS, line, lesson));
        }
    }
    complaints
}

/// The name and number of a bound: `pub const BODY: usize = 64 * 1024;` is `BODY` and 65,536.
fn bound(line: &str) -> Option<(&str, u64)> {
    let (name, rest) = line.strip_prefix("pub const ")?.split_once(": ")?;
    let value = rest.split_once(" = ")?.1.strip_suffix(';')?;
    Some((name, value.split(" * ").map(|factor| factor.replace('_', "").parse::<u64>().ok()).product::<Option<u64>>()?))
}

/// The number in the last cell: `4,096`, `64 Ki`, `1 Mi`.
fn number_told(row: &str) -> Option<u64> {
    let cell = row.trim_end().trim_end_matches('|').rsplit('|').next()?.trim();
    let (digits, unit) = cell.split_once(' ').unwrap_or((cell, ""));
    let factor = match unit {
        "" => 1,
        "Ki" => 1024,
        "Mi" => 1024 * 1024,
        _ => return None,
    };
    Some(digits.replace(',', "").parse::<u64>().ok()? * factor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tests::tree;

    #[test]
    fn a_bound_that_is_not_told_or_told_wrong_is_complained_about() {
        let limits = "/// Longest.\npub const BODY: usize = 64 * 1024;\n/// Most.\npub const ROOMS: u32 = 2_000;\n";
        let row = |number: &str, name: &str| format!("| Why. | {number} | `booking-domain/limits` `{name}` |\n");
        let complaints = |told: &str| every_bound_is_told(&tree(&[(LIMITS, limits), (TOLD, told)])).len();
        assert_eq!(complaints(&(row("64 Ki", "BODY") + &row("2,000", "ROOMS"))), 0);
        assert_eq!(complaints(&(row("64 Ki", "BODY") + &row("2,001", "ROOMS"))), 1);
        assert_eq!(complaints(&row("64", "BODY")), 2);
    }
}
