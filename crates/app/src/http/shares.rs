//! What each address may have of something at once, and all together.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use booking_domain::address::AddressKey;
use booking_domain::refusal::Refusal;

/// When to come back, in seconds, after there was no share left: they go back when somebody leaves, which nobody can foresee.
const COME_BACK_S: u32 = 5;

/// The shares.
pub struct Shares {
    in_all: usize,
    /// No bound when absent.
    per_address: Option<usize>,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    in_all: usize,
    by: HashMap<AddressKey, usize>,
}

/// One share, for as long as this lives.
pub struct Share {
    shares: Arc<Shares>,
    whose: Option<AddressKey>,
}

impl Shares {
    /// So many in all, and so many for each address; no bound for each when absent.
    pub fn new(in_all: usize, per_address: Option<usize>) -> Arc<Self> {
        Arc::new(Self { in_all, per_address, taken: Mutex::default() })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many have been taken.
    pub fn in_all(&self) -> usize {
        self.taken().in_all
    }

    /// A share for this address. Without an address, only what all have counts.
    ///
    /// # Errors
    /// Refused as `rate_limited` when there is none left.
    pub fn take(self: &Arc<Self>, whose: Option<IpAddr>) -> Result<Share, Refusal> {
        let none_left = Refusal::RateLimited { retry_after_s: COME_BACK_S };
        let whose = whose.filter(|_| self.per_address.is_some()).map(AddressKey::from);
        let mut taken = self.taken();
        let has = whose.and_then(|whose| taken.by.get(&whose)).copied().unwrap_or_default();
        if taken.in_all >= self.in_all || self.per_address.is_some_and(|most| has >= most) {
            return Err(none_left);
        }
        taken.in_all += 1;
        if let Some(whose) = whose {
            taken.by.insert(whose, has + 1);
        }
        Ok(Share { shares: Arc::clone(self), whose })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut taken = self.shares.taken();
        taken.in_all -= 1;
        let Some(whose) = self.whose else { return };
        match taken.by.get_mut(&whose) {
            Some(has) if *has > 1 => *has -= 1,
            _ => _ = taken.by.remove(&whose),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([203, 0, 113, last]))
    }

    #[test]
    fn each_has_its_share_and_all_together_theirs() {
        let shares = Shares::new(4, Some(2));
        let first: Vec<_> = (0..2).map(|_| shares.take(address(1)).unwrap()).collect();
        assert!(shares.take(address(1)).is_err());
        let _neighbour = shares.take(address(2)).unwrap();
        let nobody = shares.take(None).unwrap();
        assert!(shares.take(address(3)).is_err() && shares.take(None).is_err());
        drop((first, nobody));
        assert!(shares.take(address(1)).is_ok());
    }

    #[test]
    fn nothing_is_remembered_of_who_has_none() {
        let shares = Shares::new(4, Some(2));
        drop((shares.take(address(1)).unwrap(), shares.take(address(1)).unwrap()));
        let taken = shares.taken();
        assert_eq!((taken.in_all, taken.by.len()), (0, 0));
    }

    #[test]
    fn without_a_bound_for_each_one_may_have_all() {
        let shares = Shares::new(4, None);
        let all: Vec<_> = (0..4).map(|_| shares.take(address(1)).unwrap()).collect();
        assert!(shares.take(address(2)).is_err());
        drop(all);
        assert!(shares.take(address(2)).is_ok());
    }
}
