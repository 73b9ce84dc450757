// Changes accounts from the command line: through the running station's socket, or in the files when no station runs.
import { StationError } from '../fault.ts'
import { openLedger } from '../ledger/ledger.ts'
import { Accounts } from '../web/auth/accounts.ts'
import { type AccountAnswer, deedOf, doAccountOp } from '../web/auth/desk.ts'
import type { AccountOp } from '../wire/accounts.ts'
import type { CliIo } from './io.ts'
import { postToStation } from './station-socket.ts'

/** A slow hash on a busy bench PC. */
const WAIT_MS = 15_000
const BY = 'cli'

/**
 * Does one thing to the accounts of a data directory; it stands in the audit either way.
 * @throws StationError BACKEND_ACCOUNT, BACKEND_NOT_FOUND, STATION_LEDGER_*, FILE_UNREADABLE
 */
export async function askAccounts(
  io: CliIo,
  dataDir: string,
  op: AccountOp,
): Promise<AccountAnswer> {
  try {
    return (await postToStation(dataDir, '/local/v1/accounts', op, WAIT_MS)) as AccountAnswer
  } catch (error) {
    if (!(error instanceof StationError) || error.code !== 'STATION_NOT_RUNNING') throw error
  }
  // The ledger's lock says that no station starts meanwhile and reads the file of accounts.
  const { clock, ids } = io
  const ledger = await openLedger({ dir: dataDir, mode: 'in-process', clock, ids, station: 'cli' })
  try {
    const answer = await doAccountOp(Accounts.open(dataDir, clock), op, BY)
    const deed = deedOf(op)
    if (deed !== null)
      await ledger.audit({
        what: deed.what,
        at: clock.now(),
        who: BY,
        account: null,
        role: 'admin',
        via: 'console',
        from: '',
        of: deed.of ?? deed.ofAccount ?? null,
        outcome: 'done',
        detail: deed.detail,
      })
    return answer
  } finally {
    await ledger.close()
  }
}
