// Another system that listens: it keeps keys, as the contract tells it to, and holds each message against the document.
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import { messageProblems } from './asyncapi.ts'
import { until } from './wait.ts'

export interface Heard {
  readonly topic: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly retain: boolean
  readonly correlation: string | null
}

export class Consumer {
  readonly client: MqttClient
  readonly heard: Heard[] = []
  readonly problems: string[] = []
  /** Rows by `station + epoch + seq`; how often each came, and on what topic. */
  readonly rows = new Map<string, { count: number; readonly topic: string; readonly seq: number }>()

  private constructor(client: MqttClient) {
    this.client = client
    client.on('error', () => {})
    client.on('message', (topic, payload, packet) => {
      if (/\/query\/reseal$/.test(topic)) return
      const parsed = JSON.parse(payload.toString()) as Record<string, unknown>
      this.problems.push(...messageProblems(topic, parsed))
      const correlation = packet.properties?.correlationData?.toString() ?? null
      this.heard.push({ topic, payload: parsed, retain: packet.retain, correlation })
      if (/\/(?:events|alarms|records\/[^/]+)$/.test(topic)) this.#count(topic, parsed)
    })
  }

  /** Connected and subscribed when it resolves. */
  static async open(
    url: string,
    topics: readonly string[] = ['#'],
    options: IClientOptions = {},
  ): Promise<Consumer> {
    const client = mqtt.connect(url, { reconnectPeriod: 100, connectTimeout: 5000, ...options })
    const consumer = new Consumer(client)
    await until(`a consumer to connect to ${url}`, () => client.connected)
    if (topics.length > 0) await client.subscribeAsync([...topics], { qos: 1 })
    return consumer
  }

  #count(topic: string, { station, epoch, seq }: Readonly<Record<string, unknown>>): void {
    const key = `${station} ${epoch} ${seq}`
    const row = this.rows.get(key) ?? { count: 0, topic, seq: Number(seq) }
    row.count += 1
    this.rows.set(key, row)
  }

  /** The newest payload on a topic that ends so. */
  last(end: string): Readonly<Record<string, unknown>> | undefined {
    return this.heard.findLast(({ topic }) => topic.endsWith(end))?.payload
  }

  /** Rows in the order in which each came for the first time. */
  get order(): readonly number[] {
    return [...this.rows.values()].map(({ seq }) => seq)
  }

  async close(): Promise<void> {
    await this.client.endAsync(true)
  }
}
