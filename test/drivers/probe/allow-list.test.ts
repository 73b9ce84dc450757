// What the relay passes: one list on the station and in both probes, and nothing that changes a TPM.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ALLOWED, NEVER, refusalOfCommand } from '../../../drivers/probe/index.ts'

const HOME = join(import.meta.dirname, '../../../drivers/probe')

function command(code: number, handle = 0x8000_0000, tag = 0x8001): Uint8Array {
  const bytes = new Uint8Array(14)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, tag)
  view.setUint32(2, bytes.length)
  view.setUint32(6, code)
  view.setUint32(10, handle)
  return bytes
}

/** Codes between the marks of a script. */
function codesIn(file: string): readonly number[] {
  const text = readFileSync(join(HOME, file), 'utf8')
  const part = text.slice(text.indexOf('# allow-list begins'), text.indexOf('# allow-list ends'))
  // A code stands before `=`, `|` or `)`; handles stand elsewhere.
  const found = part.matchAll(/(?:0x)?(0000[01][0-9a-f]{3})(?=\)| \||\s*=)/gi)
  return [...found].map(([, hex]) => Number.parseInt(hex ?? '', 16)).sort((a, b) => a - b)
}

describe('the allow-list', () => {
  it('passes each of its commands, and gives a reason for it', () => {
    for (const { code, why, handles } of ALLOWED) {
      expect(why).toMatch(/\w+ \w+/)
      expect(refusalOfCommand(command(code, handles?.[0]?.[0]))).toBeNull()
    }
  })

  it('holds nothing that changes a TPM, and names what it would do', () => {
    const codes = ALLOWED.map(({ code }) => code)
    for (const [text, why] of Object.entries(NEVER)) {
      expect(codes).not.toContain(Number(text))
      expect(refusalOfCommand(command(Number(text)))).toBe(why)
    }
    // Clear, HierarchyChangeAuth, EvictControl, both DictionaryAttacks, NV writes, PCR_Extend and PCR_Reset by number.
    const asked = [0x126, 0x129, 0x120, 0x139, 0x13a, 0x137, 0x122, 0x12a, 0x182, 0x13d]
    for (const code of asked) expect(Object.keys(NEVER)).toContain(`${code}`)
  })

  it('refuses every other code, those of vendors included', () => {
    const codes = new Set(ALLOWED.map(({ code }) => code))
    for (let code = 0; code < 0x400; code += 1)
      if (!codes.has(code)) expect(refusalOfCommand(command(code))).not.toBeNull()
    for (const vendor of [0x2000_0000, 0x2000_017a, 0x2000_0131, 0xffff_ffff])
      expect(refusalOfCommand(command(vendor))).toMatch(/^command 0x/)
  })

  it('keeps to certificates, key hierarchies and the endorsement', () => {
    expect(refusalOfCommand(command(0x14e, 0x0180_0000))).toMatch(/NV_Read of/)
    expect(refusalOfCommand(command(0x14e, 0x01c1_0000))).toMatch(/NV_Read of/)
    expect(refusalOfCommand(command(0x14e, 0x4000_0001))).toMatch(/NV_Read of/)
    expect(refusalOfCommand(command(0x131, 0x4000_000c))).toMatch(/CreatePrimary of/)
    // A wrong word for the lockout authorisation would lock the TPM.
    expect(refusalOfCommand(command(0x151, 0x4000_000a))).toMatch(/PolicySecret of/)
  })

  it('refuses bytes that are no command', () => {
    const good = command(0x17a)
    expect(refusalOfCommand(good.subarray(0, 9))).toMatch(/9 bytes/)
    expect(refusalOfCommand(good.subarray(0, 13))).toMatch(/another size/)
    expect(refusalOfCommand(command(0x17a, 0, 0x00c1))).toMatch(/tag/)
    expect(refusalOfCommand(new Uint8Array(4097))).toMatch(/4097 bytes/)
    const noHandle = command(0x14e).slice(0, 10)
    new DataView(noHandle.buffer).setUint32(2, 10)
    expect(refusalOfCommand(noHandle)).toMatch(/without a handle/)
  })

  it.each(['probe.sh', 'probe.ps1'])('is the same in %s', (file) => {
    expect(codesIn(file)).toEqual(ALLOWED.map(({ code }) => code))
  })
})
