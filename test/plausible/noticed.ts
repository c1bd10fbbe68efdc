import { z } from 'zod'
import { CALLS } from '../hostile/hostile-model.ts'

/** What noticed a mistake. */
export type Noticed = {
  readonly by: string
  /** The test, or what the type-check says. */
  readonly what: string
}

const Body = z.object({ input: z.array(z.object({ content: z.string() })) })

/** What was found first in a file, from the requests of its job to the model. `further` are the titles of further examples. */
export function noticedIn(
  requests: readonly string[],
  { path, further }: { readonly path: string; readonly further: readonly string[] },
): Noticed | null {
  for (const request of requests) {
    const [first, ...turns] = Body.parse(JSON.parse(request)).input
    const text = turns.at(-1)?.content ?? ''
    if (!first!.content.startsWith(`The file is ${path}.`)) continue
    if (text.includes(CALLS['repaired code'])) return { by: 'code', what: text.split('\n')[1] ?? '' }
    if (!text.includes(CALLS.repair)) continue
    const [, gate = '', message = ''] = /^(types|tests|code|boot): ([^\n]*)$/m.exec(text) ?? []
    const said = message.replace(/^\S+?(:\d+)?: /, '').replace(/^from outside, /, '')
    const title = further.find((one) => said.startsWith(`${one}: `))
    if (title !== undefined) return { by: 'further examples', what: title }
    return { by: gate, what: gate === 'tests' ? said.split(': ')[0]! : said }
  }
  return null
}
