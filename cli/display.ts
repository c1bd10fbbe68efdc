import type { WriteStream } from 'node:tty'
import type { JobView } from '#contract'
import { createLogUpdate } from 'log-update'
import { liveBlock, plainLine, waitingLine } from './format-progress.ts'
import type { Display } from './run-generate.ts'

const FRAME_MS = 80

/** On a terminal: one block that is drawn over itself. */
export function makeLiveDisplay(stream: WriteStream): Display {
  const draw = createLogUpdate(stream)
  let current: JobView | null = null
  const redraw = () => current && draw(liveBlock(current, Date.now()))
  const timer = setInterval(redraw, FRAME_MS).unref()
  return {
    show(view) {
      current = view
      redraw()
    },
    done() {
      clearInterval(timer)
      redraw()
      draw.done()
      current = null
    },
  }
}

/** In a log or a pipe: a line for each stage when it ends. */
export function makePlainDisplay(print: (text: string) => void): Display {
  const told = new Set<string>()
  const once = (line: string) => {
    if (told.has(line)) return
    told.add(line)
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
