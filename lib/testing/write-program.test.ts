import { glob, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

test('no test writes a program itself that it then runs', async () => {
  const found: string[] = []
  for await (const path of glob('{api,bots,worker,generator,jobs,contract,lib,cli,test,bench}/**/*.test.ts', {
    exclude: (name) => name.includes('node_modules'),
  }))
    if (/\bwriteFile(Sync)?\([^;]*mode: 0o[0-7]*[1357]/.test(await readFile(path, 'utf8'))) found.push(path)
  expect(found, 'write programs with lib/testing/write-program.ts').toEqual([])
})
