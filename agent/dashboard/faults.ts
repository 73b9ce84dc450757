// The few station faults that the foot of the board says in words; bays bring the hint of their fault with them.

/** Short enough for one line; the full table stands in docs/ERRORS.md. */
export const FAULT_WORDS: Readonly<Record<string, string>> = {
  BACKEND_BROKER_DOWN: 'messages wait in the outbox, nothing is lost.',
  BACKEND_BROKER_REFUSED: 'it refuses us. Check user, password and certificate.',
  STATION_LEDGER_FULL: 'the disk is full. Free space; no key is pressed until then.',
  STATION_LEDGER_READONLY: 'it cannot be written. Check the data directory.',
  STATION_LEDGER_CORRUPT: 'the file is damaged. Stop the station and restore the backup.',
  STATION_LEDGER_FAULT: 'a commit was refused. Read the log of the station.',
}
