//! The files of an embedded store: one server on each, theirs alone to read, and gone with a last word.

use std::fs::{Permissions, metadata, set_permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::json;

use crate::program::{Program, command};
use crate::test_server::{KEY, client};

/// The program with these arguments, on the database in this folder.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    let database = format!("sqlite://{}", folder.join("holdfast.db").display());
    command(arguments).env("HOLDFAST_DATABASE_URL", database).current_dir(folder).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

async fn write(server: &Program) -> StatusCode {
    let resource = json!({ "name": "A", "kind": "room", "time_zone": "UTC" });
    let request = client().post(format!("{}/api/v1/resources", server.url)).bearer_auth(KEY).json(&resource);
    request.send().await.unwrap().status()
}

#[test]
fn one_server_at_a_time_works_on_a_file_and_who_only_looks_works_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Program::start(folder.path(), &["--admin-key", KEY]);
    let second = ["serve", "--http-addr", "127.0.0.1:0", "--grpc-addr", "127.0.0.1:0"];
    let refused = run(folder.path(), &second);
    assert!(!refused.status.success() && said(&refused).contains("another server works on"), "{}", said(&refused));
    // Another way to the same file.
    let link = folder.path().join("link.db");
    std::os::unix::fs::symlink(folder.path().join("holdfast.db"), &link).unwrap();
    let refused =
        command(&second).env("HOLDFAST_DATABASE_URL", format!("sqlite://{}", link.display())).output().unwrap();
    assert!(!refused.status.success() && said(&refused).contains("another server works on"), "{}", said(&refused));
    for beside in [
        &["keys", "list"][..],
        &["keys", "create", "--name", "beside", "--role", "front"],
        &["migrate"],
        &["export", "--output", "organization.jsonl"],
    ] {
        let done = run(folder.path(), beside);
        assert!(done.status.success(), "{beside:?}: {}", said(&done));
    }
    let import = ["import", "--input", "organization.jsonl"];
    let refused = run(folder.path(), &import);
    assert!(!refused.status.success() && said(&refused).contains("another server works on"), "{}", said(&refused));
    assert!(server.end("-KILL").code().is_none());
    let imported = run(folder.path(), &import);
    assert!(imported.status.success(), "a server that was killed holds nothing: {}", said(&imported));
}

#[tokio::test]
async fn a_server_whose_file_is_gone_acknowledges_nothing_and_ends_with_a_last_word() {
    let names = ["holdfast.db", "holdfast.db-wal", "holdfast.db-shm", "holdfast.db.lock"];
    for (name, replaced) in names.into_iter().flat_map(|name| [(name, false), (name, true)]) {
        let folder = tempfile::tempdir().unwrap();
        let mut server = Program::start(folder.path(), &["--admin-key", KEY]);
        assert_eq!(write(&server).await, StatusCode::CREATED);
        let file = folder.path().join(name);
        if replaced {
            let copy = folder.path().join("copy.db");
            std::fs::copy(&file, &copy).unwrap();
            std::fs::rename(copy, &file).unwrap();
        } else {
            std::fs::remove_file(&file).unwrap();
        }
        assert_eq!(write(&server).await, StatusCode::SERVICE_UNAVAILABLE);
        let gone = Instant::now();
        assert_eq!(server.ends().code(), Some(1));
        assert!(gone.elapsed() < Duration::from_secs(5), "{:?}", gone.elapsed());
        let last = server.logged().pop().unwrap();
        assert!(last.starts_with("holdfast: cannot go on: ") && last.contains("was deleted or replaced"), "{last}");
        assert!(last.contains(name), "{last}");
    }
}

#[test]
fn nobody_else_can_read_what_people_have_said() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mode = |name: &str| metadata(data.join(name)).unwrap().permissions().mode() & 0o777;
    let mut server = Program::start(&data, &["--demo"]);
    let files = ["holdfast.db", "holdfast.db-wal", "holdfast.db-shm", "holdfast.db.lock"];
    assert_eq!(mode(""), 0o700);
    assert_eq!(files.map(mode), [0o600; 4]);
    assert!(run(&data, &["export", "--output", "organization.jsonl"]).status.success());
    assert_eq!(mode("organization.jsonl"), 0o600);
    server.end("-KILL");
    // As they were made before.
    for name in files {
        set_permissions(data.join(name), Permissions::from_mode(0o644)).unwrap();
    }
    let server = Program::start(&data, &[]);
    assert_eq!(files.map(mode), [0o600; 4]);
    let told = server.started.iter().filter(|line| line.contains("others could read this file")).count();
    assert_eq!(told, 4, "{:?}", server.started);
}

#[test]
fn a_chosen_key_of_an_earlier_start_is_named_until_it_is_revoked() {
    let folder = tempfile::tempdir().unwrap();
    drop(Program::start(folder.path(), &["--admin-key", KEY]));
    let list = String::from_utf8(run(folder.path(), &["keys", "list"]).stdout).unwrap();
    let id = list.split('\t').next().unwrap().to_owned();
    let told =
        |server: &Program| server.started.iter().any(|line| line.contains(&format!("holdfast keys revoke {id}")));
    let other = "hf_another_one_of_20_characters";
    assert!(told(&Program::start(folder.path(), &["--admin-key", other])));
    assert!(!told(&Program::start(folder.path(), &["--admin-key", KEY])), "its own is not another one");
    assert!(run(folder.path(), &["keys", "revoke", &id]).status.success());
    assert!(!told(&Program::start(folder.path(), &["--admin-key", other])));
    let revoked = Program::start(folder.path(), &["--admin-key", KEY]);
    assert!(
        revoked.started.iter().any(|line| line.contains("was revoked, and opens no door")),
        "{:?}",
        revoked.started
    );
}

#[tokio::test]
async fn a_server_whose_file_was_written_over_acknowledges_nothing_and_ends_with_a_last_word() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Program::start(folder.path(), &["--demo", "--admin-key", KEY]);
    // All of it goes into the file itself, and the next server has read little of it.
    assert!(server.end("-TERM").success());
    let mut server = Program::start(folder.path(), &["--admin-key", KEY]);
    let file = folder.path().join("holdfast.db");
    let written = std::fs::OpenOptions::new().write(true).open(&file).unwrap();
    let pages = metadata(&file).unwrap().len() / 4096;
    for page in 1..pages {
        std::os::unix::fs::FileExt::write_all_at(&written, &[0; 4096], page * 4096).unwrap();
    }
    let until = Instant::now() + Duration::from_secs(10);
    while let Ok(answer) = client().get(format!("{}/api/v1/bookings", server.url)).bearer_auth(KEY).send().await {
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(Instant::now() < until, "it goes on with a damaged file");
    }
    assert_eq!(server.ends().code(), Some(1));
    let last = server.logged().pop().unwrap();
    assert!(last.contains("is damaged, or something else wrote into it"), "{last}");
}

#[tokio::test]
async fn a_front_key_that_was_made_before_the_first_start_leaves_an_operators_to_be_made() {
    let folder = tempfile::tempdir().unwrap();
    let made = run(folder.path(), &["keys", "create", "--name", "front", "--role", "front"]);
    assert!(made.status.success(), "{}", said(&made));
    let mut server = Program::start(folder.path(), &[]);
    let listed = run(folder.path(), &["keys", "list"]);
    assert!(String::from_utf8_lossy(&listed.stdout).contains("made at the first start"), "{listed:?}");
    assert!(server.end("-TERM").success());
}
