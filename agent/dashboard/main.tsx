// Starts the board: stream, keyboard and sounds first, then the page on top of them.
import { render } from 'preact'
import { Foot } from './foot.tsx'
import { Grid } from './grid.tsx'
import { startKeys } from './keys.ts'
import { Panel } from './panel.tsx'
import { watchSounds } from './sound.ts'
import { startStream } from './stream.ts'
import { Strip } from './strip.tsx'

const root = document.getElementById('board')
if (root !== null) {
  watchSounds()
  startKeys()
  startStream()
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
