//! Rules that an operator may set aside for one slot: never what is held or booked.

use crate::finding::Reason;
use crate::invalid::Invalid;

/// The rules that an operator sets aside.
///
/// An example: a regular comes at 18:15, after the door has closed. `outside_hours` and `off_grid` are set aside; should somebody
/// else be there, it is refused all the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Allow(u8);

impl Allow {
    /// Every rule that can be set aside, in the order in which they are named.
    pub const RULES: [Reason; 6] =
        [Reason::Notice, Reason::Horizon, Reason::OutsideHours, Reason::OffGrid, Reason::Limit, Reason::Duration];

    /// None is set aside.
    pub const NOTHING: Self = Self(0);

    /// The rules of these codes; saying one twice is fine.
    ///
    /// # Errors
    /// One of them is not the code of a rule that can be set aside.
    pub fn of<'a>(codes: impl IntoIterator<Item = &'a str>) -> Result<Self, Invalid> {
        let bit = |code: &str| Self::RULES.iter().position(|rule| rule.slug() == code).map(|place| 1 << place);
        codes.into_iter().try_fold(Self::NOTHING, |all, code| {
            let bit: u8 = bit(code)
                .ok_or(Invalid("must be among notice, horizon, outside_hours, off_grid, limit and duration"))?;
            Ok(Self(all.0 | bit))
        })
    }

    /// With this rule set aside as well, if it can be.
    #[must_use]
    pub fn and(self, rule: Reason) -> Self {
        Self::RULES.iter().position(|other| *other == rule).map_or(self, |place| Self(self.0 | 1 << place))
    }

    /// With these set aside as well.
    #[must_use]
    pub const fn and_all(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether this rule is set aside.
    pub fn sets_aside(self, rule: Reason) -> bool {
        Self::RULES.iter().position(|other| *other == rule).is_some_and(|place| self.0 & (1 << place) != 0)
    }

    /// Whether none is.
    pub const fn is_nothing(self) -> bool {
        self.0 == 0
    }

    /// The rules that are set aside, in order.
    pub fn rules(self) -> impl Iterator<Item = Reason> {
        Self::RULES.into_iter().filter(move |rule| self.sets_aside(*rule))
    }
}
