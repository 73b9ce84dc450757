// Collects garbage on demand, so that a test can see what is still held.
import process from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Bytes of objects that are alive after a collection. */
export async function aliveBytes(): Promise<number> {
  // What was looked at lives until the turn of the loop is over.
  await new Promise((resolve) => setImmediate(resolve))
  collect()
  collect()
  return process.memoryUsage().heapUsed
}
