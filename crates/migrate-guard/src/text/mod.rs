//! From a file to SQL: what no parser takes is blanked out, byte for byte, so that every span stays what it is.
