//! Authority: what lets a stream go on, for as long as the key that opened it is valid. A call asks who calls; a stream has to
//! ask again.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use booking_domain::id::ApiKeyId;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// The leave to go on telling something. Clones are the same leave.
#[derive(Clone)]
pub struct Authority(Option<Arc<Grant>>);

struct Grant {
    key: ApiKeyId,
    revoked: CancellationToken,
}

impl Authority {
    /// That of this process itself, which nobody can revoke.
    pub(super) const fn own() -> Self {
        Self(None)
    }

    /// Waits until it is revoked.
    pub async fn revoked(&self) {
        match &self.0 {
            Some(grant) => grant.revoked.cancelled().await,
            None => std::future::pending().await,
        }
    }
}

/// The authorities by which streams are open now, each kept by its streams.
#[derive(Default)]
pub(super) struct Authorities {
    grants: Mutex<HashMap<ApiKeyId, Weak<Grant>>>,
    /// Notified whenever a stream is opened.
    pub(super) opened: Notify,
}

impl Authorities {
    fn grants(&self) -> MutexGuard<'_, HashMap<ApiKeyId, Weak<Grant>>> {
        self.grants.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The authority of a key that was valid a moment ago.
    pub(super) fn of(&self, key: ApiKeyId) -> Authority {
        let mut grants = self.grants();
        let known = grants.get(&key).and_then(Weak::upgrade).filter(|grant| !grant.revoked.is_cancelled());
        let grant = known.unwrap_or_else(|| {
            let grant = Arc::new(Grant { key, revoked: CancellationToken::new() });
            grants.insert(key, Arc::downgrade(&grant));
            grant
        });
        self.opened.notify_one();
        Authority(Some(grant))
    }

    /// The keys by which something is open; those of streams that have ended are forgotten.
    pub(super) fn keys(&self) -> Vec<ApiKeyId> {
        let mut grants = self.grants();
        grants.retain(|_, grant| grant.strong_count() > 0);
        grants.keys().copied().collect()
    }

    /// Ends what was opened with one of these keys.
    pub(super) fn revoke(&self, keys: &BTreeSet<ApiKeyId>) {
        let mut grants = self.grants();
        for grant in keys.iter().filter_map(|key| grants.remove(key)?.upgrade()) {
            tracing::info!(key = %grant.key, "a key was revoked: what was open with it ends");
            grant.revoked.cancel();
        }
    }
}
