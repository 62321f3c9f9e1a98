//! The caller's own organization: how it shows itself.

use booking_domain::access::Action;
use booking_domain::organization::OrganizationProfile;
use booking_domain::refusal::Refusal;
use booking_domain::request::UpdateOrganization;

use crate::caller::Caller;
use crate::error::ServiceResult;
use crate::service::Service;
use crate::service::catalog::in_the_way;
use crate::store::{Edit, organizations};

const NOT_FOUND: Refusal = Refusal::not_found("organization");

impl Service {
    /// The organization that the caller's key belongs to.
    ///
    /// # Errors
    /// Refused when the caller may not; or the store fails.
    pub async fn get_organization(&self, caller: Caller) -> ServiceResult<OrganizationProfile> {
        let id = caller.organization_for(Action::GetOrganization)?;
        let mut tx = self.engine.store.read().await?;
        let found = organizations::find(&mut tx, id).await?;
        Ok(found.map(shown_to_operators).ok_or(NOT_FOUND)?)
    }

    /// Replaces what it says about itself, if its version is the one that the caller read.
    ///
    /// # Errors
    /// Refused when the caller may not, or when it has another version; or the store fails.
    pub async fn update_organization(
        &self,
        caller: Caller,
        update: &UpdateOrganization,
    ) -> ServiceResult<OrganizationProfile> {
        let id = caller.organization_for(Action::UpdateOrganization)?;
        let at = self.engine.clock.now();
        let mut tx = self.engine.store.write().await?;
        let edit = Edit { id, spec: &update.spec, version: Some(update.version), at };
        let updated = organizations::update(&mut tx, edit).await.map_err(in_the_way)?;
        let organization = updated.ok_or(NOT_FOUND)?;
        tx.commit().await?;
        Ok(shown_to_operators(organization))
    }
}

fn shown_to_operators(stored: organizations::StoredOrganization) -> OrganizationProfile {
    OrganizationProfile { id: stored.id, slug: stored.slug, spec: stored.spec, stamp: stored.stamp }
}
