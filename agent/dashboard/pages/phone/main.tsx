// The bay in a hand: what it asks with large buttons, and a photo of a screen or label to keep with its run.
import { SIGNAL_TABLE } from '../../../core/signals.ts'
import { Answers } from '../../answers.tsx'
import { Names, Undo } from '../../bay-parts.tsx'
import { labelOf } from '../../label.ts'
import { askedBay, startBay } from '../../live-bay.ts'
import { LookOnly, useMay } from '../../rights.tsx'
import { show } from '../../shared/shell.tsx'
import { store, useTopic } from '../../store.ts'
import { langOf, say } from '../../words/say.ts'
import { fill, words } from '../../words/words.ts'
import { PhotoOf } from './photo.tsx'

const { phone: texts, bay: bayTexts } = words.board

function Notice() {
  useTopic('notice')
  const { notice } = store
  return (
    <output class={notice === null ? 'notice' : notice.isGood ? 'notice good' : 'notice bad'}>
      {notice?.text ?? ''}
    </output>
  )
}

function Phone({ bay }: { readonly bay: string }) {
  useTopic(`bay:${bay}`)
  useTopic('bays')
  useTopic('link')
  const may = useMay()
  const view = store.view(bay)
  if (view === undefined)
    return (
      <p class="note">{store.hasPicture ? fill(bayTexts.unknown, { bay }) : words.shell.loading}</p>
    )
  const row = SIGNAL_TABLE[view.signal]
  const line = view.prompt?.line ?? view.line
  return (
    <>
      {store.lostAt === null ? null : (
        <p class="bad" role="alert">
          {words.board.strip.lost}
        </p>
      )}
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
      {may('bays.answer') ? (
        <>
          <Undo view={view} />
          {view.prompt === null ? (
            <p class="note">{texts.fine}</p>
          ) : (
            <>
              <Names names={view.prompt.names} />
              <Answers key={view.prompt.id} bay={bay} prompt={view.prompt} />
            </>
          )}
          <Notice />
          <PhotoOf bay={bay} run={view.run} />
        </>
      ) : (
        <LookOnly />
      )}
      <p>
        <a href={`/bay?bay=${encodeURIComponent(bay)}`}>{texts.page}</a>
      </p>
    </>
  )
}

function Choose() {
  useTopic('bays')
  return (
    <ul class="bays">
      {store.bays().map((bay) => (
        <li key={bay}>
          <a href={`/phone?bay=${encodeURIComponent(bay)}`}>{labelOf(bay)}</a>
        </li>
      ))}
    </ul>
  )
}

const bay = askedBay()
startBay(bay ?? '', '/phone')
if (bay === null) show(bayTexts.choose, <Choose />)
else show(fill(texts.title, { bay: labelOf(bay) }), <Phone bay={bay} />)
