import { isOfCode, type Mistake, type PlausibleProject, type WrongExample } from './plausible-project.ts'
import { PROJECTS } from './projects/index.ts'

export type Case = {
  readonly project: PlausibleProject
  readonly mistake: Mistake | WrongExample
}
export type PlayedJob = {
  readonly project: PlausibleProject
  /** Each in another operation or task. */
  readonly mistakes: readonly Case['mistake'][]
}

/** Every mistake of every project. */
export const CASES: readonly Case[] = PROJECTS.flatMap((project) =>
  [...project.mistakes, ...(project.wrongExamples ?? [])].map((mistake) => ({ project, mistake })),
)

/** What tests do not notice needs the stage that asks for further examples, which takes its time. */
const isLate = ({ mistake }: Case) =>
  isOfCode(mistake) && (mistake.by === null || mistake.by === 'further examples')

/** The jobs of these cases: one mistake in an operation or task, and at least one of these without any. */
export function jobsOf(cases: readonly Case[], late: boolean): PlayedJob[] {
  const chosen = cases.filter((one) => isLate(one) === late)
  return [...Map.groupBy(chosen, ({ project }) => project)].flatMap(([project, list]) => {
    const most = Object.keys(project.handlers).length - 1
    const jobs: Case['mistake'][][] = []
    // What has most mistakes comes first, so that no job is left with one of them alone.
    const byPlace = [...Map.groupBy(list, ({ mistake }) => mistake.in).values()].toSorted(
      (a, b) => b.length - a.length,
    )
    for (const { mistake } of byPlace.flat()) {
      const job = jobs.find((one) => one.length < most && one.every((other) => other.in !== mistake.in))
      if (job) job.push(mistake)
      else jobs.push([mistake])
    }
    return jobs.map((mistakes) => ({ project, mistakes }))
  })
}
