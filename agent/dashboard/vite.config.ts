// How the launcher bundles the board and its pages: plain files that any address of the agent can serve.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vite'

const root = import.meta.dirname
/** Each folder below pages/ is a page of its own at `/<name>`; the board's first load carries none of them. */
const pages = readdirSync(join(root, 'pages'))
  .filter((name) => existsSync(join(root, 'pages', name, 'main.tsx')))
  .map((name) => join(root, 'pages', name, 'index.html'))

export default defineConfig({
  root,
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    rollupOptions: { input: [join(root, 'index.html'), ...pages] },
  },
})
