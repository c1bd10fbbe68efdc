import { expect, test } from 'vitest'
import { run, runToEnd } from './process.ts'

test('a program that cannot be started rejects everything that waits for it, with the reason', async () => {
  await using running = run('/nonexistent/program', [])
  await expect(running.line(/anything/)).rejects.toThrow('ENOENT')
  await expect(running.exited).rejects.toThrow('ENOENT')
  await expect(runToEnd('/nonexistent/program', [])).rejects.toThrow('ENOENT')
})

test('a program that exits before the expected output rejects with all of its output', async () => {
  await using running = run(process.execPath, ['-e', 'console.log("something else")'])
  await expect(running.line(/anything/)).rejects.toThrow('something else')
})
