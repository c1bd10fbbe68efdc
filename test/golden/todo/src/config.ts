import { isIP } from 'node:net';
import { z } from 'zod';

/** An invalid environment variable; the message names it and says what is expected. */
export class ConfigError extends Error {}

const wholeNumber = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^\d+$/, 'expected a whole number')
    .transform(Number)
    .pipe(z.number().min(minimum).max(maximum));

const Environment = z.object({
  NODE_ENV: z.string().default('development'),
  HOST: z.string().optional(),
  PORT: wholeNumber(0, 65_535).default(3000),
  DATABASE_PATH: z.string().default('./data/todo-api.sqlite'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  CORS_ORIGIN: z
    .string()
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .pipe(
      z.array(
        z.string().refine((origin) => URL.parse(origin)?.origin === origin, {
          error: 'expected origins such as https://example.com, separated by commas',
        }),
      ),
    )
    .default([]),
  RATE_LIMIT_PER_MINUTE: wholeNumber(1, 1_000_000).default(1000),
  DOCS_ACCESS: z.enum(['public', 'password']).optional(),
  DOCS_PASSWORD: z.string().min(12, 'expected at least 12 characters').optional(),
  TRUST_PROXY: z
    .string()
    .refine((list) => list.split(',').every((part) => isProxy(part.trim())), {
      error: 'expected addresses or ranges of proxies, such as 10.0.0.0/8 or loopback',
    })
    .optional(),
});

export type Config = {
  host: string;
  /** 0 picks a free port. */
  port: number;
  databasePath: string;
  logLevel: string;
  /** The origins whose pages may call the API; none by default. */
  corsOrigins: string[];
  rateLimitPerMinute: number;
  /** Who may read `/docs`: everyone, or who knows the password; without a password, nobody. */
  docs: { access: 'public' | 'password'; password: string | undefined };
  /** The proxies trusted to report client addresses; none by default. */
  trustProxy: string | false;
};

/** Reads the configuration, or throws a {@link ConfigError} that names each invalid variable. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  // An empty variable, as in `PORT=`, counts as unset.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const isProduction = given.NODE_ENV === 'production';
  const result = Environment.safeParse(given);
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`);
    throw new ConfigError(faults.join('; '));
  }
  const variables = result.data;
  return {
    // A development machine listens on localhost only; a container must not.
    host: variables.HOST ?? (isProduction ? '0.0.0.0' : '127.0.0.1'),
    port: variables.PORT,
    databasePath: variables.DATABASE_PATH,
    logLevel: variables.LOG_LEVEL,
    corsOrigins: variables.CORS_ORIGIN,
    rateLimitPerMinute: variables.RATE_LIMIT_PER_MINUTE,
    docs: {
      access: variables.DOCS_ACCESS ?? (isProduction ? 'password' : 'public'),
      password: variables.DOCS_PASSWORD,
    },
    trustProxy: variables.TRUST_PROXY ?? false,
  };
}

function isProxy(part: string): boolean {
  const [address = ''] = part.split('/');
  return isIP(address) !== 0 || ['loopback', 'linklocal', 'uniquelocal'].includes(part);
}
