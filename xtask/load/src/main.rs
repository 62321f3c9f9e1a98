//! What the benches put on the engine and on a running server. Prints figures, one `name value` a line, for `cargo xtask bench`.

mod engine;

use anyhow::Result;
use clap::Parser;

/// One kind of load.
#[derive(Parser)]
enum Load {
    /// Compute months of slots; prints nanoseconds for each
    Engine,
}

fn main() -> Result<()> {
    match Load::parse() {
        Load::Engine => engine::run(),
    }
}
