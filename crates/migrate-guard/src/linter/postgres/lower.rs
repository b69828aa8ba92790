use std::sync::Mutex;
use std::thread;

use super::unread;
use crate::Migration;
use crate::ddl::Statement;
use crate::frontend::Reader;

/// The statements of every migration, in the migrations' order.
pub(super) fn all(migrations: &[Migration], threads: usize) -> Vec<Vec<Statement>> {
    if threads <= 1 || migrations.len() <= 1 {
        let mut reader = Reader::default();
        return migrations.iter().map(|migration| one(migration, &mut reader)).collect();
    }
    in_parallel(migrations, threads.min(migrations.len()))
}

fn one(migration: &Migration, reader: &mut Reader) -> Vec<Statement> {
    let mut statements = reader.statements(&migration.sql);
    unread::attach(migration, &mut statements);
    statements
}

/// Each thread takes the next file that nobody has; what it makes goes to the file's own place.
fn in_parallel(migrations: &[Migration], threads: usize) -> Vec<Vec<Statement>> {
    let mut places: Vec<Vec<Statement>> = vec![Vec::new(); migrations.len()];
    let work = Mutex::new(migrations.iter().zip(&mut places));
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut reader = Reader::default();
                while let Some((migration, place)) = next(&work) {
                    *place = one(migration, &mut reader);
                }
            });
        }
    });
    places
}

fn next<T>(work: &Mutex<impl Iterator<Item = T>>) -> Option<T> {
    work.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next()
}
