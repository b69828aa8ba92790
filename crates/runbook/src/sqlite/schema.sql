-- Format 1. A journal is written once and never rewritten, so nothing here is ever migrated in place.
PRAGMA application_id = 1213355342;
CREATE TABLE format (version INTEGER NOT NULL) STRICT;
INSERT INTO format (version) VALUES (1);
CREATE TABLE records (
    run TEXT NOT NULL,
    seq INTEGER NOT NULL,
    format INTEGER NOT NULL,
    at INTEGER NOT NULL,
    fence INTEGER NOT NULL,
    body TEXT NOT NULL,
    prev TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (run, seq)
) STRICT;
CREATE TABLE orders (
    run TEXT NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    given_by TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run, number)
) STRICT;
-- One row, always there, so that the fence goes on growing and every change is one UPDATE.
CREATE TABLE lease (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    fence INTEGER NOT NULL,
    held INTEGER NOT NULL,
    holder TEXT NOT NULL,
    pid INTEGER NOT NULL,
    birth TEXT NOT NULL,
    place TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL
) STRICT;
INSERT INTO lease VALUES (1, 0, 0, '', 0, '', '', 0, 0);
