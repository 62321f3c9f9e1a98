//! A program that is measured beside ours: started for the bench, ended with it.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use crate::server::{await_listener, throw_away_folder};

/// A running program that listens on an address and keeps its files in a folder of its own.
pub(super) struct Peer {
    child: Child,
    folder: PathBuf,
}

impl Peer {
    /// Starts a command and waits until it listens.
    pub(super) fn start(command: &mut Command, address: SocketAddr) -> Result<Self> {
        let folder = throw_away_folder("peer")?;
        command.current_dir(&folder).stdin(Stdio::null()).stdout(Stdio::null());
        let child = command.spawn().with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let peer = Self { child, folder };
        await_listener(address)?;
        Ok(peer)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
        _ = fs::remove_dir_all(&self.folder);
    }
}
