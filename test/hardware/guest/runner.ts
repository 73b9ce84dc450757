// The machine's own test runner: stands in for Vitest, whose start alone takes minutes on an emulated processor.
import { host } from './host.ts'

// The real `expect`, so that contract suites mean the same here.
export { expect } from 'vitest'

type Body = () => unknown

interface Suite {
  readonly name: string
  readonly outer: Suite | null
  readonly before: Body[]
  readonly after: Body[]
  readonly beforeAll: Body[]
  readonly afterAll: Body[]
  isBegun: boolean
}

interface Test {
  readonly name: string
  readonly suite: Suite
  readonly body: Body
  readonly limitMs: number
}

/** Generous: an emulated processor on a busy machine is 20 to 100 times slower than a real one. */
const LIMIT_MS = 180_000

const suiteOf = (name: string, outer: Suite | null): Suite => ({
  name,
  outer,
  before: [],
  after: [],
  beforeAll: [],
  afterAll: [],
  isBegun: false,
})

const tests: Test[] = []
let current = suiteOf('', null)

export function describe(name: string, body: () => void): void {
  const outer = current
  current = suiteOf(outer.name === '' ? name : `${outer.name} > ${name}`, outer)
  body()
  current = outer
}

/** Vitest's order: the limit stands behind the body. */
export function test(name: string, body: Body, limitMs: number = LIMIT_MS): void {
  tests.push({ name, suite: current, body, limitMs })
}
export const it: typeof test = test

export const beforeEach = (body: Body): void => void current.before.push(body)
export const afterEach = (body: Body): void => void current.after.push(body)
export const beforeAll = (body: Body): void => void current.beforeAll.push(body)
export const afterAll = (body: Body): void => void current.afterAll.push(body)

/** One line of what has been shown; for the end of a test that shows it. */
export const proved = (what: string): void => host.say('proved', { what })

/** A figure that nobody is held to: an emulated processor stalls as it likes. */
export const noted = (text: string): void => host.say('note', { text })

const outward = (suite: Suite): Suite[] =>
  suite.outer === null ? [suite] : [suite, ...outward(suite.outer)]

async function within(limitMs: number, what: string, body: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took more than ${limitMs} ms`)), limitMs)
  })
  try {
    await Promise.race([body(), late])
  } finally {
    clearTimeout(timer)
  }
}

async function runOne({ suite, body, limitMs }: Test): Promise<unknown[]> {
  const troubles: unknown[] = []
  const suites = outward(suite)
  const attempt = (what: string, work: () => Promise<void>): Promise<void> =>
    within(limitMs, what, work).catch((error: unknown) => void troubles.push(error))
  await attempt('the test', async () => {
    for (const each of suites.toReversed()) {
      if (!each.isBegun) {
        each.isBegun = true
        for (const before of each.beforeAll) await before()
      }
      for (const before of each.before) await before()
    }
    await body()
  })
  await attempt('the end of the test', async () => {
    for (const each of suites) for (const after of each.after.toReversed()) await after()
  })
  return troubles
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const where = error.stack?.split('\n').filter((line) => line.includes('/reseal/')) ?? []
  const asked =
    'expected' in error || 'actual' in error
      ? [`expected: ${shown(Reflect.get(error, 'expected'))}`].concat(
          `got: ${shown(Reflect.get(error, 'actual'))}`,
        )
      : []
  return [error.message, ...asked, ...where.slice(0, 4)].join('\n')
}

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 1000) ?? String(value)

/** Runs the collected tests in order and tells the host of each; `only`: those whose name contains it. */
export async function runTests(only: string): Promise<void> {
  const chosen = tests.filter(({ suite, name }) => `${suite.name} > ${name}`.includes(only))
  host.say('tests', { count: chosen.length })
  for (const [i, each] of chosen.entries()) {
    const name = each.suite.name === '' ? each.name : `${each.suite.name} > ${each.name}`
    host.say('begin', { name })
    const from = performance.now()
    const troubles = await runOne(each)
    const rest = chosen.slice(i + 1).flatMap(({ suite }) => outward(suite))
    for (const suite of outward(each.suite)) {
      if (rest.includes(suite)) continue
      for (const after of suite.afterAll)
        await Promise.resolve(after()).catch((e) => troubles.push(e))
    }
    const ms = Math.round(performance.now() - from)
    host.say('test', { name, ms, troubles: troubles.map(textOf) })
  }
  host.say('done')
}
