// The page of one bay: what goes on, what is asked, its checks, parts, history, and the way in for a phone and a probe.
import { SIGNAL_TABLE } from '../../../core/signals.ts'
import type { BayView } from '../../../core/view.ts'
import { Actions } from '../../actions.tsx'
import { Answers } from '../../answers.tsx'
import { Facts, Names, Undo } from '../../bay-parts.tsx'
import { Checks } from '../../checks.tsx'
import { ExpectedPage, expectedOf } from '../../expected.tsx'
import { labelOf } from '../../label.ts'
import { askedBay, startBay } from '../../live-bay.ts'
import { LookOnly, useMay } from '../../rights.tsx'
import { show } from '../../shared/shell.tsx'
import { store, useTopic } from '../../store.ts'
import { langOf, say } from '../../words/say.ts'
import { fill, words } from '../../words/words.ts'
import { Happened, History } from './history.tsx'
import { Parts, Port } from './parts.tsx'
import { PhoneCode, Probe } from './ways-in.tsx'

const { bay: texts } = words.board

/** What the station answered to a press; it stands where the eye is, and is read out. */
function Notice() {
  useTopic('notice')
  const { notice } = store
  return (
    <output class={notice === null ? 'notice' : notice.isGood ? 'notice good' : 'notice bad'}>
      {notice?.text ?? ''}
    </output>
  )
}

function Now({ view }: { readonly view: BayView }) {
  const row = SIGNAL_TABLE[view.signal]
  const line = view.prompt?.line ?? view.line
  const page = expectedOf(view)
  const { prompt } = view
  const may = useMay()
  return (
    <section class="now" aria-label={texts.now}>
      <div
        class={row.loud ? 'signal loud' : 'signal quiet'}
        style={{ '--c': row.colour, '--ink': row.ink }}
      >
        <b class="number">{labelOf(view.bay)}</b>
        <span class="says">
          <b>{say(view.word)}</b>
          <span {...langOf(line)}>{say(line)}</span>
        </span>
      </div>
      <Undo view={view} />
      {prompt === null ? null : (
        <div class="asked">
          {page === null ? null : (
            <figure>
              <ExpectedPage page={page} label={`${texts.expect}: ${say(line)}`} />
              <figcaption>{texts.expect}</figcaption>
            </figure>
          )}
          <div>
            <Names names={prompt.names} />
            <Answers key={prompt.id} bay={view.bay} prompt={prompt} />
          </div>
        </div>
      )}
      {prompt === null && !may('bays.answer') ? <LookOnly /> : null}
      <Notice />
      <Facts view={view} />
      <Actions key={view.signal} view={view} />
    </section>
  )
}

function Choose() {
  useTopic('bays')
  return (
    <section>
      <h2>{texts.choose}</h2>
      <ul class="bays">
        {store.bays().map((bay) => (
          <li key={bay}>
            <a href={`/bay?bay=${encodeURIComponent(bay)}`}>{labelOf(bay)}</a>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Bay({ bay }: { readonly bay: string }) {
  useTopic(`bay:${bay}`)
  useTopic('bays')
  useTopic('link')
  const view = store.view(bay)
  if (view === undefined)
    return (
      <p class="note">{store.hasPicture ? fill(texts.unknown, { bay }) : words.shell.loading}</p>
    )
  return (
    <>
      {store.lostAt === null ? null : (
        <p class="bad" role="alert">
          {words.board.strip.lost}
        </p>
      )}
      <Now view={view} />
      <Checks view={view} />
      <div class="columns">
        <Parts bay={bay} />
        <Probe view={view} />
        <PhoneCode bay={bay} />
        <Port bay={bay} />
      </div>
      <Happened bay={bay} />
      <History bay={bay} />
    </>
  )
}

const bay = askedBay()
if (bay === null) {
  startBay('', '/bay')
  show(texts.choose, <Choose />)
} else {
  startBay(bay, '/bay')
  show(fill(texts.title, { bay: labelOf(bay) }), <Bay bay={bay} />)
}
