// The process that asks in a bay's namespace: a plan on standard input, its round on standard output.
import { constants, setPriority } from 'node:os'
import { systemClock } from '../../drivers/host/clock.ts'
import { serveRound } from '../../drivers/network/index.ts'

// Some forty handshakes can wait; the bays' keys cannot.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
process.stdout.write(await serveRound(process.stdin.setEncoding('utf8'), systemClock()))
