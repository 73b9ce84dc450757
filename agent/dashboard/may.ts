// What the station's word about a session lets a page offer at a bay; the station alone decides, a page only spares a refusal.
import type { Permission } from '../core/roles.ts'
import type { Choice } from '../core/view.ts'

/** The part of `GET /api/v1/session` that says who may do what. */
export interface Rights {
  readonly signIn: 'none' | 'needed'
  readonly person: { readonly via: string; readonly may: readonly string[] } | null
}

/** True where nobody signs in, and while the station has not said who this is: then it refuses by itself. */
export const mayDo = (rights: Rights | null, what: Permission): boolean =>
  rights?.signIn !== 'needed' || rights.person?.may.includes(what) === true

/** What the station asks for before it does an action at a bay (agent/web/bay-routes.ts). */
export const neededFor = (action: string): Permission =>
  action === 'out-of-service' || action === 'in-service' ? 'bays.service' : 'bays.answer'

/** What it asks for before it takes an answer: some are the lead's alone. */
export const neededToSay = ({ lead }: Pick<Choice, 'answer' | 'lead'>): Permission =>
  lead === true ? 'bays.release' : 'bays.answer'

/** How who is here comes to more rights: at a kiosk by a badge, else by another account. */
export const wayOf = (rights: Rights | null): 'badge' | 'account' =>
  rights?.person?.via === 'kiosk' || rights?.person?.via === 'badge' ? 'badge' : 'account'
