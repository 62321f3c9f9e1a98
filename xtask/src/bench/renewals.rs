//! Renewals of holds over `KeepAlive`, beside Redis locks and beside a stream that does nothing.

use anyhow::Result;

use super::figures::{Figures, load};
use super::measured::{place, server};
use super::peer::Peer;
use super::redis::Redis;
use super::report::{Aim, Figure, Row, Table};
use crate::server::{Server, free_address};

/// Holds that one message keeps alive, where several are.
const BATCH: usize = 20;

/// One renewal a message, and several.
pub(super) fn run() -> Result<Table> {
    let redis = Redis::start()?;
    let (alone, piped) = (redis.locks_per_second(1)?, redis.locks_per_second(BATCH)?);
    drop(redis);
    let server = server()?;
    let single = pair(&server, 1)?;
    let batched = pair(&server, BATCH)?;
    server.stop()?;
    let (one, many) = ("1 hold a message".to_owned(), format!("{BATCH} holds a message"));
    let rows = vec![
        row(&one, single.ours, ("Redis `SET NX PX`, unpipelined", alone), None),
        row(&one, single.ours, ("bare tonic stream", single.bare), Some(0.5)),
        row(&many, batched.ours, ("Redis `SET NX PX`, unpipelined", alone), Some(4.0)),
        row(&many, batched.ours, (&format!("Redis `SET NX PX`, pipelined by {BATCH}"), piped), None),
        row(&many, batched.ours, ("bare tonic stream", batched.bare), Some(0.5)),
    ];
    Ok(Table {
        title: "Renewals of holds",
        method: format!(
            "SQLite. 50 clients, each with one connection and one `KeepAlive` stream, each waiting for the answer before the next \
             message; every hold is of a slot of its own. `redis-benchmark` with 50 clients against a Redis without persistence. \
             The bare stream is a tonic server that answers the same messages ({} bytes and {} bytes for one hold; here {} bytes) \
             with ready-made places. The load is put on by the same machine.",
            single.request_bytes, single.answer_bytes, single.bare_answer_bytes
        ),
        rows,
    })
}

/// Ours and the bare stream under the same load.
struct Pair {
    ours: f64,
    bare: f64,
    request_bytes: f64,
    answer_bytes: f64,
    bare_answer_bytes: f64,
}

fn pair(server: &Server, batch: usize) -> Result<Pair> {
    let batch = batch.to_string();
    let ours = Figures::of_load(&["renewals", "--batch", &batch], &place(server))?;
    let address = free_address()?;
    let peer = Peer::start(&mut load(&["bare-stream", &address.to_string()])?, address)?;
    let to = format!("http://{address}");
    let bare = Figures::of_load(&["renewals", "--batch", &batch, "--to", &to], &place(server))?;
    drop(peer);
    Ok(Pair {
        ours: ours.get("renewals_per_second")?,
        bare: bare.get("renewals_per_second")?,
        request_bytes: ours.get("request_bytes")?,
        answer_bytes: ours.get("answer_bytes")?,
        bare_answer_bytes: bare.get("answer_bytes")?,
    })
}

fn row(what: &str, ours: f64, (peer, theirs): (&str, f64), least: Option<f64>) -> Row {
    Row {
        what: what.to_owned(),
        ours: Figure::Rate(ours),
        peer: Some((peer.to_owned(), Figure::Rate(theirs))),
        aim: least.map(Aim::AtLeast),
    }
}
