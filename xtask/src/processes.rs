//! Starting programs, and making sure that they end: with their step, on a failure, on Ctrl-C.
//!
//! Every program gets a process group of its own, because npm, Playwright and cargo start further programs that a
//! signal to the first one alone would leave behind.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Write};
use std::iter;
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use fs_err as fs;
use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::steps::Step;

/// How long a server may take to end in an orderly way before it is killed.
const GRACE: Duration = Duration::from_secs(5);
/// How often something that has no event to wait on is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
static LIVING_GROUPS: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// From now on Ctrl-C, SIGTERM and SIGHUP end every program started here; the failing step then unwinds the command.
pub fn end_everything_on_signal() -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    thread::spawn(move || {
        for _ in signals.forever() {
            let impatient = INTERRUPTED.swap(true, Ordering::SeqCst);
            for group in living_groups().iter() {
                end_group(*group, if impatient { Signal::KILL } else { Signal::TERM });
            }
        }
    });
    Ok(())
}

fn living_groups() -> MutexGuard<'static, Vec<Pid>> {
    LIVING_GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn end_group(group: Pid, signal: Signal) {
    // A group that ended meanwhile is what was wanted.
    let _ = kill_process_group(group, signal);
}

/// A started program. Dropping it ends its whole group.
pub struct Process {
    name: String,
    child: Child,
    group: Pid,
    end_with: Signal,
    log: Option<PathBuf>,
}

impl Process {
    /// Starts a server. Its output goes to `log`, or to the terminal where there is none.
    pub fn serve(name: &str, command: &mut Command, log: Option<PathBuf>) -> Result<Self> {
        if let Some(log) = &log {
            let file = fs::File::create(log)?.into_file();
            command.stdout(file.try_clone()?).stderr(file);
        }
        let mut process = Self::start(name, command)?;
        process.log = log;
        Ok(process)
    }

    /// The signal that asks this program to end, SIGTERM unless said otherwise.
    pub fn end_with(mut self, signal: Signal) -> Self {
        self.end_with = signal;
        self
    }

    fn start(name: &str, command: &mut Command) -> Result<Self> {
        if interrupted() {
            bail!("interrupted");
        }
        let started = command.stdin(Stdio::null()).process_group(0).spawn();
        let child = started.with_context(|| {
            let program = command.get_program().to_string_lossy();
            format!("cannot start {name} ({program})")
        })?;
        let group = Pid::from_child(&child);
        living_groups().push(group);
        if interrupted() {
            // The signal came before the group was on the list.
            end_group(group, Signal::TERM);
        }
        Ok(Self { name: name.into(), child, group, end_with: Signal::TERM, log: None })
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it still runs; if not, an error with the end of its log.
    pub fn still_runs(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(_) if interrupted() => bail!("interrupted"),
            Some(status) => bail!("{} ended by itself ({status}){}", self.name, self.end_of_log()),
        }
    }

    /// Waits until `ready` says so, while the program runs, for at most `limit`.
    pub fn wait_until(
        &mut self,
        what: &str,
        limit: Duration,
        ready: impl Fn() -> bool,
    ) -> Result<()> {
        let deadline = Instant::now() + limit;
        while !ready() {
            self.still_runs()?;
            if Instant::now() > deadline {
                let (name, limit, log) = (&self.name, limit.as_secs(), self.end_of_log());
                bail!("{name} did not {what} within {limit} s{log}");
            }
            thread::sleep(LOOK_AGAIN);
        }
        Ok(())
    }

    fn end_of_log(&self) -> String {
        let Some(log) = &self.log else {
            return String::new();
        };
        let text = fs::read_to_string(log).unwrap_or_default();
        let lines: Vec<_> = text.lines().collect();
        let end = lines[lines.len().saturating_sub(20)..].join("\n");
        format!("\n--- end of {}\n{end}\n---", log.display())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Its leader may be gone while helpers of its live on, so the group is asked either way.
        end_group(self.group, self.end_with);
        let deadline = Instant::now() + GRACE;
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
            thread::sleep(LOOK_AGAIN);
        }
        end_group(self.group, Signal::KILL);
        let _ = self.child.wait();
        living_groups().retain(|group| *group != self.group);
    }
}

/// Waits until one of the servers ends by itself (an error) or the person interrupts (which is how a demo ends).
pub fn wait_for_interrupt(servers: &mut [Process]) -> Result<()> {
    while !interrupted() {
        servers.iter_mut().try_for_each(Process::still_runs)?;
        thread::sleep(LOOK_AGAIN);
    }
    Ok(())
}

/// Runs a program to its end and answers all that it said. Its last line is shown as the step's note meanwhile.
pub fn run(command: &mut Command, step: &Step) -> Result<String> {
    let (reader, writer) = io::pipe()?;
    command.stderr(writer.try_clone()?);
    let (status, output) = follow(command, reader, writer, |line| step.note(line.trim()))?;
    step.note("");
    if !status.success() {
        bail!("`{}` failed ({status})\n{output}", command_line(command));
    }
    Ok(output)
}

/// Runs a program to its end and shows what it says as it says it. Answers how it ended, and all of its standard
/// output.
pub fn show(command: &mut Command) -> Result<(ExitStatus, String)> {
    let (reader, writer) = io::pipe()?;
    follow(command, reader, writer, |line| {
        let mut terminal = io::stdout().lock();
        // A closed standard output must not stop the tests.
        let _ = writeln!(terminal, "{line}").and_then(|()| terminal.flush());
    })
}

fn follow(
    command: &mut Command,
    reader: io::PipeReader,
    writer: io::PipeWriter,
    mut each: impl FnMut(&str),
) -> Result<(ExitStatus, String)> {
    let mut process = Process::start(&command_line(command), command.stdout(writer))?;
    // The pipe ends with its last writer, and the command holds one too.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut all = String::new();
    // Programs may print what is no UTF-8; that must not end the reading.
    for line in BufReader::new(reader).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        each(&line);
        all.push_str(&line);
        all.push('\n');
    }
    Ok((process.child.wait()?, all))
}

fn command_line(command: &Command) -> String {
    let words = iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// Whether the program can be started at all and succeeds, whatever it says.
pub fn succeeds(command: &mut Command) -> bool {
    let silent = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    silent.status().is_ok_and(|status| status.success())
}

/// What a short question to a program answers, trimmed; nothing if it is not there or fails.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// Whether `GET http://localhost:<port><path>` answers 200.
pub fn answers(port: u16, path: &str) -> bool {
    let get = || -> io::Result<String> {
        // By name, not by address: Node may listen on ::1 alone.
        let mut stream = TcpStream::connect(("localhost", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n"
        )?;
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line)?;
        Ok(line)
    };
    get().is_ok_and(|line| line.split(' ').nth(1) == Some("200"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn a_failing_program_s_words_are_in_the_error() {
        let error = run(
            Command::new("sh").args(["-c", "echo out; echo err >&2; exit 3"]),
            &Step::default(),
        )
        .unwrap_err();
        let error = error.to_string();
        assert!(error.contains("out") && error.contains("err") && error.contains('3'), "{error}");
    }

    #[test]
    fn ending_a_program_ends_what_it_started() {
        // The inner program will not listen to SIGTERM, and holds the pipe open as long as it lives.
        let script = "sh -c 'trap \"\" TERM; echo ready; exec tail -f /dev/null' & wait";
        let mut command = Command::new("sh");
        let mut process =
            Process::start("nested", command.args(["-c", script]).stdout(Stdio::piped())).unwrap();
        let mut output = BufReader::new(process.child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");

        drop(process);
        let (sender, ended) = std::sync::mpsc::channel();
        thread::spawn(move || sender.send(output.read_line(&mut line)));
        let bytes_read =
            ended.recv_timeout(Duration::from_secs(10)).expect("it outlived its group");
        assert_eq!(bytes_read.unwrap(), 0);
    }

    #[test]
    fn a_server_that_dies_is_named_with_the_end_of_its_log() {
        let log = std::env::temp_dir().join(format!("storezero-xtask-{}.log", std::process::id()));
        let mut server = Process::serve(
            "The shop",
            Command::new("sh").args(["-c", "echo no database; exit 1"]),
            Some(log.clone()),
        )
        .unwrap();
        let error =
            server.wait_until("answer", Duration::from_secs(10), || false).unwrap_err().to_string();
        assert!(
            error.contains("The shop ended by itself") && error.contains("no database"),
            "{error}"
        );
        std::fs::remove_file(log).unwrap();
    }

    #[test]
    fn only_an_answer_of_200_counts_as_healthy() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = thread::spawn(move || {
            for status in ["503 Service Unavailable", "200 OK"] {
                let (mut stream, _) = listener.accept().unwrap();
                // Whole: closing with something unread resets the connection, and the answer may be lost.
                let request = BufReader::new(&stream).lines();
                let head = request.take_while(|line| !line.as_ref().unwrap().is_empty());
                assert!(head.count() > 0);
                write!(stream, "HTTP/1.1 {status}\r\n\r\n").unwrap();
            }
        });
        assert!(!answers(port, "/health"));
        assert!(answers(port, "/health"));
        server.join().unwrap();
    }
}
