// What a boot log tells: Secure Boot, its keys, debug switches, the boot manager and who signed it.
import { isStationError } from '../../../agent/fault.ts'
import type { LogSighting } from '../../../agent/ports.ts'
import { certificateName, imagePath, readSignatures, readVariable } from './efi.ts'
import { EVENT, type EventLog, type LogEvent } from './log.ts'
import { isProved, odditiesOf } from './oddities.ts'
import { differingPcrs, replay } from './replay.ts'
import { windowsSwitches } from './windows-events.ts'

/** EFI_GLOBAL_VARIABLE and EFI_IMAGE_SECURITY_DATABASE (UEFI 2.10, sections 3.3 and 32.6). */
const GLOBAL = '8be4df61-93ca-11d2-aa0d-00e098032b8c'
const SECURITY = 'd719b2cb-3d3a-4596-a3bc-dad00e67656f'
/** EV_EFI_ACTION strings that say that the firmware is open for debugging (profile 1.06, section 3.3.4.8). */
const DEBUG_ACTION = /^(?:UEFI Debug Mode|DMA Protection Disabled)/

interface Story {
  secureBoot: boolean | null
  readonly keys: string[]
  readonly debug: string[]
  bootManager: string
  authority: string
  /** PCR 7 had its separator: what is measured there later is no longer the firmware's word about its settings. */
  isSealed: boolean
}

/** Malformed data of one event is an oddity of that event, not the end of the log. */
function quietly(read: () => void): boolean {
  try {
    read()
    return true
  } catch (error) {
    if (!isStationError(error)) throw error
    return false
  }
}

const isKeys = (name: string) => ['PK', 'KEK', 'db', 'dbx', 'dbt', 'dbr'].includes(name)

function readConfig(story: Story, event: LogEvent): void {
  const { guid, name, data } = readVariable(event.data)
  if (guid === GLOBAL && name === 'SecureBoot')
    // Measured once; if firmware measures it again, the weaker value counts.
    story.secureBoot = (story.secureBoot ?? true) && data.length === 1 && data[0] === 1
  if ((guid !== GLOBAL && guid !== SECURITY) || !isKeys(name)) return
  const { certificates, hashes } = readSignatures(data)
  const names = certificates.slice(0, 16).join('; ')
  story.keys.push(`${name}: ${names || 'no certificate'}${hashes ? `, ${hashes} hashes` : ''}`)
}

function readAuthority(story: Story, event: LogEvent): void {
  const { name, data } = readVariable(event.data)
  // Before the separator it let an option ROM run; the first one behind it let the boot manager run.
  if (name !== 'db' || !story.isSealed || story.authority !== '') return
  // EFI_SIGNATURE_DATA: the owner's GUID and the certificate.
  story.authority = data.length > 16 ? certificateName(data.subarray(16)) : ''
}

function tell(story: Story, event: LogEvent): boolean {
  const { pcr, type } = event
  if (pcr === 7 && type === EVENT.separator) story.isSealed = true
  if (pcr === 7 && type === EVENT.efiVariableDriverConfig && !story.isSealed)
    return isProved(event) && quietly(() => readConfig(story, event))
  if (pcr === 7 && type === EVENT.efiVariableAuthority)
    return isProved(event) && quietly(() => readAuthority(story, event))
  if (type === EVENT.efiAction) {
    const text = Buffer.from(event.data).toString('latin1').replace(/\0+$/, '')
    if (DEBUG_ACTION.test(text)) story.debug.push(text)
    return true
  }
  // The first application of PCR 4 is the boot manager; firmware's own shells and apps come by other volumes.
  if (pcr === 4 && type === EVENT.efiBootServicesApplication && story.bootManager === '')
    return quietly(() => {
      story.bootManager = imagePath(event.data)
    })
  return true
}

/** What the log says of the boot, to be held against the quoted PCR values of one bank. */
export function storyOf(
  log: EventLog,
  bank: string,
): (quoted: ReadonlyMap<number, Uint8Array>) => LogSighting {
  const story: Story = {
    secureBoot: null,
    keys: [],
    debug: [],
    bootManager: '',
    authority: '',
    isSealed: false,
  }
  // An event without a digest of this bank was not replayed: anybody could have written it into the log.
  const events = log.events.filter(({ digests }) => digests.has(bank))
  let misread = 0
  for (const event of events) if (!tell(story, event)) misread++
  const switches = windowsSwitches(events)
  const oddities = [...odditiesOf(log)]
  if (misread > 0) oddities.push(`${misread} events that are not understood or not proved`)
  if (!log.banks.includes(bank)) oddities.push(`no ${bank} bank in the log`)
  const replayed = replay(log, bank)
  return (quoted) => ({
    events: log.events.length,
    bank,
    differing: differingPcrs(replayed, quoted),
    secureBoot: story.secureBoot,
    debug: [...story.debug, ...switches.on],
    debugKnown: switches.told > 0,
    keys: story.keys,
    bootManager: story.bootManager,
    authority: story.authority,
    oddities,
  })
}
