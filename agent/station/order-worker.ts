// Reads and checks files of orders in a thread of its own: 40,000 serial numbers hold a processor for a second.
import { parentPort, workerData } from 'node:worker_threads'
import { type OrderPiece, piecesOf } from '../../station-config/order-pieces.ts'
import {
  checkImport,
  type FileMarks,
  marksOf,
  orderFiles,
} from '../../station-config/order-store.ts'
import { loadOrders } from '../../station-config/orders.ts'
import type { Problem } from '../../station-config/problem.ts'

/** What is to be read: all files of a station, with or without one that is to be imported. */
export interface OrderJob {
  /** Files that the config names. */
  readonly files: readonly string[]
  readonly dataDir: string
  readonly imported: { readonly name: string; readonly text: string } | null
}

/** What a file was before it was read, and what is wrong; then, asked for one by one, the pieces, and null. */
export interface OrderReport {
  readonly marks: FileMarks
  readonly problems: readonly Problem[]
  readonly isWhole: boolean
}

const port = parentPort
if (port === null) throw new Error('this file is the body of a worker thread')
const { files, dataDir, imported } = workerData as OrderJob
const all = orderFiles(files, dataDir)
const marks = marksOf(all)
const { book, problems } =
  imported === null ? loadOrders(all) : checkImport(imported.name, imported.text, dataDir, files)
const report: OrderReport = { marks, problems, isWhole: book !== null }
port.postMessage(report)
const pieces = piecesOf(book?.orders ?? [])
port.on('message', () => {
  const piece: OrderPiece | null = pieces.next().value ?? null
  port.postMessage(piece)
})
