// Reads bar codes and QR codes from pictures by a library that we did not write, offline.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { prepareZXingModule, type ReaderOptions, readBarcodes } from 'zxing-wasm/reader'

const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')
// The package would fetch its module from a host of the Internet; it has it in itself.
prepareZXingModule({ overrides: { wasmBinary: readFileSync(wasm).buffer as ArrayBuffer } })

export interface CodeSeen {
  readonly format: string
  readonly text: string
}

/** Every code of a PNG picture, in the order in which they were found. */
export async function codesIn(png: Uint8Array): Promise<readonly CodeSeen[]> {
  const options: ReaderOptions = { tryHarder: true, maxNumberOfSymbols: 255 }
  const found = await readBarcodes(new Blob([new Uint8Array(png)]), options)
  return found.filter(({ isValid }) => isValid).map(({ format, text }) => ({ format, text }))
}

/** Codes of a drawing of bars, at three dots a module. */
export async function linesIn(drawing: {
  readonly width: number
  readonly bars: readonly { readonly x: number; readonly width: number }[]
}): Promise<readonly CodeSeen[]> {
  const dots = 3
  const width = drawing.width * dots
  // A bar is the same all the way up: some rows of it are enough.
  const height = 24
  const data = new Uint8ClampedArray(width * height * 4).fill(255)
  for (const bar of drawing.bars)
    for (let y = 0; y < height; y += 1)
      for (let x = bar.x * dots; x < (bar.x + bar.width) * dots; x += 1)
        data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3)
  const found = await readBarcodes({ data, width, height } as Parameters<typeof readBarcodes>[0], {
    formats: ['Code128'],
    tryHarder: false,
  })
  return found.filter(({ isValid }) => isValid).map(({ format, text }) => ({ format, text }))
}
