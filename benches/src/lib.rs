//! Unpublished member.
