// Labels as a printer would print them: the ZPL is drawn by one library, and its codes are read back by another.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ready } from 'zpl-renderer-js'
import { type Label, labelOf } from '../../../agent/core/labels/label.ts'
import { LABEL_LANGUAGES } from '../../../agent/core/labels/words.ts'
import {
  LABEL_DPIS,
  LABEL_SIZES,
  type LabelFormat,
  qrModules,
  zplOf,
  zplText,
} from '../../../agent/core/labels/zpl.ts'
import { codesIn } from '../../fakes/code-reader.ts'
import { aRecord } from '../../fakes/records.ts'

const BASE = 'https://bench-1.hall-2.example:8443'
const MM = 25.4
const DOTS_PER_MM = { 203: 8, 300: 12 } as const
const usual: LabelFormat = { size: '4x2', dpi: 203, language: 'en', copies: 1 }

async function drawn(zpl: string, { size, dpi }: LabelFormat): Promise<Buffer> {
  const [width = 0, height = 0] = size.split('x').map((inches) => Number(inches) * MM)
  const { api } = await ready
  const png = await api.zplToBase64Async(zpl, width, height, DOTS_PER_MM[dpi])
  return Buffer.from(png, 'base64')
}

const labelFor = (serial: string, more: Partial<Label> = {}): Label => ({
  ...labelOf(
    aRecord('01M852EZQBF5KPJPZRN1WQG1GT', { device: { serial }, workOrder: 'WO-1001' }),
    BASE,
  ),
  ...more,
})

describe.each(LABEL_SIZES)('%s inches', (size) => {
  describe.each(LABEL_DPIS)('at %s dpi', (dpi) => {
    test.each(['5CG4012ABC', 'PF3XK9QZ', '4H6T-903.2/A', 'R90WXYZ1'])(
      'the codes of %s lead to the device and say its serial number',
      async (serial) => {
        const format = { ...usual, size, dpi }
        const png = await drawn(zplOf(labelFor(serial), format), format)
        const codes = await codesIn(png)
        expect(codes).toContainEqual({ format: 'Code128', text: serial })
        expect(codes).toContainEqual({
          format: 'QRCode',
          text: `${BASE}/lookup?of=${encodeURIComponent(serial)}`,
        })
        expect(codes).toHaveLength(2)
      },
    )
  })
})

describe('text of others', () => {
  /** The commands of a ZPL text as a printer reads them: a sign that begins one, and two letters. */
  const commands = (zpl: string) =>
    [...zpl.matchAll(/[\^~]([A-Z0-9@]{1,2})/gi)].map(([, name]) => name)
  const clean = commands(zplOf(labelFor('5CG4012ABC'), usual))

  test.each([
    '^XA^FDgot you^FS^XZ',
    '~JR~HS',
    '_5E_7E',
    '^FS^XZ^XA^IDR:*.*^XZ',
    '>;12>8',
    'a\r\n^JUF',
    '\u0000\u001b%-12345X',
  ])('%j begins no command of the printer', (hostile) => {
    const label = labelFor(hostile, { order: hostile, bay: hostile, code: hostile })
    const other = labelFor('5CG4012ABC', { order: 'WO', bay: '1', code: 'DEVICE_RED' })
    expect(commands(zplOf(label, usual)).filter((one) => !clean.includes(one))).toEqual([])
    // Only a Code 128 may be missing: it holds no control characters.
    const count = (zpl: string) => zpl.match(/\^FS/g)?.length ?? 0
    expect(count(zplOf(other, usual)) - count(zplOf(label, usual))).toBeLessThanOrEqual(1)
  })

  test('is printed as it is: the codes say it back', async () => {
    const serial = '^XZ~JR_5E>;1'
    const codes = await codesIn(await drawn(zplOf(labelFor(serial), usual), usual))
    expect(codes).toContainEqual({
      format: 'QRCode',
      text: `${BASE}/lookup?of=${encodeURIComponent(serial)}`,
    })
    expect(codes).toContainEqual({ format: 'Code128', text: serial })
  })

  test('of any kind leaves its field only by its end', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        expect(zplText(text)).toMatch(/^(?:[A-Za-z0-9 .,:/-]|_[0-9A-F]{2})*$/)
      }),
    )
  })

  test('comes back whole from its hexadecimal form', () => {
    const back = (field: string) =>
      Buffer.from(
        field.replace(
          /_([0-9A-F]{2})|([\s\S])/g,
          (_all, hex?: string, plain?: string) => hex ?? Buffer.from(plain ?? '').toString('hex'),
        ),
        'hex',
      ).toString()
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
        const kept = text.toWellFormed().replace(/\p{Cc}/gu, '')
        expect(back(zplText(text))).toBe(kept)
      }),
    )
  })
})

describe('what does not fit', () => {
  test('a serial number of 64 characters still has its codes on the wide label', async () => {
    const serial = 'A1'.repeat(32)
    const codes = await codesIn(await drawn(zplOf(labelFor(serial), usual), usual))
    expect(codes.map(({ text }) => text)).toContain(serial)
    expect(codes).toHaveLength(2)
  })

  test('bars too fine to read are left out of the small label; the QR code stays', async () => {
    const format: LabelFormat = { ...usual, size: '2x1' }
    const serial = 'A1'.repeat(32)
    const codes = await codesIn(await drawn(zplOf(labelFor(serial), format), format))
    expect(codes.map(({ format }) => format)).toEqual(['QRCode'])
  })

  test('an address that no QR code holds is left out, not cut', () => {
    const zpl = zplOf(labelFor('5CG4012ABC', { url: `https://${'a'.repeat(400)}` }), usual)
    expect(zpl).not.toContain('^BQ')
    expect(qrModules(363)).toBeNull()
  })

  test('a device without a serial number has a label that says so and no bars', () => {
    const label = { ...labelFor('x'), serial: null }
    const zpl = zplOf(label, usual)
    expect(zpl).toContain('no serial number')
    expect(zpl).not.toContain('^BC')
  })
})

test.each(LABEL_LANGUAGES)('in %s the verdict stands there in words', (language) => {
  const zpl = zplOf(labelFor('5CG4012ABC'), { ...usual, language, copies: 3 })
  expect(zpl).toContain({ en: 'RESEALED', de: 'VERSIEGELT', es: 'RESELLADO' }[language])
  expect(zpl).toContain('^CI28')
  expect(zpl).toContain('^PQ3')
})

test('a failed device says the code and nothing about handing over', () => {
  const label = labelFor('5CG4012ABC', {
    verdict: 'failed',
    grade: null,
    code: 'DEVICE_TPM',
    handOverAfter: null,
    useBefore: null,
  })
  const zpl = zplOf(label, usual)
  expect(zpl).toContain('FAILED')
  expect(zpl).toContain('DEVICE_5FTPM')
  expect(zpl).not.toMatch(/Hand over|Use before|witnessed/)
})
