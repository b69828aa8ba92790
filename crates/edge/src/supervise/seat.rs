use crate::api::{InstanceState, InstanceView};
use std::net::{Ipv4Addr, SocketAddr};

/// An instance's place in its slot: what is shown of it, and what follows from that for the traffic.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) view: InstanceView,
    /// How many launches reached the state "ready" here, so that a restart can wait for the next.
    pub(super) times_ready: u32,
    /// The session of its processes, while they live.
    pub(super) session: Option<u32>,
    /// Its keeper has ended: nothing changes here any more.
    pub(super) closed: bool,
}

impl Seat {
    pub(super) fn new(index: u16) -> Self {
        let view = InstanceView {
            index,
            port: 0,
            pid: None,
            state: InstanceState::Starting,
            restarts: 0,
            trouble: None,
        };
        Self { view, times_ready: 0, session: None, closed: false }
    }

    pub(super) fn is_ready(&self) -> bool {
        self.view.state == InstanceState::Ready
    }

    /// Where it listens, if it is to get requests.
    pub(super) fn target(&self) -> Option<SocketAddr> {
        self.is_ready().then(|| address(self.view.port))
    }
}

/// Instances listen on this machine only; the edge is the way in.
pub(super) fn address(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}
