//! The agent is killed and started again, as its unit would: the run goes on and releases do not notice.

use handover_core::Slot;
use handover_edge::api::AgentStatus;

use super::{Config, Service};

/// The processes of both slots.
fn processes(status: &AgentStatus) -> Vec<u32> {
    Slot::BOTH.into_iter().flat_map(|slot| &status.slots[slot].instances).filter_map(|one| one.pid).collect()
}

#[test]
fn a_deployment_whose_agent_is_killed_at_every_share_ends_promoted_and_relaunches_nothing() {
    let service = Service::new(&Config::canary("50%", "1s"));
    let mut agent = service.start(&["agent", "run"]);
    service.until("the agent answers", |_| Some(()));
    service.deploy("v1").exits(0);
    service.write_release("v2", "");
    let deploy = service.start_deploy("v2");
    let mut seen = Vec::new();
    for share in [0, 5_000, 10_000] {
        service.until_candidate_has(share);
        // Dropped, it is killed and waited for.
        drop(agent);
        agent = service.start(&["agent", "run"]);
        seen = service.until("the new agent answers", |status| Some(processes(status)));
    }
    let result = deploy.wait().exits(0).result();
    assert_eq!(result["outcome"], "promoted");
    assert_eq!(service.until_over(), "promoted");
    assert_eq!(service.stable(), ("v2".to_owned(), true));
    assert_eq!((service.starts("v1"), service.starts("v2")), (1, 1));
    assert_eq!((service.launches(Slot::Blue), service.launches(Slot::Green)), (1, 1));
    service.until("both releases are known by the processes they had", |status| {
        (seen.len() == 2 && processes(status) == seen).then_some(())
    });
    drop(agent);
}
