// Takes a photo and sends it small, upright and without what the camera wrote into it; the station strips it once more.
import { useRef, useState } from 'preact/hooks'
import { ApiProblem, ask } from '../../shared/api.ts'
import { say } from '../../words/say.ts'
import { fill, words } from '../../words/words.ts'

const { phone: texts } = words.board
/** Enough to read a label; some hundred kB. */
const SIDE_MAX = 2_000
const QUALITY = 0.85

/** Painted anew: the browser turns it upright, and no metadata survives. */
async function repainted(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
  const scale = Math.min(1, SIDE_MAX / Math.max(bitmap.width, bitmap.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(bitmap.width * scale))
  canvas.height = Math.max(1, Math.round(bitmap.height * scale))
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  const blob = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, 'image/jpeg', QUALITY),
  )
  if (blob === null) throw new Error('no picture')
  return blob
}

interface Kept {
  readonly max: number
}
interface Photos {
  readonly photos: readonly unknown[]
}

async function sendPhoto(bay: string, run: string, file: Blob): Promise<string> {
  const body = await repainted(file).catch(() => null)
  if (body === null) throw new Error(texts.photoBroken)
  const { max } = await ask<Kept>(`/api/v1/bays/${encodeURIComponent(bay)}/photo`, {
    method: 'POST',
    headers: { 'content-type': 'image/jpeg' },
    body,
  })
  const { photos } = await ask<Photos>(`/api/v1/runs/${encodeURIComponent(run)}/photos`)
  return fill(texts.photoKept, { n: photos.length, max })
}

const whyNot = (error: unknown): string => {
  if (error instanceof ApiProblem) return `${say(error.problem.title)} ${say(error.problem.hint)}`
  return error instanceof Error && error.message === texts.photoBroken
    ? texts.photoBroken
    : words.shell.noAnswer
}

export function PhotoOf({ bay, run }: { readonly bay: string; readonly run: string | null }) {
  const [told, tell] = useState<{ readonly text: string; readonly look: string } | null>(null)
  const input = useRef<HTMLInputElement>(null)
  if (run === null) return <p class="note">{texts.photoNoRun}</p>
  const take = async (file: Blob | undefined) => {
    if (file === undefined) return
    tell({ text: texts.photoSending, look: 'note' })
    try {
      tell({ text: await sendPhoto(bay, run, file), look: 'good' })
    } catch (error) {
      tell({ text: whyNot(error), look: 'bad' })
    }
    // The same file may be chosen again.
    if (input.current !== null) input.current.value = ''
  }
  return (
    <section class="card photo">
      <h2>{texts.photo}</h2>
      <label class="take">
        {texts.photoTake}
        <input
          ref={input}
          type="file"
          accept="image/*"
          capture="environment"
          onChange={(event) => void take(event.currentTarget.files?.[0])}
        />
      </label>
      <p class="note">{fill(texts.photoTo, { run })}</p>
      <output class={told?.look ?? 'note'}>{told?.text ?? ''}</output>
    </section>
  )
}
