// Finds out at the bench what no bus can tell: which cable, keyboard, lamp and scanner stand at which bay.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openKeyboard } from '../../../drivers/keyboard/index.ts'
import { openLamp, openLampFamily } from '../../../drivers/lamp/index.ts'
import { openScanner } from '../../../drivers/scanner/index.ts'
import { bayId, isId } from '../../core/ids.ts'
import { LAMP_TABLES } from '../../core/signals.ts'
import type { CliIo } from '../io.ts'
import type { BenchParts, Found } from './parts.ts'
import type { Bay, Bench } from './stanzas.ts'

type Ask = (question: string) => Promise<string>

export interface PairNeeds {
  readonly io: CliIo
  readonly ask: Ask
  readonly parts: BenchParts
  /** Ups and downs of each card's link so far. */
  readonly carrierChanges: () => ReadonlyMap<string, number>
}

/** After so many tries that decide nothing the part is left out. */
const TRIES_MAX = 3
/** A chip tells within a second whether a device has its keyboard. */
const SETTLE_MS = 2500
const SCAN_LATE_MS = 500
/** More bays than one PC has cards for. */
const BAYS_MAX = 64

/** Asks bay by bay; the bench as far as the person went. */
export async function pairBench(
  needs: PairNeeds,
  names: { readonly site: string; readonly station: string },
): Promise<Bench> {
  const { io, parts } = needs
  const bays: Bay[] = []
  const nics = new Set(parts.bays.map(({ name }) => name))
  const keyboards = new Set(parts.keyboards)
  while (bays.length < BAYS_MAX && nics.size > 0 && !io.signal.aborted) {
    const bay = await bayName(needs, bays)
    if (bay === null) break
    const nic = await nicOf(needs, bay, nics)
    if (nic === null) continue
    nics.delete(nic)
    const keyboard = await keyboardOf(needs, bay, keyboards)
    if (keyboard !== null) keyboards.delete(keyboard)
    bays.push({
      bay,
      link: `nic:${nic}`,
      keyboard: keyboard?.url ?? null,
      lamp: null,
      comments: [],
    })
  }
  const lamps = await lampsOf(needs, bays)
  const scanners = await scannersOf(needs, bays)
  io.say('')
  const paired = bays.map((one) => ({ ...one, lamp: lamps.get(one.bay) ?? null }))
  const notes = [`Paired at the bench by reseal suggest --pair, ${bays.length} bays.`]
  return { ...names, bays: paired, scanners, notes }
}

async function bayName({ io, ask }: PairNeeds, bays: readonly Bay[]): Promise<string | null> {
  const next = String(bays.length + 1).padStart(2, '0')
  for (let n = 0; n < TRIES_MAX; n++) {
    const text = (await ask(`Next bay [${next}], or "done": `)).trim()
    if (text === 'done' || io.signal.aborted) return null
    const bay = text === '' ? next : text
    if (!isId(bay)) io.say('A bay has 1 to 32 letters, digits, - or _.')
    else if (bays.some((one) => one.bay === bay)) io.say(`Bay ${bay} is there already.`)
    else return bay
  }
  return null
}

/** The card whose link moved while the person moved one cable. */
async function nicOf(
  { io, ask, carrierChanges }: PairNeeds,
  bay: string,
  candidates: ReadonlySet<string>,
): Promise<string | null> {
  for (let n = 0; n < TRIES_MAX && !io.signal.aborted; n++) {
    const before = carrierChanges()
    const question = `Bay ${bay}: take its network cable out of a device that is on, put it in again, press Enter: `
    if ((await ask(question)).trim() !== '') return null
    const after = carrierChanges()
    const moved = [...candidates].filter(
      (name) => (after.get(name) ?? 0) !== (before.get(name) ?? 0),
    )
    const [only] = moved
    if (only !== undefined && moved.length === 1) {
      io.say(`Bay ${bay} is at ${only}.`)
      return only
    }
    io.say(
      moved.length === 0
        ? 'No link moved. Is the device on, and the cable in a port of this PC?'
        : `Several links moved (${moved.join(', ')}). Move this one cable alone.`,
    )
  }
  return null
}

/** The keyboard that a device lost and found again while the person moved one cable. */
async function keyboardOf(
  { io, ask }: PairNeeds,
  bay: string,
  candidates: ReadonlySet<Found>,
): Promise<Found | null> {
  for (let n = 0; n < TRIES_MAX && candidates.size > 0 && !io.signal.aborted; n++) {
    const out = `Bay ${bay}: take the USB cable of its keyboard out of the device, press Enter ("none": it has none): `
    if ((await ask(out)).trim() !== '') return null
    const without = await enumeratedOf(io, candidates)
    if ((await ask(`Bay ${bay}: put the USB cable in again, press Enter: `)).trim() !== '')
      return null
    const withIt = await enumeratedOf(io, candidates)
    const moved = [...candidates].filter(
      (one) => withIt.get(one) === true && without.get(one) !== true,
    )
    const [only] = moved
    if (only !== undefined && moved.length === 1) {
      io.say(`Bay ${bay} has ${only.url}.`)
      return only
    }
    io.say(
      moved.length === 0
        ? 'No keyboard was found by a device. Is the device on?'
        : 'Several keyboards were found by devices. Move this one cable alone.',
    )
  }
  return null
}

/** Whether a device has each keyboard, as the chips tell it; null: not known. */
async function enumeratedOf(
  io: CliIo,
  candidates: ReadonlySet<Found>,
): Promise<ReadonlyMap<Found, boolean | null>> {
  const stateDir = await mkdtemp(join(tmpdir(), 'reseal-pair-'))
  const end = new AbortController()
  const told = new Map<Found, boolean | null>()
  const watched = [...candidates].map(async (one) => {
    const keyboard = await openKeyboard(one.url, { clock: io.clock, stateDir, lookOnly: true })
    if (keyboard === null) return
    try {
      for await (const { enumerated } of keyboard.watch(end.signal)) told.set(one, enumerated)
    } finally {
      await keyboard.close()
    }
  })
  await io.clock.sleep(SETTLE_MS, io.signal)
  end.abort()
  // One that cannot be opened is not known; the others are asked all the same.
  await Promise.allSettled(watched)
  await rm(stateDir, { recursive: true, force: true })
  return told
}

/** Each lamp is lit once; the person says where. */
async function lampsOf(
  { io, ask, parts }: PairNeeds,
  bays: readonly Bay[],
): Promise<ReadonlyMap<string, string>> {
  const at = new Map<string, string>()
  if (bays.length === 0) return at
  const family = openLampFamily({ clock: io.clock })
  for (const { url } of parts.lamps) {
    if (io.signal.aborted) break
    const lamp = openLamp(url, {
      bay: bayId('0'),
      tables: LAMP_TABLES,
      family,
      write: () => undefined,
      hasColour: false,
    })
    try {
      await lamp.show('you')
      const bay = (await ask(`A lamp blinks yellow (${url}). At which bay? (Enter: none): `)).trim()
      if (bays.some((one) => one.bay === bay)) at.set(bay, url)
      else if (bay !== '') io.say(`There is no bay ${bay}; the lamp is left out.`)
    } catch (error) {
      io.say(`The lamp ${url} does not light: ${error instanceof Error ? error.message : error}`)
    } finally {
      await lamp.close()
    }
  }
  return at
}

/** Each scanner that reads something is found by it. */
async function scannersOf(
  { io, ask, parts }: PairNeeds,
  bays: readonly Bay[],
): Promise<Bench['scanners']> {
  if (parts.scanners.length === 0 || bays.length === 0) return []
  const found: { scanner: string; bay: string | null }[] = []
  for (const { url } of parts.scanners) {
    if (io.signal.aborted) break
    const scanner = await openScanner(url, { clock: io.clock })
    const end = new AbortController()
    let scans = 0
    const watching = (async () => {
      for await (const report of scanner.watch(end.signal)) if ('text' in report) scans += 1
    })()
    const answer = await ask(
      `Scan something with ${url}, then its bay and Enter ("all": it serves every bay): `,
    )
    // A person is quicker with Enter than a scanner with its last byte, now and then.
    if (scans === 0) await io.clock.sleep(SCAN_LATE_MS, io.signal)
    end.abort()
    await watching
    await scanner.close()
    const bay = bays.find((one) => one.bay === answer.trim())?.bay ?? null
    if (scans === 0) io.say(`${url} read nothing and is left out.`)
    else found.push({ scanner: url, bay })
  }
  return found
}
