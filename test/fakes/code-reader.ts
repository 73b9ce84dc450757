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
