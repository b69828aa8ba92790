//! What HAProxy says of itself over its Runtime API.

use std::io;
use std::time::Duration;

use handover_core::{BySlot, Slot};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

use super::options::{HaproxyOptions, RuntimeApi};
use crate::source::SourceError;

/// A process that has not answered by then is stuck.
const LIMIT: Duration = Duration::from_secs(2);
/// Thousands of servers fit.
const LONGEST: u64 = 16 << 20;
const COMMANDS: &[u8] = b"show info;show stat\n";
/// All of the traffic.
const WHOLE: u64 = 10_000;

/// One reading of a backend's counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stat {
    /// The process that counts.
    pub(super) pid: u32,
    /// Requests that ever reached the backend.
    pub(super) total: u64,
    /// Those of them that have not ended.
    pub(super) open: u64,
    /// Effective weights; nothing where no server of the slot takes new requests.
    pub(super) weights: BySlot<u64>,
}

impl Stat {
    /// Asks for it.
    pub(super) async fn ask(options: &HaproxyOptions) -> Result<Self, SourceError> {
        let what = options.runtime.to_string();
        let answer = timeout(LIMIT, converse(&options.runtime)).await;
        let answer = answer.unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut)));
        let text =
            answer.map_err(|why| SourceError::Unreachable { what: what.clone(), source: Box::new(why) })?;
        Self::parse(&text, options).map_err(|because| SourceError::NotUnderstood { what, because })
    }

    /// Requests that have ended: each has a line in the log.
    pub(super) const fn ended(&self) -> u64 {
        self.total.saturating_sub(self.open)
    }

    /// The share of new requests that go to this slot, in basis points; none where nobody gets any.
    pub(super) fn bps(&self, slot: Slot) -> Option<u16> {
        let all = self.weights[slot].saturating_add(self.weights[slot.other()]);
        self.weights[slot].saturating_mul(WHOLE).checked_div(all).and_then(|bps| u16::try_from(bps).ok())
    }

    fn parse(text: &str, options: &HaproxyOptions) -> Result<Self, String> {
        let pid =
            text.lines().find_map(|line| line.strip_prefix("Pid: ")).and_then(|pid| pid.trim().parse().ok());
        let pid = pid.ok_or("it does not say its process")?;
        let table = Table::find(text).ok_or("it does not list its servers")?;
        let backend = table.row(&options.backend, "BACKEND");
        let backend = backend.ok_or_else(|| format!("it has no backend `{}`", options.backend))?;
        let mut weights = BySlot::default();
        for (slot, names) in options.servers.iter() {
            for name in names {
                let server = table.row(&options.backend, name);
                let server = server
                    .ok_or_else(|| format!("its backend `{}` has no server `{name}`", options.backend))?;
                weights[slot] += server.weight()?;
            }
        }
        Ok(Self { pid, total: backend.number("stot")?, open: backend.number("scur")?, weights })
    }
}

/// The comma-separated table that begins with `# pxname,svname,…`.
struct Table<'a> {
    columns: Vec<&'a str>,
    rows: Vec<Vec<&'a str>>,
}

struct Row<'t, 'a> {
    columns: &'t [&'a str],
    cells: &'t [&'a str],
}

impl<'a> Table<'a> {
    fn find(text: &'a str) -> Option<Self> {
        let mut lines = text.lines().skip_while(|line| !line.starts_with("# pxname,svname,"));
        let columns = lines.next()?.trim_start_matches("# ").split(',').collect();
        // What is read here stands before the first column that may hold free text.
        let rows = lines.take_while(|line| !line.is_empty()).map(|line| line.split(',').collect()).collect();
        Some(Self { columns, rows })
    }

    fn row(&self, proxy: &str, server: &str) -> Option<Row<'_, 'a>> {
        let cells = self.rows.iter().find(|cells| cells.starts_with(&[proxy, server]))?;
        Some(Row { columns: &self.columns, cells })
    }
}

impl<'a> Row<'_, 'a> {
    fn cell(&self, column: &str) -> Option<&'a str> {
        let at = self.columns.iter().position(|name| *name == column)?;
        self.cells.get(at).copied()
    }

    fn number(&self, column: &str) -> Result<u64, String> {
        let cell = self.cell(column).unwrap_or_default();
        cell.parse().map_err(|_| {
            format!(
                "`{column}` of `{}` is `{cell}`",
                self.cells.join("/").chars().take(60).collect::<String>()
            )
        })
    }

    /// The weight, of a server that takes new requests.
    fn weight(&self) -> Result<u64, String> {
        let status = self.cell("status").unwrap_or_default();
        let takes = ["UP", "no check"].iter().any(|good| status.starts_with(good));
        let weight = self.number("weight")?;
        Ok(if takes { weight.min(u64::from(u32::MAX)) } else { 0 })
    }
}

async fn converse(runtime: &RuntimeApi) -> io::Result<String> {
    match runtime {
        RuntimeApi::Unix(path) => exchange(UnixStream::connect(path).await?).await,
        RuntimeApi::Tcp(addr) => exchange(TcpStream::connect(addr).await?).await,
    }
}

async fn exchange(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<String> {
    stream.write_all(COMMANDS).await?;
    let mut answer = String::new();
    stream.take(LONGEST).read_to_string(&mut answer).await?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "Name: HAProxy\nPid: 4711\n\n\
        # pxname,svname,qcur,qmax,scur,smax,slim,stot,status,weight,\n\
        web,FRONTEND,,,3,9,,120,OPEN,,\n\
        app,blue,0,0,2,5,,90,no check,90,\n\
        app,green,0,0,1,5,,18,UP 1/3,10,\n\
        app,old,0,0,0,5,,0,MAINT,50,\n\
        app,BACKEND,0,0,3,9,,110,UP,100,\n\n";

    fn options() -> HaproxyOptions {
        let addr = ([127, 0, 0, 1], 1).into();
        HaproxyOptions::new(addr, RuntimeApi::Tcp(addr), "app", BySlot { blue: "blue", green: "green" })
    }

    #[test]
    fn counters_and_weights_are_the_backends() {
        let stat = Stat::parse(ANSWER, &options()).unwrap();
        assert_eq!((stat.pid, stat.total, stat.ended()), (4_711, 110, 107));
        assert_eq!((stat.bps(Slot::Green), stat.bps(Slot::Blue)), (Some(1_000), Some(9_000)));
    }

    #[test]
    fn a_server_that_takes_nothing_has_no_weight() {
        let drained = ANSWER.replace("UP 1/3", "DRAIN");
        assert_eq!(Stat::parse(&drained, &options()).unwrap().bps(Slot::Green), Some(0));
        let both = drained.replace("no check", "DOWN");
        assert_eq!(Stat::parse(&both, &options()).unwrap().bps(Slot::Green), None);
        let old = options()
            .with_servers(BySlot { blue: vec!["blue".into(), "old".into()], green: vec!["green".into()] });
        assert_eq!(Stat::parse(ANSWER, &old).unwrap().bps(Slot::Blue), Some(9_000), "one in maintenance");
    }

    #[test]
    fn an_answer_that_is_none_says_what_is_missing() {
        let wrong: Vec<_> = [
            String::new(),
            "Pid: 1\nUnknown command.\n".to_owned(),
            ANSWER.replace("app,BACKEND", "api,BACKEND"),
            ANSWER.replace("app,green", "app,lime"),
            ANSWER.replace(",110,", ",many,"),
            ANSWER.replace("weight", "wght"),
        ]
        .iter()
        .map(|text| Stat::parse(text, &options()).unwrap_err())
        .collect();
        insta::assert_snapshot!(wrong.join("\n"), @r"
        it does not say its process
        it does not list its servers
        it has no backend `app`
        its backend `app` has no server `green`
        `stot` of `app/BACKEND/0/0/3/9//many/UP/100/` is `many`
        `weight` of `app/blue/0/0/2/5//90/no check/90/` is ``
        ");
    }
}
