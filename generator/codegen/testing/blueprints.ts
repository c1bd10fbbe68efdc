import { Blueprint, type BelongsTo, type Entity, type Field } from '#contract'

type FieldKind = Field['type'] | Exclude<Field['type']['kind'], 'json'>

export function field(name: string, kind: FieldKind, more: Partial<Field> = {}): Field {
  const type =
    typeof kind === 'string' ? (kind === 'enum' ? { kind, values: ['one', 'two'] } : { kind }) : kind
  return { name, label: name, type, required: false, unique: false, ...more }
}

export function belongsTo(name: string, target: string, more: Partial<BelongsTo> = {}): BelongsTo {
  return { name, label: name, target, required: true, unique: false, onDelete: 'cascade', ...more }
}

export function entity(name: string, more: Partial<Entity> = {}): Entity {
  const plural = more.plural ?? `${name}s`
  return {
    name,
    plural,
    label: name,
    labelPlural: plural,
    path: `/${plural.toLowerCase()}`,
    fields: [],
    belongsTo: [],
    operations: ['list', 'create', 'read', 'update', 'delete'],
    access: { read: 'public', write: 'public' },
    ...more,
  }
}

export function blueprint(name: string, entities: Entity[], more: Partial<Blueprint> = {}): Blueprint {
  return Blueprint.parse({
    version: 1,
    name,
    title: name,
    description: `A backend: ${name}.`,
    auth: { kind: 'none' },
    entities,
    manyToMany: [],
    operations: [],
    ...more,
  })
}

export const todo = blueprint('todo-api', [
  entity('Todo', {
    fields: [
      field('title', { kind: 'string', maxLength: 200 }, { required: true }),
      field('done', 'boolean', { required: true, default: false }),
    ],
  }),
])

/** Accounts, ownership, private rows, all delete rules, links. */
export const shop = blueprint(
  'corner-shop',
  [
    entity('User', {
      fields: [
        field('email', 'email', { required: true, unique: true }),
        field('name', 'string', { required: true }),
      ],
      access: { read: 'owner', write: 'owner' },
    }),
    entity('Category', {
      plural: 'Categories',
      fields: [field('name', { kind: 'string', maxLength: 40 }, { required: true, unique: true })],
      access: { read: 'authenticated', write: 'authenticated' },
    }),
    entity('Product', {
      fields: [
        field('name', 'string', { required: true }),
        field('price', { kind: 'number', min: 0 }, { required: true }),
        field('releasedAt', 'datetime'),
      ],
      belongsTo: [belongsTo('category', 'Category', { onDelete: 'restrict' }), belongsTo('seller', 'User')],
      owner: 'seller',
      access: { read: 'public', write: 'owner' },
    }),
    entity('Order', {
      fields: [
        field('status', { kind: 'enum', values: ['new', 'paid'] }, { required: true, default: 'new' }),
      ],
      belongsTo: [belongsTo('customer', 'User')],
      owner: 'customer',
      access: { read: 'owner', write: 'owner' },
    }),
    entity('OrderItem', {
      fields: [field('quantity', { kind: 'integer', min: 1, max: 99 }, { required: true })],
      belongsTo: [
        belongsTo('order', 'Order'),
        belongsTo('product', 'Product', { onDelete: 'restrict' }),
        belongsTo('replaces', 'OrderItem', { required: false, onDelete: 'setNull' }),
        belongsTo('owner', 'User'),
      ],
      owner: 'owner',
      access: { read: 'owner', write: 'owner' },
    }),
    entity('Tag', { fields: [field('label', 'string', { required: true, unique: true })] }),
  ],
  { auth: { kind: 'jwt', account: 'User' }, manyToMany: [{ left: 'Product', right: 'Tag' }] },
)

/** Everything that could end a literal, a comment or a line early. */
export const evilText =
  'x"\'`${process.exit(1)}*/ </script> | <b> \u2028\u202e\u0000 [a](javascript:1) \\ 😀 {{x}} \n# %s -- ;'

/** Names that clash with JavaScript, SQL, TypeScript and the project's own code; free text that fights back. */
export const hostile = blueprint(
  'hostile',
  [
    entity('Error', {
      label: evilText,
      labelPlural: evilText,
      description: evilText,
      fields: [
        field('class', 'string', { label: evilText, description: evilText, example: evilText }),
        field('constructor', 'string', { unique: true }),
        field('toString', 'boolean'),
        field('valueOf', 'number', { default: 1.5 }),
        field('limit', 'integer'),
        field(
          'order',
          { kind: 'enum', values: [evilText.slice(0, 70), "it's", 'a\0b', '``'] },
          { required: true, default: "it's" },
        ),
        field('urlID', 'string'),
        field('urlId', 'string'),
        field('rowid', 'integer'),
      ],
      belongsTo: [
        belongsTo('delete', 'Promise', { required: false, onDelete: 'setNull' }),
        belongsTo('parent', 'Error', { required: false }),
      ],
    }),
    entity('Promise', {
      fields: [
        field('select', { kind: 'string', maxLength: 2 }, { required: true, unique: true }),
        field('from', 'date', { unique: true }),
        field('isOk', 'boolean', { required: true, unique: true }),
      ],
      belongsTo: [belongsTo('where', 'Error', { unique: true })],
    }),
    entity('Order', {
      path: '/shop/orders',
      fields: [field('group', 'text', { required: true })],
      operations: ['list', 'read'],
    }),
    entity('OrderPage', {
      fields: [field('page', 'url', { required: true })],
      belongsTo: [belongsTo('order', 'Order')],
      operations: ['create', 'update'],
    }),
    ...[
      'Date',
      'Object',
      'SqliteThing',
      'Con',
      'Health',
      'Auth',
      'Database',
      'App',
      'Index',
      'ErrorResponse',
      'Session',
      'Page',
    ].map((name) => entity(name, { path: `/x-${name.toLowerCase()}` })),
    entity('Unused', { operations: [] }),
  ],
  {
    title: evilText,
    description: evilText,
    manyToMany: [
      { left: 'Error', right: 'Order' },
      { left: 'Order', right: 'Date' },
    ],
  },
)

/** Programs send a key; the catalogue is open to everybody. */
export const keyed = blueprint(
  'keyed',
  [
    entity('Reading', {
      fields: [field('value', 'number', { required: true }), field('takenAt', 'datetime')],
      access: { read: 'authenticated', write: 'authenticated' },
      policies: { list: { who: 'public' } },
    }),
  ],
  { auth: { kind: 'apiKey' } },
)

/** Roles: editors publish sections, the author of a post owns it, and admins may remove any. */
export const magazine = blueprint(
  'magazine',
  [
    entity('Person', {
      plural: 'People',
      path: '/people',
      fields: [
        field('email', 'email', { required: true, unique: true }),
        field('name', 'string'),
        field('desk', { kind: 'integer', min: 100, max: 300 }, { required: true, default: 100 }),
        field('floor', { kind: 'enum', values: ['ground', 'first'] }, { required: true, default: 'ground' }),
      ],
      belongsTo: [
        belongsTo('mentor', 'Person', { required: false, onDelete: 'setNull' }),
        belongsTo('deputy', 'Person', { required: false, onDelete: 'setNull' }),
      ],
      indexes: [
        { properties: ['desk', 'floor'], unique: true },
        { properties: ['mentorId', 'deputyId'], unique: true },
      ],
      operations: ['list', 'read', 'update', 'delete'],
      access: { read: 'owner', write: 'owner' },
      policies: { list: { who: 'roles', roles: ['admin'] }, read: { who: 'owner', orRoles: ['admin'] } },
    }),
    entity('Section', {
      fields: [field('name', 'string', { required: true, unique: true })],
      access: { read: 'public', write: 'authenticated' },
      policies: {
        create: { who: 'roles', roles: ['editor', 'admin'] },
        update: { who: 'roles', roles: ['editor', 'admin'] },
        delete: { who: 'roles', roles: ['admin'] },
      },
    }),
    entity('Post', {
      fields: [field('title', 'string', { required: true })],
      belongsTo: [belongsTo('section', 'Section'), belongsTo('author', 'Person')],
      access: { read: 'public', write: 'owner' },
      policies: { delete: { who: 'owner', orRoles: ['admin'] } },
      owner: 'author',
    }),
  ],
  {
    auth: {
      kind: 'jwt',
      account: 'Person',
      roles: { names: ['reader', 'editor', 'admin'], initial: 'reader' },
    },
    manyToMany: [{ left: 'Post', right: 'Section' }],
  },
)

/** One review of a book for each member, and shelf marks that are unique together with their room. */
export const reviews = blueprint(
  'reviews',
  [
    entity('Member', { fields: [field('email', 'email', { required: true, unique: true })] }),
    entity('Book', {
      fields: [
        field('title', 'string', { required: true }),
        field('room', { kind: 'enum', values: ['north', 'south'] }, { required: true }),
        field('mark', 'string', { required: true }),
      ],
      indexes: [
        { properties: ['title'], unique: false },
        { properties: ['room', 'mark'], unique: true },
      ],
    }),
    entity('Review', {
      fields: [field('stars', { kind: 'integer', min: 1, max: 5 }, { required: true })],
      belongsTo: [belongsTo('member', 'Member'), belongsTo('book', 'Book')],
      indexes: [{ properties: ['memberId', 'bookId'], unique: true }],
    }),
  ],
  {},
)

/** A magazine that starts with an administrator, linked sections and a post that answers another one. */
export const startedMagazine = Blueprint.parse({
  ...magazine,
  seeds: [
    {
      name: 'first',
      entity: 'Post',
      values: { title: '$$5 for a `story`', authorId: '$boss.id', sectionId: '$news.id' },
      links: ['news', 'ideas'],
    },
    { name: 'boss', entity: 'Person', values: { email: 'boss@example.com', role: 'admin' }, links: [] },
    { name: 'news', entity: 'Section', values: { name: evilText.slice(0, 30) }, links: ['first'] },
    { name: 'ideas', entity: 'Section', values: { name: 'Ideas' }, links: [] },
  ],
})

/** Reference data with keys of its own: a text chosen by the client, and numbers of which one is stated. */
export const countries = Blueprint.parse({
  ...blueprint('countries', [
    entity('Country', {
      plural: 'Countries',
      key: { name: 'code', kind: 'text' },
      stamps: { created: null, updated: null },
      fields: [
        field('name', 'string', { required: true, unique: true }),
        field('euro', 'boolean', { default: false }),
      ],
    }),
    entity('City', {
      plural: 'Cities',
      key: { name: 'id', kind: 'integer' },
      fields: [
        field('name', 'string', { required: true }),
        field('notes', { kind: 'json', shape: { kind: 'any', nullable: false } }),
      ],
      belongsTo: [
        belongsTo('country', 'Country'),
        belongsTo('twin', 'City', { required: false, onDelete: 'setNull' }),
      ],
    }),
  ]),
  seeds: [
    {
      name: 'porto',
      entity: 'City',
      values: { name: 'Porto', countryId: '$portugal.code', twinId: '$lagos.id', notes: { hills: [1, 2] } },
      links: [],
    },
    {
      name: 'lagos',
      entity: 'City',
      values: { id: 1, name: 'Lagos', countryId: '$nigeria.code' },
      links: [],
    },
    { name: 'portugal', entity: 'Country', values: { code: 'PT', name: 'Portugal', euro: true }, links: [] },
    { name: 'nigeria', entity: 'Country', values: { code: 'NG', name: 'Nigeria' }, links: [] },
  ],
})
