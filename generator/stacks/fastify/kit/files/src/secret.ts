import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';

/** A redacted text: printed, logged or sent as JSON, it reads `[secret]`. */
export type Secret = {
  /** The text itself. */
  reveal(): string;
  toString(): string;
  toJSON(): string;
  [inspect.custom](): string;
};

const hidden = () => '[secret]';

export function makeSecret(text: string): Secret {
  return { reveal: () => text, toString: hidden, toJSON: hidden, [inspect.custom]: hidden };
}

/** For development and tests, where none is set: nobody knows it, and each start has another. */
export const randomSecret = (): Secret => makeSecret(randomBytes(32).toString('base64url'));
