// Version 2 of the tables: what the throughput pages add up, kept in step with the records by the writer.

/** Columns of `figures` in the order of SUMS (core/throughput/additions.ts); a test holds one against the other. */
export const V2 = `
-- level 0: quarters of an hour, level 1: UTC days; slot: their number since 1970. Slot before key: new rows come at the end.
CREATE TABLE figures (
  dim TEXT NOT NULL,
  level INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  key TEXT NOT NULL,
  runs INTEGER NOT NULL,
  resealed INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  error INTEGER NOT NULL,
  timeout INTEGER NOT NULL,
  aborted INTEGER NOT NULL,
  interrupted INTEGER NOT NULL,
  journeys INTEGER NOT NULL,
  devices INTEGER NOT NULL,
  "right" INTEGER NOT NULL,
  junk INTEGER NOT NULL,
  unnamed INTEGER NOT NULL,
  retries INTEGER NOT NULL,
  prompts INTEGER NOT NULL,
  operator_ms INTEGER NOT NULL,
  machine_ms INTEGER NOT NULL,
  total_ms INTEGER NOT NULL,
  busy_ms INTEGER NOT NULL,
  eta_early INTEGER NOT NULL,
  eta_within INTEGER NOT NULL,
  eta_late INTEGER NOT NULL,
  PRIMARY KEY (dim, level, slot, key)
) STRICT, WITHOUT ROWID;

-- Durations as counts in bins (core/throughput/sketch.ts); apart, so that sums are read without them.
CREATE TABLE sketches (
  dim TEXT NOT NULL,
  level INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  key TEXT NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (dim, level, slot, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE causes (
  dim TEXT NOT NULL,
  level INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  key TEXT NOT NULL,
  code TEXT NOT NULL,
  runs INTEGER NOT NULL,
  PRIMARY KEY (dim, level, slot, key, code)
) STRICT, WITHOUT ROWID;

-- Devices that have had a run in a work order and are not resealed in it; where their last run was counted.
CREATE TABLE journeys (
  serial TEXT NOT NULL,
  work_order TEXT NOT NULL,
  runs INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  bay TEXT NOT NULL,
  model TEXT NOT NULL,
  operator TEXT NOT NULL,
  PRIMARY KEY (serial, work_order)
) STRICT, WITHOUT ROWID;
`
