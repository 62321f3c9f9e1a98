//! Running programs: to their end, for their output, with their tests counted, or in place of this one.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail, ensure};

use crate::repository;
use crate::tally::Tally;

/// `program` with these arguments, at the repository's root.
pub(crate) fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(repository::root());
    command
}

/// Runs a command to its end; what it prints goes where ours goes.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", told(command)))?;
    ensure!(status.success(), "{} failed ({status})", told(command));
    Ok(())
}

/// Runs a command to its end for what it prints.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output =
        command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot start {}", told(command)))?;
    ensure!(output.status.success(), "{} failed ({})", told(command), output.status);
    String::from_utf8(output.stdout).with_context(|| format!("{} printed something that is not text", told(command)))
}

/// Whether a command can be started and succeeds; what it prints is dropped.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Runs a command to its end, passes its lines on, and counts the tests that it says it ran.
pub(crate) fn counted(command: &mut Command) -> Result<Tally> {
    plain(command).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("cannot start {}", told(command)))?;
    let errors = child.stderr.take().map(|pipe| thread::spawn(|| pass_on(pipe)));
    let mut tally = child.stdout.take().map(pass_on).unwrap_or_default();
    tally += errors.and_then(|thread| thread.join().ok()).unwrap_or_default();
    Ok(tally.agreeing_with(child.wait()?.success()))
}

/// Runs a command in place of this program, so that Ctrl-C and other signals reach it and nobody else.
pub(crate) fn become_command(command: &mut Command) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        let error = command.exec();
        bail!("cannot start {}: {error}", told(command))
    }
    #[cfg(not(unix))]
    run(command)
}

/// Prints each line and counts what the closing ones say.
fn pass_on(pipe: impl Read) -> Tally {
    let mut tally = Tally::default();
    for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        tally += Tally::of_line(&line);
    }
    tally
}

/// Without colours, whose codes would hide the counts.
fn plain(command: &mut Command) -> &mut Command {
    command.env("CARGO_TERM_COLOR", "never").env("NO_COLOR", "1").env_remove("FORCE_COLOR")
}

/// The command as one would type it.
fn told(command: &Command) -> String {
    let words = [command.get_program()].into_iter().chain(command.get_args());
    format!("`{}`", words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_counted_on_both_pipes() {
        let script = "echo '  2 passed (1s)'; echo 'Summary [ 0.1s] 3 tests run: 3 passed, 0 skipped' >&2";
        assert_eq!(counted(&mut command("sh", &["-c", script])).unwrap(), Tally { passed: 5, failed: 0 });
    }

    #[test]
    fn a_command_that_fails_counts_as_failed() {
        assert_eq!(counted(&mut command("sh", &["-c", "exit 3"])).unwrap(), Tally::FAILED);
        assert!(run(&mut command("sh", &["-c", "exit 3"])).is_err());
    }
}
