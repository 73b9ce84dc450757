// A software TPM for a file of tests, and the check after each of them that nothing stays loaded.
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import {
  loadedHandles,
  type OpenTransport,
  Tpm,
  tcpTransport,
} from '../../drivers/tpm2-ts/index.ts'
import { type Swtpm, startSwtpm } from './swtpm.ts'

export interface TpmBench {
  /** The client of the test that runs now. */
  readonly tpm: Tpm
  readonly state: string
  /** Runs one of tpm2-tools; swtpm serves one connection at a time, so ours ends before and begins anew. */
  tool(name: string, ...args: string[]): Promise<string>
}

/** Registers the hooks of the file that calls it. */
export function tpmBench(): TpmBench {
  let swtpm: Swtpm
  let transport: OpenTransport
  let tpm: Tpm
  const open = () => {
    transport = tcpTransport('127.0.0.1', swtpm.port)
    tpm = new Tpm(transport)
  }
  beforeAll(async () => {
    swtpm = await startSwtpm()
  })
  afterAll(() => swtpm.stop())
  beforeEach(open)
  afterEach(async () => {
    const left = await loadedHandles(tpm)
    // A failed test must not take the connection from the next one.
    await transport.close()
    expect(left).toEqual([])
    expect(tpm.unflushed).toEqual([])
  })
  return {
    get tpm() {
      return tpm
    },
    get state() {
      return swtpm.state
    },
    tool: async (name, ...args) => {
      await transport.close()
      const output = await swtpm.tool(name, ...args)
      open()
      return output
    },
  }
}
