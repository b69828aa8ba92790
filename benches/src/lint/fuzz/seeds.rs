use handover_testing::truth::split;

use super::mutate::mutated;
use crate::Failed;
use crate::corpus::{migrations, regress};
use crate::history;

/// Longer statements are cut to this: an input is to be quick.
const LONGEST: usize = 1_500;

/// How many files of a made-up history are among them; without the corpora they are all there is.
const OURS: usize = 40;

/// Statements of real migrations and of PostgreSQL's tests.
#[derive(Debug)]
pub(super) struct Seeds(Vec<String>);

impl Seeds {
    pub(super) fn read() -> Result<Self, Failed> {
        let mut statements = Vec::new();
        let ours =
            history::set().migrations.into_iter().take(OURS).map(|migration| migration.sql.to_string());
        let others = migrations()?.into_iter().chain(regress()?).map(|text| text.sql);
        for sql in ours.chain(others) {
            statements.extend(split(&sql).into_iter().map(|range| cut(&sql[range]).to_owned()));
        }
        statements.sort();
        statements.dedup();
        Ok(Self(statements))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The input of that number, always the same.
    pub(super) fn input(&self, number: u64) -> String {
        let mut random = fastrand::Rng::with_seed(number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let pick =
            |random: &mut fastrand::Rng| self.0.get(random.usize(..self.0.len())).map_or("", String::as_str);
        let count = 1 + usize::from(random.u8(..4) == 0) + usize::from(random.u8(..8) == 0);
        let picked: Vec<_> = (0..count).map(|_| pick(&mut random)).collect();
        let other = pick(&mut random);
        mutated(&picked.join(";\n"), other, &mut random)
    }
}

fn cut(sql: &str) -> &str {
    &sql[..sql.floor_char_boundary(LONGEST)]
}
