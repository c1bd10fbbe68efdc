import { randomBytes } from 'node:crypto';
import { hashOf } from './api-keys.ts';

/** `npm run key -- <name>`: creates a key and its `API_KEYS` entry. */
if (import.meta.main) {
  const name = process.argv[2] ?? '';
  if (/^[\w.-]{1,60}$/.test(name)) {
    const key = randomBytes(32).toString('base64url');
    console.log(`For ${name}, who sends it as @credential. It is shown once:

  ${key}

For API_KEYS in .env, after a comma if there is something already. It cannot be turned back into the key:

  ${name}:${hashOf(key).toString('hex')}
`);
  } else {
    console.error('Usage: npm run key -- <name>. A name has letters, digits, dots and dashes, at most 60.');
    process.exitCode = 1;
  }
}
