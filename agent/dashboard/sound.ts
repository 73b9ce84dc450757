// Tones of the signal table, made here so that nothing is loaded; a browser wants one press before the first.
import { SIGNAL_TABLE } from '../core/signals.ts'
import type { BayView } from '../core/view.ts'
import { store } from './store.ts'

type Sound = (typeof SIGNAL_TABLE)['empty']['sound']

/** Frequency in Hz, start and length in s. */
type Tone = readonly [hz: number, at: number, length: number]
const TONES: Readonly<Record<Exclude<Sound, 'none'>, readonly Tone[]>> = {
  soft: [[660, 0, 0.35]],
  rising: [
    [660, 0, 0.16],
    [880, 0.18, 0.24],
  ],
  low: [[220, 0, 0.6]],
  alarm: [
    [880, 0, 0.18],
    [622, 0.2, 0.18],
    [880, 0.4, 0.18],
  ],
  short: [[990, 0, 0.08]],
}
/** Of the full scale. */
const VOLUMES = { mute: 0, quiet: 0.07, normal: 0.22, loud: 0.6 } as const
export type Loudness = keyof typeof VOLUMES
export const LOUDNESS = ['mute', 'quiet', 'normal', 'loud'] as const satisfies readonly Loudness[]
/** What sounds: everything of the table, only what calls a person, or alarms alone. */
export const SOUND_FOR = ['all', 'you', 'alarm'] as const
export type SoundFor = (typeof SOUND_FOR)[number]
const SOUNDING: Readonly<Record<SoundFor, readonly Sound[]>> = {
  all: ['alarm', 'low', 'soft', 'rising', 'short'],
  you: ['alarm', 'low', 'soft', 'short'],
  alarm: ['alarm', 'short'],
}
const LOUDNESS_KEY = 'reseal.loudness'
const SOUND_FOR_KEY = 'reseal.sound-for'

export const loudness = (): Loudness =>
  LOUDNESS.find((one) => one === localStorage.getItem(LOUDNESS_KEY)) ?? 'normal'
export const soundFor = (): SoundFor =>
  SOUND_FOR.find((one) => one === localStorage.getItem(SOUND_FOR_KEY)) ?? 'all'
export const isMuted = (): boolean => loudness() === 'mute'

/** Keeps the choice on this screen and lets it be heard. */
export function chooseSound(loud: Loudness, what: SoundFor): void {
  localStorage.setItem(LOUDNESS_KEY, loud)
  localStorage.setItem(SOUND_FOR_KEY, what)
  store.tell('station')
  if (loud !== 'mute') startSound()
}
/** Several bays at once make one sound, the first of these. */
const ORDER: readonly Sound[] = ['alarm', 'low', 'soft', 'rising', 'short']
const GATHER_MS = 150
const REMIND_MS = 60_000
const ALARM_EVERY_MS = 2_000

let audio: AudioContext | null = null
let due: Sound[] = []
const remindAt = new Map<string, number>()

export const isSoundOn = (): boolean => audio?.state === 'running'

/** Called by a press. Answers whether sound can be played now. */
export function startSound(): boolean {
  audio ??= new AudioContext()
  void audio.resume()
  play('short')
  return true
}

function play(sound: Exclude<Sound, 'none'>): void {
  if (audio === null) return
  for (const [hz, at, length] of TONES[sound]) {
    const tone = audio.createOscillator()
    const volume = audio.createGain()
    const from = audio.currentTime + at
    tone.frequency.value = hz
    tone.type = sound === 'alarm' ? 'square' : 'sine'
    volume.gain.setValueAtTime(0, from)
    volume.gain.linearRampToValueAtTime(VOLUMES[loudness()], from + 0.02)
    volume.gain.linearRampToValueAtTime(0, from + length)
    tone.connect(volume).connect(audio.destination)
    tone.start(from)
    tone.stop(from + length)
  }
}

function want(sound: Sound): void {
  if (sound === 'none' || audio === null || isMuted()) return
  if (!SOUNDING[soundFor()].includes(sound)) return
  if (due.length === 0) window.setTimeout(playDue, GATHER_MS)
  due.push(sound)
}

function playDue(): void {
  const first = ORDER.find((sound) => due.includes(sound))
  due = []
  if (first !== undefined && first !== 'none') play(first)
}

function changed(now: BayView, before: BayView | null): void {
  const isNew = before !== null && before.signal !== now.signal
  const isNewPrompt = now.signal === 'you' && now.prompt?.id !== before?.prompt?.id
  if (now.signal === 'you' && (isNew || isNewPrompt)) {
    remindAt.set(now.bay, performance.now() + REMIND_MS)
  } else if (now.signal !== 'you') remindAt.delete(now.bay)
  if (isNew || (before !== null && isNewPrompt)) want(SIGNAL_TABLE[now.signal].sound)
}

/** Reminds once after a minute, and keeps an alarm up until it is seen. */
function remind(): void {
  const now = performance.now()
  for (const [bay, at] of remindAt) {
    if (now < at) continue
    remindAt.delete(bay)
    want('soft')
  }
  if (store.views().some(({ signal }) => signal === 'alarm')) want('alarm')
}

export function watchSounds(): void {
  store.watch(changed)
  window.setInterval(remind, ALARM_EVERY_MS)
}
