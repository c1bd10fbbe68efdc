import { lintBlueprint } from '../../blueprint/lint-blueprint.ts'
import { designFromDocument } from '../import/design-from-document.ts'
import { detectSpec } from '../import/detect-spec.ts'
import { SpecError } from '../import/spec-error.ts'
import { designOffline } from '../offline/design-offline.ts'
import { DesignError } from '../offline/design-error.ts'
import type { WorstCase } from './worst-cases.ts'

/** How long this thread computes, in milliseconds: what others do on the machine is not counted. */
export async function cpuOf(work: () => Promise<unknown> | unknown): Promise<number> {
  const before = process.threadCpuUsage()
  await work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}

/** Reads, designs and lints, to a Blueprint or a sentence. Gives how it ended. */
export async function readWorstCase({ kind, text }: WorstCase, size: number): Promise<string> {
  const given = text(size)
  try {
    if (kind !== 'prompt' && detectSpec(given) === null) return 'no document'
    const { blueprint } =
      kind === 'prompt'
        ? designOffline({ prompt: given })
        : await designFromDocument({ prompt: 'build it', spec: given, options: {} })
    lintBlueprint(blueprint)
    return 'designed'
  } catch (error) {
    if (error instanceof SpecError || error instanceof DesignError) return error.message
    throw error
  }
}

/**
 * How the work of reading grows with the document: 1 where twice the text takes twice the time, 2 where it takes four
 * times. 0 where there is too little to measure.
 */
export async function growthOf(worst: WorstCase, size: number): Promise<number> {
  const small = await cpuOf(() => readWorstCase(worst, Math.ceil(size / 4)))
  const large = await cpuOf(() => readWorstCase(worst, size))
  return large < FLOOR_MS ? 0 : Math.log(large / Math.max(small, FLOOR_MS / 4)) / Math.log(4)
}

/** Less than this is the cost of starting, not of the size. */
const FLOOR_MS = 250
