use std::fmt::Write;

use sha2::{Digest, Sha256, Sha384};

/// How a runner records the content of a migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) enum Checksum {
    /// Not at all.
    None,
    /// Prisma: SHA-256 in hexadecimal, of the script with any line ends; old versions left zeros out
    /// (`schema-connector/src/checksum.rs` in prisma/prisma-engines).
    Sha256,
    /// sqlx: SHA-384 of the file (`sqlx-core/src/migrate/migration.rs`).
    Sha384,
    /// Flyway: CRC-32 of the lines without their ends, as a signed number (`ChecksumCalculator` in flyway-core); of a
    /// repeatable migration also of what is left once its placeholders are filled in.
    Crc32,
}

impl Checksum {
    /// What is recorded of a file.
    pub(in crate::source) fn of(self, raw: &str) -> Option<String> {
        match self {
            Self::None => None,
            Self::Sha256 => Some(hex(&Sha256::digest(raw), true)),
            Self::Sha384 => Some(hex(&Sha384::digest(raw), true)),
            Self::Crc32 => Some(flyway(raw)),
        }
    }

    /// Whether what was recorded is of this file, whose text is `text` once it is filled in.
    pub(in crate::source) fn is(self, recorded: &str, raw: &str, text: &str) -> bool {
        match self {
            Self::None => true,
            Self::Sha256 => prisma(recorded, raw),
            Self::Sha384 => self.of(raw).is_some_and(|now| now.eq_ignore_ascii_case(recorded)),
            Self::Crc32 => flyway(raw) == recorded || flyway(text) == recorded,
        }
    }
}

fn prisma(recorded: &str, raw: &str) -> bool {
    let padded = recorded.len() == 64;
    let is = |script: &str| hex(&Sha256::digest(script), padded) == recorded;
    is(raw) || is(&raw.replace("\r\n", "\n")) || is(&raw.replace('\n', "\r\n"))
}

fn hex(bytes: &[u8], padded: bool) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let written = if padded { write!(text, "{byte:02x}") } else { write!(text, "{byte:x}") };
        debug_assert!(written.is_ok(), "a string takes everything");
        text
    })
}

fn flyway(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = text.split(['\n', '\r']).map(str::as_bytes);
    let crc = lines.fold(u32::MAX, |crc, line| line.iter().fold(crc, |crc, byte| step(crc, *byte)));
    (!crc).cast_signed().to_string()
}

/// One byte more of CRC-32 (ISO-HDLC), as `java.util.zip.CRC32` has it.
fn step(crc: u32, byte: u8) -> u32 {
    (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
}

#[cfg(test)]
mod tests {
    use super::Checksum;

    #[test]
    fn checksums_are_those_of_the_runners() {
        // From the tests of prisma-engines; `printf hello | sha384sum`; `zlib.crc32(b"ab")`.
        assert_eq!(
            Checksum::Sha256.of("hello").unwrap(),
            "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
        );
        assert_eq!(
            Checksum::Sha384.of("hello").unwrap(),
            "59e1748777448c69de6b800d7a33bbfb9ff1b463e44354c3553bcdb9c666fa90125a3c79f90397bdf5f6a13de828684f"
        );
        assert_eq!(Checksum::Crc32.of("\u{feff}a\r\nb\n").unwrap(), "-1635563411");
    }

    #[test]
    fn prisma_forgives_line_ends_and_old_zeros() {
        let recorded = Checksum::Sha256.of("a;\nb;\n").unwrap();
        assert!(Checksum::Sha256.is(&recorded, "a;\r\nb;\r\n", ""));
        assert!(!Checksum::Sha256.is(&recorded, "a;\nb;", ""));
        let old: String = super::hex(&<sha2::Sha256 as sha2::Digest>::digest("hello"), false);
        assert!(Checksum::Sha256.is(&old, "hello", "") && old.len() < 64);
    }
}
