// The description of the API for people who write programs; the viewer's files come from the station itself.
import { useEffect, useRef, useState } from 'preact/hooks'
import { changeHeaders } from '../../shared/session.ts'
import { show } from '../../shared/shell.tsx'
import { words } from '../../words/words.ts'

const texts = words.interfaces.api
const FILES = '/api/viewer'

interface Viewer {
  readonly SwaggerUIBundle?: (options: object) => unknown
}

/** Loads a script of the station by its address: the policy of the page allows no other way. */
const load = (path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = path
    script.onload = () => resolve()
    script.onerror = () => reject(new Error(path))
    document.head.append(script)
  })

function styled(path: string): void {
  const link = document.createElement('link')
  link.rel = 'stylesheet'
  link.href = path
  document.head.append(link)
}

function Page() {
  const place = useRef<HTMLDivElement>(null)
  const [isFailed, setFailed] = useState(false)
  useEffect(() => {
    styled(`${FILES}/swagger-ui.css`)
    load(`${FILES}/swagger-ui-bundle.js`).then(
      () =>
        (window as Viewer).SwaggerUIBundle?.({
          url: '/api/openapi.json',
          domNode: place.current,
          docExpansion: 'none',
          defaultModelsExpandDepth: 0,
          deepLinking: false,
          validatorUrl: null,
          // A change from this page needs what every change of a page needs.
          requestInterceptor: (request: { headers: Record<string, string> }) => {
            Object.assign(request.headers, changeHeaders())
            return request
          },
        }),
      () => setFailed(true),
    )
  }, [])
  return (
    <>
      <p class="note">{texts.intro}</p>
      <p>
        <a href="/api/openapi.json">{texts.file}</a>
      </p>
      {isFailed && <p class="bad">{texts.failed}</p>}
      <div class="viewer" ref={place} />
    </>
  )
}

show(texts.title, <Page />)
