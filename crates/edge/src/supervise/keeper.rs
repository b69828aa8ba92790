//! One instance, kept running: launched, asked again and again, launched once more when it ends, stopped on order.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{sleep, timeout};

use super::backoff::Backoff;
use super::owner::{self, Owner};
use super::port::free_port;
use super::probe::{Answer, Prober};
use super::seat::{Seat, address};
use super::tenancy::Tenancy;
use crate::api::InstanceState;
use crate::shim::{Exit, Found, NotStarted, Running, ShimConfig, ShimFolder, Work};

/// What a keeper is told.
#[derive(Debug, Clone)]
pub(super) enum Order {
    /// End the instance and yourself.
    Stop,
    /// End the instance and launch another in its place.
    Replace,
}

/// Why an instance is not attended any more.
#[derive(Debug)]
enum Left {
    /// It ended by itself, or never began; in words.
    Gone(Option<Exit>, String),
    /// It was stopped on order.
    Ordered(Order),
}

/// Keeps one instance of a tenancy.
#[derive(Debug)]
pub(super) struct Keeper {
    tenancy: Arc<Tenancy>,
    index: u16,
    orders: UnboundedReceiver<Order>,
    folder: ShimFolder,
    backoff: Backoff,
}

impl Keeper {
    pub(super) fn new(tenancy: Arc<Tenancy>, index: u16, orders: UnboundedReceiver<Order>) -> Self {
        let folder = tenancy.shim_folder(index);
        Self { tenancy, index, orders, folder, backoff: Backoff::new() }
    }

    /// Keeps it until it is told to stop, or the launch has failed.
    pub(super) async fn keep(mut self) {
        let mut running = self.find_or_launch().await;
        loop {
            let left = match running {
                Ok(running) => self.attend(&running).await,
                Err(left) => left,
            };
            let order = match left {
                Left::Ordered(order) => order,
                Left::Gone(exit, why) => self.after_exit(exit, why).await,
            };
            match order {
                Order::Stop => break,
                Order::Replace => running = self.launch().await,
            }
        }
        self.set(|seat| seat.closed = true);
    }

    /// An instance that an earlier agent launched is kept; only one that has ended is launched again.
    async fn find_or_launch(&mut self) -> Result<Running, Left> {
        match self.folder.find() {
            Found::Nothing => self.launch().await,
            Found::Running(running) => Ok(running),
            Found::Begun(config) => self.folder.start_again(config).await.map_err(gone),
            Found::Ended(_, exit) => Err(Left::Gone(Some(exit), describe(exit))),
        }
    }

    async fn launch(&mut self) -> Result<Running, Left> {
        self.backoff.launched();
        let config = self.next_config().map_err(|e| Left::Gone(None, format!("no port is free: {e}")))?;
        let port = config.port.unwrap_or(0);
        self.set(|seat| {
            seat.view.restarts = config.attempt.saturating_sub(1);
            seat.view.port = port;
            seat.view.state = InstanceState::Starting;
        });
        self.folder.start(config).await.map_err(gone)
    }

    fn next_config(&self) -> std::io::Result<ShimConfig> {
        let spec = &self.tenancy.spec;
        let port = free_port(&self.tenancy.ports())?;
        let env =
            [("PORT", port.to_string()), ("HOST", "127.0.0.1".into()), ("RELEASE", spec.id.to_string())];
        let before = match self.folder.find() {
            Found::Nothing => 0,
            Found::Begun(config) | Found::Ended(config, _) => config.attempt,
            Found::Running(running) => running.config().attempt,
        };
        Ok(ShimConfig {
            attempt: before + 1,
            work: Work::Shell(spec.command.clone()),
            cwd: Some(self.tenancy.working_folder.clone()),
            env_file: spec.env_file.clone(),
            env: env.map(|(name, value)| (name.to_owned(), value)).into(),
            port: Some(port),
            grace: spec.grace,
            log: super::LOG.to_owned(),
            log_cap: spec.log_cap,
        })
    }

    /// Watches a running instance until it ends or an order comes.
    async fn attend(&mut self, running: &Running) -> Left {
        let config = running.config();
        let port = config.port.unwrap_or(0);
        self.set(|seat| {
            seat.view.pid = running.child();
            seat.view.port = port;
            seat.view.restarts = config.attempt.saturating_sub(1);
            seat.view.state = InstanceState::Starting;
            seat.session = Some(running.session());
        });
        let seat = SeatKeeper { tenancy: Arc::clone(&self.tenancy), index: self.index };
        tokio::select! {
            exit = seat.watch_end(running) => Left::Gone(Some(exit), describe(exit)),
            order = self.orders.recv() => {
                seat.end(running).await;
                Left::Ordered(order.unwrap_or(Order::Stop))
            }
            never = seat.ask_for_ever(running, port) => match never {},
        }
    }

    /// What follows an exit: giving up on a release that never worked, or another launch after a pause.
    async fn after_exit(&mut self, exit: Option<Exit>, why: String) -> Order {
        let pause = self.backoff.pause();
        let given_up = !self.tenancy.was_ready();
        let again_in_ms = (!given_up).then(|| u64::try_from(pause.as_millis()).unwrap_or(u64::MAX));
        let (code, signal) = exit.map_or((None, None), |exit| (exit.code, exit.signal));
        self.set(|seat| {
            seat.view.state = InstanceState::Exited { code, signal, again_in_ms };
            seat.view.pid = None;
            seat.view.trouble = Some(why.clone());
            seat.session = None;
        });
        if given_up {
            let cause = self.explain(why).await;
            self.tenancy.fail(self.index, cause);
        }
        match timeout(pause, self.orders.recv()).await {
            Ok(order) => order.unwrap_or(Order::Stop),
            Err(_) => Order::Replace,
        }
    }

    /// A release that found its port taken says so in its own words; who took it, it does not know.
    async fn explain(&self, why: String) -> String {
        let port = ShimConfig::read(self.folder.dir()).ok().and_then(|config| config.port).unwrap_or(0);
        match owner_of(port, u32::MAX).await {
            Owner::Other(who) => format!("{why}; {who} listens on its port {port}"),
            Owner::Release | Owner::Nobody | Owner::Unknown => why,
        }
    }

    fn set(&self, change: impl FnOnce(&mut Seat)) {
        self.tenancy.change(self.index, change);
    }
}

/// The part of a keeper that needs no orders, so that it can run beside waiting for one.
struct SeatKeeper {
    tenancy: Arc<Tenancy>,
    index: u16,
}

/// Nothing: what never returns has no value.
enum Never {}

impl SeatKeeper {
    /// Takes a dead instance out of the targets at once, then waits for the record of its end.
    async fn watch_end(&self, running: &Running) -> Exit {
        tokio::select! {
            () = running.child_gone() => {}
            // The shim went first: nobody looks after the child any more, and it has just been ended.
            exit = running.ended() => return exit,
        }
        self.set(|seat| {
            seat.view.state = InstanceState::Unready;
            seat.view.trouble = Some("its process has ended".to_owned());
        });
        running.ended().await
    }

    /// Out of the targets first, then its last requests, then its processes.
    async fn end(&self, running: &Running) {
        self.set(|seat| seat.view.state = InstanceState::Stopping);
        let addr = address(running.config().port.unwrap_or(0));
        self.tenancy.around.proxy.drain_instance(self.tenancy.slot, addr, self.tenancy.spec.grace).await;
        let exit = running.stop().await;
        self.set(|seat| {
            seat.view.state =
                InstanceState::Exited { code: exit.code, signal: exit.signal, again_in_ms: None };
            seat.view.pid = None;
            seat.session = None;
        });
    }

    async fn ask_for_ever(&self, running: &Running, port: u16) -> Never {
        let health = &self.tenancy.spec.health;
        let mut prober = Prober::new(address(port), health);
        loop {
            let answer = prober.ask().await;
            let answer = match answer {
                Answer::Ready if !self.is_ready() => self.check_owner(running, port).await,
                answer => answer,
            };
            self.take(answer);
            // A launch is waited for by people: until it is ready it is asked more often.
            let pause = if self.is_ready() { health.interval } else { health.interval.min(EAGER) };
            sleep(pause).await;
        }
    }

    fn take(&self, answer: Answer) {
        self.set(|seat| match answer {
            Answer::Ready => {
                seat.view.state = InstanceState::Ready;
                seat.view.trouble = None;
            }
            Answer::NotYet => {}
            Answer::Unready(why) => {
                if seat.is_ready() {
                    seat.view.state = InstanceState::Unready;
                }
                seat.view.trouble = Some(why);
            }
            Answer::Trouble(why) => seat.view.trouble = Some(why),
        });
    }

    /// A good answer counts only if it is the release that gave it.
    async fn check_owner(&self, running: &Running, port: u16) -> Answer {
        let Owner::Other(who) = owner_of(port, running.session()).await else { return Answer::Ready };
        let cause = format!("wrong process: {who} listens on port {port}, not the release");
        self.tenancy.fail(self.index, cause.clone());
        Answer::Unready(cause)
    }

    fn is_ready(&self) -> bool {
        self.tenancy.is_ready(self.index)
    }

    fn set(&self, change: impl FnOnce(&mut Seat)) {
        self.tenancy.change(self.index, change);
    }
}

/// Between probes of an instance that is not ready.
const EAGER: Duration = Duration::from_millis(100);

async fn owner_of(port: u16, session: u32) -> Owner {
    tokio::task::spawn_blocking(move || owner::of_port(port, session)).await.unwrap_or(Owner::Unknown)
}

fn gone(NotStarted(why): NotStarted) -> Left {
    Left::Gone(None, why)
}

fn describe(exit: Exit) -> String {
    match exit {
        Exit { code: Some(code), .. } => format!("it exited with code {code}"),
        Exit { signal: Some(signal), .. } => format!("it was ended by signal {signal}"),
        Exit { code: None, signal: None } => "it ended, and its end is not on record".to_owned(),
    }
}
