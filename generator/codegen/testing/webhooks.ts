import { Blueprint, type CustomOperation } from '#contract'
import { todo } from './blueprints.ts'

/** An operation that reads request headers. */
export const receiveEvent: CustomOperation = {
  id: 'receiveEvent',
  method: 'POST',
  path: '/hooks/events',
  summary: 'Receive an event of another service',
  rules: ['Answers the delivery that x-delivery names, its attempt, and how many bytes were signed.'],
  params: [],
  query: [],
  headers: [
    { name: 'x-delivery', shape: { kind: 'uuid', nullable: false }, required: true },
    { name: 'x-attempt', shape: { kind: 'integer', nullable: false }, required: false, default: 1 },
    { name: 'x-signature', shape: { kind: 'string', nullable: false }, required: false },
  ],
  body: {
    kind: 'object',
    nullable: false,
    properties: [{ name: 'type', shape: { kind: 'string', nullable: false }, required: true }],
  },
  responses: {
    success: {
      kind: 'json',
      status: 202,
      shape: {
        kind: 'object',
        nullable: false,
        properties: [
          { name: 'delivery', shape: { kind: 'uuid', nullable: false }, required: true },
          { name: 'attempt', shape: { kind: 'integer', nullable: false }, required: true },
          { name: 'headers', shape: { kind: 'integer', nullable: false }, required: true },
        ],
      },
    },
    errors: [{ status: 401, code: 'bad_signature', when: 'The signature is not the right one.' }],
  },
  access: 'public',
  examples: [
    {
      title: 'a signed delivery is accepted',
      rows: [],
      request: {
        params: {},
        query: {},
        headers: {
          'x-delivery': '0f8fad5b-d9cb-469f-a165-70867728950e',
          'x-attempt': 2,
          'x-signature': 'ok',
        },
        body: { type: 'paid' },
      },
      expect: {
        status: 202,
        // The handler sees what is declared and no other header.
        body: { delivery: '0f8fad5b-d9cb-469f-a165-70867728950e', attempt: 2, headers: 3 },
      },
    },
    {
      title: 'another signature is refused',
      rows: [],
      request: { params: {}, query: {}, headers: { 'x-signature': 'wrong' }, body: { type: 'paid' } },
      expect: { status: 401, body: { error: { code: 'bad_signature' } } },
    },
    {
      title: 'an attempt is a number',
      rows: [],
      request: {
        params: {},
        query: {},
        headers: { 'x-delivery': '0f8fad5b-d9cb-469f-a165-70867728950e', 'x-attempt': 'many' },
        body: { type: 'paid' },
      },
      expect: { status: 400 },
    },
  ],
}

export const receiveEventHandler = `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { ReceiveEventInput, ReceiveEventResult } from '../schemas/operations/receive-event.ts';

/** Accepts a delivery. */
export function receiveEvent({ headers }: ReceiveEventInput, _context: OperationContext): ReceiveEventResult {
  if (headers['x-signature'] === 'wrong') throw new ApiError(401, 'bad_signature', 'The signature is not right.');
  return { delivery: headers['x-delivery'], attempt: headers['x-attempt'], headers: Object.keys(headers).length };
}
`

export const todoWithHook = Blueprint.parse({ ...todo, operations: [receiveEvent] })

/** An operation with several successes, one of them a redirect. */
const startReport: CustomOperation = {
  id: 'startReport',
  method: 'GET',
  path: '/reports/:name',
  summary: 'Read a report',
  rules: [
    'A report that is ready redirects to its file, a new one is accepted, and an empty one has no content.',
  ],
  params: [
    {
      name: 'name',
      shape: { kind: 'enum', values: ['ready', 'new', 'empty', 'here'], nullable: false },
      required: true,
    },
  ],
  query: [],
  body: null,
  responses: {
    success: {
      kind: 'json',
      status: 200,
      shape: { kind: 'record', values: { kind: 'any', nullable: true }, nullable: false },
    },
    others: [
      { kind: 'json', status: 202, shape: { kind: 'string', nullable: false } },
      { kind: 'none', status: 204 },
      { kind: 'redirect', status: 303 },
    ],
    errors: [],
  },
  access: 'public',
  examples: [
    {
      title: 'one that is here',
      rows: [],
      request: { params: { name: 'here' }, query: {} },
      expect: { status: 200, body: { total: 3 } },
    },
    {
      title: 'a new one',
      rows: [],
      request: { params: { name: 'new' }, query: {} },
      expect: { status: 202, body: 'queued' },
    },
    {
      title: 'an empty one',
      rows: [],
      request: { params: { name: 'empty' }, query: {} },
      expect: { status: 204 },
    },
    {
      title: 'a ready one',
      rows: [],
      request: { params: { name: 'ready' }, query: {} },
      expect: { status: 303, body: '/files/1' },
    },
  ],
}

const openLink: CustomOperation = {
  ...startReport,
  id: 'openLink',
  path: '/go',
  summary: 'Open a link',
  params: [],
  responses: { success: { kind: 'redirect', status: 302 }, errors: [] },
  examples: [
    {
      title: 'leads on',
      rows: [],
      request: { params: {}, query: {} },
      expect: { status: 302, body: 'https://example.com/a' },
    },
  ],
}

export const redirectHandlers = {
  startReport: `import type { OperationContext } from '../operation-context.ts';
import type { StartReportInput, StartReportResult } from '../schemas/operations/start-report.ts';

/** Reads a report. */
export function startReport({ params }: StartReportInput, _context: OperationContext): StartReportResult {
  switch (params.name) {
    case 'here':
      return { status: 200, body: { total: 3 } };
    case 'new':
      return { status: 202, body: 'queued' };
    case 'empty':
      return { status: 204 };
    case 'ready':
      return { status: 303, location: '/files/1' };
  }
}
`,
  openLink: `import type { OperationContext } from '../operation-context.ts';
import type { OpenLinkInput, OpenLinkResult } from '../schemas/operations/open-link.ts';

/** Opens a link. */
export function openLink(_input: OpenLinkInput, _context: OperationContext): OpenLinkResult {
  return 'https://example.com/a';
}
`,
}

export const todoWithReports = Blueprint.parse({ ...todo, operations: [startReport, openLink] })

/** A service that keeps nothing. */
export const gateway = Blueprint.parse({
  ...todo,
  name: 'gateway',
  title: 'Gateway',
  entities: [],
  manyToMany: [],
  operations: [receiveEvent, startReport, openLink],
})
