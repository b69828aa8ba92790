use super::ledger::{Deed, Ledger};
use super::reads;
use super::target::Target;
use crate::claim::{Cause, RelationKind, Works};
use crate::ddl::{CreateView, Read};
use crate::{Lock, ObjectName, Span};

/// `CREATE VIEW`: what it names, and the view that it replaces. A materialized one is filled where queries are.
pub(super) fn create_view(ledger: &mut Ledger<'_>, create: &CreateView, span: Span) {
    let itself = |read: &&Read| read.name == create.name;
    let reads: Vec<_> = create.query.reads.iter().filter(|read| !itself(read)).cloned().collect();
    reads::named(ledger, &reads);
    let Some(view) = ledger.find(&create.name).filter(|_| create.or_replace) else { return };
    if view.kind() == RelationKind::View {
        ledger.on(&view, Deed::new(Lock::AccessExclusive, Cause::Other("CREATE OR REPLACE VIEW"), span));
    }
}

/// `REFRESH MATERIALIZED VIEW`: the view is written anew; concurrently, it is compared with a new copy.
pub(super) fn refresh(
    ledger: &mut Ledger<'_>,
    name: &ObjectName,
    concurrently: bool,
    with_data: bool,
    span: Span,
) {
    let Some(view) = ledger.find(name) else { return };
    let cause = Cause::RefreshView(concurrently);
    let anew = (Lock::AccessExclusive, view.refill());
    let (lock, work) = if concurrently { (Lock::Exclusive, Works::SCAN) } else { anew };
    let unknown = view.id().is_none();
    let work = if unknown { Works::REWRITE } else { work };
    ledger.on(&view, Deed::new(lock, cause, span).with(work).assumed_if(unknown));
    if with_data {
        ledger.read_by(&view, span);
    }
}

impl<'w> Ledger<'w> {
    /// What a view reads, down to the tables.
    fn read_by(&mut self, view: &Target<'w>, span: Span) {
        for read in self.sources(view) {
            let work = read.own(Works::SCAN);
            self.on(&read, Deed::new(Lock::AccessShare, Cause::Read, span).with(work));
        }
    }

    /// What is read where a view is: what it reads, and what views among that read.
    pub(super) fn sources(&self, view: &Target<'w>) -> Vec<Target<'w>> {
        let mut sources: Vec<Target<'w>> = Vec::new();
        let mut open = vec![view.clone()];
        while let Some(view) = open.pop() {
            for read in self.reads_of(&view) {
                if !sources.contains(&read) {
                    open.extend(Some(read.clone()).filter(|read| read.kind() == RelationKind::View));
                    sources.push(read);
                }
            }
        }
        sources
    }

    fn reads_of(&self, view: &Target<'w>) -> Vec<Target<'w>> {
        let reads = view.relation().map_or(&[][..], |relation| &relation.reads);
        let tables = reads.iter().filter_map(|id| self.at(*id));
        tables.flat_map(|table| self.tree(&table)).collect()
    }
}
