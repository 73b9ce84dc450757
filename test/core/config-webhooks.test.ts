// What the config says of webhooks: a wrong receiver is named before the station starts.
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../station-config/loader.ts'
import { tempFile } from './config-files.ts'

const config = (webhook: string) =>
  loadConfig(
    tempFile('bench.yaml', `bays: [{bay: "01", link: "nic:enp3s0"}]\nwebhooks:\n  - ${webhook}\n`),
  )
const GOOD = '{webhook: erp, url: "https://erp.example/x", secretFile: s.txt'

describe('webhooks', () => {
  it('take both kinds of events, public addresses and https unless it is said otherwise', () => {
    const { config: read, problems } = config(`${GOOD}}`)
    expect(problems).toEqual([])
    expect(read?.webhooks[0]).toMatchObject({
      webhook: 'erp',
      events: ['record', 'alarm'],
      allow: [],
      plainLoopback: false,
      caFile: null,
    })
    expect(read?.webhooks[0]?.secretFile).toMatch(/^\/.*\/s\.txt$/)
  })
  it.each([
    ['{webhook: erp, url: "ftp://x/", secretFile: s}', /no address of a receiver/],
    ['{webhook: erp, url: "http://x/", secretFile: s}', /do not go in plain text/],
    ['{webhook: erp, url: "https://a:b@x/", secretFile: s}', /a secret stands in the address/],
    ['{webhook: "a b", url: "https://x/", secretFile: s}', /this is no id/],
    ['{webhook: erp, url: "https://x/"}', /secretFile/],
    [`${GOOD}, events: [runs]}`, /record/],
    [`${GOOD}, allow: [example.com]}`, /no address or network/],
    [`${GOOD}, allow: [10.0.0.0/33]}`, /no address or network/],
    [`${GOOD}}\n  - ${GOOD}}`, /this webhook stands at webhooks\[0\]\.webhook too/],
  ])('%s is refused', (webhook, why) => {
    const { config: read, problems } = config(webhook)
    expect(read).toBeNull()
    expect(
      problems.map(({ path, message, hint }) => `${path} ${message} ${hint}`).join('\n'),
    ).toMatch(why)
  })
})
