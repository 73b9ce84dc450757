// A page that says half a sentence in another language is broken: every language has every word, with the same gaps.
import { describe, expect, test } from 'vitest'
import { DE } from '../../agent/dashboard/words/de.ts'
import { EN } from '../../agent/dashboard/words/en.ts'
import { ES } from '../../agent/dashboard/words/es.ts'

type Tree = { readonly [key: string]: string | Tree }

/** `shell.board` → text, over the whole tree. */
function flat(tree: Tree, prefix = ''): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string'
        ? [[`${prefix}${key}`, value] as const]
        : [...flat(value, `${prefix}${key}.`)],
    ),
  )
}
const gaps = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([gap]) => gap).toSorted()
const english = flat(EN)

describe.each([
  ['German', DE],
  ['Spanish', ES],
] as const)('%s', (_name, language) => {
  const own = flat(language as Tree)

  test('has every word, and none that English lacks', () => {
    expect([...own.keys()].toSorted()).toEqual([...english.keys()].toSorted())
  })

  test('leaves no word empty and keeps the gaps of each sentence', () => {
    for (const [key, text] of own) {
      expect(text.trim(), key).not.toBe('')
      expect(gaps(text), key).toEqual(gaps(english.get(key) ?? ''))
    }
  })
})
