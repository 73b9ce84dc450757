// Every change leaves its own word in the audit: no route does something that is written down as "something else".
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isAudited } from '../../../agent/core/audit.ts'
import { isChange, UNAUDITED } from '../../../agent/web/auth/trail.ts'
import { png } from '../../core/photos/pictures.ts'
import { viewOf } from '../../fakes/board-bench.ts'
import { type Guarded, serveGuarded, type Visitor } from './guarded.ts'

let guarded: Guarded
let admin: Visitor
const dir = mkdtempSync(join(tmpdir(), 'reseal-audit-'))
beforeAll(async () => {
  const annotate = async () => ({ seq: 1, chain: null })
  guarded = await serveGuarded({ parts: { photos: { dir, ledger: { annotate } } } })
  guarded.bench.show(viewOf('1', 'working', guarded.clock, { run: 'R1', serial: 'S1' }))
  guarded.reader.closeRun('R0', { device: { serial: 'S0' } })
  admin = await guarded.as('admin')
})
afterAll(async () => {
  await guarded.close()
  rmSync(dir, { recursive: true, force: true })
})

const last = () => guarded.doors.audit.rows.at(-1)

test('every changing route says its word, or why it has none', () => {
  const changes = guarded.routes.filter(({ method }) => isChange(method))
  expect(changes.length).toBeGreaterThan(20)
  const silent = changes.filter(
    ({ method, path, audit }) =>
      !(audit !== null && isAudited(audit) && audit !== 'change') &&
      !(audit === 'none' && UNAUDITED[`${method} ${path}`] !== undefined),
  )
  expect(silent.map(({ method, path }) => `${method} ${path}`)).toEqual([])
})

describe('the audit', () => {
  test('of a scan at the packing table', async () => {
    const said = await admin.post('/api/v1/pack-out', { text: 'S-NEVER', order: null })
    expect(said.status).toBe(200)
    expect(last()).toMatchObject({
      what: 'packout-scan',
      who: 'The admin',
      of: 'S-NEVER',
      outcome: 'done',
      detail: { go: false },
    })
  })

  test('of a printed label', async () => {
    expect((await admin.post('/api/v1/runs/R0/label', {})).status).toBe(200)
    expect(last()).toMatchObject({ what: 'label', of: 'R0', detail: { serial: 'S0' } })
  })

  test('of a photo', async () => {
    const headers = { 'content-type': 'image/png' }
    const photo = await admin.ask('/api/v1/bays/1/photo', { method: 'POST', body: png(), headers })
    expect([photo.status, photo.text]).toEqual([201, expect.any(String)])
    const detail = { bay: '1', serial: 'S1', digest: expect.stringMatching(/^[0-9a-f]{64}$/) }
    expect(last()).toMatchObject({ what: 'photo', of: 'R1', detail })
  })

  test('of an import, also of one that is refused, and of a look-up of many', async () => {
    const path = '/api/v1/work-orders/import'
    expect((await admin.post(path, { name: 'a.csv', text: 'x' })).status).toBe(200)
    expect(last()).toMatchObject({ what: 'orders', of: 'a.csv', outcome: 'done' })
    expect((await admin.post(path, { name: 'a.csv' })).status).toBe(400)
    expect(last()).toMatchObject({ what: 'orders', outcome: 'refused' })
    expect((await admin.post('/api/v1/devices/lookup.csv', { text: 'S1' })).status).toBe(200)
    expect(last()).toMatchObject({ what: 'export' })
  })
})
