// The names of the station's topics, and which topics an answer may go to.

const ROOT = 'reseal/v1/'
/** Answers go nowhere else inside our tree, or a request could write over a record or a status. */
const REPLY = 'reply/'
const ANSWER_TOPIC_MAX = 256

export interface Topics {
  readonly status: string
  readonly throughput: string
  readonly digest: string
  readonly query: string
  bay(bay: string): string
  /** A topic of the outbox: `records/<run>`, `events`, `alarms`. */
  row(topic: string): string
  /** True when an answer may be published there. */
  takesAnswers(topic: string): boolean
}

export function topicsOf(site: string, station: string): Topics {
  const prefix = `${ROOT}${site}/${station}/`
  return {
    status: `${prefix}status`,
    throughput: `${prefix}throughput`,
    digest: `${prefix}digest`,
    query: `${prefix}query/reseal`,
    bay: (bay) => `${prefix}bays/${bay}`,
    row: (topic) => prefix + topic,
    takesAnswers(topic) {
      if (topic === '' || topic.length > ANSWER_TOPIC_MAX) return false
      // Wildcards, the broker's own topics, and control characters (MQTT 3.1.1 §1.5.3, §4.7).
      if (/^\$|[#+]|\p{Cc}|\p{Cs}/u.test(topic)) return false
      if (!topic.startsWith(ROOT)) return true
      return topic.startsWith(prefix + REPLY) && topic.length > prefix.length + REPLY.length
    },
  }
}
