// Version 3 of the tables: the audit is read by time and kind, and its bodies may go when an erasure entry says so.

/** The chain keeps every digest; only notes of the audit that an erasure in the chain covers may be deleted. */
export const V3 = `
CREATE INDEX notes_kind ON notes (kind, seq);
CREATE TABLE erasures (
  seq INTEGER PRIMARY KEY REFERENCES chain (seq),
  up_to INTEGER NOT NULL
) STRICT;
CREATE TRIGGER erasures_update BEFORE UPDATE ON erasures BEGIN SELECT RAISE(ABORT, 'erasures never change'); END;
CREATE TRIGGER erasures_delete BEFORE DELETE ON erasures BEGIN SELECT RAISE(ABORT, 'erasures never change'); END;
DROP TRIGGER notes_delete;
CREATE TRIGGER notes_delete BEFORE DELETE ON notes
WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE up_to >= OLD.seq)
  OR (SELECT kind FROM chain WHERE seq = OLD.seq) IS NOT 'audit'
BEGIN SELECT RAISE(ABORT, 'notes never change'); END;
`
