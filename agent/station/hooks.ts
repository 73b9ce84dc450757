// Opens the webhooks of the config: reads their secrets, and hands each its queue in the ledger.
import { openHookClient } from '../../drivers/webhook/index.ts'
import type { StationConfig, WebhookConfig } from '../../station-config/loader.ts'
import { problemText } from '../../station-config/problem.ts'
import { readText } from '../../station-config/read-file.ts'
import { readSecret } from '../../station-config/secret.ts'
import type { Bench } from '../bench/bench.ts'
import { StationError } from '../fault.ts'
import type { StationLedger } from '../ledger/ledger.ts'
import type { StationReader } from '../ledger/reader.ts'
import type { Log } from '../log.ts'
import type { Clock, HookQueue } from '../ports.ts'
import { keyOf } from '../publish/hook-sign.ts'
import { type HookSettings, Webhooks } from '../publish/webhooks.ts'

const CA_MAX = 1024 * 1024

/** @throws StationError FILE_UNREADABLE */
function settingsOf(one: WebhookConfig): HookSettings {
  const read = readSecret(one.secretFile)
  if ('problem' in read) throw new StationError('FILE_UNREADABLE', problemText(read.problem))
  const { webhook, url, allow, plainLoopback, events, caFile } = one
  const roots = caFile === null ? null : readText(caFile, CA_MAX)
  if (roots !== null && !('text' in roots))
    throw new StationError('FILE_UNREADABLE', `${caFile}: ${roots.message}`)
  const ca = roots?.text ?? null
  const target = { url, allow, plainLoopback, ca }
  return { id: webhook, target, events, key: keyOf(read.secret) }
}

/** What is read and what is written of the queues, as one port. */
export const hookQueue = (ledger: StationLedger, reader: StationReader): HookQueue => ({
  changeHooks: (change) => ledger.changeHooks(change),
  hookCursor: (hook) => reader.hookCursor(hook),
  hooksDue: (hook, max) => reader.hooksDue(hook, max),
  hooksDead: (hook, max) => reader.hooksDead(hook, max),
  hookStates: (hooks) => reader.hookStates(hooks),
})

export interface HookNeeds {
  readonly config: StationConfig
  readonly bench: Bench
  readonly ledger: StationLedger
  readonly reader: StationReader
  readonly timers: Clock
  readonly log: Log
}

/**
 * The webhooks of a station; they work when `run` is called.
 * @throws StationError FILE_UNREADABLE for a secret
 */
export function openWebhooks(needs: HookNeeds): Webhooks {
  const { config, bench, ledger, reader, timers, log } = needs
  return new Webhooks({
    hooks: config.webhooks.map(settingsOf),
    client: openHookClient({ clock: timers }),
    queue: hookQueue(ledger, reader),
    reader,
    bench,
    timers,
    log,
    site: config.site,
    station: config.station,
  })
}
