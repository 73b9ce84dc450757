// What a person's hands do at a device: its own keyboard, its lid, its power button and its cables.
import { CABLES, type SimDevice } from './device.ts'
import type { Mend } from './look.ts'
import { FirstPage, signinPage } from './pages-first.ts'
import { LandingPage } from './pages-landing.ts'
import { MenuPage } from './pages-menu.ts'
import { OptionsPage } from './pages-options.ts'
import { FailurePage } from './pages-result.ts'

export function mendByHand(device: SimDevice, how: Mend): void {
  const { page } = device
  device.truth.tell(`by hand: ${how}`)
  switch (how) {
    case 'open-lid':
      device.sleep(false)
      return
    case 'power-on':
      device.powerOn()
      return
    case 'switch-off':
      device.powerOff()
      return
    case 'plug':
      device.plug(CABLES.filter((cable) => !device.has(cable)))
      if (!device.isOn) device.powerOn()
      return
    case 'focus-next':
      if (page instanceof OptionsPage || page instanceof LandingPage) page.putRight()
      return
    case 'focus-retry':
      if (page instanceof FailurePage) page.putRight('retry')
      return
    case 'refresh':
      if (page instanceof LandingPage) page.refreshByHand()
      return
    case 'leave-menu':
      // Cancel, then on to the sign-in page, where Win x5 opens the known options (facts/autopilot §0, 4).
      if (page instanceof MenuPage) device.show(() => signinPage(device))
      return
    case 'summon':
      if (page instanceof FirstPage) page.summon()
      return
    case 'press':
      page.press('person')
      return
  }
}

/** What is said after a deed at the device. */
export const SAID_AFTER: Partial<Record<Mend, string>> = {
  refresh: 'refreshed',
  'switch-off': 'seen',
}
