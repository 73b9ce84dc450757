// The file of the accounts: read once at the start, written whole and flushed before a change counts.
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { StationError } from '../../fault.ts'
import { type AccountsFile, accountsFile } from '../../wire/accounts.ts'
import { parse } from '../../wire/http.ts'
import { secretText } from './password.ts'

const FILE = 'accounts.json'
/** 1,000 accounts with as many kiosks and 500 tokens are under 2 MB. */
const BYTES_MAX = 4 * 1024 * 1024

export interface Kept {
  read(): AccountsFile
  /** When it returns, the change survives a power cut. @throws StationError FILE_UNREADABLE */
  write(file: AccountsFile): void
}

const empty = (): AccountsFile => ({
  schema: 'reseal/accounts/1',
  pseudonymKey: secretText(52),
  accounts: [],
  tokens: [],
  kiosks: [],
})

/** `accounts.json` of a data directory, readable by the station's user alone. */
export function keptIn(dataDir: string): Kept {
  const file = join(dataDir, FILE)
  const bad = (why: string, cause?: unknown) =>
    new StationError('FILE_UNREADABLE', `${file}: ${why}`, { cause })
  return {
    read: () => {
      if (statSync(file, { throwIfNoEntry: false }) === undefined) return empty()
      let value: unknown
      try {
        if (statSync(file).size > BYTES_MAX) throw bad('it is too large')
        value = JSON.parse(readFileSync(file, 'utf8'))
      } catch (error) {
        // A damaged file must not open the door to whoever makes the first account.
        throw error instanceof StationError ? error : bad('it cannot be read', error)
      }
      const parsed = parse(accountsFile, value)
      if (parsed.ok) return parsed.value
      const [first] = parsed.problems
      throw bad(`${first?.path}: ${first?.message}`)
    },
    write: (next) => {
      try {
        mkdirSync(dataDir, { recursive: true })
        const aside = `${file}.new`
        writeFileSync(aside, `${JSON.stringify(next, null, 1)}\n`, { mode: 0o600, flush: true })
        renameSync(aside, file)
        const folder = openSync(dataDir, 'r')
        try {
          fsyncSync(folder)
        } finally {
          closeSync(folder)
        }
      } catch (error) {
        throw bad('it cannot be written', error)
      }
    },
  }
}
