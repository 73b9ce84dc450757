// Photos that people added to the run at the bay.
import { useEffect, useState } from 'preact/hooks'
import { ask } from '../../shared/api.ts'
import { wholeTime } from '../../time.ts'
import { fill, words } from '../../words/words.ts'

const { run: texts } = words.board

interface Photo {
  readonly digest: string
  readonly width: number
  readonly height: number
  readonly by: string
  readonly at: string
}

export function Photos({ run }: { readonly run: string }) {
  const [photos, setPhotos] = useState<readonly Photo[]>([])
  const path = `/api/v1/runs/${encodeURIComponent(run)}/photos`
  useEffect(() => {
    void ask<{ readonly photos: readonly Photo[] }>(path)
      .then((answer) => setPhotos(answer.photos))
      .catch(() => undefined)
  }, [path])
  if (photos.length === 0) return null
  return (
    <section class="card">
      <h2>{texts.photos}</h2>
      <div class="photos">
        {photos.map(({ digest, width, height, by, at }) => {
          const told = fill(texts.photoBy, { by, time: wholeTime(Date.parse(at)) })
          return (
            <figure key={digest}>
              <a href={`${path}/${digest}`}>
                <img src={`${path}/${digest}`} width={width} height={height} alt={told} />
              </a>
              <figcaption>
                {told} <code>{digest.slice(0, 12)}</code>
              </figcaption>
            </figure>
          )
        })}
      </div>
    </section>
  )
}
