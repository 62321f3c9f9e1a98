//! `holdfast keys`: API keys, made, listed and revoked beside a server that may be running.

use booking_component::keyring::{Keyring, Scope};
use booking_component::open_keyring;
use booking_domain::id::ApiKeyId;
use booking_domain::text::{Name, Slug};

use crate::cli::{KeyRole, KeysAction};

/// What can go wrong; it ends the program, and is only shown.
type Failure = Box<dyn std::error::Error>;

/// Does this with the keys, and says what is to be printed.
///
/// # Errors
/// The database cannot be used, or the key is not there.
pub async fn run(action: KeysAction) -> Result<String, Failure> {
    let url = match &action {
        KeysAction::Create { database, .. } | KeysAction::Revoke { database, .. } | KeysAction::List(database) => {
            database.database_url.clone()
        }
    };
    let keyring = open_keyring(&url).await?;
    let done = act(&keyring, action).await;
    keyring.close().await;
    done
}

async fn act(keyring: &Keyring, action: KeysAction) -> Result<String, Failure> {
    match action {
        KeysAction::Create { name, role, organization, .. } => {
            let scope = match role {
                KeyRole::Front => Scope::Front,
                KeyRole::Admin => Scope::Admin(keyring.organization(&Slug::parse(&organization)?).await?),
            };
            let (id, key) = keyring.create(scope, Name::parse(&name)?).await?;
            Ok(format!("{id}\n{key}\n"))
        }
        KeysAction::List(_) => list(keyring).await,
        KeysAction::Revoke { id, .. } => {
            keyring.revoke(id.parse::<ApiKeyId>()?).await?;
            Ok(String::new())
        }
    }
}

async fn list(keyring: &Keyring) -> Result<String, Failure> {
    let line = |key: booking_component::keyring::StoredKey| {
        let role = match key.scope {
            Scope::Front => "front".to_owned(),
            Scope::Admin(organization) => format!("admin of {organization}"),
        };
        let state = key.revoked_at.map_or_else(|| "valid".to_owned(), |at| format!("revoked {}", at.to_rfc3339()));
        format!("{}\t{role}\t{state}\t{}\n", key.id, key.name)
    };
    Ok(keyring.list().await?.into_iter().map(line).collect())
}
