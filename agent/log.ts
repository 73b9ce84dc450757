// The one way into the log: JSON lines for a service, readable lines on a terminal, never a secret in either.
import { createRequire } from 'node:module'
import { type DestinationStream, type Logger, pino } from 'pino'

/** What a line may carry besides its sentence; numbers carry their unit in the name. */
export type LogFields = Readonly<Record<string, unknown>>

export interface Log {
  debug(sentence: string, fields?: LogFields): void
  info(sentence: string, fields?: LogFields): void
  warn(sentence: string, fields?: LogFields): void
  error(sentence: string, fields?: LogFields): void
  /** A log that puts these fields on each of its lines: `bay` and `run`, mostly. */
  child(fields: LogFields): Log
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

type Pretty = typeof import('pino-pretty')

export interface LogOptions {
  readonly level: LogLevel
  /** Readable lines for a person; a service writes JSON. */
  readonly pretty: boolean
  /** Where the lines go; standard output unless it is said otherwise. */
  readonly to?: DestinationStream
}

/** Names under which a secret could travel, at the top of a line and one or two steps below it. */
const SECRET = [
  'password',
  'passwd',
  'secret',
  'clientSecret',
  'token',
  'accessToken',
  'authorization',
  'cookie',
  'privateKey',
  'recoveryKey',
]
export const REDACTED = SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

/** User and password inside a URL, as brokers and printers of errors write it. */
const URL_SECRET = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi
const clean = (text: string): string => text.replace(URL_SECRET, '$1***@')

function cleanError(error: Error): LogFields {
  return {
    type: error.name,
    message: clean(error.message),
    stack: clean(error.stack ?? ''),
    ...('code' in error ? { code: error.code } : {}),
    ...(error.cause instanceof Error ? { cause: cleanError(error.cause) } : {}),
  }
}

function wrap(logger: Logger): Log {
  const line = (level: 'debug' | 'info' | 'warn' | 'error') => {
    return (sentence: string, fields?: LogFields) => {
      logger[level](fields ?? {}, clean(sentence))
    }
  }
  return {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    child: (fields) => wrap(logger.child(fields)),
  }
}

/** Lines for a person; colours only on our own terminal. */
function readable(to: DestinationStream | undefined): DestinationStream {
  // A service writes JSON and has no need of the thirty files behind this one.
  const { prettyFactory } = createRequire(import.meta.url)('pino-pretty') as Pretty
  const format = prettyFactory({
    colorize: to === undefined,
    messageKey: 'message',
    translateTime: 'SYS:HH:MM:ss',
    singleLine: true,
    errorLikeObjectKeys: ['error'],
  })
  return { write: (line) => void (to ?? process.stdout).write(format(line)) }
}

/**
 * Opens the log. Fields named like a secret are written as `[secret]`, also one or two steps down; a password
 * in a URL is blanked; errors go in the field `error`.
 */
export function openLog(options: LogOptions): Log {
  const settings = {
    level: options.level,
    base: null,
    redact: { paths: REDACTED, censor: '[secret]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    messageKey: 'message',
    serializers: {
      error: (value: unknown) => (value instanceof Error ? cleanError(value) : value),
    },
  }
  const to = options.pretty ? readable(options.to) : options.to
  return wrap(to === undefined ? pino(settings) : pino(settings, to))
}

/** For tests and commands that have nobody to tell. */
export const silentLog: Log = openLog({ level: 'silent', pretty: false })
