use crate::Wrapping;
use crate::ddl::{Ddl, Statement, Transaction};

/// Follows which transaction of a file each statement runs in.
#[derive(Debug)]
pub(super) struct Transactions {
    /// Whether another transaction begins by itself where one ends.
    implicit: bool,
    open: Option<usize>,
    begun: usize,
}

impl Transactions {
    /// At the beginning of a file with so many statements.
    pub(super) fn new(wrapping: Wrapping, statements: usize) -> Self {
        let implicit = wrapping == Wrapping::SimpleQuery && statements > 1;
        let wrapped = implicit || wrapping == Wrapping::Transaction;
        Self { implicit, open: wrapped.then_some(0), begun: usize::from(wrapped) }
    }

    /// The transaction that `statement` runs in, and what it leaves for the next.
    pub(super) fn of(&mut self, statement: &Statement) -> Option<usize> {
        let Ddl::Transaction(word) = &statement.ddl else { return self.open };
        match word {
            Transaction::Begin => self.begin(),
            Transaction::Commit | Transaction::Rollback => self.end(),
            _ => self.open,
        }
    }

    /// Within an open transaction `BEGIN` is a warning and nothing more.
    fn begin(&mut self) -> Option<usize> {
        if self.open.is_none() {
            self.open = Some(self.next());
        }
        self.open
    }

    /// A wrapper's own transaction is over too, and nothing opens another; within one message the server does.
    fn end(&mut self) -> Option<usize> {
        let ended = self.open.take();
        if self.implicit {
            self.open = Some(self.next());
        }
        ended
    }

    fn next(&mut self) -> usize {
        self.begun += 1;
        self.begun - 1
    }
}

#[cfg(test)]
mod tests {
    use super::Transactions;
    use crate::ddl::{Ddl, Statement, Transaction};
    use crate::{Span, Wrapping};

    #[track_caller]
    fn each(wrapping: Wrapping, words: &str) -> Vec<Option<usize>> {
        let words: Vec<_> = words.split(' ').collect();
        let mut transactions = Transactions::new(wrapping, words.len());
        words.iter().map(|word| transactions.of(&statement(word))).collect()
    }

    fn statement(word: &str) -> Statement {
        let ddl = match word {
            "begin" => Ddl::Transaction(Transaction::Begin),
            "commit" => Ddl::Transaction(Transaction::Commit),
            _ => Ddl::Other(word.to_owned()),
        };
        Statement { span: Span::default(), ddl, opaque: Vec::new() }
    }

    #[test]
    fn a_wrapped_file_is_one_transaction_until_it_commits_by_itself() {
        assert_eq!(
            each(Wrapping::Transaction, "x begin x commit x"),
            [Some(0), Some(0), Some(0), Some(0), None]
        );
    }

    #[test]
    fn a_message_of_several_statements_goes_on_in_another_transaction() {
        assert_eq!(each(Wrapping::SimpleQuery, "x commit x"), [Some(0), Some(0), Some(1)]);
        assert_eq!(each(Wrapping::SimpleQuery, "x"), [None]);
    }

    #[test]
    fn a_file_that_is_not_wrapped_opens_its_own() {
        assert_eq!(
            each(Wrapping::None, "x begin x commit begin x"),
            [None, Some(0), Some(0), Some(0), Some(1), Some(1)]
        );
    }
}
