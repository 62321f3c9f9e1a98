//! What is wrong with a text or a number, and with which field of a request.

/// Why a text or a number is not what it should be, as half a sentence that follows the field's name: "must not be empty".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Invalid(pub &'static str);

/// What has to be there is not.
pub(crate) const REQUIRED: Invalid = Invalid("is required");

/// One field of a request that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's path as the contract spells it: `booker.email`, `weekly_hours[2].end`.
    pub field: String,
    /// What is wrong, as half a sentence that follows the field's name.
    pub message: String,
}
