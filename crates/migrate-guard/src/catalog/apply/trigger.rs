//! Triggers, policies and rules.

use super::{At, Attempt, Refused};
use crate::ObjectName;
use crate::catalog::edit::Field;
use crate::catalog::{Catalog, RelationId, Trigger};
use crate::claim::RelationKind;
use crate::ddl::{CreateTrigger, Firing};

impl Catalog {
    pub(super) fn create_trigger(&mut self, create: &CreateTrigger, at: At<'_>) -> Attempt {
        let table = self.target(&create.table, RelationKind::Table, at)?;
        let trigger = Trigger {
            name: create.name.clone(),
            function: self.known_function(&create.function, at),
            events: create.events.clone(),
            each_row: create.each_row,
            timing: create.timing,
            enabled: true,
            inherited: false,
            columns: create.columns.clone(),
        };
        let found = self.at(table).triggers.iter().position(|own| own.name == create.name);
        if let Some(own) = found {
            let inherited = self.at(table).triggers.get(own).is_some_and(|own| own.inherited);
            if !create.or_replace || inherited {
                return Err(Refused("trigger for relation already exists"));
            }
            self.remove_trigger(table, &create.name);
        }
        self.put_trigger(table, &trigger)
    }

    fn put_trigger(&mut self, table: RelationId, trigger: &Trigger) -> Attempt {
        self.push(table, |r| &mut r.triggers, trigger.clone());
        if !trigger.each_row || !self.at(table).is_partitioned() {
            return Ok(());
        }
        let partitions = self.at(table).children.clone();
        partitions.into_iter().try_for_each(|partition| self.pass_trigger_on(partition, trigger))
    }

    /// Has a trigger of the partitioned table be on a partition too.
    pub(super) fn pass_trigger_on(&mut self, partition: RelationId, trigger: &Trigger) -> Attempt {
        if self.at(partition).triggers.iter().any(|own| own.name == trigger.name) {
            return Err(Refused("trigger for relation already exists"));
        }
        self.put_trigger(partition, &Trigger { inherited: true, ..trigger.clone() })
    }

    /// Drops a trigger; whether there was one.
    pub(super) fn drop_trigger(&mut self, table: RelationId, name: &str) -> Attempt<bool> {
        let Some(own) = self.at(table).triggers.iter().find(|own| own.name == name) else { return Ok(false) };
        if own.inherited {
            return Err(Refused("trigger of the partitioned table requires it"));
        }
        self.remove_trigger(table, name);
        Ok(true)
    }

    /// Triggers of a table that is detached stay with the partitioned one.
    pub(super) fn drop_inherited_triggers(&mut self, table: RelationId) {
        let inherited = self.at(table).triggers.iter().filter(|own| own.inherited);
        let names: Vec<_> = inherited.map(|own| own.name.clone()).collect();
        for name in &names {
            self.remove_trigger(table, name);
        }
    }

    /// `ENABLE TRIGGER`, `DISABLE TRIGGER`.
    pub(super) fn fire(
        &mut self,
        table: RelationId,
        name: Option<&str>,
        firing: Firing,
        recurse: bool,
    ) -> Attempt {
        let relation = self.at(table);
        if name.is_some_and(|name| relation.complete && !relation.triggers.iter().any(|own| own.name == name))
        {
            return Err(Refused("trigger for table does not exist"));
        }
        let partitions = if recurse { self.partitions_below(table) } else { Vec::new() };
        for id in std::iter::once(table).chain(partitions) {
            for at in 0..self.at(id).triggers.len() {
                self.change(
                    id,
                    |r| &mut r.triggers,
                    at,
                    |own| {
                        let meant =
                            name.is_none_or(|name| name == own.name) && (id == table || own.inherited);
                        own.enabled = if meant { firing != Firing::Off } else { own.enabled };
                    },
                );
            }
        }
        Ok(())
    }

    fn partitions_below(&self, table: RelationId) -> Vec<RelationId> {
        if self.at(table).is_partitioned() { self.descendants(table) } else { Vec::new() }
    }

    pub(super) fn policy(&mut self, name: &str, table: &ObjectName, create: bool, at: At<'_>) -> Attempt {
        let table = self.target(table, RelationKind::Table, at)?;
        let there = self.at(table).policies.iter().any(|own| own == name);
        match (create, there) {
            (true, true) => Err(Refused("policy for table already exists")),
            (false, false) if self.at(table).complete => Err(Refused("policy for table does not exist")),
            (_, true) => Ok(()),
            _ => {
                self.push(table, |r| &mut r.policies, name.to_owned());
                Ok(())
            }
        }
    }

    pub(super) fn create_rule(
        &mut self,
        name: &str,
        table: &ObjectName,
        or_replace: bool,
        at: At<'_>,
    ) -> Attempt {
        let table = self.target(table, RelationKind::Table, at)?;
        if !self.at(table).rules.iter().any(|own| own == name) {
            self.push(table, |r| &mut r.rules, name.to_owned());
            return Ok(());
        }
        if or_replace { Ok(()) } else { Err(Refused("rule for relation already exists")) }
    }

    /// Takes a name out of a list of a table's; whether it was there.
    pub(super) fn take_name_of(&mut self, table: RelationId, list: Field<Vec<String>>, name: &str) -> bool {
        let Some(relation) = self.relations.get_mut(table.0 as usize).and_then(Option::as_mut) else {
            return false;
        };
        let at = list(relation).iter().position(|own| own == name);
        at.and_then(|at| self.take(table, list, at)).is_some()
    }
}
