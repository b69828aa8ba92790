//! What a linter promises, as checks to run on one of your own.
