import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { valuesOf } from '../src/http/form-bodies.ts';

const schema = z.strictObject({
  name: z.string().min(1),
  count: z.number().int().min(1).optional(),
  isNew: z.boolean().optional(),
  tags: z.array(z.string()).optional(),
});
const read = (text: string) => valuesOf(new URLSearchParams(text), schema);

describe('the body of a form', () => {
  it('has values of the types that the schema has', () => {
    assert.deepEqual(read('name=Ann+B&count=3&isNew=on&tags=a&tags=b'), {
      name: 'Ann B',
      count: 3,
      isNew: true,
      tags: ['a', 'b'],
    });
  });

  it('keeps what the schema then refuses', () => {
    assert.deepEqual(read('name=&count=0&other=x'), { name: '', count: 0, other: 'x' });
    assert.deepEqual(read('name=12&count=many'), { name: '12', count: 'many' });
  });

  it('leaves out what was not filled in', () => {
    assert.deepEqual(read('name=Ann&count='), { name: 'Ann' });
  });
});
