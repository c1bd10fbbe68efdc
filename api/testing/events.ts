import type { JobView } from '#contract'

export type ReceivedEvent = { readonly name: string; readonly id: string | null; readonly view: JobView }

/** Reads server-sent events the way the HTML standard says, as far as this API uses them. */
export async function* readEvents(response: Response): AsyncGenerator<ReceivedEvent> {
  if (!response.body) return
  let rest = ''
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line) => [line.split(': ', 1)[0], line.replace(/^[^:]*: ?/, '')]),
      )
      const data = fields.get('data')
      if (data !== undefined)
        yield { name: fields.get('event') ?? 'message', id: fields.get('id') ?? null, view: JSON.parse(data) }
    }
  }
}

/** A follower that yields what a test pushes, and ends with its signal, as the queue's does. */
export function pushable<T>(signal: AbortSignal) {
  const waiting: T[] = []
  let wake = () => {}
  let ended = false
  signal.addEventListener('abort', () => wake())
  return {
    push(item: T) {
      waiting.push(item)
      wake()
    },
    end() {
      ended = true
      wake()
    },
    async *[Symbol.asyncIterator](): AsyncGenerator<T> {
      while (!signal.aborted) {
        const item = waiting.shift()
        if (item !== undefined) yield item
        else if (ended) return
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}
