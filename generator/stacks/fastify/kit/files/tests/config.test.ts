import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError, readConfig } from '../src/config.ts';

describe('the configuration', () => {
  it('needs no variables', () => {
    const config = readConfig({});
    assert.equal(config.port, 3000);
    assert.equal(config.host, '127.0.0.1');
    assert.deepEqual(config.corsOrigins, []);
  });

  it('treats an empty variable as unset', () => {
    assert.equal(readConfig({ PORT: '' }).port, 3000);
  });

  it('parses a list of origins', () => {
    const { corsOrigins } = readConfig({ CORS_ORIGIN: 'https://a.example, http://localhost:5173' });
    assert.deepEqual(corsOrigins, ['https://a.example', 'http://localhost:5173']);
  });

  // @if requiredValues
  // @else
  it('opens the documentation to everyone only outside of production, unless told otherwise', () => {
    const secrets = {
      // @if auth
      JWT_SECRET: 'a secret of more than 32 characters',
      // @end
      // @if apiKey
      API_KEYS: `tests:${'0'.repeat(64)}`,
      // @end
    };
    const accessIn = (environment: Record<string, string>) => readConfig({ ...secrets, ...environment }).docs.access;
    assert.equal(accessIn({}), 'public');
    assert.equal(accessIn({ NODE_ENV: 'production' }), 'password');
    assert.equal(accessIn({ NODE_ENV: 'production', DOCS_ACCESS: 'public' }), 'public');
    assert.equal(accessIn({ DOCS_ACCESS: 'password' }), 'password');
  });

  // @end
  const wrong = {
    PORT: 'eighty',
    LOG_LEVEL: 'loud',
    CORS_ORIGIN: '*',
    RATE_LIMIT_PER_MINUTE: '0',
    TRUST_PROXY: 'true',
    DOCS_ACCESS: 'friends',
    DOCS_PASSWORD: 'short',
    // @if schedules
    SCHEDULES: 'sometimes',
    // @end
    // @if auth
    JWT_SECRET: 'short',
    JWT_EXPIRES_IN: 'soon',
    // @end
    // @if apiKey
    API_KEYS: 'a key as it is',
    // @end
  };
  for (const [name, value] of Object.entries(wrong)) {
    it(`refuses ${name}=${value} and names it`, () => {
      const refused = (error: unknown) => error instanceof ConfigError && error.message.startsWith(`${name}: `);
      assert.throws(() => readConfig({ [name]: value }), refused);
    });
  }
  // @if auth

  it('requires a secret in production and generates one elsewhere, with a warning', () => {
    assert.throws(() => readConfig({ NODE_ENV: 'production' }), /JWT_SECRET/);
    const config = readConfig({});
    assert.ok(config.jwtSecret.length >= 32);
    assert.match(config.warnings.join(), /JWT_SECRET/);
  });
  // @end
  // @if apiKey

  it('requires a key in production and warns elsewhere if there is none', () => {
    assert.throws(() => readConfig({ NODE_ENV: 'production' }), /API_KEYS/);
    assert.match(readConfig({}).warnings.join(), /API_KEYS/);
  });
  // @end
});
