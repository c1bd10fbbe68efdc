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

  it('opens the documentation to everyone only outside of production, unless told otherwise', () => {
    const secrets = {
      JWT_SECRET: 'a secret of more than 32 characters',
    };
    const accessIn = (environment: Record<string, string>) =>
      readConfig({ ...secrets, ...environment }).docs.access;
    assert.equal(accessIn({}), 'public');
    assert.equal(accessIn({ NODE_ENV: 'production' }), 'password');
    assert.equal(accessIn({ NODE_ENV: 'production', DOCS_ACCESS: 'public' }), 'public');
    assert.equal(accessIn({ DOCS_ACCESS: 'password' }), 'password');
  });

  const wrong = {
    PORT: 'eighty',
    LOG_LEVEL: 'loud',
    CORS_ORIGIN: '*',
    RATE_LIMIT_PER_MINUTE: '0',
    TRUST_PROXY: 'true',
    DOCS_ACCESS: 'friends',
    DOCS_PASSWORD: 'short',
    SCHEDULES: 'sometimes',
    JWT_SECRET: 'short',
    JWT_EXPIRES_IN: 'soon',
  };
  for (const [name, value] of Object.entries(wrong)) {
    it(`refuses ${name}=${value} and names it`, () => {
      const refused = (error: unknown) =>
        error instanceof ConfigError && error.message.startsWith(`${name}: `);
      assert.throws(() => readConfig({ [name]: value }), refused);
    });
  }

  it('requires a secret in production and generates one elsewhere, with a warning', () => {
    assert.throws(() => readConfig({ NODE_ENV: 'production' }), /JWT_SECRET/);
    const config = readConfig({});
    assert.ok(config.jwtSecret.length >= 32);
    assert.match(config.warnings.join(), /JWT_SECRET/);
  });
});
