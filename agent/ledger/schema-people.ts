// Version 4 of the tables: what look-ups by ZtdId and MAC, work orders and webhooks need beside the records.

/**
 * Filled by a trigger in the very transaction that writes a record, and once for all records of before. `order_devices`
 * has one row per device of an order, so that an order's progress never costs its runs.
 */
export const V4 = `
CREATE TABLE devices (
  record INTEGER PRIMARY KEY REFERENCES records (seq),
  ztd_id TEXT,
  mac TEXT,
  work_order TEXT
) STRICT;
CREATE INDEX devices_ztd ON devices (ztd_id, record) WHERE ztd_id IS NOT NULL;
CREATE INDEX devices_mac ON devices (mac, record) WHERE mac IS NOT NULL;
CREATE INDEX devices_order ON devices (work_order, record) WHERE work_order IS NOT NULL;

CREATE TABLE order_devices (
  work_order TEXT NOT NULL,
  serial TEXT NOT NULL,
  record INTEGER NOT NULL,
  runs INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  grade TEXT,
  code TEXT,
  action TEXT,
  first_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  PRIMARY KEY (work_order, serial)
) STRICT, WITHOUT ROWID;
CREATE INDEX order_devices_verdict ON order_devices (work_order, verdict);

-- The MAC of an adapter that stays in the bay says nothing about the device.
CREATE TRIGGER bodies_devices AFTER INSERT ON bodies BEGIN
  INSERT OR REPLACE INTO devices SELECT NEW.seq, lower(NEW.body ->> '$.device.ztdId'),
    CASE WHEN NEW.body ->> '$.device.adapter' IS 'bench' THEN NULL ELSE lower(NEW.body ->> '$.device.mac') END,
    NEW.body ->> '$.workOrder';
  INSERT INTO order_devices
    SELECT NEW.body ->> '$.workOrder', serial, seq, 1, verdict, NEW.body ->> '$.grade', NEW.body ->> '$.error.code',
      NEW.body ->> '$.error.action', ended_at, ended_at
    FROM records WHERE seq = NEW.seq AND serial IS NOT NULL AND NEW.body ->> '$.workOrder' IS NOT NULL
    ON CONFLICT DO UPDATE SET record = excluded.record, runs = runs + 1, verdict = excluded.verdict,
      grade = excluded.grade, code = excluded.code, action = excluded.action, ended_at = excluded.ended_at;
END;

INSERT INTO devices SELECT seq, lower(body ->> '$.device.ztdId'),
  CASE WHEN body ->> '$.device.adapter' IS 'bench' THEN NULL ELSE lower(body ->> '$.device.mac') END,
  body ->> '$.workOrder' FROM bodies;
INSERT INTO order_devices
  SELECT d.work_order, r.serial, r.seq, 1, r.verdict, b.body ->> '$.grade', b.body ->> '$.error.code',
    b.body ->> '$.error.action', r.ended_at, r.ended_at
  FROM devices d JOIN records r ON r.seq = d.record JOIN bodies b ON b.seq = r.seq
  WHERE d.work_order IS NOT NULL AND r.serial IS NOT NULL ORDER BY r.seq
  ON CONFLICT DO UPDATE SET record = excluded.record, runs = runs + 1, verdict = excluded.verdict,
    grade = excluded.grade, code = excluded.code, action = excluded.action, ended_at = excluded.ended_at;

CREATE INDEX notes_alarms ON notes (at) WHERE kind = 'alarm';

-- How far each webhook has read the outbox; what it still has to deliver, or could not, has rows of its own.
CREATE TABLE hooks (
  hook TEXT PRIMARY KEY,
  cursor INTEGER NOT NULL,
  delivered INTEGER NOT NULL DEFAULT 0,
  delivered_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE hook_rows (
  hook TEXT NOT NULL,
  seq INTEGER NOT NULL, -- of the outbox
  key TEXT NOT NULL,
  event TEXT NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL,
  state INTEGER NOT NULL CHECK (state IN (0, 2)), -- 0 waits, 2 dead
  tries INTEGER NOT NULL DEFAULT 0,
  due INTEGER NOT NULL,
  why TEXT,
  PRIMARY KEY (hook, seq)
) STRICT;
CREATE INDEX hook_rows_due ON hook_rows (hook, state, due);
`
