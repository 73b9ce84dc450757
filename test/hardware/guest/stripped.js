// Loaded first into every Node process of the machine: sources come stripped, and `vitest` is the machine's own small runner.
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

const RUNNER = new URL('./runner.ts', import.meta.url).href

registerHooks({
  resolve(specifier, context, next) {
    // The runner itself takes `expect` from the real one.
    if (specifier === 'vitest' && context.parentURL !== RUNNER) {
      return { url: RUNNER, shortCircuit: true }
    }
    return next(specifier, context)
  },
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context)
    return {
      format: 'module',
      shortCircuit: true,
      source: readFileSync(fileURLToPath(url), 'utf8'),
    }
  },
})
