//! What becomes of a front's calls when its own key opens no door: whoever it calls for did not choose that key.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use booking_domain::refusal::Refusal;

use crate::error::CallError;

/// What is known of a front's own key.
#[derive(Clone, Debug, Default)]
pub(crate) struct FrontKey {
    is_refused: Arc<AtomicBool>,
}

impl FrontKey {
    /// The key opened the door.
    pub(crate) fn was_accepted(&self) {
        self.is_refused.store(false, Ordering::Relaxed);
    }

    /// Why a call with the key gave no answer. A key that is shown again after it was refused is counted as a guess, and too many of
    /// those are told apart from too many calls only by this.
    pub(crate) fn judge(&self, error: CallError) -> CallError {
        match &error {
            CallError::Refused(Refusal::Unauthenticated | Refusal::PermissionDenied) => {
                self.is_refused.store(true, Ordering::Relaxed);
                CallError::NotAFront
            }
            CallError::Refused(Refusal::RateLimited { .. }) if self.is_refused.load(Ordering::Relaxed) => {
                CallError::NotAFront
            }
            _ => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_guesses_are_told_from_too_many_calls_by_what_was_said_of_the_key_before() {
        let key = FrontKey::default();
        let too_many = || CallError::Refused(Refusal::RateLimited { retry_after_s: 1 });
        assert_eq!(key.judge(too_many()), too_many());
        assert_eq!(key.judge(CallError::Refused(Refusal::Unauthenticated)), CallError::NotAFront);
        assert_eq!(key.judge(too_many()), CallError::NotAFront);
        key.was_accepted();
        assert_eq!(key.judge(too_many()), too_many());
    }
}
