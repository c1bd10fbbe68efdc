import type { Origin } from '#contract'
import { answer, text } from '../answer.ts'
import type { DiscordContext } from './context.ts'
import type { Target } from './reply.ts'
import type { Who } from './who.ts'

/** Asks for the next version of a job. Says nothing when that works: the follower speaks from then on. */
export async function refine(
  context: DiscordContext,
  wish: {
    readonly who: Who
    readonly target: Target
    readonly jobId: string
    readonly prompt: string
    readonly key: string
    readonly place: (origin: Origin) => Origin | null
  },
): Promise<void> {
  const { who, target, jobId, prompt, key, place } = wish
  const asked = await context.story.refine(context.askerOf(who), jobId, prompt, key, place)
  if (asked.kind === 'queued') return context.clear(target)
  await context.tell(
    target,
    answer([text('The next version could not be queued.'), ...asked.answer.lines], asked.answer.presses),
  )
}
