import { expect, test } from 'vitest'
import { readEnv } from '#lib/env'
import { GENERATOR_VARIABLES, generatorConfig } from '../config.ts'
import { limitsFor, VERIFY_LIMITS } from './limits.ts'
import { MAX_DOCUMENT } from './runner-messages.ts'

const limitsFrom = (env: Record<string, string>) =>
  generatorConfig(readEnv(env, GENERATOR_VARIABLES), env).limits

test('the limits of a run are settings with safe defaults', () => {
  expect(limitsFrom({})).toEqual(VERIFY_LIMITS)
  expect(VERIFY_LIMITS.run).toMatchObject({
    wallMs: 120_000,
    memoryBytes: 1.5e9,
    processes: 128,
    scratchBytes: 128e6,
  })
})

test('each setting bounds what it says, for the project and for the type-check', () => {
  const { run, types, stageMs, testMs } = limitsFrom({
    SANDBOX_SECONDS: '60',
    SANDBOX_MEMORY_MB: '600',
    SANDBOX_PROCESSES: '64',
    SANDBOX_DISK_MB: '32',
    SANDBOX_OUTPUT_KB: '100',
  })
  expect(run).toMatchObject({
    wallMs: 60_000,
    cpuSeconds: 60,
    memoryBytes: 600e6,
    processes: 64,
    scratchBytes: 32e6,
    fileBytes: 16e6,
    outputBytes: 100_000,
    resultBytes: 200_000 + 2 * MAX_DOCUMENT,
  })
  expect(types).toMatchObject({ wallMs: 30_000, memoryBytes: 600e6, processes: 64 })
  expect(stageMs).toEqual({
    boot: 10_000,
    health: 5000,
    openapi: 5000,
    conformance: 15_000,
    tests: 30_000,
    shutdown: 6000,
  })
  expect(testMs).toBe(10_000)
})

test.each([
  'SANDBOX_SECONDS',
  'SANDBOX_MEMORY_MB',
  'SANDBOX_PROCESSES',
  'SANDBOX_DISK_MB',
  'SANDBOX_OUTPUT_KB',
])('%s that would leave no room, or no bound, stops the start', (name) => {
  for (const value of ['0', '1', '-1', '99999999', 'much'])
    expect(() => limitsFrom({ [name]: value })).toThrow(`${name} is "${value}"`)
})

test('the time that a project may take grows with its size, up to eight times, and nothing else does', () => {
  const files = (length: number) => [
    { origin: 'kit' as const, content: 'x'.repeat(length / 2) },
    { origin: 'template' as const, content: 'x'.repeat(length / 2) },
  ]
  expect(limitsFor(VERIFY_LIMITS, files(400_000))).toEqual(VERIFY_LIMITS)
  const { run, types, stageMs, testMs } = limitsFor(VERIFY_LIMITS, files(2_000_000))
  expect(run).toEqual({ ...VERIFY_LIMITS.run, wallMs: 480_000, cpuSeconds: 480 })
  expect(types).toEqual({ ...VERIFY_LIMITS.types, wallMs: 240_000, cpuSeconds: 480 })
  expect(stageMs).toEqual({
    boot: 80_000,
    health: 40_000,
    openapi: 40_000,
    conformance: 120_000,
    tests: 240_000,
    shutdown: 48_000,
  })
  expect(testMs).toBe(80_000)
  expect(limitsFor(VERIFY_LIMITS, files(50_000_000)).run.wallMs).toBe(960_000)
})

test('code that a model wrote buys itself no time, however long it is', () => {
  const files = [{ origin: 'model' as const, content: 'x'.repeat(5_000_000) }]
  expect(limitsFor(VERIFY_LIMITS, files)).toEqual(VERIFY_LIMITS)
})
