// What goes wrong in the core's tests: parts, people, clocks and the agent itself, one thing at a time.
import type { LookId, PlayId, PromptId } from '../../../agent/core/ids.ts'
import type { Chance } from './chance.ts'
import type { World } from './world.ts'

export function misfortune(w: World, c: Chance): void {
  const kind = c.int(0, 21)
  switch (kind) {
    case 0:
    case 1:
      if (w.link === 'up') w.wire('down')
      w.after(c.int(10, 90_000), () => {
        if (w.device !== null) w.wire('up', 1000)
      })
      return
    case 2:
      w.agentRestart()
      return
    case 3:
      w.keys = c.of(['silent', 'gone'] as const)
      w.enumerate(null)
      w.after(c.int(1, 900) * 1000, () => {
        w.keys = 'ok'
        w.enumerate(w.device?.on === true)
      })
      return
    case 4: {
      const byMs = c.int(-7200, 7200) * 1000
      w.wall += byMs
      w.give({ kind: 'clock-jumped', byMs })
      return
    }
    case 5:
      w.give({ kind: 'action', action: 'abort', by: 'bob' })
      if (c.is(0.5)) w.give({ kind: 'undo', prompt: '' as PromptId, by: 'bob' })
      return
    case 6:
      w.give({ kind: 'action', action: 'out-of-service', by: 'bob' })
      w.after(60_000, () => w.give({ kind: 'action', action: 'in-service', by: 'bob' }))
      return
    case 7:
      w.give({ kind: 'poisoned', fault: 'STATION_BAY_CRASHED', detail: 'x' })
      w.after(60_000, () => w.give({ kind: 'action', action: 'in-service', by: 'bob' }))
      return
    case 8:
      w.give({ kind: 'action', action: 'lamp-test', by: 'bob' })
      return
    case 9:
      w.scan(w.device?.spec.serial ?? 'S-X')
      return
    case 10:
      w.scan('S-OTHER', c.is(0.5) ? {} : { otherOrder: 'WO-2' })
      return
    case 11:
      w.scan(w.device?.spec.serial ?? 'S-X', { alsoIn: 'b2' as never })
      return
    case 12:
      w.give({ kind: 'played', play: `r0.${c.int(0, 99)}` as PlayId, proof: 'accepted' })
      return
    case 13:
      w.give({
        kind: 'looked',
        look: `l${c.int(0, 99_999)}x` as LookId,
        page: 'success',
        fields: {},
        seenAt: w.at,
        frame: '',
      })
      return
    case 14:
      w.give({
        kind: 'mac',
        mac: c.is(0.5) ? (w.device?.spec.mac ?? 'm') : '02:00:00:00:00:99',
      })
      return
    case 15:
      w.give({
        kind: 'tpm',
        station: c.of(['GO', 'HOLD', 'NO-GO']),
        windows: 'GO',
        checks: [],
      })
      return
    case 16:
      w.give({
        kind: 'sign',
        evidence: { kind: 'lease', source: 'wire', at: w.at, ref: '10.0.0.2' },
      })
      return
    case 17:
      if (w.state.phase.at === 'closed') w.give({ kind: 'action', action: 'retry', by: 'bob' })
      else w.give({ kind: 'action', action: 'look', by: 'bob' })
      return
    case 18:
      w.give({
        kind: 'qr',
        ztdId: c.of([w.device?.spec.ztdId ?? 'z', 'z-other']),
        result: c.of([null, 'Success', 'Failure']),
        deviceLink: c.is(0.1),
        known: c.is(0.5),
        alsoIn: c.is(0.1) ? ('b2' as never) : null,
        by: 'bob',
      })
      return
    case 19:
      w.unload()
      return
    case 20:
      w.powerOn()
      return
    default:
      w.downs++
      w.tellWire()
  }
}
