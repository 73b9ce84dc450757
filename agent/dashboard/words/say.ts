// Says in the page's language what the station says in English; what is not known stays English, and is marked as such.
import { findingIn, kindIn } from './seen.ts'
import { words } from './words.ts'

const said: Readonly<Record<string, string>> = words.said

/** Sentences with gaps, the longest first: `{0}: take out` must not be taken for `{0}: {1}`. */
const FORMS = Object.keys(said)
  .filter((key) => key.includes('{0}'))
  .toSorted((a, b) => b.length - a.length)
  .map((key) => ({
    key,
    form: new RegExp(
      `^${key.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\d\}/g, '(.+)')}$`,
      'u',
    ),
  }))

/** `ENOTFOUND`, `0x80180014`: the same in every language. */
const isCode = (text: string) => /^(?:[A-Z][A-Z0-9_]{3,}|0x[0-9a-fA-F]+)$/.test(text)

/** The text in the page's language, or null when it has no words for it. */
export function translated(text: string): string | null {
  if (Object.hasOwn(said, text)) return said[text] ?? null
  for (const { key, form } of FORMS) {
    const found = form.exec(text)
    if (found === null) continue
    const parts = found.slice(1)
    // What stands in brackets or behind a colon may be anything: only known parts make the whole known.
    if (key.startsWith('{0} (') && translated(parts[0] ?? '') === null) continue
    if (key === '{0}: {1}' && parts.some((part) => translated(part) === null && !isCode(part)))
      continue
    return (said[key] ?? key).replace(/\{(\d)\}/g, (_, at: string) => say(parts[Number(at)] ?? ''))
  }
  return null
}

/** The text in the page's language, else as the station says it. */
export const say = (text: string): string => translated(text) ?? text

/** `lang` for a text that the page cannot say in its own language (WCAG 3.1.2). */
export const langOf = (text: string): { lang?: 'en' } =>
  translated(text) === null ? { lang: 'en' } : {}

interface Named {
  readonly text: string
  /** `en` where the page has no word of its own. */
  readonly lang?: 'en'
}
const named = (own: string | null, text: string): Named =>
  own === null ? { text, lang: 'en' } : { text: own }

/** What a kind of evidence is called. */
export const kindOf = (kind: string): Named => named(kindIn(words.seen, kind), kind)
/** What a finding is about. */
export const findingOf = (id: string): Named => named(findingIn(words.seen, id), id)
