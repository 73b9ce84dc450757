// Switches a port of a switch, or its power: off, on, or off and on again; what was begun ends with the port on.
import { StationError } from '../../../agent/fault.ts'
import type { Clock, PortControl, PortPower, PortWant } from '../../../agent/ports.ts'
import { findPort } from './names.ts'
import { IF_ADMIN_STATUS, POE_ADMIN_ENABLE } from './oids.ts'
import { readBasePorts, readNames } from './poll.ts'
import { SwitchSession } from './session.ts'
import type { SwitchWatch } from './switch-watch.ts'

const ON = 1
const OFF = 2
/** Long enough for the far end to see the loss, and for the power of a device to run out, ms. */
const OFF_MS = 5000
/** Tries to switch on again what a cycle switched off: a port must not stay dark because of one lost datagram. */
const ON_TRIES = 5
/** PoE groups are the switch, or its line cards: 1 on a switch of one piece. [RFC 3621; not yet tried on hardware] */
const POE_GROUP = 1

export function portControl(watch: SwitchWatch, port: string, clock: Clock): PortControl {
  let running: Promise<void> = Promise.resolve()
  const one = async (want: PortWant, what: PortPower): Promise<void> => {
    const session = new SwitchSession(watch.options)
    try {
      const oid = await oidOf(session, watch.options.id, port, what)
      if (want !== 'on') await session.set(oid, OFF)
      watch.hurry()
      if (want === 'cycle') await clock.sleep(OFF_MS)
      if (want !== 'off') await switchOn(session, oid)
    } finally {
      session.close()
      watch.hurry()
    }
  }
  return {
    // One after the other: the "on" of a cycle never overtakes the "off" of another request.
    set: (want, what) => {
      const mine = running.then(() => one(want, what))
      running = mine.catch(() => undefined)
      return mine
    },
  }
}

async function switchOn(session: SwitchSession, oid: string): Promise<void> {
  for (let left = ON_TRIES; ; left--) {
    try {
      return await session.set(oid, ON)
    } catch (error) {
      if (left <= 1) throw error
    }
  }
}

async function oidOf(
  session: SwitchSession,
  id: string,
  port: string,
  what: PortPower,
): Promise<string> {
  const found = findPort(await readNames(session), port)
  if (found.ifIndex === null) throw new StationError('STATION_LINK_MISSING', `${id} ${found.why}`)
  if (what === 'link') return `${IF_ADMIN_STATUS}.${found.ifIndex}`
  const base = [...(await readBasePorts(session))].find(([, index]) => index === found.ifIndex)
  if (base === undefined)
    throw new StationError('STATION_LINK_MISSING', `${id} does not number ${port} for PoE`)
  return `${POE_ADMIN_ENABLE}.${POE_GROUP}.${base[0]}`
}
