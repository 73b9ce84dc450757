// The run's place in the hash chain, and whether the station finds it whole now.
import { useEffect, useState } from 'preact/hooks'
import { ask } from '../../shared/api.ts'
import { words } from '../../words/words.ts'
import type { Chained } from './main.tsx'

const { run: texts } = words.board

interface Proof {
  readonly digestFits: boolean
  readonly prevFits: boolean
  readonly nextFits: boolean | null
  readonly holds: boolean
}

const yesNo = (value: boolean | null) =>
  value === null ? texts.last : value ? texts.yes : texts.no

export function Chain({ run, chain }: { readonly run: string; readonly chain: Chained }) {
  const [proof, setProof] = useState<Proof | null>(null)
  useEffect(() => {
    void ask<Proof>(`/api/v1/runs/${encodeURIComponent(run)}/proof`)
      .then(setProof)
      .catch(() => undefined)
  }, [run])
  const { entry, head } = chain
  const rows = [
    [texts.entry, String(entry.seq)],
    [texts.digest, entry.digest],
    [texts.prev, entry.prev],
    [texts.head, head],
    ...(proof === null
      ? []
      : [
          [texts.digestOk, yesNo(proof.digestFits)],
          [texts.prevOk, yesNo(proof.prevFits)],
          [texts.nextOk, yesNo(proof.nextFits)],
        ]),
  ] as const
  return (
    <section class="card">
      <h2>{texts.chain}</h2>
      {proof === null ? null : (
        <p class={proof.holds ? 'good' : 'bad'} data-chain={proof.holds ? 'holds' : 'broken'}>
          <span aria-hidden="true">{proof.holds ? '✓' : '✗'}</span>{' '}
          {proof.holds ? texts.chainGood : texts.chainBad}
        </p>
      )}
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="ref">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
