// The station's door for commands on this PC: a UNIX socket in its data directory that only its own user can open.
import { chmod, rm } from 'node:fs/promises'
import type { Log } from '../log.ts'
import type { AuditLog, BenchControl, Clock, LeaseDesk, PortDesk } from '../ports.ts'
import { accountOp } from '../wire/accounts.ts'
import { leaseBody } from '../wire/http.ts'
import type { Accounts } from './auth/accounts.ts'
import { deedOf, doAccountOp } from './auth/desk.ts'
import { addPermits } from './auth/permits.ts'
import { SOCKET } from './auth/person.ts'
import { addTrail } from './auth/trail.ts'
import { bayRoutes, valid } from './bay-routes.ts'
import { portRoute } from './port-route.ts'
import { addManners, makeServer } from './server.ts'

export interface LocalParts {
  readonly bench: BenchControl
  readonly leases: LeaseDesk
  readonly ports: PortDesk
  readonly clock: Clock
  readonly log: Log
  /** Where the audit goes; left out: nothing is kept. */
  readonly audit?: AuditLog | null
  /** The accounts of the data directory, for `reseal accounts` and `reseal token`. */
  readonly accounts?: Accounts
  /** The socket; an old one of a killed station is removed, for the ledger's lock says that nobody else is there. */
  readonly path: string
}

/**
 * Listens for `reseal dhcp-event` and `reseal port`, and says how the bays stand. What devices said comes in here alone: the board's address may be
 * open to the room, this one is open to the station's user and root.
 * @throws the error of the system when the socket cannot be made
 */
export async function startLocal(parts: LocalParts): Promise<{ close(): Promise<void> }> {
  const { bench, leases, ports, clock, log, path } = parts
  const app = makeServer()
  addManners(app, log, { names: [], tls: null })
  addPermits(app, () => SOCKET)
  addTrail(app, { store: parts.audit ?? null, clock, log })
  bayRoutes(app, bench, clock)
  portRoute(app, bench, ports)
  app.post(
    '/local/v1/dhcp',
    { config: { may: 'bays.service', audit: 'none' } },
    async ({ body }) => {
      const { at = clock.now(), ...lease } = valid(leaseBody, body)
      return { lease: await leases.take({ ...lease, at }) }
    },
  )
  const { accounts } = parts
  if (accounts !== undefined)
    app.post(
      '/local/v1/accounts',
      { config: { may: 'accounts.manage', audit: 'account-changed' } },
      (request) => {
        const op = valid(accountOp, request.body)
        request.note(deedOf(op) ?? {})
        return doAccountOp(accounts, op, SOCKET.name)
      },
    )
  await rm(path, { force: true })
  await app.listen({ path })
  await chmod(path, 0o600)
  return {
    close: async () => {
      await app.close()
    },
  }
}
