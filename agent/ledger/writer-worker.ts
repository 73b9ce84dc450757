// The writer's own thread: a slow flush of the disk never holds up a key, a page or another bay.
import { serve } from './channel.ts'
import type { Answer, Op } from './ops.ts'
import type { WriterOptions } from './writer.ts'
import { Writer } from './writer.ts'

serve<WriterOptions, Op, Answer, { readonly epoch: string }>((options) => {
  const writer = new Writer(options)
  return { answerer: writer, hello: { epoch: writer.epoch } }
})
