// The files of the service, judged by systemd's own tools and held against what the program needs.
import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { AGENT_FLAGS } from '../../../scripts/launcher/checkout.js'

const ROOT = resolve(import.meta.dirname, '../../..')
const UNIT = join(ROOT, 'systemd/reseal.service')
const unit = readFileSync(UNIT, 'utf8')
const gadget = readFileSync(join(ROOT, 'systemd/reseal-gadget@.service'), 'utf8')
/** The issue's own bound: 10 is a process without any restriction. */
const EXPOSURE_MAX = 3

const trees: string[] = []
afterEach(() => {
  for (const tree of trees.splice(0)) rmSync(tree, { recursive: true, force: true })
})
const tree = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'reseal-unit-'))
  trees.push(made)
  return made
}

test('the exposure that systemd computes stays at 3.0 or below', () => {
  const said = execFileSync('systemd-analyze', ['security', '--offline=true', UNIT], {
    encoding: 'utf8',
    env: { ...process.env, SYSTEMD_PAGER: '' },
  })
  const exposure = /Overall exposure level for [^:]+: ([\d.]+)/.exec(said)?.[1]
  expect(Number(exposure)).toBeGreaterThan(0)
  expect(Number(exposure)).toBeLessThanOrEqual(EXPOSURE_MAX)
})

/** A system tree with the unit and an empty program where the unit looks for it. */
function systemTree(text: string): string {
  const root = tree()
  const place = (path: string, content: string, mode: number) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
    chmodSync(join(root, path), mode)
  }
  place('/opt/reseal/current/bin/node', '#!/bin/sh\n', 0o755)
  place('/bin/kill', '#!/bin/sh\n', 0o755)
  place('/opt/reseal/current/README.md', '', 0o644)
  place('/usr/local/bin/reseal', '#!/bin/sh\n', 0o755)
  place('/opt/reseal/current/drivers/README.md', '', 0o644)
  place('/etc/systemd/system/reseal-gadget@.service', gadget, 0o644)
  place('/etc/systemd/system/reseal.service', text, 0o644)
  // What it is ordered after and wanted by: systemd's own units.
  cpSync('/lib/systemd/system', join(root, 'lib/systemd/system'), { recursive: true })
  return root
}

const verify = (text: string) =>
  spawnSync(
    'systemd-analyze',
    [
      'verify',
      '--recursive-errors=no',
      `--root=${systemTree(text)}`,
      'reseal.service',
      'reseal-gadget@07.service',
    ],
    { encoding: 'utf8' },
  )

test('systemd finds nothing wrong with the units', () => {
  const { status, stderr } = verify(unit)
  expect({ status, said: stderr.trim() }).toEqual({ status: 0, said: '' })
})

test('systemd would name a key that it does not know', () => {
  const { stderr } = verify(unit.replace('ProtectHome=', 'ProtectHomes='))
  expect(stderr).toMatch(/Unknown key 'ProtectHomes'/)
})

test('the unit runs the program as the launcher does, and so does the command', () => {
  const line = /^ExecStart=(.*)$/m.exec(unit)?.[1]?.split(' ') ?? []
  expect(line.slice(1, 1 + AGENT_FLAGS.length)).toEqual(AGENT_FLAGS)
  const command = readFileSync(join(ROOT, 'systemd/reseal.sh'), 'utf8')
  for (const flag of AGENT_FLAGS) expect(command).toContain(flag)
})

test('the user, its groups and the folders are what the unit names', () => {
  const root = tree()
  const file = (path: string, from: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    cpSync(from, join(root, path))
  }
  file('etc/passwd', '/etc/passwd')
  file('etc/group', '/etc/group')
  file('etc/sysusers.d/reseal.conf', join(ROOT, 'systemd/reseal.sysusers.conf'))
  file('etc/tmpfiles.d/reseal.conf', join(ROOT, 'systemd/reseal.tmpfiles.conf'))
  execFileSync('systemd-sysusers', [`--root=${root}`, 'reseal.conf'])
  execFileSync('systemd-tmpfiles', [`--root=${root}`, '--create', 'reseal.conf'])
  const group = readFileSync(join(root, 'etc/group'), 'utf8')
  const passwd = readFileSync(join(root, 'etc/passwd'), 'utf8')
  expect(passwd).toMatch(
    /^reseal:x:\d+:\d+:Reseal station:\/var\/lib\/reseal:\/usr\/sbin\/nologin$/m,
  )
  for (const name of /^SupplementaryGroups=(.*)$/m.exec(unit)?.[1]?.split(' ') ?? [])
    expect(group).toMatch(new RegExp(`^${name}:.*\\breseal\\b`, 'm'))
  const mode = execFileSync('stat', ['-c', '%a', join(root, 'var/lib/reseal')], {
    encoding: 'utf8',
  })
  expect(mode.trim()).toBe('700')
})
