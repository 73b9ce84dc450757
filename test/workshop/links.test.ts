// Every relative link of the documents leads to a file or folder of this repository: nobody is sent to a page that is not there.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const pages = globSync('**/*.md', {
  cwd: ROOT,
  exclude: (name) => ['node_modules', '.git', 'data'].includes(name.split('/').at(-1) ?? ''),
})

/** Where a text links to: `[words](to)`, `![words](to "title")` and `[name]: to`; code is no link. */
function linksOf(markdown: string): readonly string[] {
  const text = markdown
    .replace(/^ {0,3}(```|~~~)[\s\S]*?^ {0,3}\1.*$/gm, '')
    .replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '')
  const inline = text.matchAll(/\]\(\s*<?([^)>\s]+)>?(?:\s+["'][^)]*)?\s*\)/g)
  const named = text.matchAll(/^ {0,3}\[[^\]]+\]:\s*<?([^>\s]+)/gm)
  return [...inline, ...named].map(([, to]) => to ?? '')
}

/** Links of one page that lead nowhere, or out of the repository; the rest of the web is not asked. */
function brokenIn(page: string, markdown: string): readonly string[] {
  return linksOf(markdown).filter((to) => {
    if (/^[a-z][a-z0-9+.-]*:|^#/i.test(to)) return false
    const path = decodeURIComponent(to.replace(/[?#].*$/, ''))
    const target = resolve(ROOT, dirname(page), path)
    const isOurs = !relative(ROOT, target).startsWith('..') && !target.includes('node_modules')
    // A link from the root of a site leads nowhere in a folder.
    return path.startsWith('/') || !isOurs || !existsSync(target)
  })
}

describe('the documents', () => {
  test('are found', () => {
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'drivers/README.md']))
    const all = pages.flatMap((page) => linksOf(readFileSync(join(ROOT, page), 'utf8')))
    expect(all.length).toBeGreaterThan(20)
  })

  test.each(pages)('%s links to what is there', (page) => {
    expect(brokenIn(page, readFileSync(join(ROOT, page), 'utf8'))).toEqual([])
  })
})

describe('a link', () => {
  test.each([
    ['a missing page', '[x](docs/NONE.md)', ['docs/NONE.md']],
    ['a missing picture with a title', '![x](none.png "A bench")', ['none.png']],
    ['a name', 'see [x][y]\n\n[y]: docs/NONE.md', ['docs/NONE.md']],
    ['a place outside', '[x](../else.md)', ['../else.md']],
    ['the root of a site', '[x](/README.md)', ['/README.md']],
    ['a missing page with a heading', '[x](NONE.md#a)', ['NONE.md#a']],
  ])('to %s is found out', (_, text, broken) => {
    expect(brokenIn('README.md', text)).toEqual(broken)
  })

  test.each([
    '[x](drivers/README.md#lamps) and [y](<docs/ERRORS.md>)',
    '[x](https://example.com/none.md), [y](mailto:a@example.com), [z](#here)',
    'code is none: `[x](none.md)` ``[x](`none.md)``\n\n```sh\n[x](none.md)\n```\n',
    '[a folder](docs/)',
  ])('that is fine or none is let be: %s', (text) => {
    expect(brokenIn('README.md', text)).toEqual([])
  })
})
