// Webhooks over HTTP: how each stands, what it gave up, another round for that, and a test.
import type { FastifyInstance } from 'fastify'
import type { HookDesk } from '../ports.ts'
import { hookParam, resendBody } from '../wire/webhooks.ts'
import { valid } from './bay-routes.ts'
import { HttpProblem } from './problem.ts'

const MANAGE = { config: { may: 'webhooks.manage' } } as const
const CHANGE = { config: { may: 'webhooks.manage', audit: 'webhook' } } as const

export function webhookRoutes(app: FastifyInstance, hooks: HookDesk): void {
  const known = <T>(hook: string, found: T | null): T => {
    if (found !== null) return found
    throw new HttpProblem(404, 'BACKEND_NOT_FOUND', `No webhook ${hook} in the config.`)
  }
  app.get('/api/v1/webhooks', MANAGE, async () => ({ webhooks: await hooks.list() }))
  app.get('/api/v1/webhooks/:hook/dead', MANAGE, async ({ params }) => {
    const { hook } = valid(hookParam, params)
    return { dead: known(hook, await hooks.dead(hook)) }
  })
  app.post('/api/v1/webhooks/:hook/test', CHANGE, async ({ params }) => {
    const { hook } = valid(hookParam, params)
    return known(hook, await hooks.test(hook))
  })
  app.post('/api/v1/webhooks/:hook/resend', CHANGE, async ({ params, body }) => {
    const { hook } = valid(hookParam, params)
    const { seqs } = valid(resendBody, body)
    return { resent: known(hook, await hooks.resend(hook, seqs)) }
  })
}
