// `reseal label` and `reseal barcodes` as a person types them, over a ledger of a demo and onto a printer that is a port.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inProcess as reseal } from './reseal.ts'

let folder = ''
let run = ''
const data = () => join(folder, 'data')
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reseal-label-'))
  const ends = ['--exit-when-done', '--json', '--data', data()]
  await reseal(['demo', '--devices', '1', '--bays', '1', '--seed', '7', ...ends])
  const { out } = await reseal(['export', '--format', 'json', '--data', data()])
  const [first] = JSON.parse(out) as readonly { readonly record: { readonly run: string } }[]
  run = first?.record.run ?? ''
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the label of a run is ZPL on standard output', async () => {
  const { code, out } = await reseal(['label', run, '--data', data(), '--language', 'de'])
  expect(code).toBe(0)
  expect(out).toMatch(/^\^XA\n[\s\S]*VERSIEGELT[\s\S]*\^XZ\n$/)
})

test('it goes to a printer instead, in its size', async () => {
  let taken = ''
  const server = createServer((socket) => socket.on('data', (chunk) => (taken += chunk.toString())))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  try {
    const printer = `tcp:127.0.0.1:${port}?size=2x1&dpi=300`
    const { code } = await reseal(['label', run, '--data', data(), '--printer', printer])
    expect(code).toBe(0)
    expect(taken).toContain('^PW600')
  } finally {
    server.close()
  }
})

test('what is not there is told by name and exit code', async () => {
  const nobody = await reseal(['label', run, '--data', data(), '--printer', 'file:/dev/no-printer'])
  expect(nobody).toMatchObject({ code: 3 })
  expect(nobody.err).toContain('STATION_PRINTER_GONE')
  const noRun = await reseal(['label', 'nothing', '--data', data()])
  expect(noRun.err).toContain('BACKEND_NOT_FOUND')
  const wrong = await reseal(['label', run, '--data', data(), '--printer', 'usb:1'])
  expect(wrong).toMatchObject({ code: 2 })
})

test('the sheet of command barcodes is one file, in the language asked for', async () => {
  const file = join(folder, 'sheet.html')
  const { code, out } = await reseal(['barcodes', '--out', file, '--language', 'es', '--bay', '02'])
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining(file) })
  const page = readFileSync(file, 'utf8')
  expect(page).toContain('RSL.02.confirm')
  expect(page).toContain('Sí, como se esperaba')
  const none = await reseal(['barcodes', '--bay', 'nowhere'])
  expect(none).toMatchObject({ code: 2 })
})
