import type { WriteContext } from '../write-handlers.ts'
import type { MutantTrials, Tryable } from './trials.ts'

/**
 * Tries handlers that are written while others still are. The last one is left to the gates: nothing is waited for any more
 * that trials could run beside.
 */
export function tryWhileWriting(
  trials: MutantTrials | null | undefined,
  given: Pick<Tryable, 'blueprint' | 'specs'> & {
    /** Handlers that are there already. */
    readonly kept: Tryable['handlers']
    readonly render: (
      handlers: Tryable['handlers'],
      blueprint: Tryable['blueprint'],
    ) => ReturnType<Tryable['files']>
  },
): NonNullable<WriteContext['onWritten']> {
  const { blueprint, specs, render } = given
  let handlers = given.kept
  /** A helper is tried once all that tests it is there. */
  const whole = (soFar: Tryable['handlers']) =>
    specs.filter(({ users = [] }) => users.every(({ id }) => Object.hasOwn(soFar, id)))
  return ({ id }, code) => {
    handlers = { ...handlers, [id]: code }
    const soFar = handlers
    if (Object.keys(soFar).length < specs.length)
      trials?.begin({
        blueprint,
        handlers: soFar,
        specs: whole(soFar),
        files: () => render(soFar, blueprint),
      })
  }
}
