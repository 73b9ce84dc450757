// `keys` and `doctor` on a PiKVM microcontroller: what a person who installs it tries first.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PikvmDouble } from '../../fakes/pikvm-double.ts'
import { until } from '../../fakes/pty.ts'
import { onTerminal, reseal } from '../cli/reseal.ts'

let dir: string
let chip: PikvmDouble
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'reseal-pikvm-cli-'))
  chip = await PikvmDouble.start()
})
afterEach(async () => {
  await chip.close()
  rmSync(dir, { recursive: true })
})

test('keys switches a mouse off, then plays what the chip takes', async () => {
  const url = `pikvm-mcu:${chip.path}`
  const run = onTerminal(['keys', 'first-page', '--keyboard', url, '--data', dir], dir)
  const asked = () => run.said().includes('Type yes') || run.child.exitCode !== null
  await until('the question', asked, 30_000)
  run.type('yes\r')
  const { code, out } = await run.ended
  expect([code, out.includes('windows-x5: accepted')]).toEqual([0, true])
  expect(chip.outputs).toBe(0x01)
  expect(chip.landed().filter(([modifiers]) => modifiers === 0x08)).toHaveLength(5)
  expect(chip.keysDown()).toEqual([])
})

test('doctor hears the chip and sets nothing', async () => {
  const config = join(dir, 'chip.yaml')
  const bay = `{bay: a, link: "nic:lo", keyboard: "pikvm-mcu:${chip.path}"}`
  writeFileSync(config, `web: {port: 0}\nbays: [${bay}]\n`)
  const { out } = await reseal(['doctor', '--config', config, '--json', '--data', dir], dir)
  const { parts } = JSON.parse(out) as { parts: { part: string; grade: string; detail: string }[] }
  const part = parts.find((one) => one.part === 'bay a keyboard')
  expect(part).toMatchObject({ grade: 'ok', detail: expect.stringContaining('answers') })
  expect(chip.restarts).toBe(0)
  expect(
    chip
      .landed()
      .flat()
      .every((byte) => byte === 0),
  ).toBe(true)
})
