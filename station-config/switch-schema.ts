// The shape of `switches:` in the config: which managed switches have bays at their ports, and how the station signs in.
import { z } from 'zod'

const file = z.string().min(1).max(4_096)
const ms = (low: number, high: number, value: number) =>
  z.number().int().min(low).max(high).default(value)

export const switchShape = {
  host: z
    .union([z.ipv4(), z.ipv6()])
    .describe('Its IP address, so that no DNS stands between bench and switch'),
  port: z.number().int().min(1).max(65_535).default(161).describe('UDP port of its SNMP agent'),
  communityFile: file.optional().describe('SNMP v2c: file with the community'),
  user: z.string().min(1).max(32).optional().describe('SNMP v3: name of the user'),
  authProtocol: z
    .enum(['sha256', 'sha512', 'sha', 'md5'])
    .default('sha256')
    .describe('How answers are signed'),
  authFile: file.optional().describe('File with the authentication key'),
  privProtocol: z
    .enum(['aes', 'aes256b', 'aes256r', 'des'])
    .default('aes')
    .describe('How they are encrypted; aes256b is Blumenthal (net-snmp), aes256r is Cisco'),
  privFile: file.optional().describe('File with the privacy key'),
  pollMs: ms(250, 60_000, 2_000).describe('Time between two polls when nothing happens'),
  timeoutMs: ms(100, 10_000, 1_000).describe('Wait for one answer'),
  retries: z.number().int().min(0).max(5).default(1).describe('How often a request is sent again'),
  control: z
    .boolean()
    .default(false)
    .describe('Whether `reseal port` may switch its ports and their power'),
} as const

/** What a schema of single keys cannot say about a sign-in. */
export function checkLogin(
  value: {
    readonly communityFile?: string | undefined
    readonly user?: string | undefined
    readonly authFile?: string | undefined
    readonly privFile?: string | undefined
  },
  bad: (key: string, message: string, hint: string) => void,
): void {
  const { communityFile, user, authFile, privFile } = value
  if (communityFile === undefined && user === undefined)
    bad('communityFile', 'no sign-in is named', 'Write communityFile: (v2c) or user: (v3).')
  if (communityFile !== undefined && user !== undefined)
    bad('user', 'a community and a user', 'Take one of them out: v2c has a community, v3 a user.')
  for (const [key, text] of [
    ['authFile', authFile],
    ['privFile', privFile],
  ] as const)
    if (text !== undefined && user === undefined) bad(key, 'a key without a user', 'Add user.')
  if (privFile !== undefined && authFile === undefined)
    bad('authFile', 'encryption needs signing', 'Add authFile.')
}
