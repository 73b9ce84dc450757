// What the routes of sign-in, accounts, tokens and audit are for, as the API's description tells it.
import { z } from 'zod'
import { PERMISSION_NAMES, ROLES } from '../core/roles.ts'
import {
  accountBody,
  accountChange,
  accountParam,
  auditQuery,
  badgeBody,
  emptyBody,
  firstBody,
  passwordBody,
  signInBody,
  tokenBody,
  tokenParam,
} from './accounts.ts'
import type { RouteDoc } from './openapi.ts'

const role = z.enum(ROLES)
const permissions = z.array(z.enum(PERMISSION_NAMES))
const orders = z.array(z.string()).nullable()

export const sessionAnswer = z.object({
  /** `none`: nobody signs in at this station. */
  signIn: z.enum(['none', 'needed']),
  first: z.boolean(),
  mustChange: z.boolean(),
  person: z
    .object({
      account: z.string().nullable(),
      name: z.string(),
      role,
      via: z.string(),
      may: permissions,
    })
    .nullable(),
})
export const signedIn = z.object({
  account: z.string(),
  role: role.nullable(),
  mustChange: z.boolean(),
})
const accountView = z.object({
  account: z.string(),
  name: z.string(),
  role,
  orders,
  mustChange: z.boolean(),
  hasBadge: z.boolean(),
  closed: z.boolean(),
  madeAt: z.number(),
})
const tokenView = z.object({
  id: z.string(),
  name: z.string(),
  role,
  scopes: permissions,
  orders,
  madeAt: z.number(),
  expiresAt: z.number(),
  by: z.string(),
})
export const accountsAnswer = z.object({
  accounts: z.array(accountView),
  tokens: z.array(tokenView),
})
export const accountAnswer = z.object({
  account: accountView,
  password: z.string().exactOptional(),
  badge: z.string().exactOptional(),
})
export const tokenAnswer = z.object({ token: tokenView, secret: z.string() })
const ended = z.object({ ended: z.string() })
export const auditAnswer = z.object({
  rows: z.array(
    z.object({
      seq: z.number(),
      what: z.string(),
      at: z.iso.datetime(),
      who: z.string(),
      account: z.string().nullable(),
      role: z.string().nullable(),
      via: z.string(),
      from: z.string(),
      of: z.string().nullable(),
      outcome: z.enum(['done', 'refused']),
      detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    }),
  ),
  next: z.number().nullable(),
})

const tag = 'trust'

export const TRUST_DOCS: readonly RouteDoc[] = [
  {
    route: 'GET /api/v1/session',
    id: 'getSession',
    tag,
    summary: 'Who is signed in, and whether one has to.',
    answers: { 200: { is: 'The person of this request, or null.', json: sessionAnswer } },
  },
  {
    route: 'POST /api/v1/session',
    id: 'signIn',
    tag,
    summary: 'Sign in with account and password; the answer sets the session cookie.',
    notes:
      'A change then carries the cookie `__Host-reseal-csrf` as header `x-reseal-csrf`. Programs take a token in its place: `Authorization: Bearer rsl_…`.',
    body: signInBody,
    answers: { 200: { is: 'Signed in.', json: signedIn } },
  },
  {
    route: 'DELETE /api/v1/session',
    id: 'signOut',
    tag,
    summary: 'Sign out.',
    answers: { 200: { is: 'Signed out.', json: z.object({ signedOut: z.boolean() }) } },
  },
  {
    route: 'POST /api/v1/session/password',
    id: 'changePassword',
    tag,
    summary: 'Choose a new password; every other session of the account ends.',
    body: passwordBody,
    answers: { 200: { is: 'Changed, under a new session.', json: signedIn } },
  },
  {
    route: 'POST /api/v1/session/badge',
    id: 'showBadge',
    tag,
    summary: 'Show a badge at a kiosk: what follows is done by its owner.',
    body: badgeBody,
    answers: { 200: { is: 'Taken.', json: z.object({ account: z.string(), role }) } },
  },
  {
    route: 'DELETE /api/v1/session/badge',
    id: 'putBadgeAway',
    tag,
    summary: 'The owner of the badge leaves the kiosk.',
    answers: { 200: { is: 'Away.', json: z.object({ away: z.boolean() }) } },
  },
  {
    route: 'POST /api/v1/session/first',
    id: 'makeFirstAdmin',
    tag,
    summary: 'Make the first admin by the one-time code on the console.',
    body: firstBody,
    answers: { 200: { is: 'Made and signed in.', json: signedIn } },
  },
  {
    route: 'GET /api/v1/accounts',
    id: 'listAccounts',
    tag,
    summary: 'Accounts and tokens.',
    answers: { 200: { is: 'All of them, without their secrets.', json: accountsAnswer } },
  },
  {
    route: 'POST /api/v1/accounts',
    id: 'addAccount',
    tag,
    summary: 'Make an account; its first password is told once.',
    body: accountBody,
    answers: { 200: { is: 'Made.', json: accountAnswer } },
  },
  {
    route: 'PATCH /api/v1/accounts/:account',
    id: 'changeAccount',
    tag,
    summary: 'Change role, name or orders of an account, close it or open it again.',
    params: accountParam,
    body: accountChange,
    answers: { 200: { is: 'Changed.', json: accountAnswer } },
  },
  {
    route: 'DELETE /api/v1/accounts/:account',
    id: 'endAccount',
    tag,
    summary: 'End an account with all its sessions.',
    params: accountParam,
    answers: { 200: { is: 'Ended.', json: ended } },
  },
  {
    route: 'POST /api/v1/accounts/:account/password',
    id: 'resetPassword',
    tag,
    summary: 'Give an account a new first password, told once.',
    params: accountParam,
    body: emptyBody,
    answers: { 200: { is: 'Given.', json: accountAnswer } },
  },
  {
    route: 'POST /api/v1/accounts/:account/badge',
    id: 'makeBadge',
    tag,
    summary: 'Make the text of a badge, told once.',
    params: accountParam,
    body: emptyBody,
    answers: { 200: { is: 'Made.', json: accountAnswer } },
  },
  {
    route: 'POST /api/v1/tokens',
    id: 'addToken',
    tag,
    summary: 'Make a token for a program, told once.',
    body: tokenBody,
    answers: { 200: { is: 'Made.', json: tokenAnswer } },
  },
  {
    route: 'DELETE /api/v1/tokens/:id',
    id: 'endToken',
    tag,
    summary: 'End a token.',
    params: tokenParam,
    answers: { 200: { is: 'Ended.', json: ended } },
  },
  {
    route: 'GET /api/v1/audit',
    id: 'listAudit',
    tag,
    summary: 'Who did what, newest first, in pages.',
    query: auditQuery,
    answers: { 200: { is: 'One page.', json: auditAnswer } },
  },
  {
    route: 'GET /api/v1/audit.ndjson',
    id: 'exportAudit',
    tag,
    summary: 'The whole audit, one JSON document a line.',
    query: auditQuery,
    answers: { 200: { is: 'Newest first.', media: 'application/x-ndjson' } },
  },
]
