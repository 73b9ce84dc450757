// Asks the station for a page's JSON at its start, again at a rhythm, and says when nobody answers.
import { useEffect, useState } from 'preact/hooks'
import { words } from '../words/words.ts'
import { ApiProblem, ask } from './api.ts'

export interface Answered<T> {
  readonly value: T | null
  /** A sentence when the last asking failed; the value of before stays. */
  readonly trouble: string
  again(): void
}

/** @param everyMs 0: only once and when `again` is called */
export function useAnswer<T>(path: string, everyMs: number): Answered<T> {
  const [value, setValue] = useState<T | null>(null)
  const [trouble, setTrouble] = useState('')
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let isGone = false
    let timer: number | undefined
    const look = async () => {
      try {
        const found = await ask<T>(path)
        if (isGone) return
        setValue(found)
        setTrouble('')
      } catch (error) {
        if (isGone) return
        setTrouble(error instanceof ApiProblem ? error.message : words.shell.noAnswer)
      }
      if (everyMs > 0) timer = window.setTimeout(() => void look(), everyMs)
    }
    void look()
    return () => {
      isGone = true
      window.clearTimeout(timer)
    }
  }, [path, everyMs, turn])
  return { value, trouble, again: () => setTurn((before) => before + 1) }
}
