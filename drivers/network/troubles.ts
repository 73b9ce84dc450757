// Words for what went wrong at a host: a person at the bay reads the hint, so it names the host and what to mend.
import type { Finding } from '../../agent/ports.ts'
import { type Asked, type NetworkAddress, TROUBLES, type Trouble } from './address.ts'

/** More hosts of one kind share a finding: one cause is one line. */
const ALONE_MAX = 3
const NAMED_MAX = 5

export interface Failed {
  readonly address: NetworkAddress
  readonly is: Trouble
  readonly why: string
}

export const failedOf = (asked: readonly Asked[]): readonly Failed[] =>
  asked.flatMap(({ address, reached }) =>
    reached.is === 'reached' ? [] : [{ address, is: reached.is, why: reached.why }],
  )

/** `value` begins with the first, the hint is the second: `where` is a host, or several. */
const WORDS: Readonly<Record<Trouble, readonly [string, (where: string, why: string) => string]>> =
  {
    portal: [
      'sign-in page',
      (where, why) =>
        `A sign-in page stands before ${where} (${why}): let the bay network out without it.`,
    ],
    proxy: [
      'proxy',
      (where, why) =>
        `A proxy stands before ${where}: ${why}. Devices cannot sign in to it; let them pass.`,
    ],
    intercepted: [
      'intercepted',
      (where, why) => `TLS to ${where} is intercepted ${why}: take it out of the inspection.`,
    ],
    'dns-wrong': [
      'wrong DNS answer',
      (where, why) => `DNS leads ${where} astray (${why}): mend the DNS of the bay network.`,
    ],
    dns: [
      'no DNS answer',
      (where, why) => `DNS does not answer ${where} (${why}): let the bay network resolve it.`,
    ],
    blocked: [
      'no answer',
      (where, why) => `${where} does not answer (${why}): let it through the firewall.`,
    ],
    slow: [
      'too slow',
      (where, why) => `${where} is too slow: ${why}. Look at the firewall and the line.`,
    ],
    broken: [
      'broken off',
      (where, why) => `${where} is broken off (${why}): let it through the firewall unchanged.`,
    ],
    expired: [
      'certificate',
      (where, why) =>
        `The certificate of ${where} is ${why}: check the clock, then who answers there.`,
    ],
    issuer: [
      'unexpected issuer',
      (where, why) =>
        `Compare once from elsewhere who issues the certificate of ${where}: here ${why}.`,
    ],
  }

const placeOf = ({ host, port }: NetworkAddress) => `${host}:${port}`

function alone({ address, is, why }: Failed, grade: Finding['grade']): Finding {
  const [name, hint] = WORDS[is]
  return {
    id: `network.${is}.${address.host}`,
    grade,
    value: `${name}: ${why}`,
    hint: `${hint(placeOf(address), why)} It is needed for ${address.for}.`,
  }
}

function together(failed: readonly Failed[], is: Trouble, grade: Finding['grade']): Finding {
  const [name, hint] = WORDS[is]
  const reasons = [...new Set(failed.map(({ why }) => why))]
  const hosts = failed.slice(0, NAMED_MAX).map(({ address }) => placeOf(address))
  const more = failed.length > NAMED_MAX ? ' and others' : ''
  const why = reasons.slice(0, 2).join('; ')
  return {
    id: `network.${is}`,
    grade,
    value: `${name} at ${failed.length} hosts: ${why}`,
    hint: hint(`${hosts.join(', ')}${more}`, why),
  }
}

/** Findings by kind, the likeliest cause first; holds before warnings. `every`: one a host, however many they are. */
export function troubleFindings(
  failed: readonly Failed[],
  gradeOf: (one: Failed) => Finding['grade'],
  every: boolean,
): readonly Finding[] {
  return TROUBLES.flatMap((is) =>
    (['hold', 'warn'] as const).flatMap((grade) => {
      const some = failed.filter((one) => one.is === is && gradeOf(one) === grade)
      return some.length > ALONE_MAX && !every
        ? [together(some, is, grade)]
        : some.map((one) => alone(one, grade))
    }),
  )
}
