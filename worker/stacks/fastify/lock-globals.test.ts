import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { kitDirectory } from './stack.ts'

/** What is refused, of attempts to change what all code shares, in a process that is locked as a service that starts. */
function refusedIn(attempts: Readonly<Record<string, string>>): string[] {
  const lockdown = pathToFileURL(join(kitDirectory, 'files/src/lockdown.ts')).href
  const code = `
    import { lockGlobals } from ${JSON.stringify(lockdown)};
    lockGlobals();
    const refused = [];
    for (const [name, attempt] of Object.entries({ ${Object.entries(attempts)
      .map(([name, attempt]) => `${JSON.stringify(name)}: () => { ${attempt} }`)
      .join(', ')} })) {
      try { attempt(); } catch (error) { if (error instanceof TypeError) refused.push(name); }
    }
    console.log(JSON.stringify(refused));`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
  return JSON.parse(output) as string[]
}

it('keeps the clock and errors as they are in a service that runs', () => {
  const attempts = {
    'Date.now': 'Date.now = () => 0;',
    'a method of dates': 'Date.prototype.getTime = () => 0;',
    'a property of a method': 'Date.prototype.getTime.call = () => 0;',
    'the name Date': 'globalThis.Date = class {};',
    'the name Error': "Object.defineProperty(globalThis, 'Error', { get: () => 1 });",
    'how traces are made': 'Error.prepareStackTrace = () => [];',
    captureStackTrace: 'Error.captureStackTrace = () => {};',
    'a new property': 'Error.added = 1;',
    'the name Map': 'globalThis.Map = class {};',
  }
  expect(refusedIn(attempts)).toEqual(Object.keys(attempts))
})

it('leaves to packages what they set while requests are answered', () => {
  expect(
    refusedIn({
      'how long traces are': 'Error.stackTraceLimit = 0; Error.stackTraceLimit = 10;',
      'an error with properties of its own': "Object.assign(new Error('a'), { name: 'Own', code: 'A' });",
      'a class of errors': 'class Own extends Error { static code = 1 } new Own("a").name = "Own";',
      'a class of dates': 'class Day extends Date { toJSON() { return "a" } } new Day().toJSON();',
    }),
  ).toEqual([])
})
