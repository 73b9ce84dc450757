// The shape of a key script in YAML, with the safety rule named for each word that people know and may not use.
import { z } from 'zod'
import type { Guard, KeyName, Place } from '../agent/core/key-script.ts'
import type { KeyHints } from './check.ts'

/** A boot keyboard report takes 22 ms at 9600 baud (facts/hardware §3.1): shorter taps could not be kept. */
const PAUSE_MIN = 20
const PAUSE_MAX = 2_000
/** A play is given up after 15 s (defaults: playMs); a burst must end well before. */
export const BURST_MAX_MS = 10_000

/** The words of the core, once more because a schema needs values; a test holds both lists together. */
export const SCRIPT_WORDS = {
  places: [
    'first-page',
    'signin',
    'options',
    'landing',
    'refresh',
    'success',
    'failure',
    'keep-awake',
  ],
  keys: [
    'LWIN',
    'ENTER',
    'TAB',
    'SPACE',
    'DOWN',
    'UP',
    'LEFT',
    'RIGHT',
    'ESC',
    'F15',
    'SCROLLLOCK',
    'NUMLOCK',
    'CAPSLOCK',
  ],
  guards: [
    'none',
    'options-open',
    'entry-selected-next-focused',
    'names-right-next-focused',
    'refresh-focused',
    'success-reseal-focused',
    'failure-retry-focused',
  ],
} as const satisfies {
  places: readonly Place[]
  keys: readonly KeyName[]
  guards: readonly Guard[]
}

/** Keys that people know and a script may not hold, with the rule that forbids each. */
const FORBIDDEN_KEYS: Readonly<Record<string, string>> = {
  END: 'End jumps to the last entry of the dialog, which is Reset: move with one DOWN',
  F10: 'Shift+F10 opens a command prompt on the device: leave it out',
  RWIN: 'only the left Windows key is counted: write LWIN',
  RGUI: 'only the left Windows key is counted: write LWIN',
  LGUI: 'write LWIN',
  CTRL: 'Ctrl+Alt+Space belongs to the retail demo: leave it out',
  ALT: 'Ctrl+Alt+Space belongs to the retail demo: leave it out',
  DELETE: 'Ctrl+Alt+Del is no key of this flow: leave it out',
  PAGEDOWN: 'it may jump to the last entry, which is Reset: move with one DOWN',
}

const unsafe = (message: string, hint: string) => ({
  message,
  params: { hint, code: 'KEY_SCRIPT_UNSAFE' },
})

const key = z.string().superRefine((word, context) => {
  if ((SCRIPT_WORDS.keys as readonly string[]).includes(word)) return
  const why = FORBIDDEN_KEYS[word.toUpperCase().replace(/[-_ ]/g, '')]
  if (why !== undefined)
    context.addIssue({ code: 'custom', ...unsafe(`no script may press ${word}`, `${why}.`) })
  else {
    const values = [...SCRIPT_WORDS.keys]
    context.addIssue({ code: 'invalid_value', values, input: word })
  }
})

const guard = z.string().superRefine((word, context) => {
  if ((SCRIPT_WORDS.guards as readonly string[]).includes(word)) return
  if (/reset/i.test(word))
    context.addIssue({
      code: 'custom',
      ...unsafe('Reset is never a target', 'A person resets a device, no script does.'),
    })
  else if (/menu/i.test(word))
    context.addIssue({
      code: 'custom',
      ...unsafe(
        'the Next of an unknown menu is never a target',
        'An unknown menu is a hold for a person.',
      ),
    })
  else context.addIssue({ code: 'invalid_value', values: [...SCRIPT_WORDS.guards], input: word })
})

const pause = z.number().int().min(PAUSE_MIN).max(PAUSE_MAX)
const tap = z.strictObject({
  key,
  times: z.number().int().min(1).max(10).default(1),
  shift: z.boolean().default(false),
  holdMs: pause.default(50),
  gapMs: pause.default(100),
})
const word = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'small letters, digits and dashes only')
const text = z.string().min(1).max(200)
const burst = z.strictObject({ name: word, guard, taps: z.array(tap).min(1).max(20) })
export const scriptSchema = z.strictObject({
  id: word,
  version: z.number().int().min(1).max(10_000),
  place: z.enum(SCRIPT_WORDS.places),
  windows: z.union([z.literal(10), z.literal(11), z.literal('any')]),
  verified: z.boolean(),
  source: text,
  bursts: z.array(burst).min(1).max(8),
})

export const SCRIPT_HINTS: KeyHints = {
  ctrl: 'Ctrl+Alt+Space belongs to the retail demo: no script presses Ctrl.',
  alt: 'Ctrl+Alt+Space belongs to the retail demo: no script presses Alt.',
  win: 'The left Windows key is a key of its own: LWIN.',
  target: 'A burst names no target; its guard does, and Reset is none of them.',
  delayms: 'Write holdMs for the key down and gapMs for the pause after it.',
}

export type RawScript = z.infer<typeof scriptSchema>
