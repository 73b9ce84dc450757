// Evidence, findings and what was seen are said in every language: a new kind without its word fails here.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { EVENT_TABLE } from '../../agent/core/probe/evidence.ts'
import { SAID_EN } from '../../agent/dashboard/words/said/en.ts'
import { SEEN_DE } from '../../agent/dashboard/words/seen/de.ts'
import { SEEN_EN } from '../../agent/dashboard/words/seen/en.ts'
import { SEEN_ES } from '../../agent/dashboard/words/seen/es.ts'
import { findingIn, kindIn } from '../../agent/dashboard/words/seen.ts'
import { TROUBLES } from '../../drivers/network/address.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const all = (source: string, what: RegExp) => [...source.matchAll(what)].map(([, one = '']) => one)
const flow = readdirSync(join(ROOT, 'agent/core/flow'))
  .map((name) => read(`agent/core/flow/${name}`))
  .join('\n')

describe('kinds of evidence', () => {
  test('what the flow sees, what links do, and what a probe reports', () => {
    const links = all(
      read('agent/core/link-edges.ts').split('LinkWord =')[1]?.split('\n')[0] ?? '',
      /'(\w+)'/g,
    )
    const probe = all(read('agent/core/probe/evidence.ts'), /yield \[?\s*'([a-z-]+)'/g)
    const kinds = [
      ...all(flow, /\bsee\(\s*'([^']+)'/g),
      ...links.map((word) => `link ${word}`),
      ...EVENT_TABLE.map(({ kind }) => kind),
      ...probe,
      ...all(
        read('agent/bench/leases.ts') + read('agent/bench/probes.ts'),
        /evidence: { kind: '([^']+)'/g,
      ),
    ]
    expect(new Set(kinds).size).toBeGreaterThan(55)
    for (const kind of kinds) expect(kindIn(SEEN_EN, kind), kind).not.toBeNull()
  })

  test('a log entry from before the run is said to be one; what is not known is left as it is', () => {
    expect(kindIn(SEEN_DE, 'no-profile-before')).toBe('es hat kein Profil (vor diesem Lauf)')
    expect(kindIn(SEEN_ES, 'success-page')).toBe('página verde vista')
    expect(kindIn(SEEN_EN, 'of-a-later-version')).toBeNull()
    expect(kindIn(SEEN_EN, 'constructor')).toBeNull()
  })
})

test('findings: every trouble of a network, and every name that a check gives', () => {
  const network = readdirSync(join(ROOT, 'drivers/network')).filter((name) => name.endsWith('.ts'))
  const sources = network.map((name) => read(`drivers/network/${name}`)).join('\n')
  const warns = all(sources, /finding\('([a-z.-]+)', '(?:hold|warn)'/g)
  const ids = [
    ...TROUBLES.map((is) => `network.${is}`),
    ...warns,
    ...all(read('drivers/host/findings.ts'), /id = '([a-z.]+)'/g),
    ...['interface', 'uplink', 'path', 'namespace', 'process'].map((is) => `network.${is}`),
  ]
  expect(ids.length).toBeGreaterThan(20)
  for (const id of ids) expect(findingIn(SEEN_EN, id), id).not.toBeNull()
  expect(findingIn(SEEN_DE, 'network.dns-wrong.ekop.intel.com')).toBe(
    'falsche DNS-Antwort, ekop.intel.com',
  )
  expect(findingIn(SEEN_ES, 'network.dns.ekop.intel.com')).toBe('DNS, ekop.intel.com')
  expect(findingIn(SEEN_EN, 'elsewhere')).toBeNull()
})

test('what was seen, where it is one of a few: troubles, host, TPM, alarms', () => {
  const troubles =
    read('drivers/network/troubles.ts').split('const WORDS')[1]?.split('const placeOf')[0] ?? ''
  const tpm = readdirSync(join(ROOT, 'agent/core/tpm'))
    .map((name) => read(`agent/core/tpm/${name}`))
    .join('\n')
  const said = [
    ...all(troubles, /^ {4}(?:'[\w-]+'|\w+): \[\n {6}'([^']+)'/gm),
    ...all(tpm, /(?:missing|absent): '([a-z][^'.]+)'/g),
    ...all(flow, /raise\(c, '([^']+)'/g),
  ]
  expect(said.length).toBeGreaterThan(24)
  expect(said.filter((text) => !Object.hasOwn(SAID_EN, text))).toEqual([])
})
