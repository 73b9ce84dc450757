// Records what tpm2-tools say to a software TPM: golden bytes for each command, made by somebody else's code.
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import * as tpm2 from '../drivers/tpm2-ts/index.ts'
import { startSwtpm } from '../test/fakes/swtpm.ts'

const FILE = join(import.meta.dirname, '../test/vectors/tpm2-tools.json')
/** Of one command, the first few that differ are enough. */
const EACH_MAX = 12

/** Each line is one tool; files stand in `folder`. Raw TPMs have three slots: flush in between. */
const CHAIN = `
startup -c
startauthsession -S trial.ctx
policysecret -S trial.ctx -c e -L a.policy
flushcontext trial.ctx
selftest -f
gettestresult
getcap algorithms
getcap commands
getcap pcrs
getcap properties-fixed
getcap properties-variable
getcap ecc-curves
getcap handles-persistent
getcap pcrs
getrandom 16
readclock
testparms rsa2048
testparms ecc256:ecdsa
nvdefine 0x1800001 -C o -s 700 -a ownerread|ownerwrite|authread|authwrite
nvwrite 0x1800001 -C o -i zeros
nvreadpublic 0x1800001
nvread 0x1800001 -C o -s 700
pcrread sha256:0,1,2,3,4,5,6,7,8,9
createprimary -C o -G ecc -c primary.ctx
create -C primary.ctx -G ecc256:ecdsa-sha256 -u key.pub -r key.priv
flushcontext -t
load -C primary.ctx -u key.pub -r key.priv -c key.ctx
flushcontext -t
certify -C key.ctx -c primary.ctx -g sha256 -o certify.attest -s certify.sig
flushcontext -t
createek -c ek.ctx -G rsa -u ek.pub
createak -C ek.ctx -c ak.ctx -G ecc -g sha256 -s ecdsa -u ak.pub -n ak.name
flushcontext -t
readpublic -c ak.ctx
flushcontext -t
quote -c ak.ctx -l sha256:0,1,7 -q 0102030405060708 -m quote.msg -s quote.sig
flushcontext -t
makecredential -u ek.pub -s secret -n @ak.name -o cred.blob
startauthsession --policy-session -S session.ctx
policysecret -S session.ctx -c e
activatecredential -c ak.ctx -C ek.ctx -i cred.blob -o opened -P session:session.ctx
flushcontext session.ctx
flushcontext -t
startauthsession --policy-session -S session.ctx
policysecret -S session.ctx -c e
policyor -S session.ctx -L policy.or sha256:a.policy,b.policy
flushcontext session.ctx
startauthsession -S hmac.ctx --hmac-session
flushcontext hmac.ctx
`

interface Exchange {
  readonly command: string
  readonly response: string
}

const names = new Map(
  Object.values(tpm2).flatMap((one) =>
    typeof one === 'object' && one !== null && 'answerHandle' in one
      ? [[one.code, one.name] as const]
      : [],
  ),
)

/** Passes a connection on and keeps what went through it. */
function proxy(from: number, to: number, see?: (exchange: Exchange) => void): Server {
  return createServer((client) => {
    const server = connect(to, '127.0.0.1')
    let asked: Buffer = Buffer.alloc(0)
    let answered: Buffer = Buffer.alloc(0)
    client.on('data', (chunk: Buffer) => {
      asked = Buffer.concat([asked, chunk])
      server.write(chunk)
    })
    server.on('data', (chunk: Buffer) => {
      answered = Buffer.concat([answered, chunk])
      client.write(chunk)
      if (answered.length < 6 || answered.length < answered.readUInt32BE(2)) return
      see?.({ command: asked.toString('hex'), response: answered.toString('hex') })
      asked = Buffer.alloc(0)
      answered = Buffer.alloc(0)
    })
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('close', () => other.destroy())
      one.on('error', () => other.destroy())
    }
  }).listen(from, '127.0.0.1')
}

/** Runs the chain; `tcti` says where the TPM is. */
async function toolChain(cwd: string, tcti: string): Promise<void> {
  const env = { ...process.env, TPM2TOOLS_TCTI: tcti }
  const tool = (name: string, args: readonly string[]) =>
    promisify(execFile)(`tpm2_${name}`, args, { cwd, env, timeout: 60_000 })
  writeFileSync(join(cwd, 'zeros'), new Uint8Array(700))
  writeFileSync(join(cwd, 'b.policy'), new Uint8Array(32))
  writeFileSync(join(cwd, 'secret'), 'thirty-two bytes of a credential')
  // An @ stands for the content of a file, as hex.
  const given = (arg: string) =>
    arg.startsWith('@') ? readFileSync(join(cwd, arg.slice(1))).toString('hex') : arg
  for (const line of CHAIN.trim().split('\n')) {
    const [name = '', ...args] = line.split(' ')
    await tool(name, args.map(given))
  }
}

await using swtpm = await startSwtpm({ isStarted: false })
const found: Record<string, Exchange[]> = {}
const port = swtpm.port + 20_000
const servers = [
  proxy(port, swtpm.port, (exchange) => {
    const code = Buffer.from(exchange.command, 'hex').readUInt32BE(6)
    const name = names.get(code)
    if (name === undefined) return
    const list = found[name] ?? []
    found[name] = list
    // A wish to repeat is no vector.
    if (Buffer.from(exchange.response, 'hex').readUInt32BE(6) !== 0) return
    const isNew = list.every(({ command }) => command !== exchange.command)
    if (isNew && list.length < EACH_MAX) list.push(exchange)
  }),
  proxy(port + 1, swtpm.port + 1),
]
await toolChain(swtpm.state, `swtpm:host=127.0.0.1,port=${port}`)
for (const server of servers) server.close()

const missing = [...names.values()].filter((name) => found[name] === undefined)
if (missing.length > 0) throw new Error(`no tool said ${missing.join(', ')}`)
mkdirSync(dirname(FILE), { recursive: true })
const sorted = Object.fromEntries(Object.entries(found).sort())
writeFileSync(FILE, `${JSON.stringify(sorted, null, 2)}\n`)
process.stdout.write(`${FILE}: ${Object.values(sorted).flat().length} exchanges\n`)
