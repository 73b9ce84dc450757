// The tables of the ledger: one forward-only list of migrations, each a text that is never edited once it was released.
import type { Database } from './database.ts'
import { addUpAll } from './figures.ts'
import { V3 } from './schema-audit.ts'
import { V2 } from './schema-figures.ts'

import { V4 } from './schema-people.ts'

/** `RSEL`: tells our file from any other SQLite database. */
export const APPLICATION_ID = 0x5253454c

export interface Migration {
  readonly version: number
  readonly sql: string
  /** What SQL cannot say, in the same transaction: fills new tables from the records that are there. */
  readonly fill?: (db: Database) => void
}

const V1 = `
CREATE TABLE epochs (
  number INTEGER PRIMARY KEY,
  epoch TEXT NOT NULL UNIQUE,
  station TEXT NOT NULL,
  at INTEGER NOT NULL,
  why TEXT NOT NULL
) STRICT;

-- The latest committed state of each bay. With a rowid: the other kind moves texts over 1 KB to pages of their own. uid tells a commit that is tried again from a new one.
CREATE TABLE bays (
  bay TEXT PRIMARY KEY,
  input INTEGER NOT NULL,
  uid TEXT NOT NULL,
  at INTEGER NOT NULL,
  phase TEXT NOT NULL,
  run TEXT,
  serial TEXT,
  state TEXT NOT NULL
) STRICT;

CREATE TABLE boots (
  bay TEXT PRIMARY KEY,
  count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The journal: every input with the edges that were issued for it. The only table that retention empties.
CREATE TABLE inputs (
  seq INTEGER PRIMARY KEY,
  bay TEXT NOT NULL,
  input INTEGER NOT NULL,
  at INTEGER NOT NULL,
  uid TEXT NOT NULL,
  phase TEXT NOT NULL,
  run TEXT,
  fact TEXT NOT NULL,
  effects TEXT
) STRICT;

CREATE TABLE chain (
  seq INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('record', 'annotation', 'audit', 'erasure')),
  digest TEXT NOT NULL,
  prev TEXT NOT NULL
) STRICT;

-- What is searched stands apart from the bodies, so that a scan over a million runs reads 100 MB and not 4 GB.
CREATE TABLE records (
  seq INTEGER PRIMARY KEY REFERENCES chain (seq),
  run TEXT NOT NULL UNIQUE,
  serial TEXT,
  bay TEXT NOT NULL,
  verdict TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  provision_ms INTEGER
) STRICT;
CREATE INDEX records_serial ON records (serial, seq);
CREATE INDEX records_ended ON records (ended_at, seq);
CREATE INDEX records_verdict_ended ON records (verdict, ended_at);
CREATE INDEX records_bay ON records (bay, seq);

-- RFC 8785 text: the very bytes that the digest covers.
CREATE TABLE bodies (
  seq INTEGER PRIMARY KEY REFERENCES records (seq),
  body TEXT NOT NULL
) STRICT;

CREATE TABLE notes (
  seq INTEGER PRIMARY KEY REFERENCES chain (seq),
  serial TEXT,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX notes_serial ON notes (serial, seq);

-- A row of a record carries no body: it is rendered from the record, which never changes.
CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY,
  epoch INTEGER NOT NULL REFERENCES epochs (number),
  at INTEGER NOT NULL,
  topic TEXT NOT NULL,
  state INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2)), -- 0 waits, 1 sent, 2 parked
  record INTEGER REFERENCES records (seq),
  body TEXT,
  why TEXT
) STRICT;
CREATE INDEX outbox_waits ON outbox (seq) WHERE state = 0;
CREATE INDEX outbox_parked ON outbox (seq) WHERE state = 2;

-- Counted along with every record: a count over a million rows is too slow for a page.
CREATE TABLE verdicts (
  verdict TEXT PRIMARY KEY,
  runs INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What was closed stays closed, whatever a later version or a hand at the console tries.
CREATE TRIGGER chain_update BEFORE UPDATE ON chain BEGIN SELECT RAISE(ABORT, 'the chain never changes'); END;
CREATE TRIGGER chain_delete BEFORE DELETE ON chain BEGIN SELECT RAISE(ABORT, 'the chain never changes'); END;
CREATE TRIGGER records_update BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'records never change'); END;
CREATE TRIGGER records_delete BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'records never change'); END;
CREATE TRIGGER bodies_update BEFORE UPDATE ON bodies BEGIN SELECT RAISE(ABORT, 'records never change'); END;
CREATE TRIGGER bodies_delete BEFORE DELETE ON bodies BEGIN SELECT RAISE(ABORT, 'records never change'); END;
CREATE TRIGGER notes_update BEFORE UPDATE ON notes BEGIN SELECT RAISE(ABORT, 'notes never change'); END;
CREATE TRIGGER notes_delete BEFORE DELETE ON notes BEGIN SELECT RAISE(ABORT, 'notes never change'); END;
`

export const MIGRATIONS: readonly Migration[] = [
  { version: 1, sql: V1 },
  { version: 2, sql: V2, fill: addUpAll },
  { version: 3, sql: V3 },
  { version: 4, sql: V4 },
]

/** States of an outbox row. */
export const WAITS = 0
export const SENT = 1
export const PARKED = 2
