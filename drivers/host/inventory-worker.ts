// Asks systeminformation in a thread of its own: it starts some 30 programs per network card and waits for each of them.
import { parentPort } from 'node:worker_threads'
import { cpuTemperature, fsSize, mem, networkInterfaces } from 'systeminformation'
import type { Inventory } from './inventory.ts'

const [nics, disks, memory, temperature] = await Promise.all([
  networkInterfaces(),
  fsSize(),
  mem(),
  cpuTemperature(),
])
const inventory: Inventory = {
  nics: [nics].flat().map((nic) => ({
    name: nic.iface,
    mac: nic.mac,
    isUp: nic.operstate === 'up',
    isVirtual: nic.virtual || nic.internal,
    speed: nic.speed !== null && nic.speed > 0 ? nic.speed : null,
    carriesDefaultRoute: nic.default,
  })),
  disks: disks.map((disk) => ({ mount: disk.mount, size: disk.size, free: disk.available })),
  memory: { total: memory.total, available: memory.available },
  temperature: Number.isFinite(temperature.main) ? temperature.main : null,
}
parentPort?.postMessage(inventory)
