// How pages write times: in the zone of this screen, named, and in the page's language.
import { language } from '../words/words.ts'

const made = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language(), options)

const FULL = made({ dateStyle: 'medium', timeStyle: 'long' })
const DAY = made({ dateStyle: 'medium' })
const CLOCK = made({ hour: '2-digit', minute: '2-digit', second: '2-digit' })
const TODAY_OR_DAY = made({ dateStyle: 'short', timeStyle: 'short' })

/** Date, time and zone. @param at ISO 8601 or UTC ms */
export const timeText = (at: string | number): string => FULL.format(new Date(at))
export const dayText = (at: string | number): string => DAY.format(new Date(at))
export const clockText = (at: string | number): string => CLOCK.format(new Date(at))
/** The time alone when it is today, else with its day. */
export const soonText = (at: string | number, now: number): string =>
  new Date(at).toDateString() === new Date(now).toDateString()
    ? clockText(at).replace(/:\d\d(?=\D*$)/, '')
    : TODAY_OR_DAY.format(new Date(at))
