// A managed switch in a process of its own: net-snmp's agent behind a socket that may be silent, slow or deaf to the station.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import * as snmp from 'net-snmp'
import type { SwitchOrder, SwitchState } from './fake-switch.ts'

const { Integer, OctetString, TimeTicks, Gauge } = snmp.ObjectType
const RO = snmp.MaxAccess['read-only']
const RW = snmp.MaxAccess['read-write']
const HIDDEN = snmp.MaxAccess['not-accessible']
const LOOPBACK = '127.0.0.1'

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, LOOPBACK)
  await once(socket, 'listening')
  const { port } = socket.address()
  await new Promise<void>((resolve) => socket.close(resolve))
  return port
}

const ports = Number(process.argv[2] ?? 48)
const inner = await freePort()
const agent = snmp.createAgent({ port: inner, address: LOOPBACK }, () => undefined)
const mib = agent.getMib()
const authorizer = agent.getAuthorizer()
authorizer.addCommunity('bench')
authorizer.addUser({
  name: 'reseal',
  level: snmp.SecurityLevel.authPriv,
  authProtocol: snmp.AuthProtocols.sha256,
  authKey: 'a-long-auth-key',
  privProtocol: snmp.PrivProtocols.aes,
  privKey: 'a-long-priv-key',
})

const column = (number: number, type: number, maxAccess = RO) => ({
  number,
  name: `column${number}`,
  type,
  maxAccess,
})
function table(name: string, oid: string, columns: object[], index: number[]) {
  const tableIndex = index.map((number) => ({
    columnName: `column${number}`,
    columnNumber: number,
  }))
  const type = snmp.MibProviderType.Table
  mib.registerProvider({ name, type, oid, maxAccess: HIDDEN, tableColumns: columns, tableIndex })
}
mib.registerProvider({
  name: 'upTime',
  type: snmp.MibProviderType.Scalar,
  oid: '1.3.6.1.2.1.1.3',
  scalarType: TimeTicks,
  maxAccess: RO,
})
const number = column(1, Integer)
table(
  'if',
  '1.3.6.1.2.1.2.2.1',
  [number, column(7, Integer, RW), column(8, Integer), column(9, TimeTicks)],
  [1],
)
table(
  'ifX',
  '1.3.6.1.2.1.31.1.1.1',
  [column(1, OctetString), column(15, Gauge), column(99, Integer, HIDDEN)],
  [99],
)
table('base', '1.3.6.1.2.1.17.1.4.1', [column(1, Integer), column(2, Integer)], [1])
const bytes = [101, 102, 103, 104, 105, 106, 107]
const hidden = bytes.map((one) => column(one, Integer, HIDDEN))
const fdb = [column(2, Integer), column(3, Integer)]
table('fdb', '1.3.6.1.2.1.17.7.1.2.2.1', [...fdb, ...hidden], bytes)
table('poe', '1.3.6.1.2.1.105.1.1.1', [number, column(2, Integer), column(3, Integer, RW)], [1, 2])

/** Bridge ports are numbered from 1, interfaces from 10101, as some makers do. */
const ifIndexOf = (port: number) => 10_100 + port
const wanted = Array.from({ length: ports }, () => false)
const known = new Map<string, number[]>()
let startedAt = performance.now()
const ticks = () => Math.floor((performance.now() - startedAt) / 10)

for (let port = 1; port <= ports; port++) {
  mib.addTableRow('if', [ifIndexOf(port), 1, 2, 0])
  mib.addTableRow('ifX', [`Gi1/0/${port}`, 1000, ifIndexOf(port)])
  mib.addTableRow('base', [port, ifIndexOf(port)])
  mib.addTableRow('poe', [1, port, 1])
}
// The uplink and the switch's own VLAN interface are there too.
mib.addTableRow('if', [ifIndexOf(ports + 1), 1, 1, 0])
mib.addTableRow('ifX', ['Te1/1/1', 10_000, ifIndexOf(ports + 1)])
mib.addTableRow('base', [ports + 1, ifIndexOf(ports + 1)])
mib.addTableRow('if', [ifIndexOf(ports + 200), 1, 1, 0])
mib.addTableRow('ifX', ['Vlan20', 1000, ifIndexOf(ports + 200)])

/** The link of a port is what the cable says and the administrator allows. */
function settle(port: number, fell = false): void {
  const index = [ifIndexOf(port)]
  const isOn = mib.getTableSingleCell('if', 7, index) === 1
  const isUp = isOn && wanted[port - 1] === true
  const was = mib.getTableSingleCell('if', 8, index) === 1
  if (isUp === was && !fell) return
  mib.setTableSingleCell('if', 8, index, isUp ? 1 : 2)
  mib.setTableSingleCell('if', 9, index, ticks())
}

function learn(mac: string, port: number, vlan = 20): void {
  const row = [vlan, ...mac.split(':').map((byte) => Number.parseInt(byte, 16))]
  const before = known.get(row.join('.'))
  if (before !== undefined) mib.deleteTableRow('fdb', before)
  known.delete(row.join('.'))
  if (port === 0) return
  mib.addTableRow('fdb', [port, 3, ...row])
  known.set(row.join('.'), row)
}

function restart(): void {
  startedAt = performance.now()
  for (let port = 1; port <= ports; port++) mib.setTableSingleCell('if', 9, [ifIndexOf(port)], 0)
  for (const row of known.values()) mib.deleteTableRow('fdb', row)
  known.clear()
}

let mode: { silent?: boolean; slowMs?: number; loss?: number } = {}
let dropped = 0
let asked = 0
const door = createSocket('udp4').bind(Number(process.argv[3] ?? 0), LOOPBACK)
await once(door, 'listening')
// One socket inside per asker, so that each answer finds its way back.
const inside = new Map<string, ReturnType<typeof createSocket>>()
door.on('message', (message, { address, port }) => {
  asked += 1
  dropped += mode.loss ?? 0
  if (mode.silent === true) return
  if (dropped >= 1) {
    dropped -= 1
    return
  }
  const key = `${address} ${port}`
  const socket = inside.get(key) ?? createSocket('udp4')
  if (!inside.has(key)) {
    inside.set(key, socket)
    socket.on('message', (answer) => door.send(answer, port, address))
  }
  setTimeout(() => socket.send(message, inner, LOOPBACK), mode.slowMs ?? 0)
})

const trapTo = (port: number, up: boolean, to: number) => {
  const session = snmp.createSession(LOOPBACK, 'bench', { version: snmp.Version2c, trapPort: to })
  const type = up ? snmp.TrapType.LinkUp : snmp.TrapType.LinkDown
  const oid = `1.3.6.1.2.1.2.2.1.1.${ifIndexOf(port)}`
  session.trap(type, [{ oid, type: Integer, value: ifIndexOf(port) }], () => session.close())
}

function obey(order: SwitchOrder): void {
  if (order.do === 'link') {
    wanted[order.port - 1] = order.up
    if (order.speed !== undefined)
      mib.setTableSingleCell('ifX', 15, [ifIndexOf(order.port)], order.speed)
    settle(order.port)
    if (order.trap !== undefined) trapTo(order.port, order.up, order.trap)
  } else if (order.do === 'flap') {
    settle(order.port, true)
    if (order.trap !== undefined) trapTo(order.port, true, order.trap)
  } else if (order.do === 'learn') learn(order.mac, order.port, order.vlan)
  else if (order.do === 'restart') restart()
  else if (order.do === 'remove') mib.deleteTableRow('ifX', [ifIndexOf(order.port)])
  else if (order.do === 'restore')
    mib.addTableRow('ifX', [`Gi1/0/${order.port}`, 1000, ifIndexOf(order.port)])
  else if (order.do === 'mode') mode = order.mode
}

function stateNow(): SwitchState {
  const of = (name: string, number: number, index: (port: number) => number[]) =>
    Array.from({ length: ports }, (_, at) => mib.getTableSingleCell(name, number, index(at + 1)))
  return {
    admin: of('if', 7, (port) => [ifIndexOf(port)]),
    poe: of('poe', 3, (port) => [1, port]),
    asked,
    upTime: ticks(),
  }
}

setInterval(() => {
  mib.setScalarValue('upTime', ticks())
  for (let port = 1; port <= ports; port++) settle(port)
}, 10)
mib.setScalarValue('upTime', ticks())
process.on('message', (order: SwitchOrder) => {
  obey(order)
  process.send?.(stateNow())
})
process.on('disconnect', () => process.exit())
process.send?.({ port: door.address().port })
