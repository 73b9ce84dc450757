// Starts the board: stream, keyboard and sounds first, then the page on top of them.
import { render } from 'preact'
import { Foot } from './foot.tsx'
import { Grid } from './grid.tsx'
import { startKeys } from './keys.ts'
import { keepNew } from './kiosk.ts'
import { Panel } from './panel.tsx'
import { watchRights } from './rights.tsx'
import { applyTheme } from './shared/theme.ts'
import { watchSounds } from './sound.ts'
import { startStream } from './stream.ts'
import { Strip } from './strip.tsx'
import { keepAwake } from './wake.ts'
import { language, words } from './words/words.ts'

applyTheme('dark')
document.documentElement.lang = language()
document.title = `Reseal: ${words.shell.board}`

const root = document.getElementById('board')
if (root !== null) {
  watchSounds()
  startKeys()
  startStream()
  watchRights()
  keepNew()
  keepAwake()
  render(
    <>
      <Strip />
      <Grid />
      <Foot />
      <Panel />
    </>,
    root,
  )
}
