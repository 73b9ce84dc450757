// Every route says what it needs, and every role meets every route.
import { expect, test } from 'vitest'
import { isPermission } from '../../../agent/core/roles.ts'
import { serve } from './server.ts'

test('every route says which permission it needs: `config: { may }`', async () => {
  const served = await serve()
  await served.close()
  expect(served.routes.length).toBeGreaterThan(10)
  const silent = served.routes.filter(({ may }) => may === null)
  expect(silent.map(({ method, path }) => `${method} ${path}`)).toEqual([])
  const unknown = served.routes.filter(
    ({ may }) => may !== null && may !== 'self' && may !== 'anyone' && !isPermission(may),
  )
  expect(unknown).toEqual([])
})
