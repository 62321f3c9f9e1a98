//! `cargo xtask tidy`: guards what Cargo and clippy cannot, with messages that teach. Also an ordinary test.

mod boundaries;
mod bounds;
mod circles;
mod code;
mod crates;
mod imports;
mod layers;
mod layout;
mod names;
mod rust;
mod tree;
mod typescript;
mod wording;

use anyhow::{Result, bail};

use crate::repository;
use crate::tidy::tree::{Complaint, Tree};

/// A rule looks at the whole tree and complains.
type Rule = fn(&Tree) -> Vec<Complaint>;

const RULES: [Rule; 18] = [
    bounds::every_bound_is_told,
    circles::files_do_not_go_in_circles,
    layers::imports_run_down,
    names::one_name_is_one_thing,
    names::models_are_named_as_their_schemas,
    boundaries::modules_keep_to_themselves,
    boundaries::guarded_modules_exist,
    boundaries::the_domain_depends_on_little,
    boundaries::every_crate_takes_the_workspace_lints,
    boundaries::one_integration_test_binary_for_each_crate,
    layout::files_exist,
    layout::files_are_short,
    layout::modules_are_named_for_what_they_do,
    layout::migrations_come_in_pairs,
    layout::the_lock_file_names_no_host,
    wording::every_file_says_what_it_is_for,
    wording::nothing_is_left_unfinished,
    wording::no_test_is_switched_off,
];

/// Complains about everything at once.
pub(crate) fn run() -> Result<()> {
    let complaints = complaints(&repository::texts()?);
    for complaint in &complaints {
        println!("{complaint}");
    }
    match complaints.len() {
        0 => Ok(()),
        1 => bail!("1 thing is untidy"),
        several => bail!("{several} things are untidy"),
    }
}

fn complaints(tree: &Tree) -> Vec<Complaint> {
    RULES.iter().flat_map(|rule| rule(tree)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_is_tidy() {
        let complaints = complaints(&repository::texts().unwrap());
        let told: Vec<_> = complaints.iter().map(ToString::to_string).collect();
        assert!(told.is_empty(), "\n{}\n", told.join("\n"));
    }
}
