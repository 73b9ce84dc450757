// A test of networks that is killed in the middle: it makes all kinds of them, says their names and waits for its end.
import { readdirSync } from 'node:fs'
import { mine } from '../../../fakes/netns.ts'
import { Veth } from '../../link/veth.ts'
import { DeviceNetwork } from '../../probe/namespace.ts'
import { SmallInternet } from './small-internet.ts'

await SmallInternet.open(['a.test'])
const device = new DeviceNetwork()
const veth = new Veth()
const cards = [device.card, veth.near]
process.stdout.write(JSON.stringify({ spaces: readdirSync('/run/netns').filter(mine), cards }))
setInterval(() => undefined, 1000)
