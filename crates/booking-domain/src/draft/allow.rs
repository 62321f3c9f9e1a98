//! Rules that an operator sets aside, as they are written.

use crate::allow::Allow;
use crate::draft::reader::Reader;

/// The rules of these codes.
pub fn read_allow(r: &mut Reader<'_>, codes: Vec<String>) -> Option<Allow> {
    let rules = r.each("allow", (codes, Allow::RULES.len()), |r, code| r.take("", Allow::of([code.as_str()])))?;
    Some(rules.into_iter().fold(Allow::NOTHING, Allow::and_all))
}

impl Allow {
    /// As it is written.
    pub fn codes(self) -> Vec<String> {
        self.rules().map(|rule| rule.slug().to_owned()).collect()
    }
}
