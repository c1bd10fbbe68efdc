import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { readCookies } from '../src/http/cookies.ts';

const schema = z.object({ theme: z.enum(['light', 'dark']), visits: z.string().optional() });
const read = (cookie?: string) => readCookies({ headers: cookie === undefined ? {} : { cookie } }, schema);

describe('the cookies of a request', () => {
  it('are those that the schema names', () => {
    assert.deepEqual(read('other=1; theme=dark; visits="3%204"'), { theme: 'dark', visits: '3 4' });
  });

  it('keep the first of two with the same name', () => {
    assert.deepEqual(read('theme=dark; theme=light'), { theme: 'dark' });
  });

  it('are refused where they do not fit', () => {
    for (const cookie of [undefined, '', 'theme=blue', 'Theme=dark'])
      assert.throws(() => read(cookie), { statusCode: 400, code: 'invalid_request' });
  });
});
