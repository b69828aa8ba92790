//! An agent's state that cannot be trusted is refused, with a way out.

use std::fs;

use super::processes::kill;
use super::typed::Ran;
use super::{Config, Service};

/// A service that runs, but for its agent, which was killed.
fn without_agent() -> Service {
    let service = Service::serving(&Config::blue_green("0s"));
    kill(service.status().unwrap().pid);
    service
}

/// What `agent run` says about a state that `spoil` made of a good one; then recovers from it.
#[track_caller]
fn refused_and_recovered(spoil: impl Fn(&str) -> String) -> String {
    let service = without_agent();
    let file = service.state("agent.json");
    let spoiled = spoil(&fs::read_to_string(&file).unwrap());
    fs::write(&file, &spoiled).unwrap();
    let ran: Ran = service.run(&["agent", "run"]).exits(3);
    assert_eq!(fs::read_to_string(&file).unwrap(), spoiled, "a refused state was written to");
    // A deployment that would have to start the agent is refused in the same way.
    service.write_release("v2", "");
    let deployed = service.run(&["deploy", "--release", "v2", "--artifact", "v2"]).exits(3);
    assert!(deployed.err.contains("agent.json"), "{}", deployed.err);
    let _agent = service.start(&["agent", "run", "--recover"]);
    // The copy may be from before the last run's end was noted; its driver then says so again.
    service.until("the recovered agent looks after no run", |status| status.run.is_none().then_some(()));
    service.deploy("v2").exits(0);
    assert_eq!(service.starts("v1"), 1);
    service.plain(&ran.err)
}

#[test]
fn a_truncated_state_is_refused_and_the_copy_before_it_is_a_way_out() {
    let err = refused_and_recovered(|text| text[..text.len() / 2].to_owned());
    insta::assert_snapshot!(err, @r"
    error: could not run the agent
      because: the state file DIR/s/agent.json is cut short or was overwritten

    hint: `handover agent run --recover` goes back to the copy before it, agent.json.prev
    ");
}

#[test]
fn an_empty_state_is_refused_and_the_copy_before_it_is_a_way_out() {
    let err = refused_and_recovered(|_| String::new());
    insta::assert_snapshot!(err, @r"
    error: could not run the agent
      because: the state file DIR/s/agent.json is empty

    hint: `handover agent run --recover` goes back to the copy before it, agent.json.prev
    ");
}

#[test]
fn an_edited_state_is_refused_and_the_copy_before_it_is_a_way_out() {
    let err = refused_and_recovered(|text| text.replacen("\"v1\"", "\"v0\"", 1));
    insta::assert_snapshot!(err, @r"
    error: could not run the agent
      because: the state file DIR/s/agent.json does not match its checksum: it was edited or the disk lost a part of it

    hint: `handover agent run --recover` goes back to the copy before it, agent.json.prev
    ");
}
