// Lets the stepped clock know of answers that come from outside its queue: time stands still until they are there.
import type { SteppedClock } from '../../drivers/virtual/index.ts'

/** The same port, each promise of which holds the clock until it is settled. */
export function tracked<T extends object>(port: T, clock: SteppedClock): T {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        const answer: unknown = Reflect.apply(value, target, args)
        return answer instanceof Promise ? clock.track(answer) : answer
      }
    },
  })
}
