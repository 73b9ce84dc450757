// A station's board as the hall reaches it: TLS with its own certificate, accounts, audit; and a client that keeps cookies.
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { ROLES, type Role } from '../../../agent/core/roles.ts'
import type { Clock } from '../../../agent/ports.ts'
import type { Kept } from '../../../agent/web/auth/kept.ts'
import { hashPassword } from '../../../agent/web/auth/password.ts'
import { selfSigned, type Tls } from '../../../agent/web/auth/tls.ts'
import type { WebParts } from '../../../agent/web/web.ts'
import type { StoredAccount } from '../../../agent/wire/accounts.ts'
import { systemClock } from '../../../drivers/host/clock.ts'
import { memoryKept, type TestDoors, testDoors } from '../../fakes/people.ts'
import { everything } from './everything.ts'
import { type Answer, type Served, serve } from './server.ts'

export const PASSWORD = 'correct horse battery'

export interface Guarded extends Served {
  readonly doors: TestDoors
  readonly tls: Tls
  /** A new browser without cookies. */
  visitor(): Visitor
  /** A browser that signed in as an account named like the role. */
  as(role: Role): Promise<Visitor>
}

let folder: string | null = null
let made: Tls | null = null
/** One key for all tests of a file. */
export function testTls(): Tls {
  folder ??= mkdtempSync(join(tmpdir(), 'reseal-tls-'))
  made ??= selfSigned(folder, '127.0.0.1', [])
  rmSync(folder, { recursive: true, force: true })
  return made
}

let hash: Promise<string> | null = null
/** An account of each role, named like it; one hash for all, as hashing is slow on purpose. */
async function onePerRole(): Promise<StoredAccount[]> {
  hash ??= hashPassword(PASSWORD)
  const password = await hash
  return ROLES.map((role) => ({
    account: role,
    name: `The ${role}`,
    role,
    orders: null,
    password,
    mustChange: false,
    badge: null,
    closed: false,
    madeAt: 0,
  }))
}

/** `kept`: accounts of a server before, as after a restart. */
export async function serveGuarded(
  more: {
    readonly clock?: Clock
    readonly kept?: Kept
    readonly pseudonyms?: boolean
    readonly board?: string
    /** No account yet: the first admin is to be made. */
    readonly isEmpty?: boolean
    readonly parts?: Partial<WebParts>
  } = {},
): Promise<Guarded> {
  const { clock = systemClock(), parts, board, kept = memoryKept(), isEmpty, ...rest } = more
  const tls = testTls()
  if (isEmpty !== true && kept.read().accounts.length === 0)
    kept.write({ ...kept.read(), accounts: await onePerRole() })
  const doors = testDoors(clock, { tls, kept, ...rest })
  const served = await serve({
    clock,
    ...(board === undefined ? {} : { board }),
    parts: { ...everything(), ...parts, doors },
  })
  const visitor = () => new Visitor(served.port, tls.certPem)
  const as = async (role: Role) => {
    const one = visitor()
    const { status, text } = await one.signIn(role, PASSWORD)
    if (status !== 200) throw new Error(`${role} could not sign in: ${text}`)
    return one
  }
  return { ...served, doors, tls, visitor, as }
}

export const EVERY_ROLE = ROLES

interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Leaves the header out that our pages send with a change. */
  readonly bare?: boolean
}

export class Visitor {
  readonly cookies = new Map<string, string>()
  readonly #port: number
  readonly #ca: string

  constructor(port: number, ca: string) {
    this.#port = port
    this.#ca = ca
  }

  signIn(account: string, password: string, kiosk = false): Promise<Answer> {
    return this.ask('/api/v1/session', { method: 'POST', body: { account, password, kiosk } })
  }

  get session(): string | undefined {
    return this.cookies.get('__Host-reseal')
  }

  post(path: string, body: unknown = {}, headers: Readonly<Record<string, string>> = {}) {
    return this.ask(path, { method: 'POST', body, headers })
  }

  /** The head of an answer is enough for a stream: it is cut then. */
  ask(
    path: string,
    { method = 'GET', headers = {}, body, bare = false }: Ask = {},
  ): Promise<Answer> {
    const csrf = this.cookies.get('__Host-reseal-csrf')
    const isChange = method !== 'GET' && method !== 'HEAD'
    const text =
      typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body ?? {})
    const sent: Record<string, string> = {
      ...(this.cookies.size === 0
        ? {}
        : { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
      ...(isChange
        ? { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }
        : {}),
      ...(isChange && !bare && csrf !== undefined ? { 'x-reseal-csrf': csrf } : {}),
      ...headers,
    }
    return new Promise((resolve, reject) => {
      const where = { host: '127.0.0.1', port: this.#port, path, method, headers: sent }
      const outgoing = request({ ...where, ca: this.#ca, agent: false }, (incoming) => {
        const chunks: Buffer[] = []
        const done = () => {
          const answer = Buffer.concat(chunks).toString()
          const type = String(incoming.headers['content-type'] ?? '')
          this.#keep(incoming.headers['set-cookie'] ?? [])
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text: answer,
            json: /\bjson$|json;/.test(type) && answer !== '' ? JSON.parse(answer) : {},
          })
        }
        if (String(incoming.headers['content-type']).startsWith('text/event-stream')) {
          done()
          incoming.destroy()
          return
        }
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('end', done)
        incoming.on('error', reject)
      })
      outgoing.on('error', reject)
      outgoing.end(isChange ? text : undefined)
    })
  }

  #keep(set: readonly string[]): void {
    for (const line of set) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') this.cookies.delete(name)
      else this.cookies.set(name, decodeURIComponent(value))
    }
  }
}

/** A raw TLS connection that sends what it likes. */
export function rawTls(
  guarded: Guarded,
  text: string | null,
): Promise<{ socket: TLSSocket; over: Promise<string> }> {
  const socket = connect({ host: '127.0.0.1', port: guarded.port, ca: guarded.tls.certPem })
  let all = ''
  const over = new Promise<string>((resolve) => {
    socket.on('data', (chunk) => {
      all += chunk.toString()
    })
    socket.on('close', () => resolve(all))
    socket.on('error', () => resolve(all))
  })
  return new Promise((resolve) => {
    socket.on('secureConnect', () => {
      if (text !== null) socket.write(text)
      resolve({ socket, over })
    })
  })
}
