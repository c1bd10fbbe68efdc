// @if auth
import { randomBytes } from 'node:crypto';
// @end
import { isIP } from 'node:net';
import { z } from 'zod';
// @if configValues
// @insert config-import
// @end

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
  DATABASE_PATH: z.string().default('./data/@name.sqlite'),
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
  // @if schedules
  SCHEDULES: z.enum(['on', 'off']).default('on'),
  // @end
  TRUST_PROXY: z
    .string()
    .refine((list) => list.split(',').every((part) => isProxy(part.trim())), {
      error: 'expected addresses or ranges of proxies, such as 10.0.0.0/8 or loopback',
    })
    .optional(),
  // @if auth
  AUTH_RATE_LIMIT_PER_MINUTE: wholeNumber(1, 1_000_000).default(20),
  JWT_SECRET: z.string().min(32, 'expected at least 32 characters').optional(),
  JWT_EXPIRES_IN: z
    .string()
    .regex(/^[1-9]\d{0,5}[smhd]$/, 'expected a number and a unit, such as 15m, 12h or 7d')
    .default('1d'),
  // @end
  // @if apiKey
  API_KEYS: z
    .string()
    .transform((list) => list.split(',').map((entry) => entry.trim()))
    .pipe(
      z.array(
        z
          .string()
          .regex(/^[\w.-]{1,60}:[0-9a-f]{64}$/, 'expected name:hash, separated by commas; npm run key makes one'),
      ),
    )
    .default([]),
  // @end
  // @if configValues
  ...configVariables,
  // @end
});
// @if mustSet

/** Variables required in production: what is expected, and the effect of leaving them unset elsewhere. */
const required: Record<string, { expected: string; without: string }> = {
  // @if auth
  JWT_SECRET: {
    expected: 'At least 32 random characters.',
    without: 'tokens are valid until the process ends',
  },
  // @end
  // @if apiKey
  API_KEYS: {
    expected: 'npm run key -- <name> makes one.',
    without: 'no request that needs a key gets through',
  },
  // @end
  // @if requiredValues
  ...requiredValues,
  // @end
};
// @end

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
  // @if schedules
  /** Whether this process runs the scheduled tasks. */
  schedules: boolean;
  // @end
  /** The proxies trusted to report client addresses; none by default. */
  trustProxy: string | false;
  // @if auth
  /** For `/auth/register` and `/auth/login`, which are expensive by design. */
  authRateLimitPerMinute: number;
  jwtSecret: string;
  jwtExpiresIn: string;
  // @end
  // @if apiKey
  /** Callers, each with the SHA-256 of a key; keys are not stored. */
  apiKeys: { name: string; hash: Buffer }[];
  // @end
  // @if configValues
  /** Configuration specific to this service. */
  values: ConfigValues;
  // @end
  // @if mustSet
  /** Warnings to print at startup. */
  warnings: string[];
  // @end
};

/** Reads the configuration, or throws a {@link ConfigError} that names each invalid variable. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  // An empty variable, as in `PORT=`, counts as unset.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const isProduction = given.NODE_ENV === 'production';
  // @if mustSet
  const unset = Object.entries(required).filter(([name]) => given[name] === undefined);
  if (isProduction && unset.length > 0) {
    const faults = unset.map(([name, { expected }]) => `${name}: required in production. ${expected}`);
    throw new ConfigError(faults.join(' '));
  }
  // @end
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
    // @if schedules
    schedules: variables.SCHEDULES === 'on',
    // @end
    trustProxy: variables.TRUST_PROXY ?? false,
    // @if auth
    authRateLimitPerMinute: variables.AUTH_RATE_LIMIT_PER_MINUTE,
    jwtSecret: variables.JWT_SECRET ?? randomBytes(32).toString('base64url'),
    jwtExpiresIn: variables.JWT_EXPIRES_IN,
    // @end
    // @if apiKey
    apiKeys: variables.API_KEYS.map((entry) => {
      const [name = '', hash = ''] = entry.split(':');
      return { name, hash: Buffer.from(hash, 'hex') };
    }),
    // @end
    // @if configValues
    values: toConfigValues(variables),
    // @end
    // @if mustSet
    warnings: unset.map(([name, { without }]) => `${name} is not set: ${without}. Production needs it.`),
    // @end
  };
}

function isProxy(part: string): boolean {
  const [address = ''] = part.split('/');
  return isIP(address) !== 0 || ['loopback', 'linklocal', 'uniquelocal'].includes(part);
}
