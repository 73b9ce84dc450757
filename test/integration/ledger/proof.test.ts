// One run's place in the chain: it holds while nothing was touched, and says which of its three sides does not.
import { expect, test } from 'vitest'
import { ledgerFile, NEWEST_VERSION, openDatabase } from '../../../agent/ledger/database.ts'
import { aDir, aLedger, aReader } from './parts/samples.ts'
import { closing } from './parts/steps.ts'

async function threeRuns() {
  const dir = aDir()
  const ledger = await aLedger(dir)
  for (let n = 1; n <= 3; n += 1) await ledger.commit(closing('B1', n, `r-${n}`))
  const reader = await aReader(dir)
  const change = (sql: string) => {
    const db = openDatabase(ledgerFile(dir), {
      readonly: false,
      durable: true,
      newest: NEWEST_VERSION,
    })
    try {
      // Somebody who changes a ledger takes its guards away first.
      const guards = db
        .prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        .all()
      for (const { name } of guards) db.exec(`DROP TRIGGER ${name}`)
      db.pragma('foreign_keys = OFF')
      db.exec(sql)
    } finally {
      db.close()
    }
  }
  const proof = async (run: string) => {
    const found = (await reader.proof?.(run)) ?? null
    if (found === null) return null
    const { digestFits, prevFits, nextFits } = found
    return { digestFits, prevFits, nextFits }
  }
  return { proof, change }
}

test('every run of a whole ledger fits; the last one has nothing behind it', async () => {
  const { proof } = await threeRuns()
  expect(await proof('r-1')).toEqual({ digestFits: true, prevFits: true, nextFits: true })
  expect(await proof('r-2')).toEqual({ digestFits: true, prevFits: true, nextFits: true })
  expect(await proof('r-3')).toEqual({ digestFits: true, prevFits: true, nextFits: null })
  expect(await proof('r-4')).toBeNull()
})

test('a changed record, entry or neighbour is named', async () => {
  const { proof, change } = await threeRuns()
  change(`UPDATE bodies SET body = replace(body, '"B1"', '"B2"') WHERE seq = 2`)
  expect(await proof('r-2')).toEqual({ digestFits: false, prevFits: true, nextFits: true })
  change(`UPDATE chain SET digest = '${'a'.repeat(64)}' WHERE seq = 1`)
  expect(await proof('r-2')).toMatchObject({ prevFits: false, nextFits: true })
  expect(await proof('r-1')).toEqual({ digestFits: false, prevFits: true, nextFits: false })
  change('DELETE FROM chain WHERE seq = 1')
  expect(await proof('r-2')).toMatchObject({ prevFits: false })
})
