import type { LlmCompletion } from '../../generator/designers/model/llm-completion-schema.ts'

/** What a careful model adds to the draft of `test/fixtures/specs/blog.yaml`. */

type LlmEntity = LlmCompletion['entities'][number]
type LlmOperation = LlmCompletion['operations'][number]
type LlmExample = LlmOperation['examples'][number]

const field = (name: string, over: Partial<LlmEntity['fields'][number]> = {}) => ({
  name,
  label: name.charAt(0).toUpperCase() + name.slice(1),
  kind: 'string' as const,
  required: true,
  omitted: false,
  unique: false,
  maxLength: null,
  min: null,
  max: null,
  values: null,
  json: [],
  setBy: [],
  pattern: null,
  defaultValue: null,
  example: null,
  description: null,
  ...over,
})

const belongsTo = (name: string, target: string) => ({
  name,
  label: name.charAt(0).toUpperCase() + name.slice(1),
  target,
  required: true,
  unique: false,
  onDelete: 'cascade' as const,
  property: null,
})

const table = (name: string, plural: string, over: Partial<LlmEntity>): LlmEntity => ({
  name,
  plural,
  label: name,
  labelPlural: plural,
  description: null,
  path: `/${plural.toLowerCase()}`,
  key: null,
  timestamps: null,
  fields: [],
  belongsTo: [],
  indexes: [],
  operations: [],
  policies: [],
  readAccess: 'public',
  writeAccess: 'authenticated',
  owner: null,
  ...over,
})

const pair = (first: string, second: string) => [{ properties: [`${first}Id`, `${second}Id`], unique: true }]

const entities: LlmEntity[] = [
  table('Post', 'Posts', {
    fields: [
      field('slug', { unique: true, example: 'a-quiet-morning' }),
      field('title', { maxLength: 120, example: 'A quiet morning' }),
      field('summary', { example: 'Fog over the harbour.' }),
      field('text', { kind: 'text', example: 'The boats were still out.' }),
    ],
    belongsTo: [belongsTo('author', 'Account')],
  }),
  table('PostTag', 'PostTags', {
    description: 'A tag of a post. Position is its place among the tags of the post.',
    path: '/post-tags',
    fields: [field('name', { example: 'harbour' }), field('position', { kind: 'integer', example: '0' })],
    belongsTo: [belongsTo('post', 'Post')],
    indexes: [
      { properties: ['postId', 'name'], unique: true },
      { properties: ['name'], unique: false },
    ],
  }),
  table('Comment', 'Comments', {
    key: { name: 'id', kind: 'integer' },
    timestamps: { created: 'createdAt', updated: null },
    fields: [field('text', { kind: 'text', example: 'I remember that fog.' })],
    belongsTo: [belongsTo('post', 'Post'), belongsTo('author', 'Account')],
  }),
  table('Follow', 'Follows', {
    description: 'One account follows another.',
    belongsTo: [belongsTo('follower', 'Account'), belongsTo('followed', 'Account')],
    indexes: pair('follower', 'followed'),
  }),
  table('Favourite', 'Favourites', {
    description: 'An account keeps a post as a favourite.',
    belongsTo: [belongsTo('account', 'Account'), belongsTo('post', 'Post')],
    indexes: pair('account', 'post'),
  }),
]

type Given = Partial<Omit<LlmExample, 'rows' | 'params' | 'query' | 'body' | 'answer' | 'rowsAfter'>> & {
  readonly title: string
  readonly rows?: readonly (readonly [name: string, entity: string, values: object])[]
  readonly params?: object
  readonly query?: object
  readonly body?: object
  readonly answer?: object
  readonly rowsAfter?: LlmExample['rowsAfter']
}

const example = ({
  title,
  rows = [],
  params = {},
  query = {},
  body,
  answer,
  ...over
}: Given): LlmExample => ({
  title,
  rows: rows.map(([name, entity, values]) => ({ name, entity, values: JSON.stringify(values) })),
  params: JSON.stringify(params),
  query: JSON.stringify(query),
  headers: '{}',
  answers: [],
  body: body === undefined ? null : JSON.stringify(body),
  status: 200,
  code: null,
  answerHeaders: null,
  answer: answer === undefined ? null : JSON.stringify(answer),
  ...over,
  rowsAfter: over.rowsAfter ?? [],
})

const created = (entity: string, values: object) => ({
  change: 'created' as const,
  row: null,
  entity,
  values: JSON.stringify(values),
})
const changed = (row: string, values: object) => ({
  change: 'changed' as const,
  row,
  entity: null,
  values: JSON.stringify(values),
})
const removed = (row: string) => ({ change: 'removed' as const, row, entity: null, values: null })

const ben = ['ben', 'Account', { email: 'ben@example.com', penName: 'ben' }] as const
const post = (name: string, author: string, more: object = {}) =>
  [
    name,
    'Post',
    { slug: name, title: name, summary: 'Short.', text: 'Long.', authorId: `$${author}.id`, ...more },
  ] as const

const noPost = { status: 404, code: 'not_found', when: 'No post has this slug.' }
const noMember = { status: 404, code: 'not_found', when: 'No account has this penName.' }
const notAuthor = { status: 403, code: 'forbidden', when: 'The caller is not its author.' }

const WRITER =
  'A writer is an Account: its penName, about and portrait, and following, which is true where there is a Follow with the caller as its follower and that account as its followed, and false without a caller.'
const POST_RULES = [
  'A post is answered with slug, title, summary, createdAt and updatedAt of the Post.',
  'tags are the names of its PostTags in the order of their position.',
  'favouriteCount is how many Favourites of the Post there are; favourite is whether one of them is of the caller, and false without a caller.',
  'author is the author of the Post as a writer.',
  WRITER,
]
const ONE_POST = [...POST_RULES, 'text is that of the Post.']
const FIND = 'The Post is found by its slug.'

const operation = (id: string, rules: string[], over: Partial<LlmOperation> = {}): LlmOperation => ({
  id,
  rules,
  errors: [],
  uses: [],
  examples: [],
  ...over,
})

const operations: LlmOperation[] = [
  operation('readOwnAccount', [
    'Answers email, penName, about and portrait of the account of the caller, and a new token of it.',
  ]),
  operation(
    'changeOwnAccount',
    [
      'Sets email, penName, about and portrait of the account of the caller to what is sent; what is left out stays as it is, and null removes about or portrait.',
      'A password that is sent replaces that of the account.',
      'Refused with 409 where another Account has the email or the penName; nothing is changed then.',
      'Answers email, penName, about and portrait of the account as it is now, and a new token of it.',
    ],
    {
      errors: [
        { status: 409, code: 'duplicate_value', when: 'Another Account has the email or the penName.' },
      ],
      examples: [
        example({
          title: 'what is left out stays as it is',
          rows: [],
          body: { member: { about: 'I write about harbours.' } },
          answer: { member: { about: 'I write about harbours.' } },
          rowsAfter: [changed('me', { about: 'I write about harbours.' })],
        }),
        example({
          title: 'the pen name of another member is refused',
          rows: [ben],
          body: { member: { penName: 'ben' } },
          status: 409,
          code: 'duplicate_value',
        }),
      ],
    },
  ),
  operation('readWriter', ['The writer is the Account with this penName.', WRITER], {
    errors: [noMember],
    examples: [
      example({
        title: 'a member whom the caller follows',
        rows: [ben, ['follow', 'Follow', { followerId: '$me.id', followedId: '$ben.id' }]],
        params: { penName: 'ben' },
        answer: { writer: { penName: 'ben', about: null, portrait: null, following: true } },
      }),
    ],
  }),
  operation(
    'followWriter',
    [
      'Adds a Follow with the caller as its follower and the Account with this penName as its followed, unless there is one.',
      'An account does not follow itself: refused with 422.',
      'Answers that account as a writer.',
      WRITER,
    ],
    {
      errors: [noMember, { status: 422, code: 'own_account', when: 'The penName is that of the caller.' }],
      examples: [
        example({
          title: 'a member is followed',
          rows: [ben],
          params: { penName: 'ben' },
          answer: { writer: { penName: 'ben', following: true } },
          rowsAfter: [created('Follow', { followerId: '$me.id', followedId: '$ben.id' })],
        }),
        example({
          title: 'following twice changes nothing',
          rows: [ben, ['follow', 'Follow', { followerId: '$me.id', followedId: '$ben.id' }]],
          params: { penName: 'ben' },
          answer: { writer: { following: true } },
        }),
        example({
          title: 'nobody follows themselves',
          params: { penName: '$me.penName' },
          status: 422,
          code: 'own_account',
        }),
      ],
    },
  ),
  operation(
    'unfollowWriter',
    [
      'Removes the Follow with the caller as its follower and the Account with this penName as its followed, if there is one.',
      'Answers that account as a writer.',
      WRITER,
    ],
    {
      errors: [noMember],
      examples: [
        example({
          title: 'a member is followed no longer',
          rows: [ben, ['follow', 'Follow', { followerId: '$me.id', followedId: '$ben.id' }]],
          params: { penName: 'ben' },
          answer: { writer: { following: false } },
          rowsAfter: [removed('follow')],
        }),
      ],
    },
  ),
  operation(
    'listPosts',
    [
      'Lists Posts, the newest first by createdAt, after skipping offset of them, and at most limit of them.',
      'With tag, only those with a PostTag of exactly that name; with writer, only those whose author is the Account with that penName; with favouriteOf, only those with a Favourite of the Account with that penName. Several filters hold together; a penName that no Account has matches nothing.',
      'postCount is how many Posts match, whatever limit and offset are.',
      ...POST_RULES,
    ],
    {
      examples: [
        example({
          title: 'only posts with a tag',
          rows: [
            ben,
            post('fog', 'ben'),
            post('rain', 'ben'),
            ['tagged', 'PostTag', { postId: '$fog.id', name: 'harbour', position: 0 }],
          ],
          query: { tag: 'harbour' },
          answer: { posts: [{ slug: 'fog', tags: ['harbour'] }], postCount: 1 },
        }),
        example({
          title: 'favourites of a member whom the caller does not follow',
          rows: [
            ben,
            post('fog', 'me'),
            post('rain', 'me'),
            ['kept', 'Favourite', { accountId: '$ben.id', postId: '$rain.id' }],
          ],
          query: { favouriteOf: 'ben' },
          answer: { posts: [{ slug: 'rain', favourite: false, favouriteCount: 1 }], postCount: 1 },
        }),
      ],
    },
  ),
  operation(
    'writePost',
    [
      'Adds a Post with title, summary and text of the body, and the caller as its author.',
      'Its slug is the title in lower case, with every run of characters other than letters and digits as one dash, and none at its ends; post if nothing is left. If another Post has that slug, -2 is added, or the least number from 2 on that no Post has.',
      'Adds a PostTag for each of the tags, in their order, with the position counted from 0; of equal tags only the first.',
      ...ONE_POST,
    ],
    {
      examples: [
        example({
          title: 'the slug is made from the title',
          body: {
            post: { title: 'A Quiet Morning!', summary: 'Fog.', text: 'Boats.', tags: ['fog', 'fog'] },
          },
          status: 201,
          answer: { post: { slug: 'a-quiet-morning', tags: ['fog'], favourite: false, favouriteCount: 0 } },
          rowsAfter: [
            created('Post', { slug: 'a-quiet-morning', title: 'A Quiet Morning!', authorId: '$me.id' }),
            created('PostTag', { name: 'fog', position: 0 }),
          ],
        }),
        example({
          title: 'a slug that is taken gets a number',
          rows: [ben, post('fog', 'ben')],
          body: { post: { title: 'Fog', summary: 'Again.', text: 'More fog.' } },
          status: 201,
          answer: { post: { slug: 'fog-2', tags: [] } },
          rowsAfter: [created('Post', { slug: 'fog-2', authorId: '$me.id' })],
        }),
      ],
    },
  ),
  operation(
    'readFeed',
    [
      'Lists the Posts whose author is the followed of a Follow with the caller as its follower, the newest first by createdAt, after skipping offset of them, and at most limit of them.',
      'postCount is how many such Posts there are, whatever limit and offset are.',
      ...POST_RULES,
    ],
    {
      examples: [
        example({
          title: 'only posts of members whom the caller follows',
          rows: [
            ben,
            ['eve', 'Account', { email: 'eve@example.com', penName: 'eve' }],
            ['follow', 'Follow', { followerId: '$me.id', followedId: '$ben.id' }],
            post('fog', 'ben'),
            post('rain', 'eve'),
          ],
          answer: { posts: [{ slug: 'fog' }], postCount: 1 },
        }),
      ],
    },
  ),
  operation('readPost', [FIND, ...ONE_POST], {
    errors: [noPost],
    examples: [
      example({
        title: 'no post has the slug',
        params: { slug: 'nowhere' },
        status: 404,
        code: 'not_found',
      }),
    ],
  }),
  operation(
    'changePost',
    [
      FIND,
      'Only its author may change it; others are refused with 403.',
      'Sets title, summary and text to what is sent; what is left out stays as it is.',
      'If the title that is sent differs from that of the Post, the slug is made again: the title in lower case, with every run of characters other than letters and digits as one dash, and none at its ends; post if nothing is left. If another Post has that slug, -2 is added, or the least number from 2 on that no other Post has.',
      'With tags, its PostTags are removed and one is added for each of the tags, in their order, with the position counted from 0; of equal tags only the first.',
      ...ONE_POST,
    ],
    {
      errors: [noPost, notAuthor],
      examples: [
        example({
          title: 'a new title gives a new slug',
          rows: [
            post('fog', 'me'),
            ['tagged', 'PostTag', { postId: '$fog.id', name: 'harbour', position: 0 }],
          ],
          params: { slug: 'fog' },
          body: { post: { title: 'Clear Skies' } },
          answer: { post: { slug: 'clear-skies', tags: ['harbour'] } },
          rowsAfter: [changed('fog', { slug: 'clear-skies', title: 'Clear Skies', summary: 'Short.' })],
        }),
        example({
          title: 'a post of another member is refused',
          rows: [ben, post('fog', 'ben')],
          params: { slug: 'fog' },
          body: { post: { title: 'Mine' } },
          status: 403,
          code: 'forbidden',
        }),
      ],
    },
  ),
  operation(
    'removePost',
    [FIND, 'Only its author may remove it; others are refused with 403.', 'Removes the Post.'],
    {
      errors: [noPost, notAuthor],
      examples: [
        example({
          title: 'a post of another member stays',
          rows: [ben, post('fog', 'ben')],
          params: { slug: 'fog' },
          status: 403,
          code: 'forbidden',
        }),
        example({
          title: 'a post of the caller goes with its comments',
          rows: [
            post('fog', 'me'),
            ['remark', 'Comment', { text: 'Nice.', postId: '$fog.id', authorId: '$me.id' }],
          ],
          params: { slug: 'fog' },
          status: 204,
          rowsAfter: [removed('fog'), removed('remark')],
        }),
      ],
    },
  ),
  operation(
    'keepFavourite',
    [FIND, 'Adds a Favourite of the caller and the Post, unless there is one.', ...ONE_POST],
    {
      errors: [noPost],
      examples: [
        example({
          title: 'a post becomes a favourite',
          rows: [ben, post('fog', 'ben')],
          params: { slug: 'fog' },
          answer: { post: { slug: 'fog', favourite: true, favouriteCount: 1 } },
          rowsAfter: [created('Favourite', { accountId: '$me.id', postId: '$fog.id' })],
        }),
      ],
    },
  ),
  operation(
    'dropFavourite',
    [FIND, 'Removes the Favourite of the caller and the Post, if there is one.', ...ONE_POST],
    {
      errors: [noPost],
      examples: [
        example({
          title: 'favourites of others stay',
          rows: [
            ben,
            post('fog', 'ben'),
            ['mine', 'Favourite', { accountId: '$me.id', postId: '$fog.id' }],
            ['theirs', 'Favourite', { accountId: '$ben.id', postId: '$fog.id' }],
          ],
          params: { slug: 'fog' },
          answer: { post: { favourite: false, favouriteCount: 1 } },
          rowsAfter: [removed('mine')],
        }),
      ],
    },
  ),
  operation(
    'listComments',
    [
      FIND,
      'Lists all Comments of the Post with id, text, createdAt and their author as a writer, the oldest first.',
      WRITER,
    ],
    { errors: [noPost] },
  ),
  operation(
    'writeComment',
    [
      FIND,
      'Any account may comment: adds a Comment of the Post with the text and the caller as its author.',
      'Answers id, text and createdAt of the Comment, and its author as a writer.',
      WRITER,
    ],
    {
      errors: [noPost],
      examples: [
        example({
          title: 'a comment on a post of another member',
          rows: [ben, post('fog', 'ben')],
          params: { slug: 'fog' },
          body: { comment: { text: 'I remember.' } },
          status: 201,
          answer: { comment: { text: 'I remember.', author: { following: false } } },
          rowsAfter: [created('Comment', { text: 'I remember.', postId: '$fog.id', authorId: '$me.id' })],
        }),
      ],
    },
  ),
  operation(
    'removeComment',
    [
      FIND,
      'The Comment is found by its id among those of the Post.',
      'Only its author may remove it; others are refused with 403.',
      'Removes the Comment.',
    ],
    {
      errors: [
        { status: 404, code: 'not_found', when: 'No post has this slug, or no comment on it this id.' },
        notAuthor,
      ],
      examples: [
        example({
          title: 'a comment of another member stays',
          rows: [
            ben,
            post('fog', 'me'),
            ['remark', 'Comment', { text: 'Nice.', postId: '$fog.id', authorId: '$ben.id' }],
          ],
          params: { slug: 'fog', commentId: '$remark.id' },
          status: 403,
          code: 'forbidden',
        }),
        example({
          title: 'a comment on another post is not found',
          rows: [
            post('fog', 'me'),
            post('rain', 'me'),
            ['remark', 'Comment', { text: 'Nice.', postId: '$fog.id', authorId: '$me.id' }],
          ],
          params: { slug: 'rain', commentId: '$remark.id' },
          status: 404,
          code: 'not_found',
        }),
      ],
    },
  ),
  operation('listTags', ['Lists the names of all PostTags, each once, in alphabetical order.'], {
    examples: [
      example({
        title: 'each tag once',
        rows: [
          ben,
          post('fog', 'ben'),
          post('rain', 'ben'),
          ['first', 'PostTag', { postId: '$fog.id', name: 'sea', position: 0 }],
          ['second', 'PostTag', { postId: '$rain.id', name: 'sea', position: 0 }],
          ['third', 'PostTag', { postId: '$rain.id', name: 'boats', position: 1 }],
        ],
        answer: { tags: ['boats', 'sea'] },
      }),
    ],
  }),
]

export const completion: LlmCompletion = {
  dropped: ['Post', 'Comment'],
  entities,
  operations,
  config: [],
  seeds: [],
  schedules: [],
  services: [],
  helpers: [],
  assumptions: ['A slug that is taken gets the least number from 2 on that is free.'],
  notUnderstood: [],
}
