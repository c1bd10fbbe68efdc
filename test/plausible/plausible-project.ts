import type { Blueprint, OperationExample } from '#contract'

/** What notices a mistake first, `code` the check of the code; null where nothing does. */
export type NoticedBy = 'code' | 'types' | 'tests' | 'further examples'

export type Mistake = {
  readonly name: string
  /** The operation or task whose code has it. */
  readonly in: string
  /** The code with it: each piece of the good code and what stands there instead. */
  readonly instead: readonly (readonly [good: string, wrong: string])[]
  readonly by: NoticedBy | null
  /** Why nothing notices it, for the table. */
  readonly why?: string
}

/** An example that contradicts the rules, while all the code is good. */
export type WrongExample = {
  readonly name: string
  readonly in: string
  readonly title: string
  /** What it says instead of what the rules say. */
  readonly expect: OperationExample['expect']
  /** What the model that wrote the code says about it. */
  readonly why: string
}

/** A good design with good code, and ordinary mistakes, one at a time. */
export type PlausibleProject = {
  readonly blueprint: Blueprint
  /** Good code of each operation and task, by ID. */
  readonly handlers: Readonly<Record<string, string>>
  /** What the model that designs adds when it is told which faults no test notices, by operation. */
  readonly further: Readonly<Record<string, readonly OperationExample[]>>
  readonly mistakes: readonly Mistake[]
  readonly wrongExamples?: readonly WrongExample[]
}

/** The code with a mistake. Throws where the good code does not have exactly what is replaced. */
export function withMistake({ name, instead }: Mistake, code: string): string {
  return instead.reduce((text, [good, wrong]) => {
    if (text.split(good).length !== 2) throw new Error(`"${name}" does not fit: ${good}`)
    return text.replace(good, () => wrong)
  }, code)
}

export const isOfCode = (mistake: Mistake | WrongExample): mistake is Mistake => 'instead' in mistake

/** The file of an operation or task. */
export function pathOf(id: string, { blueprint }: PlausibleProject): string {
  const folder = blueprint.operations.some((one) => one.id === id) ? 'operations' : 'scheduled'
  return `src/${folder}/${id.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`
}
