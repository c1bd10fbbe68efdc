import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { fillPrompt, readPrompt } from './read-prompt.ts'

test('a prompt is the text of its file, with the same line breaks on every system', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'prompt-'))
  const file = pathToFileURL(join(dir, 'a.md'))
  await writeFile(file, '# One\r\n{{NAME}}\r\n')
  expect(readPrompt(file)).toBe('# One\n{{NAME}}')
  expect(readPrompt(file, { NAME: 'two' })).toBe('# One\ntwo')
  await rm(dir, { recursive: true })
})

test('values go in as they are', () => {
  expect(fillPrompt('a {{X}} {y} {{X}} {{Z}}', { X: '$& $1 {{Z}}', Z: 'z' })).toBe(
    'a $& $1 {{Z}} {y} $& $1 {{Z}} z',
  )
})

test('a missing value and an unused one are errors', () => {
  expect(() => fillPrompt('{{X}}', {})).toThrow('placeholder {{X}}')
  expect(() => fillPrompt('x', { Y: '1' })).toThrow('no placeholder for Y')
})
