//! Review: the keys by which streams are open are looked at again and again, since a key may be revoked anywhere.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use booking_domain::id::ApiKeyId;

use super::Keyring;
use crate::engine::Engine;
use crate::store::{StoreError, api_keys};

/// How often the keys of open streams are looked at again: with the look itself and what it waits for, a stream ends within a
/// second of its key's revocation. One statement looks at all of them.
const REVIEW: Duration = Duration::from_millis(500);

impl Keyring {
    /// Looks again and again at the keys by which streams are open, and ends those whose key is revoked. Without streams, nothing
    /// is looked at.
    pub async fn review(self, engine: Arc<Engine>) {
        loop {
            let open = self.authorities.keys();
            if open.is_empty() {
                self.authorities.opened.notified().await;
                continue;
            }
            tokio::time::sleep(REVIEW).await;
            match self.revoked_of(&open).await {
                Ok(revoked) => self.authorities.revoke(&revoked),
                // Who cannot be asked about keeps what they have, and is asked about as soon as the store is back.
                Err(failure) => {
                    engine.tell(&failure, "looking at the keys of open streams");
                }
            }
        }
    }

    async fn revoked_of(&self, open: &[ApiKeyId]) -> Result<BTreeSet<ApiKeyId>, StoreError> {
        let mut tx = self.store.read().await?;
        let valid: BTreeSet<_> = api_keys::list_valid(&mut tx, open).await?.into_iter().collect();
        Ok(open.iter().filter(|key| !valid.contains(key)).copied().collect())
    }
}
