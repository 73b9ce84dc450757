// Runs the program as `npm start` does, on its virtual bench, and waits for what it says and does.
import { spawn } from 'node:child_process'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const START_MS = 20_000

export interface StationProcess {
  readonly url: string
  /** Asks it to stop; resolves with its exit code when it is gone. */
  stop(): Promise<number | null>
}

/** Waits until `read` answers something other than null. */
export async function until<T>(
  what: string,
  ms: number,
  read: () => T | null | Promise<T | null>,
): Promise<T> {
  const end = performance.now() + ms
  while (performance.now() < end) {
    const value = await read()
    if (value !== null) return value
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${what}: not in ${ms} ms`)
}

/** @param port 0 takes a free one */
export async function startStation(data: string, port: number): Promise<StationProcess> {
  const args = ['agent/main.ts', 'run', '--port', String(port), '--data', data]
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const address = () => {
    if (child.exitCode !== null) throw new Error(`the station ended: ${said}`)
    return /board at (http:\/\/\S+)/.exec(said)?.[1] ?? null
  }
  const url = await until('the address of the board', START_MS, address)
  return {
    url,
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}
