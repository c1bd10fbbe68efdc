import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** Any password is accepted; the limit bounds the cost of hashing. */
export const password = z.string().min(1).max(1024);

export type Passwords = {
  /** A hash to store, with its own salt and parameters. */
  hash(password: string): Promise<string>;
  /** Whether the password matches. Without a hash it takes the same time and returns false. */
  verify(password: string, hash: string | undefined): Promise<boolean>;
};

type Parameters = { cost: number; blockSize: number; parallelization: number };

const KEY_LENGTH = 32;

/** scrypt with a work factor of `cost`: 2^17 needs 128 MiB of memory and a fraction of a second. */
export function makePasswords({ cost = 2 ** 17 } = {}): Passwords {
  const parameters = { cost, blockSize: 8, parallelization: 1 };
  // A random key: no password matches it.
  const nobody = encode(parameters, randomBytes(16), randomBytes(KEY_LENGTH));

  return {
    async hash(password) {
      const salt = randomBytes(16);
      return encode(parameters, salt, await derive(password, salt, parameters));
    },

    async verify(password, hash) {
      const kept = decode(hash ?? nobody);
      const key = await derive(password, kept.salt, kept.parameters);
      return timingSafeEqual(key, kept.key);
    },
  };
}

function derive(password: string, salt: Buffer, parameters: Parameters): Promise<Buffer> {
  const maxmem = 256 * parameters.cost * parameters.blockSize;
  return new Promise((resolve, reject) => {
    // The same password can be typed as different code points; NFKC normalizes them.
    scrypt(password.normalize('NFKC'), salt, KEY_LENGTH, { ...parameters, maxmem }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

function encode({ cost, blockSize, parallelization }: Parameters, salt: Buffer, key: Buffer): string {
  const parts = [cost, blockSize, parallelization, salt.toString('base64'), key.toString('base64')];
  return `scrypt$${parts.join('$')}`;
}

function decode(hash: string) {
  const [, cost, blockSize, parallelization, salt = '', key = ''] = hash.split('$');
  return {
    parameters: {
      cost: Number(cost),
      blockSize: Number(blockSize),
      parallelization: Number(parallelization),
    },
    salt: Buffer.from(salt, 'base64'),
    key: Buffer.from(key, 'base64'),
  };
}
