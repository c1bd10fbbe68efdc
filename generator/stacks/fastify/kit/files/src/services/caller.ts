import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import { fetch } from './fetch.ts';
import { ServiceError } from './service-error.ts';

/** The settings of one service. */
export type Target = {
  name: string;
  baseUrl: string;
  /** Created per request, so that the secret is not kept as text. */
  headers?: () => Record<string, string>;
  /** Per attempt, in milliseconds. */
  timeoutMs: number;
  /** The number of retries of idempotent requests. */
  retries: number;
};

type Value = string | number | boolean;
type Request<Answer extends z.ZodType> = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `:name` for each of `params`. */
  path: string;
  params?: Readonly<Record<string, Value>>;
  query?: Readonly<Record<string, Value | undefined>>;
  body?: unknown;
  /** Omitted if the response is not used. */
  answer?: Answer;
};

/** The maximum response size, in bytes. */
const MAX_ANSWER = 5 * 1024 * 1024;
/** The delay before the first retry, in milliseconds; doubled for each further one. */
const FIRST_PAUSE = 200;
/** Idempotent methods. */
const REPEATABLE = new Set(['GET', 'PUT', 'DELETE']);
const PASSING = new Set([429, 502, 503, 504]);

/**
 * The only way to send requests to other services: as JSON, with a timeout, only to the
 * base URL, and with a validated response. Anything else is a {@link ServiceError}.
 */
export function makeCaller(target: Target) {
  return async function call<Answer extends z.ZodType = z.ZodUndefined>(
    request: Request<Answer>,
  ): Promise<z.output<Answer>> {
    const tries = REPEATABLE.has(request.method) ? target.retries + 1 : 1;
    for (let pause = FIRST_PAUSE, left = tries - 1; ; pause *= 2, left -= 1) {
      try {
        return await send(target, request);
      } catch (error) {
        if (!(error instanceof ServiceError) || left <= 0 || !mayPass(error)) throw error;
        await delay(pause);
      }
    }
  };
}

const mayPass = ({ answered }: ServiceError) => answered === undefined || PASSING.has(answered);

async function send<Answer extends z.ZodType>(
  { name, baseUrl, headers, timeoutMs }: Target,
  { method, path, params = {}, query = {}, body, answer }: Request<Answer>,
): Promise<z.output<Answer>> {
  const signal = AbortSignal.timeout(timeoutMs);
  let answered: number | undefined;
  try {
    const response = await fetch(urlOf(baseUrl, path, params, query), {
      method,
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers?.(),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      // A redirect would send the secret to another address.
      redirect: 'manual',
      signal,
    });
    answered = response.status;
    const text = await readText(response);
    if (!response.ok) throw new ServiceError(name, { answered });
    return answer?.parse(JSON.parse(text)) as z.output<Answer>;
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    // The error may contain the URL, a header or the response, so it is not passed on.
    throw new ServiceError(name, { timedOut: signal.aborted, ...(answered !== undefined && { answered }) });
  }
}

function urlOf(
  baseUrl: string,
  path: string,
  params: Readonly<Record<string, Value>>,
  query: Readonly<Record<string, Value | undefined>>,
): URL {
  const filled = path.replace(/:([a-zA-Z_][a-zA-Z0-9_]*)/g, (_, name: string) => segment(params[name]));
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/$/, '')}${filled}`;
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.append(name, String(value));
  return url;
}

function segment(value: Value | undefined): string {
  const text = encodeURIComponent(String(value));
  if (/^\.{0,2}$/.test(text)) throw new RangeError('this would lead to another path');
  return text;
}

async function readText({ body }: Response): Promise<string> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER) throw new RangeError('the answer is too long');
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
