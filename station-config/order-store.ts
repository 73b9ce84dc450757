// Keeps imported work orders in the data directory: checked, together with all others, before a file is taken.
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { isOrderFile, type LoadedOrders, loadOrders, ORDER_FILE_MAX, OrderBook } from './orders.ts'
import type { Problem } from './problem.ts'
import { readText } from './read-file.ts'

/** Begins with a dot so that no half-written file is ever read as an order. */
const PART = '.part-'

const folder = (data: string) => join(data, 'orders')

/** Files that were imported into a data directory; none when there is no such directory. */
export function importedOrders(data: string): readonly string[] {
  try {
    const names = readdirSync(folder(data)).sort()
    return names
      .filter((name) => isOrderFile(name) && !name.startsWith('.'))
      .map((name) => join(folder(data), name))
  } catch {
    return []
  }
}

const refused = (file: string, message: string, hint: string): LoadedOrders => ({
  book: null,
  problems: [{ code: 'FILE_UNREADABLE', file, line: null, path: '', value: '', message, hint }],
})

/** The text on the disk before it gets its name, so that a power cut leaves the old file or the new one. */
function writeWhole(dir: string, name: string, text: string): void {
  const part = join(dir, `${PART}${name}`)
  try {
    const handle = openSync(part, 'w', 0o640)
    try {
      const bytes = Buffer.from(text, 'utf8')
      for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(part, join(dir, name))
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
  const parent = openSync(dir, 'r')
  try {
    fsyncSync(parent)
  } finally {
    closeSync(parent)
  }
}

/**
 * Takes a file into the data directory under its own name, replacing one of the same name, if it and all others fit
 * together. With any bad line nothing is changed.
 * @param others order files that the config names
 */
export function importOrders(
  file: string,
  data: string,
  others: readonly string[] = [],
): LoadedOrders {
  // Read once: what is checked is what is kept.
  const read = readText(file, ORDER_FILE_MAX)
  if (!('text' in read)) return refused(file, read.message, read.hint)
  return importOrderText(file, read.text, data, others)
}

/** As `importOrders`, of a text that was handed over; `file` is its name. */
export function importOrderText(
  file: string,
  text: string,
  data: string,
  others: readonly string[] = [],
): LoadedOrders {
  const name = basename(file)
  if (name.startsWith('.'))
    return refused(file, 'its name begins with a dot', 'Give it another name.')
  const stay = importedOrders(data).filter((one) => basename(one) !== name)
  // The new file comes last, so that a clash is told as its fault.
  const loaded = loadOrders([...stay, ...others, file], new Map([[file, text]]))
  if (loaded.book === null) return loaded
  try {
    mkdirSync(folder(data), { recursive: true })
    writeWhole(folder(data), name, text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return refused(
      folder(data),
      `it cannot be written (${why})`,
      'Check permissions and free space.',
    )
  }
  return loaded
}

/** The orders of a running station: read again when a file changed, the last good ones kept when it went bad. */
export interface LiveOrders {
  /** Cheap enough for every scan: a look at each file's time and size. */
  book(): OrderBook
  /** What was wrong with the files at the last reading. */
  problems(): readonly Problem[]
}

const signature = (files: readonly string[]) =>
  files
    .map((file) => {
      const stat = statSync(file, { throwIfNoEntry: false })
      return `${file} ${stat?.mtimeMs ?? 0} ${stat?.size ?? -1} ${stat?.ino ?? 0}`
    })
    .join('\n')

/**
 * Orders of the config's files and of the data directory.
 * @param data the data directory, or null on a bench that keeps nothing
 */
export function openOrders(files: readonly string[], data: string | null): LiveOrders {
  let seen: string | null = null
  let book = new OrderBook([])
  let problems: readonly Problem[] = []
  const refresh = () => {
    const all = [...files, ...(data === null ? [] : importedOrders(data))]
    const now = signature(all)
    if (now === seen) return
    seen = now
    const loaded = loadOrders(all)
    problems = loaded.problems
    if (loaded.book !== null) book = loaded.book
  }
  refresh()
  return {
    book() {
      refresh()
      return book
    },
    problems() {
      refresh()
      return problems
    },
  }
}
