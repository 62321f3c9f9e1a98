//! Authority that ends while a stream is open.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use futures::StreamExt;
use tokio::time::timeout;

use crate::target::{Target, client};

/// Within a second, and a bit for a debug build on a busy machine.
const END: Duration = Duration::from_secs(3);

/// Goes on reading with a key that was revoked.
pub(crate) async fn revoked_key(target: &Target) -> Result<String> {
    let key = said(target, &["keys", "create", "--name", "attack"]).await?;
    let key = key.split_whitespace().find(|word| word.starts_with("hf_")).context("no key was made")?;
    let keys = said(target, &["keys", "list"]).await?;
    let line = keys.lines().find(|line| line.contains("attack")).context("the key is not listed")?;
    let id = line.split_whitespace().next().context("a key without an id")?;

    let response = client()?.get(target.url("presence/live/stream")).bearer_auth(key).send().await?;
    ensure!(response.status() == 200, "the live stream was answered {}", response.status());
    let mut frames = response.bytes_stream();
    frames.next().await.context("the live stream said nothing")??;
    said(target, &["keys", "revoke", id]).await?;
    let revoked = Instant::now();
    let ended = async { while let Some(Ok(_)) = frames.next().await {} };
    timeout(END, ended).await.with_context(|| format!("the live stream goes on {END:?} after its key was revoked"))?;
    Ok(format!("the live stream ended {} ms after the key was revoked", revoked.elapsed().as_millis()))
}

async fn said(target: &Target, arguments: &[&str]) -> Result<String> {
    let output = target.command(arguments).output().await?;
    ensure!(output.status.success(), "{arguments:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}
