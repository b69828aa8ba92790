use std::sync::Mutex;
use std::thread;

use super::unread;
use crate::Migration;
use crate::ddl::Statement;
use crate::frontend::Reader;

/// How many files each thread lowers before they are judged.
const FILES_A_THREAD: usize = 32;

/// The statements of one migration after the other. Those of few are there at a time: memory is used again while it is
/// warm.
pub(super) fn each(migrations: &[Migration], threads: usize) -> impl Iterator<Item = Vec<Statement>> {
    let (threads, reader) = (threads.max(1), Reader::default());
    migrations.chunks(threads * FILES_A_THREAD).flat_map(move |files| {
        if threads == 1 || files.len() == 1 {
            files.iter().map(|file| one(file, &reader)).collect()
        } else {
            in_parallel(files, threads.min(files.len()))
        }
    })
}

fn one(migration: &Migration, reader: &Reader) -> Vec<Statement> {
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
                let reader = Reader::default();
                while let Some((migration, place)) = next(&work) {
                    *place = one(migration, &reader);
                }
            });
        }
    });
    places
}

fn next<T>(work: &Mutex<impl Iterator<Item = T>>) -> Option<T> {
    work.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next()
}
