//! Whether the store is heard, and how old what it said has become.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::{Intake, OnStale};
use crate::flags::event::FlagEvent;
use crate::flags::status::Standing;
use crate::store::{Delivery, Key, StoreError};

impl Intake {
    pub(super) fn heard(&mut self, as_of: Instant) {
        self.shared.fresh.known_at(as_of);
        let former = self.shared.with_status(|status| {
            let former = std::mem::replace(&mut status.standing, Standing::Live);
            status.reconnects += u64::from(matches!(former, Standing::Held | Standing::TooOld));
            status.revision = self.revision;
            status.flags = self.gates();
            if status.delivery == Some(Delivery::Fixed) {
                self.shared.fresh.always();
            }
            former
        });
        if former != Standing::Live {
            self.shared.tell(FlagEvent::Heard);
        }
        if std::mem::take(&mut self.too_old) {
            self.publish_all();
        }
    }

    /// How many flags are known.
    pub(super) fn gates(&self) -> usize {
        self.known.keys().filter(|key| matches!(key, Key::Gate(_))).count()
    }

    pub(super) fn delivery(&self, delivery: Delivery) {
        let former = self.shared.with_status(|status| status.delivery.replace(delivery));
        if former != Some(delivery) {
            self.shared.tell(FlagEvent::Delivery { delivery });
        }
    }

    pub(super) fn lost(&self, error: &StoreError) {
        let why: Arc<str> = error.in_full().into();
        let was_live = self.shared.with_status(|status| {
            status.last_error = Some(Arc::clone(&why));
            let was_live = status.standing == Standing::Live;
            if was_live {
                status.standing = Standing::Held;
            }
            was_live
        });
        if was_live {
            tracing::warn!(store = self.store(), %why, "the store of flags cannot be heard: the last values are held");
            self.shared.tell(FlagEvent::Lost { why });
        }
    }

    /// What is known is older than the limit.
    pub(in crate::flags) fn too_old(&mut self, limit: Duration) {
        let too_old = self.shared.fresh.as_of().age().is_some_and(|age| age >= limit);
        if self.too_old || !too_old {
            return;
        }
        self.too_old = true;
        tracing::error!(
            store = self.store(),
            ?limit,
            "nothing was heard of the flags for longer than the limit"
        );
        self.shared.with_status(|status| {
            if status.standing != Standing::Never {
                status.standing = Standing::TooOld;
            }
        });
        self.shared.tell(FlagEvent::TooOld);
        if self.on_stale == OnStale::Safe {
            self.publish_all();
        }
    }

    pub(in crate::flags) const fn is_too_old(&self) -> bool {
        self.too_old
    }
}
