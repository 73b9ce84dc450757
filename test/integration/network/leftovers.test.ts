// Tests of networks that were killed leave namespaces and cards behind: the next one removes them, and nobody else's.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { leftovers, sweepDead } from '../../fakes/netns.ts'
import { Veth } from '../link/veth.ts'
import { SmallInternet } from './parts/small-internet.ts'

const KILLED = fileURLToPath(new URL('./parts/killed-process.ts', import.meta.url))

test('what a killed test left is gone when the next one begins; what a living one has stays', async () => {
  const own = new Veth()
  const net = await SmallInternet.open(['a.test'])
  try {
    const child = spawn(process.execPath, [KILLED], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const { spaces, cards } = JSON.parse(line.toString()) as Record<'spaces' | 'cards', string[]>
    expect([spaces.length, cards.length]).toEqual([3, 2])
    child.kill('SIGKILL')
    await once(child, 'exit')
    const isThere = (name: string) => existsSync(`/run/netns/${name}`)
    const hasCard = (name: string) => existsSync(`/sys/class/net/${name}`)
    expect([...spaces.map(isThere), ...cards.map(hasCard)]).not.toContain(false)
    expect(leftovers().spaces).toEqual(expect.arrayContaining(spaces))
    sweepDead(true)
    expect(spaces.map(isThere)).toEqual([false, false, false])
    // The kernel takes a namespace's cards down a moment after its name.
    for (let tries = 0; cards.some(hasCard) && tries < 500; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 10))
    expect(cards.filter(hasCard)).toEqual([])
    expect([hasCard(own.near), isThere(net.bay)]).toEqual([true, true])
  } finally {
    own.close()
    await net.close()
  }
})
