//! The database's file, what may be read by everybody, and servers that should not start.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::time::{sleep, timeout};

use crate::target::{Target, booking, client, tomorrow_at};

/// Reads files and figures that are not for everybody.
pub(crate) async fn open(target: &Target) -> Result<String> {
    let file = file(target)?;
    for companion in ["", "-wal", "-shm"] {
        let path = format!("{}{companion}", file.display());
        let mode = fs::metadata(&path).with_context(|| format!("{path} is not there"))?.permissions().mode() & 0o777;
        ensure!(mode == 0o600, "{path} has mode {mode:o}");
    }
    let metrics = format!("http://{}/metrics", target.http);
    let proxied = client()?.get(&metrics).header("X-Forwarded-For", "203.0.113.9").send().await?;
    ensure!(proxied.status() == 404, "the figures are shown through a proxy: {}", proxied.status());
    let long = client()?.get(target.url("openapi.json")).header("X-Long", "a".repeat(60_000)).send().await?;
    let kind = long.headers().get("content-type").map_or("nothing", |kind| kind.to_str().unwrap_or_default());
    ensure!(long.status() == 431, "headers of 60 kB are answered {}", long.status());
    ensure!(kind == "application/problem+json", "headers of 60 kB are answered by {kind}");
    Ok("files of mode 0600, no figures through a proxy, long headers refused by a problem".to_owned())
}

/// Starts a second server on the same file, and one with a key that can be guessed.
pub(crate) async fn wrong_starts(target: &Target) -> Result<String> {
    let second = refused(target, ("HOLDFAST_RATE_LIMIT", "200")).await.context("a second server on one file")?;
    let elsewhere = format!("sqlite://{}.other", file(target)?.display());
    let mut guessable = target.command(&SERVE);
    guessable.env("HOLDFAST_DATABASE_URL", elsewhere);
    let short = refused_by(guessable, ("HOLDFAST_ADMIN_KEY", "x")).await.context("a key of one character")?;
    ensure!(short.contains("HOLDFAST_ADMIN_KEY") || short.contains("admin-key"), "a short key is told as {short:?}");
    Ok(format!("told: {}", second.lines().last().unwrap_or_default()))
}

const SERVE: [&str; 5] = ["serve", "--http-addr", "127.0.0.1:0", "--grpc-addr", "127.0.0.1:0"];

async fn refused(target: &Target, setting: (&str, &str)) -> Result<String> {
    refused_by(target.command(&SERVE), setting).await
}

/// What a server says that does not start.
async fn refused_by(mut command: tokio::process::Command, (name, value): (&str, &str)) -> Result<String> {
    let running = command.env(name, value).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    let output = timeout(Duration::from_secs(15), running.wait_with_output()).await.context("it starts")??;
    ensure!(!output.status.success(), "it ended as if all were well");
    Ok(String::from_utf8_lossy(&output.stderr).trim().to_owned())
}

/// Puts another file in place of the database.
pub(crate) async fn replaced(target: &Target) -> Result<String> {
    let event_type = target.simple_offer().await?;
    let file = file(target)?;
    let copy = file.with_extension("copy");
    fs::copy(&file, &copy)?;
    fs::rename(&copy, &file)?;
    sleep(Duration::from_secs(3)).await;
    match target.post("bookings", &booking(&event_type, &tomorrow_at(10), "ada@example.org")).await {
        Ok(answer) => {
            ensure!(answer.status == 503, "a booking that will be lost is answered {}", answer.status);
            Ok("a booking is refused as unavailable".to_owned())
        }
        Err(_) => Ok("the server has ended".to_owned()),
    }
}

fn file(target: &Target) -> Result<PathBuf> {
    let path = target.database_url.strip_prefix("sqlite://").context("an attack on a file needs an embedded store")?;
    Ok(PathBuf::from(path))
}
