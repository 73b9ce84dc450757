// One launcher at a time does what must not be done twice at once: install, bundle, apt-get.
import { createHash } from 'node:crypto'
import { createServer } from 'node:net'

const RETRY_MS = 250

/**
 * The lock is a name in the kernel (an abstract socket): it goes with the process that holds it, also
 * after kill -9, so there is no stale lock file to judge.
 * @param {string} name
 * @returns {Promise<import('node:net').Server | null>}
 */
function take(name) {
  const server = createServer()
  const address = `\0reseal-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`
  return new Promise((resolve, reject) => {
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === 'EADDRINUSE') resolve(null)
      else reject(error)
    })
    server.listen(address, () => resolve(server))
  })
}

/**
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @param {() => void} onWait called once if another launcher is at it
 * @returns {Promise<T>}
 */
export async function alone(name, work, onWait = () => {}) {
  let held = await take(name)
  if (held === null) onWait()
  while (held === null) {
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    held = await take(name)
  }
  try {
    return await work()
  } finally {
    held.close()
  }
}
