// The sheet of command barcodes as one HTML document; apart from its command, because drawing bars is much to load.
import {
  BARCODE_GROUPS,
  type BarcodeCommand,
  bayCode,
  commandCode,
  GROUP_NAMES,
} from '../core/labels/barcodes.ts'
import { barsOf, isWide } from '../dashboard/shared/bars.ts'
import { DE } from '../dashboard/words/de.ts'
import { EN, type Words } from '../dashboard/words/en.ts'
import { ES } from '../dashboard/words/es.ts'

const LANGUAGES: Readonly<Record<string, Words>> = { en: EN, de: DE, es: ES }

/** A sheet needs no script and no other file; bars of 22 mm height are read at arm's length. */
const STYLE = `
@page { size: A4; margin: 12mm }
body { font-family: system-ui, sans-serif; color: #000; background: #fff; margin: 8mm }
h1 { font-size: 20pt; margin: 0 0 4mm } h2 { font-size: 15pt; margin: 8mm 0 3mm; break-after: avoid }
.codes { display: grid; grid-template-columns: 1fr 1fr; gap: 5mm }
figure { margin: 0; padding: 3mm; border: 0.3mm solid #999; border-radius: 2mm; break-inside: avoid }
figure.wide { grid-column: span 2 }
figcaption { font-size: 16pt; font-weight: 700; min-height: 2.4em }
svg { display: block; width: 100%; height: 22mm } code { font-size: 10pt }`

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

function figure(text: string, word: string): string {
  const code = barsOf(text)
  if (code === null) return ''
  const bars = code.bars.map(
    ({ x, width }) => `<rect x="${x}" width="${width}" height="${code.height}"/>`,
  )
  const box = `viewBox="0 0 ${code.width} ${code.height}" preserveAspectRatio="none"`
  const caption = `<figcaption>${escaped(word)}</figcaption>`
  return `<figure${isWide(code) ? ' class="wide"' : ''}>${caption}<svg ${box}>${bars.join('')}</svg><code>${escaped(text)}</code></figure>`
}

/**
 * The sheet as one HTML document.
 * @param bay commands for this bay alone; null: for the bay that is scanned first, whose codes are on the sheet too
 */
export function barcodeSheet(
  bays: readonly string[],
  bay: string | null,
  language: string,
): string {
  const words = LANGUAGES[language] ?? EN
  const { barcodes: texts } = words.interfaces
  const section = (title: string, codes: readonly string[]) =>
    `<section><h2>${escaped(title)}</h2><div class="codes">${codes.join('\n')}</div></section>`
  const nameOf = (one: string) => texts.bay.replace('{bay}', one)
  const title = bay === null ? texts.title : `${nameOf(bay)}: ${texts.title}`
  const sections = [
    ...(bay === null
      ? [
          section(
            texts.bays,
            bays.map((one) => figure(bayCode(one), nameOf(one))),
          ),
        ]
      : []),
    ...GROUP_NAMES.map((group) =>
      section(
        texts.groups[group],
        BARCODE_GROUPS[group].map((command: BarcodeCommand) =>
          figure(commandCode(bay, command), texts.commands[command]),
        ),
      ),
    ),
  ]
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><title>${escaped(title)}</title><style>${STYLE}</style></head>
<body><h1>${escaped(title)}</h1><p>${escaped(texts.intro)}</p>
${sections.join('\n')}
</body>
</html>
`
}
