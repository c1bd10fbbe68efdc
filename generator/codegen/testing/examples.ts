import { Blueprint } from '#contract'
import { belongsTo, blueprint, entity, field } from './blueprints.ts'
import { param } from './operations.ts'

/** Operations and a task whose examples state rows, codes, headers and calls; rows are deleted by a date. */
export const listsWithExamples = Blueprint.parse({
  ...blueprint(
    'lists',
    [
      entity('User', {
        fields: [field('email', 'email', { required: true, unique: true })],
        operations: ['list', 'read', 'update', 'delete'],
        access: { read: 'authenticated', write: 'owner' },
      }),
      entity('Profile', {
        fields: [
          field('nickname', 'string', { required: true }),
          field('bio', 'text'),
          field('deletedAt', 'datetime'),
        ],
        belongsTo: [belongsTo('user', 'User', { unique: true })],
        owner: 'user',
        access: { read: 'public', write: 'owner' },
      }),
      entity('Item', {
        fields: [
          field('title', 'string', { required: true }),
          field('isDone', 'boolean', { default: false }),
          field('doneAt', 'datetime'),
          field('due', 'date'),
          field('deletedAt', 'datetime'),
        ],
        belongsTo: [belongsTo('user', 'User')],
        owner: 'user',
        access: { read: 'owner', write: 'owner' },
      }),
      entity('Entry', {
        plural: 'Entries',
        path: '/entries',
        fields: [field('action', 'string', { required: true }), field('note', 'string')],
        belongsTo: [belongsTo('item', 'Item')],
        operations: ['list'],
      }),
    ],
    { auth: { kind: 'jwt', account: 'User' } },
  ),
  config: [{ name: 'MAIL_URL', type: 'url', description: 'Where mail is sent.' }],
  services: [
    {
      name: 'mail',
      description: 'Sends mail',
      baseUrl: 'MAIL_URL',
      auth: { kind: 'none' },
      calls: [
        {
          id: 'send',
          summary: 'Send a mail',
          method: 'POST',
          path: '/mails',
          params: [],
          query: [],
          body: {
            kind: 'object',
            properties: [param('subject', 'string'), param('count', 'integer')],
            nullable: false,
          },
          answer: null,
        },
      ],
    },
  ],
  operations: [
    {
      id: 'finishItem',
      entity: 'Item',
      method: 'POST',
      path: '/items/:id/finish',
      summary: 'Finish an item',
      rules: [
        'Sets isDone, doneAt and due, and adds an entry with the action "finish".',
        'A deleted item is not found; a finished one is refused.',
      ],
      params: [param('id')],
      query: [],
      body: null,
      responses: {
        success: { kind: 'json', status: 200, shape: { kind: 'entity', entity: 'Item', nullable: false } },
        errors: [
          { status: 404, code: 'not_found', when: 'There is no such item.' },
          { status: 409, code: 'already_done', when: 'It is finished already.' },
          { status: 409, code: 'locked', when: 'It is locked.' },
        ],
      },
      access: 'authenticated',
      examples: [
        {
          title: 'an item that nobody deleted is finished',
          rows: [
            { name: 'item', entity: 'Item', values: { title: 'Milk' } },
            { name: 'other', entity: 'Item', values: {} },
          ],
          request: { params: { id: '$item.id' }, query: {} },
          expect: {
            status: 200,
            headers: { 'content-type': 'application/json' },
            body: { isDone: true, doneAt: '$now', due: '$any' },
          },
          rowsAfter: [
            {
              change: 'changed',
              row: 'item',
              values: { title: 'Milk', isDone: true, doneAt: '$now', due: '$now' },
            },
            {
              change: 'created',
              entity: 'Entry',
              values: { action: 'finish', itemId: '$item.id', note: null },
            },
          ],
        },
        {
          title: 'a finished item is refused',
          rows: [{ name: 'item', entity: 'Item', values: { isDone: true } }],
          request: { params: { id: '$item.id' }, query: {} },
          expect: { status: 409, code: 'already_done' },
          rowsAfter: [],
        },
        {
          title: 'a deleted item is not found',
          rows: [{ name: 'item', entity: 'Item', values: { deletedAt: '2026-01-01T00:00:00Z' } }],
          request: { params: { id: '$item.id' }, query: {} },
          expect: { status: 404 },
        },
      ],
    },
    {
      id: 'renameProfile',
      entity: 'Profile',
      method: 'POST',
      path: '/my-profile/rename',
      summary: 'Rename the own profile',
      rules: ['The profile of the account gets the nickname "new". A deleted one is not found.'],
      params: [],
      query: [],
      body: null,
      responses: {
        success: { kind: 'none', status: 204 },
        errors: [{ status: 404, code: 'not_found', when: 'There is no profile.' }],
      },
      access: 'authenticated',
      examples: [
        {
          title: 'the profile belongs to the account that asks',
          rows: [{ name: 'profile', entity: 'Profile', values: {} }],
          request: { params: {}, query: {} },
          expect: { status: 204 },
          rowsAfter: [{ change: 'changed', row: 'profile', values: { nickname: 'new', userId: '$me.id' } }],
        },
      ],
    },
  ],
  schedules: [
    {
      id: 'purgeItems',
      description: 'Remove items',
      rules: ['Removes items that were deleted 30 days ago or are a year old, and mails how many.'],
      when: { kind: 'daily', at: '02:00' },
      uses: ['mail'],
      examples: [
        {
          title: 'what is old is removed, and the rest stays',
          now: '2030-06-15T02:00:00Z',
          rows: [
            { name: 'deleted', entity: 'Item', values: { deletedAt: '2030-05-01T00:00:00Z' } },
            { name: 'aged', entity: 'Item', values: { createdAt: '2029-06-14T00:00:00+02:00' } },
            { name: 'fresh', entity: 'Item', values: { deletedAt: '2030-06-01T00:00:00Z' } },
          ],
          rowsAfter: [
            { change: 'removed', row: 'deleted' },
            { change: 'removed', row: 'aged' },
          ],
          calls: [{ service: 'mail', call: 'send', input: { body: { count: 2 } } }],
        },
        {
          title: 'no mail without old items',
          now: '2030-06-15T02:00:00Z',
          rows: [{ name: 'fresh', entity: 'Item', values: { createdAt: '2030-06-14T00:00:00Z' } }],
          rowsAfter: [],
          calls: [],
        },
      ],
    },
  ],
})

/** What a model would write for them. */
export const listHandlers = {
  finishItem: `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { FinishItemInput, FinishItemResult } from '../schemas/operations/finish-item.ts';

export function finishItem({ params, account }: FinishItemInput, { repositories, transaction, now }: OperationContext): FinishItemResult {
  return transaction(() => {
    const item = repositories.items.find(params.id, { userId: account.id, deletedAt: null });
    if (!item) throw new ApiError(404, 'not_found', 'There is no such item.');
    if (item.isDone) throw new ApiError(409, 'already_done', 'The item is finished already.');
    const at = now().toISOString();
    repositories.entries.insert({ action: 'finish', note: null, itemId: item.id });
    return repositories.items.update(item.id, { isDone: true, doneAt: at, due: at.slice(0, 10) }) ?? item;
  });
}
`,
  renameProfile: `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { RenameProfileInput, RenameProfileResult } from '../schemas/operations/rename-profile.ts';

export function renameProfile({ account }: RenameProfileInput, { repositories }: OperationContext): RenameProfileResult {
  const profile = repositories.profiles.findBy({ userId: account.id, deletedAt: null });
  if (!profile) throw new ApiError(404, 'not_found', 'There is no profile.');
  repositories.profiles.update(profile.id, { nickname: 'new' });
}
`,
  purgeItems: `import type { Services } from '../services/index.ts';
import type { TaskContext } from '../task-context.ts';

const DAY_MS = 86_400_000;

export async function purgeItems({ repositories, services, now, log }: TaskContext & { services: Pick<Services, 'mail'> }): Promise<void> {
  const { data } = repositories.items.page({ limit: 1000, offset: 0, sort: 'createdAt', order: 'asc' });
  const age = (instant: string) => (now().getTime() - Date.parse(instant)) / DAY_MS;
  const old = data.filter(({ deletedAt, createdAt }) => (deletedAt !== null && age(deletedAt) > 30) || age(createdAt) > 365);
  for (const { id } of old) repositories.items.remove(id);
  if (old.length > 0) await services.mail.send({ body: { subject: 'Removed', count: old.length } });
  log.info({ removed: old.length }, 'old items removed');
}
`,
}
