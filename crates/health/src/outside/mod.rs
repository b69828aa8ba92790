//! A service asked from several places: how it stands is for so many of them to say, never for one.

mod invalid;
mod need;
mod quorum;
mod report;
mod view;
mod views;

pub use self::invalid::InvalidQuorum;
pub use self::quorum::Quorum;
pub use self::report::{ViewReport, ViewsEvent, ViewsReport};
pub use self::view::View;
pub use self::views::Views;
