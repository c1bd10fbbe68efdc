import { expect, it } from 'vitest'
import { makeImports } from './imports.ts'

it('imports what is used, Node first and the project last, types as types', () => {
  const imports = makeImports()
  imports.type('../errors.ts', 'ApiError')
  imports.value('zod', 'z')
  imports.value('node:test', 'it')
  imports.value('./b.ts', 'b')
  imports.type('./b.ts', 'B')
  imports.default('node:assert/strict', 'assert')
  expect(imports.render()).toBe(
    [
      "import assert from 'node:assert/strict';",
      "import { it } from 'node:test';",
      "import { z } from 'zod';",
      "import type { ApiError } from '../errors.ts';",
      "import { b, type B } from './b.ts';",
    ].join('\n'),
  )
})

it('refuses one name for two things', () => {
  const imports = makeImports()
  imports.value('a', 'x')
  expect(() => imports.value('b', 'x')).toThrow('x is imported from a and from b')
})
