#!/usr/bin/env node
// The one door into a checkout: makes it ready on any Node 20 or newer, then runs it on the pinned Node.
import { launch } from './launcher/launch.js'
import { endLike } from './launcher/run.js'

endLike(await launch(process.argv.slice(2)))
