//! Seeded schedules of faults against a real Redis, and a judge who holds all that is read to what was written.
//!
//! A [`Rig`] is a Redis, a proxy that breaks connections as told, the flags of one process behind it, readers in threads
//! of their own, and a writer who goes straight to the server. A schedule is drawn from its seed: writes among a few
//! mishaps, each of which is healed again. These must hold, whatever happens:
//!
//! 1. Each value that is read was so at some moment between the one that its age names and now, and no reader goes
//!    back: values follow one another as they were written.
//! 2. After all has healed and every flag was set once more, what is read is what Redis has.
//! 3. A connection that is open and silent is told as such.
//! 4. No read waits, and none panics.
//! 5. After everything was lost at once, that is said, and no flag falls to its safe value in silence.
//!
//! The judge knows nothing of how stores and flags work: it has the writer's notes and what was read.

mod act;
mod bend;
pub(crate) mod book;
mod figures;
mod heal;
pub(crate) mod judge;
mod log;
mod mishap;
mod process;
mod readers;
mod rig;
pub(crate) mod schedule;
mod writer;

pub(crate) use self::bend::Bend;
pub(crate) use self::figures::Figures;
pub(crate) use self::rig::{Rig, Settings};
pub(crate) use self::schedule::run;
