import type { WriteStream } from 'node:tty'
import type { JobView } from '#contract'
import { createLogUpdate } from 'log-update'
import { liveBlock, plainLine, waitingLine } from './format-progress.ts'
import type { Display } from './run-generate.ts'

const FRAME_MS = 80

/** For terminals: a block that is redrawn in place. */
export function makeLiveDisplay(stream: WriteStream): Display {
  const draw = createLogUpdate(stream)
  let current: JobView | null = null
  const redraw = () => current && draw(liveBlock(current, Date.now()))
  setInterval(redraw, FRAME_MS).unref()
  return {
    show(view) {
      current = view
      redraw()
    },
    done() {
      redraw()
      draw.done()
      current = null
    },
  }
}

/** For logs and pipes: one line per finished stage. */
export function makePlainDisplay(print: (text: string) => void): Display {
  const printed = new Set<string>()
  const once = (line: string) => {
    if (printed.has(line)) return
    printed.add(line)
    print(line)
  }
  return {
    show(view) {
      if (view.state === 'waiting') once(waitingLine(view))
      for (const step of view.steps) {
        if (step.status === 'pending' || step.status === 'active') continue
        if (step.status === 'skipped' || step.finishedAt !== null) once(plainLine(step))
      }
    },
    done() {},
  }
}
