//! The machine that was measured on, and when: figures mean nothing without.

use std::fs;

use anyhow::Result;

use crate::process;

/// The opening of `docs/benchmarks.md`.
pub(super) fn introduction() -> Result<String> {
    let told = |program: &str, arguments: &[&str]| -> Result<String> {
        Ok(process::output(&mut process::command(program, arguments))?.trim().to_owned())
    };
    Ok(format!(
        "# Benchmarks\n\nWritten by `cargo xtask bench`: measured, not promised. Each figure stands beside a peer that was measured in the \
         same run on the same machine; read the ratios, not the figures.\n\n\
         - date: {}\n- processor: {}, {} cores\n- memory: {}\n- system: {}\n- compiler: {}, release profile\n",
        told("date", &["-u", "+%Y-%m-%d"])?,
        field("/proc/cpuinfo", "model name"),
        told("getconf", &["_NPROCESSORS_ONLN"])?,
        field("/proc/meminfo", "MemTotal"),
        told("uname", &["-sr"])?,
        told("rustc", &["--version"])?,
    ))
}

/// The value of the first `name : value` in a file of the kernel's.
fn field(path: &str, name: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(name));
    line.and_then(|line| line.split_once(':')).map_or("unknown", |(_, value)| value.trim()).to_owned()
}
