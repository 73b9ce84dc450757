// What the pre-check hears of the bench PC, from the real one and from roots that lie.
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../../drivers/host/clock.ts'
import { availableMemory, diskFinding, HOST_LIMITS } from '../../../drivers/host/findings.ts'
import { type HostFactsOptions, openHostFacts } from '../../../drivers/host/host-facts.ts'
import { openInventory } from '../../../drivers/host/inventory.ts'

const clock = systemClock()
let root = ''

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'reseal-host-'))
})
afterAll(() => rm(root, { recursive: true }))

async function put(path: string, text: string): Promise<string> {
  const file = join(root, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
  return file
}

/** A timedatectl that answers as told and counts how often it was asked. */
async function timedatectl(name: string, answer: string): Promise<string> {
  const file = await put(name, `#!/bin/sh\necho "$@" >> "$0.asked"\n${answer}\n`)
  await chmod(file, 0o755)
  return file
}

const host = (more: Partial<HostFactsOptions> = {}) =>
  openHostFacts({
    clock,
    dataDir: root,
    runRoot: join(root, 'nowhere'),
    timedatectl: null,
    ...more,
  })

async function clockGrade(more: Partial<HostFactsOptions>): Promise<string> {
  const found = (await host(more).findings()).find((finding) => finding.id === 'host.clock')
  return `${found?.grade}: ${found?.value}`
}

describe('host facts', () => {
  it('of this PC give a boot id, free bytes and one finding each for disk, memory and clock', async () => {
    const facts = host()
    expect(facts.bootId()).toMatch(/^[0-9a-f-]{36}$/)
    expect(facts.bootId()).toBe(host().bootId())
    expect(await facts.diskFree(root)).toBeGreaterThan(0)
    const findings = await facts.findings()
    expect(findings.map((finding) => finding.id)).toEqual([
      'host.disk',
      'host.memory',
      'host.clock',
    ])
    for (const { grade, value, hint } of findings) {
      expect(value).not.toBe('')
      if (grade !== 'ok') expect(hint).not.toBe('')
    }
  })

  it('name the path of a disk that cannot be asked, and warn in the findings', async () => {
    const nowhere = join(root, 'no such folder')
    await expect(host().diskFree(nowhere)).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      where: nowhere,
    })
    const [disk] = await host({ dataDir: nowhere }).findings()
    expect(disk).toMatchObject({ grade: 'warn', value: 'cannot tell' })
  })

  it('grade the disk: warn below 1 GiB, hold below 200 MiB', () => {
    const grade = (mib: number) => diskFinding(mib * 1024 * 1024, HOST_LIMITS).grade
    expect([199, 200, 1023, 1024].map(grade)).toEqual(['hold', 'warn', 'warn', 'ok'])
    expect(diskFinding(84_500_000_000, HOST_LIMITS).value).toBe('84.5 GB free')
    expect(diskFinding(0, HOST_LIMITS).value).toBe('0.0 MB free')
  })

  it('read the memory that is available, or say that they cannot tell', async () => {
    expect(availableMemory('MemTotal: 5 kB\nMemAvailable:   2048 kB\n')).toBe(2 * 1024 * 1024)
    for (const bad of ['', 'MemAvailable: many kB', 'MemAvailable: -5 kB', '\0']) {
      expect(availableMemory(bad)).toBeNull()
    }
    await put('proc/meminfo', 'MemAvailable: 100 kB\n')
    await put(
      'proc/sys/kernel/random/boot_id',
      `${'a'.repeat(8)}-1111-2222-3333-${'b'.repeat(12)}\n`,
    )
    const [, memory] = await host({ procRoot: join(root, 'proc') }).findings()
    expect(memory).toMatchObject({ grade: 'warn', value: '0.1 MB free' })
  })

  it('refuse a boot id that is none: another boot could be taken for the same', async () => {
    await put('bad/sys/kernel/random/boot_id', 'not an id\n')
    for (const bad of ['bad', 'nowhere']) {
      expect(() => host({ procRoot: join(root, bad) })).toThrow(/FILE_UNREADABLE/)
    }
  })

  it('know from timesyncd, or from timedatectl, whether the clock is kept', async () => {
    await put('run/systemd/timesync/synchronized', '')
    const [yes, no, broken] = [
      await timedatectl('yes', 'echo yes'),
      await timedatectl('no', 'echo no'),
      await timedatectl('broken', 'echo "Failed to connect to bus" >&2; exit 1'),
    ]
    expect(await clockGrade({ runRoot: join(root, 'run') })).toBe('ok: kept by a time server')
    expect(await clockGrade({ timedatectl: yes })).toBe('ok: kept by a time server')
    expect(await clockGrade({ timedatectl: no })).toBe('warn: not kept by a time server')
    expect(await clockGrade({ timedatectl: broken })).toBe('warn: cannot tell')
    expect(await clockGrade({ timedatectl: '/nowhere/timedatectl' })).toBe('warn: cannot tell')
    expect(await clockGrade({})).toBe('warn: cannot tell')
  })

  it('start no program for each bay that asks', async () => {
    const asked = await timedatectl('counted', 'echo yes')
    const facts = host({ timedatectl: asked })
    await Promise.all(Array.from({ length: 24 }, () => facts.findings()))
    const lines = (await readFile(`${asked}.asked`, 'utf8')).trim().split('\n')
    expect(lines).toEqual(['show --property=NTPSynchronized --value'])
  })
})

describe('the inventory', () => {
  it('names the network cards, disks and memory without stopping the event loop', async () => {
    const delay = monitorEventLoopDelay({ resolution: 1 })
    const inventory = openInventory({ clock })
    delay.enable()
    const [first, second] = await Promise.all([inventory.read(), inventory.read()])
    delay.disable()
    expect(first).not.toBeNull()
    expect(second).toBe(first)
    expect(first?.nics.map((nic) => nic.name)).toContain('lo')
    expect(first?.memory.total).toBeGreaterThan(0)
    for (const { speed } of first?.nics ?? []) expect(speed === null || speed > 0).toBe(true)
    // The same question in this thread stops it for some 80 ms at one piece, and more for each network card.
    expect(delay.percentile(99) / 1e6).toBeLessThan(50)
  })
})
