import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError, readConfig } from '../src/config.ts';

describe('what this service alone is configured with', () => {
  it('is read from the environment, each by its type', () => {
    const { values } = readConfig({
      LEAST_REVIEWS: '42',
    });
    assert.equal(values.leastReviews, 42);
  });

  it('has defaults', () => {
    const { values } = readConfig({});
    assert.equal(values.leastReviews, 1);
  });

  const wrong = {
    LEAST_REVIEWS: '4.2',
  };
  for (const [name, value] of Object.entries(wrong)) {
    it(`refuses ${name}=${value} and names it`, () => {
      const refused = (error: unknown) =>
        error instanceof ConfigError && error.message.startsWith(`${name}: `);
      assert.throws(() => readConfig({ [name]: value }), refused);
    });
  }
});
