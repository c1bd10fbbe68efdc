import { expect, test } from 'vitest'
import { insideFiles } from './inside-files.ts'

test('what runs inside is JavaScript that loads only what lies beside it', () => {
  const paths = new Set(insideFiles().map(({ path }) => path))
  expect([...paths]).toEqual(expect.arrayContaining(['start-judge.mjs', 'judge.mjs', 'project.mjs']))
  for (const { path, content } of insideFiles()) {
    expect(path).toMatch(/^[\w-]+\.mjs$/)
    for (const [, target] of content.matchAll(/(?:from |import\()'\.\/([^']+)'/g))
      expect(paths).toContain(target)
    expect(content).not.toMatch(/^\s*(export )?(type|interface) \w/m)
  }
})
