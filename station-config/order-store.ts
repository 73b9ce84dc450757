// Keeps imported work orders in the data directory: checked, together with all others, before a file is taken.
import { readdirSync, type Stats, statSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
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

/** What a file was when it was last looked at: another text is another file, or one that was written anew. */
const markOf = (file: string, stat: Stats | undefined) =>
  `${file} ${stat?.mtimeMs ?? 0} ${stat?.size ?? -1} ${stat?.ino ?? 0}`
export type FileMarks = ReadonlyMap<string, string>

/** The marks of files; one that cannot be looked at has the mark of none. Never throws. */
export const marksOf = (files: readonly string[]): FileMarks =>
  new Map(files.map((file) => [file, markOf(file, lookedAt(file))]))

function lookedAt(file: string): Stats | undefined {
  try {
    return statSync(file)
  } catch {
    return undefined
  }
}

/** Every file of orders that a station reads: those of its config, then those of its data directory. */
export const orderFiles = (files: readonly string[], data: string): readonly string[] => [
  ...new Set([...files, ...importedOrders(data)]),
]

/** The text on the disk before it gets its name, so that a power cut leaves the old file or the new one. */
async function writeWhole(dir: string, name: string, text: string): Promise<Stats> {
  const part = join(dir, `${PART}${name}`)
  let stat: Stats
  try {
    const handle = await open(part, 'w', 0o640)
    try {
      await handle.writeFile(text, 'utf8')
      await handle.sync()
      stat = await handle.stat()
    } finally {
      await handle.close()
    }
    await rename(part, join(dir, name))
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  const parent = await open(dir, 'r')
  try {
    await parent.sync()
  } finally {
    await parent.close()
  }
  return stat
}

/** Where an import of this name is kept. */
export const keptAs = (data: string, name: string): string => join(folder(data), name)

/**
 * A file that was handed over, held against all others: with any bad line there is no book. Writes nothing. The orders
 * of the book stand as the station reads them later, those of the new file under the name that it will have.
 * @param others order files that the config names
 */
export function checkImport(
  file: string,
  text: string,
  data: string,
  others: readonly string[],
): LoadedOrders {
  const name = basename(file)
  if (name.startsWith('.'))
    return refused(file, 'its name begins with a dot', 'Give it another name.')
  const stay = importedOrders(data).filter((one) => basename(one) !== name)
  // The new file comes last, so that a clash is told as its fault.
  const { book, problems } = loadOrders([...stay, ...others, file], new Map([[file, text]]))
  if (book === null) return { book, problems }
  const kept = keptAs(data, name)
  const files = [...new Set([...others, ...[...stay, kept].sort()])]
  const places = new Map(files.map((one, place) => [one, place]))
  const orders = book.orders.map((one) => (one.file === file ? { ...one, file: kept } : one))
  const place = (one: { readonly file: string }) => places.get(one.file) ?? files.length
  return { book: new OrderBook(orders.toSorted((a, b) => place(a) - place(b))), problems }
}

/** Keeps a text that was checked; its mark, or why it cannot be written. */
export async function keepImport(
  name: string,
  text: string,
  data: string,
): Promise<{ readonly mark: string } | { readonly problems: readonly Problem[] }> {
  try {
    await mkdir(folder(data), { recursive: true })
    const stat = await writeWhole(folder(data), name, text)
    return { mark: markOf(keptAs(data, name), stat) }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const hint = 'Check permissions and free space.'
    return refused(folder(data), `it cannot be written (${why})`, hint)
  }
}

/**
 * Takes a file into the data directory under its own name, replacing one of the same name, if it and all others fit
 * together. With any bad line nothing is changed.
 * @param others order files that the config names
 */
export async function importOrders(
  file: string,
  data: string,
  others: readonly string[] = [],
): Promise<LoadedOrders> {
  // Read once: what is checked is what is kept.
  const read = readText(file, ORDER_FILE_MAX)
  if (!('text' in read)) return refused(file, read.message, read.hint)
  const checked = checkImport(file, read.text, data, others)
  if (checked.book === null) return checked
  const kept = await keepImport(basename(file), read.text, data)
  return 'problems' in kept ? { book: null, problems: kept.problems } : checked
}
