// The process that asks in a bay's namespace: a plan on standard input, its round on standard output.
import { systemClock } from '../../drivers/host/clock.ts'
import { serveRound } from '../../drivers/network/index.ts'

process.stdout.write(await serveRound(process.stdin.setEncoding('utf8'), systemClock()))
