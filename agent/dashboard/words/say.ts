// Says in the page's language what the station says in English; what is not known stays English, and is marked as such.
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

/** The text in the page's language, or null when it has no words for it. */
export function translated(text: string): string | null {
  if (Object.hasOwn(said, text)) return said[text] ?? null
  for (const { key, form } of FORMS) {
    const found = form.exec(text)
    if (found === null) continue
    const parts = found.slice(1)
    // What stands in brackets or behind a colon may be anything: only known parts make the whole known.
    if (key.startsWith('{0} (') && translated(parts[0] ?? '') === null) continue
    if (key === '{0}: {1}' && parts.some((part) => translated(part) === null)) continue
    return (said[key] ?? key).replace(/\{(\d)\}/g, (_, at: string) => say(parts[Number(at)] ?? ''))
  }
  return null
}

/** The text in the page's language, else as the station says it. */
export const say = (text: string): string => translated(text) ?? text

/** `lang` for a text that the page cannot say in its own language (WCAG 3.1.2). */
export const langOf = (text: string): { lang?: 'en' } =>
  translated(text) === null ? { lang: 'en' } : {}
