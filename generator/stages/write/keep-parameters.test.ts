import { expect, it } from 'vitest'
import { keepParameters } from './keep-parameters.ts'

const signature =
  'export function run(input: RunInput, context: OperationContext & { services: Services }): Promise<RunResult> | RunResult'
const keep = (code: string) => keepParameters({ code, signature })

it.each([
  [
    'export function run() { return 1 }',
    'export function run(_input: unknown, _context: unknown) { return 1 }',
  ],
  [
    'export async function run(/* none */) {}',
    'export async function run(_input: unknown, _context: unknown/* none */) {}',
  ],
  [
    'export function run({ body: { at } }: RunInput): RunResult { return at(1, 2) }',
    'export function run({ body: { at } }: RunInput, _context: unknown): RunResult { return at(1, 2) }',
  ],
  ['export function run(input: RunInput,) {}', 'export function run(input: RunInput, _context: unknown,) {}'],
  [
    'const help = (a: number) => a;\nexport function run(input: RunInput = help(1)) {}',
    'const help = (a: number) => a;\nexport function run(input: RunInput = help(1), _context: unknown) {}',
  ],
])('adds the parameters that are left out: %s', (code, completed) => {
  expect(keep(code)).toBe(completed)
  expect(keep(completed)).toBe(completed)
})

it.each([
  'export function run(input: RunInput, { log }: OperationContext) {}',
  'export function run(input: RunInput, context: OperationContext, more?: string) {}',
  'export function run(...given: [RunInput, OperationContext]) {}',
  'export const run = () => 1',
  'export function run( {',
])('leaves other code as it is: %s', (code) => {
  expect(keep(code)).toBe(code)
})
