// Chooses the language of a page and fills its sentences; a further language is one file and one line here.
import { DE } from './de.ts'
import { EN, type Words } from './en.ts'
import { ES } from './es.ts'

export type { Words } from './en.ts'

export const LANGUAGES = { en: EN, de: DE, es: ES } as const satisfies Readonly<
  Record<string, Words>
>
export type Language = keyof typeof LANGUAGES

const KEY = 'reseal.language'
const isLanguage = (text: string | undefined): text is Language =>
  text !== undefined && Object.hasOwn(LANGUAGES, text)

/** What the person chose, else what the browser asks for, else English. */
export function language(): Language {
  const chosen = localStorage.getItem(KEY) ?? undefined
  if (isLanguage(chosen)) return chosen
  const asked = navigator.languages.map((tag) => tag.split('-')[0]).find(isLanguage)
  return asked ?? 'en'
}

/** Keeps the choice and shows the page anew. */
export function setLanguage(chosen: Language): void {
  localStorage.setItem(KEY, chosen)
  location.reload()
}

/** The words of this page; a page has one language from its load on. */
export const words: Words = LANGUAGES[language()]

/** `{n} bays` with `{ n: 3 }`. A name without a value stays, so that it is seen. */
export const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
