//! Two truths of the same statements, side by side: whether recording again gives the same.

use crate::truth::{File, Stmt, Tab, blocks};

/// Prints where the two differ, and counts.
pub(crate) fn print(written: &[File], seen: &[File]) {
    let (mut same, mut all) = (0, 0);
    for (file, again) in written.iter().zip(seen) {
        for (one, other) in file.stmts.iter().zip(&again.stmts) {
            all += 1;
            let differences = differences(one, other);
            same += usize::from(differences.is_empty());
            for difference in differences {
                println!("{}:{}: {difference}", file.path, one.l0);
            }
        }
    }
    println!("{same} of {all} statements are as they were written down");
}

fn differences(one: &Stmt, other: &Stmt) -> Vec<String> {
    let (one, other) = (&dateless(one), &dateless(other));
    let mut differences = Vec::new();
    if one.error.is_some() != other.error.is_some() {
        differences.push(format!("error {:?}, now {:?}", one.error, other.error));
    }
    if one.truth != other.truth {
        differences.push(format!("class {:?}, now {:?}", one.truth, other.truth));
    }
    let (mut was, mut is) = (one.contract.clone(), other.contract.clone());
    was.sort();
    is.sort();
    if was != is {
        differences.push(format!("contract {was:?}, now {is:?}"));
    }
    for name in one.tabs.keys().chain(other.tabs.keys().filter(|name| !one.tabs.contains_key(*name))) {
        let (was, is) = (one.tabs.get(name), other.tabs.get(name));
        if said(was) != said(is) && !weak(was, is) {
            differences.push(format!("{name}: {:?}, now {:?}", said(was), said(is)));
        }
    }
    differences
}

/// Partitions are named after the day on which a migration was run: here after no day.
fn dateless(stmt: &Stmt) -> Stmt {
    let tabs = stmt.tabs.iter().map(|(name, tab)| (without_dates(name), tab.clone())).collect();
    let contract = stmt.contract.iter().map(|(kind, name)| (kind.clone(), without_dates(name))).collect();
    Stmt { tabs, contract, ..stmt.clone() }
}

fn without_dates(name: &str) -> String {
    let date = |part: &str| part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts = name.split('_').map(|part| if date(part) { "DATE" } else { part });
    parts.collect::<Vec<_>>().join("_")
}

/// The corpora leave out relations that were neither locked against writes nor worked on.
fn weak(was: Option<&Tab>, is: Option<&Tab>) -> bool {
    was.is_none() && is.is_some_and(|tab| !tab.lock.as_deref().is_some_and(blocks))
}

fn said(tab: Option<&Tab>) -> Option<(Option<&str>, &[String])> {
    tab.map(|tab| (tab.lock.as_deref(), &tab.work[..]))
}
