import { inspect } from 'node:util';

/** A text that does not show itself: printed, logged or sent as JSON, it reads `[secret]`. */
export type Secret = {
  /** The text itself, for the one place that needs it. */
  reveal(): string;
  toString(): string;
  toJSON(): string;
  [inspect.custom](): string;
};

const hidden = () => '[secret]';

export function makeSecret(text: string): Secret {
  return { reveal: () => text, toString: hidden, toJSON: hidden, [inspect.custom]: hidden };
}
