import { isDeepStrictEqual } from 'node:util'

/** Asks a service as `test/fixtures/specs/blog.yaml` describes it, from the outside. */

type Writer = { penName: string; about: string | null; portrait: string | null; following: boolean }
type Member = Omit<Writer, 'following'> & { email: string; token: string }
type Post = {
  slug: string
  title: string
  summary: string
  text: string
  tags: string[]
  createdAt: string
  updatedAt: string
  favourite: boolean
  favouriteCount: number
  author: Writer
}
type Comment = { id: number; text: string; createdAt: string; author: Writer }
/** What answers hold, each of them some of it. */
type Body = {
  member: Member
  writer: Writer
  post: Post
  posts: Post[]
  postCount: number
  comment: Comment
  comments: Comment[]
  tags: string[]
  errors?: Record<string, string[]>
}
type Answer = { readonly status: number; readonly headers: Headers; readonly body: Body }
type Sent = { readonly token?: string; readonly body?: object; readonly authorization?: string }
type Send = (method: string, path: string, sent?: Sent) => Promise<Answer>
type Check = (name: string, actual: unknown, expected: unknown) => void
type Suite = { readonly send: Send; readonly check: Check; readonly origin: string }

export async function runSuite(
  origin: string,
): Promise<{ readonly assertions: number; readonly failures: string[] }> {
  let assertions = 0
  const failures: string[] = []
  const check: Check = (name, actual, expected) => {
    assertions += 1
    if (!isDeepStrictEqual(actual, expected))
      failures.push(`${name}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`)
  }
  const send = makeSend(`${origin}/api`, (problem) => failures.push(problem))
  const suite = { send, check, origin }
  const members = await accounts(suite)
  await tokens(suite, members)
  await ownAccount(suite, members)
  await writers(suite, members)
  const slugs = await writing(suite, members)
  await lists(suite, members, slugs)
  await favourites(suite, members, slugs)
  await feed(suite, members)
  await changes(suite, members)
  await comments(suite, members, slugs)
  await removal(suite, members, slugs)
  return { assertions, failures }
}

/** Every refusal has the form that the document states, whatever is checked of it. */
function makeSend(base: string, fail: (problem: string) => void): Send {
  return async (method, path, { token, body, authorization } = {}) => {
    const credential = authorization ?? (token === undefined ? undefined : `Token ${token}`)
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        ...(credential !== undefined && { authorization: credential }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const answer = {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? {} : JSON.parse(text)) as Body,
    }
    if (response.status >= 400 && !isProblem(answer.body))
      fail(`${method} ${path}: ${response.status} has the form ${text}`)
    return answer
  }
}

function isProblem({ errors = {}, ...others }: Partial<Body>): boolean {
  const lists = Object.values(errors)
  const isTexts = (list: unknown) =>
    Array.isArray(list) && list.length > 0 && list.every((one) => typeof one === 'string' && one !== '')
  return lists.length > 0 && Object.keys(others).length === 0 && lists.every(isTexts)
}

const problems = ({ body }: Answer): string[] => Object.keys(body.errors ?? {}).sort()
const PASSWORD = 'correct horse battery'

type Members = { ada: string; readonly ben: string; readonly cleo: string }

async function accounts({ send, check }: Suite): Promise<Members> {
  const join = (member: object) => send('POST', '/members', { body: { member } })
  const ada = await join({ email: 'ada@example.com', penName: 'ada', password: PASSWORD })
  check('join', ada.status, 201)
  check('join is JSON', ada.headers.get('content-type')?.split(';')[0], 'application/json')
  const { token, ...member } = ada.body.member
  check('join answers the account', member, {
    email: 'ada@example.com',
    penName: 'ada',
    about: null,
    portrait: null,
  })
  check('join answers a token', typeof token === 'string' && token.length > 20, true)
  const ben = await join({ email: 'ben@example.com', penName: 'ben', password: PASSWORD })
  const cleo = await join({ email: 'cleo@example.com', penName: 'cleo', password: PASSWORD })

  const second = await join({ email: 'ada@example.com', penName: 'ada2', password: PASSWORD })
  check('a second account with an email', second.status, 409)
  check('names the email', problems(second), ['email'])
  const upper = await join({ email: 'Ada@Example.COM', penName: 'ada3', password: PASSWORD })
  check('an email in other letters is the same', upper.status, 409)
  const named = await join({ email: 'ada4@example.com', penName: 'ada', password: PASSWORD })
  check('a second account with a pen name', named.status, 409)
  check('names the pen name', problems(named), ['penName'])

  const short = await join({ email: 'not an email', penName: 'd', password: 'short' })
  check('what is not valid', short.status, 422)
  check('is named, each by its name', problems(short), ['email', 'password', 'penName'])
  const empty = await send('POST', '/members', { body: {} })
  check('a body without a member', [empty.status, problems(empty)], [422, ['member']])
  const partial = await join({ email: 'eve@example.com', penName: 'eve' })
  check('a member without a password', [partial.status, problems(partial)], [422, ['password']])

  const signIn = (of: object) => send('POST', '/members/sign-in', { body: { member: of } })
  const right = await signIn({ email: 'ada@example.com', password: PASSWORD })
  check('sign-in', right.status, 200)
  check('sign-in answers the account', right.body.member.penName, 'ada')
  check('sign-in answers a token', typeof right.body.member.token, 'string')
  check('no password is answered', JSON.stringify(right.body).includes('password'), false)
  const other = await signIn({ email: 'ADA@example.com', password: PASSWORD })
  check('sign-in with other letters', other.status, 200)
  const wrong = await signIn({ email: 'ada@example.com', password: 'wrong password' })
  check('a wrong password', wrong.status, 401)
  const unknown = await signIn({ email: 'nobody@example.com', password: PASSWORD })
  check('an unknown email', unknown.status, 401)
  check('is answered like a wrong password', unknown.body, wrong.body)
  const without = await signIn({ email: 'ada@example.com' })
  check('sign-in without a password', [without.status, problems(without)], [422, ['password']])
  return {
    ada: right.body.member.token,
    ben: ben.body.member.token,
    cleo: cleo.body.member.token,
  }
}

async function tokens({ send, check, origin }: Suite, { ada }: Members): Promise<void> {
  const right = await send('GET', '/member', { token: ada })
  check('a token after the word Token', right.status, 200)
  for (const [name, authorization] of [
    ['a password instead', `Basic ${btoa('ada:secret')}`],
    ['no token', 'Token '],
    ['a made-up token', 'Token abc.def.ghi'],
    ['a token that was changed', `Token ${ada.slice(0, -2)}xx`],
  ] as const) {
    const answer = await send('GET', '/member', { authorization })
    check(`${name} is refused`, answer.status, 401)
  }
  const none = await send('GET', '/member')
  check('no header is refused', none.status, 401)
  check('and says what to send', /^Token\b/.test(none.headers.get('www-authenticate') ?? ''), true)
  const broken = await send('GET', '/posts', { authorization: 'Token abc.def.ghi' })
  check('a wrong token is refused where none is needed', broken.status, 401)
  check('nothing is served without the prefix', (await fetch(`${origin}/posts`)).status, 404)
  check('no other sign-in is served', (await fetch(`${origin}/auth/login`, { method: 'POST' })).status, 404)
  check('an unknown route', (await send('GET', '/nowhere')).status, 404)
}

async function ownAccount({ send, check }: Suite, members: Members): Promise<void> {
  const change = (member: object, token = members.ada) => send('PUT', '/member', { token, body: { member } })
  const own = await send('GET', '/member', { token: members.ada })
  check('the own account', own.body.member.email, 'ada@example.com')
  const fresh = await send('GET', '/member', { token: own.body.member.token })
  check('comes with a token that counts', fresh.status, 200)
  const about = await change({ about: 'I write about harbours.' })
  check('a change', [about.status, about.body.member.about], [200, 'I write about harbours.'])
  check('leaves the rest', about.body.member.penName, 'ada')
  const portrait = await change({ portrait: 'https://example.com/ada.png' })
  check('a portrait', portrait.body.member.portrait, 'https://example.com/ada.png')
  check('keeps what was set before', portrait.body.member.about, 'I write about harbours.')
  check('null removes it', (await change({ portrait: null })).body.member.portrait, null)
  const kept = await send('GET', '/member', { token: members.ada })
  check('changes are kept', kept.body.member.about, 'I write about harbours.')
  const again = await send('POST', '/members/sign-in', {
    body: { member: { email: 'ada@example.com', password: PASSWORD } },
  })
  check('sign-in answers them', again.body.member.about, 'I write about harbours.')
  const invalid = await change({ portrait: 'no address' })
  check('a portrait that is no address', [invalid.status, problems(invalid)], [422, ['portrait']])
  const taken = await change({ penName: 'ben' })
  check('the pen name of another', [taken.status, problems(taken)], [409, ['penName']])
  const email = await change({ email: 'ben@example.com', about: 'Ben?' })
  check('the email of another', [email.status, problems(email)], [409, ['email']])
  const whole = await send('GET', '/member', { token: members.ada })
  check('is refused as a whole', whole.body.member.about, 'I write about harbours.')
  check('the own pen name again', (await change({ penName: 'ada' })).status, 200)
  check('nobody’s account', (await send('PUT', '/member', { body: { member: {} } })).status, 401)

  const moved = await change({ email: 'Ada.New@Example.com', password: 'another long password' })
  check('a new email and password', moved.status, 200)
  const old = await send('POST', '/members/sign-in', {
    body: { member: { email: 'ada@example.com', password: PASSWORD } },
  })
  check('the old ones count no longer', old.status, 401)
  const signedIn = await send('POST', '/members/sign-in', {
    body: { member: { email: 'Ada.New@Example.com', password: 'another long password' } },
  })
  check('the new ones do', signedIn.status, 200)
  members.ada = signedIn.body.member.token
}

async function writers({ send, check }: Suite, { ada, ben }: Members): Promise<void> {
  const following = async (token?: string) =>
    (await send('GET', '/writers/ben', token === undefined ? {} : { token })).body.writer.following
  const seen = await send('GET', '/writers/ada')
  check('a writer, to anybody', seen.status, 200)
  check('is answered without an email', seen.body, {
    writer: { penName: 'ada', about: 'I write about harbours.', portrait: null, following: false },
  })
  check('an unknown writer', (await send('GET', '/writers/nobody')).status, 404)
  check('to follow without a token', (await send('POST', '/writers/ben/follow')).status, 401)
  const followed = await send('POST', '/writers/ben/follow', { token: ada })
  check('to follow', [followed.status, followed.body.writer.following], [200, true])
  check('twice', (await send('POST', '/writers/ben/follow', { token: ada })).body, followed.body)
  check('the follower sees it', await following(ada), true)
  check('nobody else does', [await following(), await following(ben)], [false, false])
  const unknown = await send('POST', '/writers/nobody/follow', { token: ada })
  check('to follow nobody', unknown.status, 404)
  const own = await send('POST', '/writers/ada/follow', { token: ada })
  check('to follow oneself', own.status, 422)
  const dropped = await send('DELETE', '/writers/ben/follow', { token: ada })
  check('to unfollow', [dropped.status, dropped.body.writer.following], [200, false])
  check('twice is the same', (await send('DELETE', '/writers/ben/follow', { token: ada })).status, 200)
  check('it is seen', await following(ada), false)
  check('to unfollow without a token', (await send('DELETE', '/writers/ben/follow')).status, 401)
  check('to unfollow nobody', (await send('DELETE', '/writers/nobody/follow', { token: ada })).status, 404)
}

async function writing({ send, check }: Suite, { ada, ben }: Members): Promise<string[]> {
  const write = (post: object, token = ada) => send('POST', '/posts', { token, body: { post } })
  const text = { summary: 'Fog over the harbour.', text: 'The boats were still out.' }
  const first = await write({ title: 'A Quiet  Morning!', ...text, tags: ['sea', 'fog', 'sea'] })
  check('to write', first.status, 201)
  const { createdAt, updatedAt, ...post } = first.body.post
  check('answers the post', post, {
    slug: 'a-quiet-morning',
    title: 'A Quiet  Morning!',
    ...text,
    tags: ['sea', 'fog'],
    favourite: false,
    favouriteCount: 0,
    author: { penName: 'ada', about: 'I write about harbours.', portrait: null, following: false },
  })
  check('with its times', [isTime(createdAt), isTime(updatedAt)], [true, true])
  const second = await write({ title: 'a quiet morning', ...text }, ben)
  check('a slug that is taken', second.body.post.slug, 'a-quiet-morning-2')
  check('no tags', second.body.post.tags, [])
  check('the author is the caller', second.body.post.author.penName, 'ben')
  const third = await write({ title: 'A quiet morning?', ...text })
  check('a slug that is taken twice', third.body.post.slug, 'a-quiet-morning-3')
  check(
    'without a token',
    (await send('POST', '/posts', { body: { post: { title: 'T', ...text } } })).status,
    401,
  )
  const empty = await write({ summary: '', text: 'x' })
  check('what is missing or empty', [empty.status, problems(empty)], [422, ['summary', 'title']])
  const long = await write({ title: 'x'.repeat(121), ...text })
  check('a title that is too long', [long.status, problems(long)], [422, ['title']])
  const wrong = await write({ title: 'T', ...text, tags: 'sea' })
  check('tags that are no list', [wrong.status, problems(wrong)], [422, ['tags']])
  const alone = await send('GET', '/posts/a-quiet-morning')
  check('one post, to anybody', [alone.status, alone.body.post.text], [200, text.text])
  check('an unknown post', (await send('GET', '/posts/nowhere')).status, 404)

  const slugs = ['a-quiet-morning', 'a-quiet-morning-2', 'a-quiet-morning-3']
  for (let number = 1; number <= 9; number += 1) {
    const { body } = await write({ title: `Log ${number}`, ...text, tags: ['log'] }, number % 2 ? ben : ada)
    slugs.push(body.post.slug)
  }
  return slugs
}

const isTime = (value: unknown) =>
  typeof value === 'string' && Math.abs(Date.parse(value) - Date.now()) < 60_000

const slugsOf = ({ body }: Answer) => body.posts.map(({ slug }) => slug)

async function lists({ send, check }: Suite, { ada }: Members, slugs: readonly string[]): Promise<void> {
  const list = (query: string, token?: string) =>
    send('GET', `/posts${query}`, token === undefined ? {} : { token })
  const newest = slugs.toReversed()
  const all = await list('')
  check('a list, to anybody', all.status, 200)
  check('ten of them, the newest first', slugsOf(all), newest.slice(0, 10))
  check('of all', all.body.postCount, 12)
  check('without texts', 'text' in (all.body.posts[0] ?? {}), false)
  const next = await list('?offset=10')
  check('the rest', [slugsOf(next), next.body.postCount], [newest.slice(10), 12])
  check('a page', slugsOf(await list('?limit=3&offset=2')), newest.slice(2, 5))
  const beyond = await list('?offset=100')
  check('beyond the end', [slugsOf(beyond), beyond.body.postCount], [[], 12])
  const tagged = await list('?tag=log&limit=2')
  check('with a tag', [slugsOf(tagged), tagged.body.postCount], [newest.slice(0, 2), 9])
  check('with another tag', slugsOf(await list('?tag=fog')), ['a-quiet-morning'])
  check('part of a tag', slugsOf(await list('?tag=lo')), [])
  const byBen = await list('?writer=ben')
  check('of a writer', [byBen.body.postCount, byBen.body.posts[0]?.author.penName], [6, 'ben'])
  check('of nobody', (await list('?writer=nobody')).body, { posts: [], postCount: 0 })
  check('of a writer with a tag', (await list('?writer=ada&tag=log')).body.postCount, 4)
  for (const query of ['limit=0', 'limit=51', 'limit=many', 'offset=-1']) {
    const answer = await list(`?${query}`)
    check(`${query} is not valid`, [answer.status, problems(answer)], [422, [query.split('=')[0]]])
  }
  check('a parameter that nobody knows', (await list('?colour=red')).status, 200)
  check('with a token', (await list('', ada)).status, 200)
  const tags = await send('GET', '/tags')
  check('tags, each once, in order', [tags.status, tags.body], [200, { tags: ['fog', 'log', 'sea'] }])
}

async function favourites(
  { send, check }: Suite,
  { ada, ben, cleo }: Members,
  [slug = '']: readonly string[],
): Promise<void> {
  const seen = async (token?: string) => {
    const { body } = await send('GET', `/posts/${slug}`, token === undefined ? {} : { token })
    return [body.post.favourite, body.post.favouriteCount]
  }
  const path = `/posts/${slug}/favourite`
  check('to keep without a token', (await send('POST', path)).status, 401)
  check('to keep nothing', (await send('POST', '/posts/nowhere/favourite', { token: ben })).status, 404)
  const kept = await send('POST', path, { token: ben })
  check('to keep', [kept.status, kept.body.post.favourite, kept.body.post.favouriteCount], [200, true, 1])
  check('answers the whole post', typeof kept.body.post.text, 'string')
  await send('POST', path, { token: ben })
  check('twice', await seen(ben), [true, 1])
  check('to anybody', await seen(), [false, 1])
  check('to another', await seen(cleo), [false, 1])
  await send('POST', path, { token: cleo })
  check('of two', await seen(cleo), [true, 2])
  const list = async (query: string, token?: string) =>
    send('GET', `/posts?${query}`, token === undefined ? {} : { token })
  const ofBen = await list('favouriteOf=ben', ada)
  check('favourites of a member', [slugsOf(ofBen), ofBen.body.postCount], [[slug], 1])
  check('are not those of the caller', ofBen.body.posts[0]?.favourite, false)
  check('unless they are', (await list('favouriteOf=ben', cleo)).body.posts[0]?.favourite, true)
  check('with another filter', (await list('favouriteOf=ben&writer=ben')).body.postCount, 0)
  check('of nobody', (await list('favouriteOf=nobody')).body.postCount, 0)
  const dropped = await send('DELETE', path, { token: ben })
  check('to drop', [dropped.status, dropped.body.post.favouriteCount], [200, 1])
  check('leaves those of others', await seen(cleo), [true, 1])
  check('twice is the same', (await send('DELETE', path, { token: ben })).status, 200)
  check('to drop without a token', (await send('DELETE', path)).status, 401)
  check('to drop nothing', (await send('DELETE', '/posts/nowhere/favourite', { token: ben })).status, 404)
}

async function feed({ send, check }: Suite, { ada, cleo }: Members): Promise<void> {
  const read = (query = '', token = cleo) => send('GET', `/posts/feed${query}`, { token })
  check('a feed without a token', (await send('GET', '/posts/feed')).status, 401)
  check('a feed of nobody', (await read()).body, { posts: [], postCount: 0 })
  await send('POST', '/writers/ben/follow', { token: cleo })
  const ofBen = await read('?limit=2')
  check('a feed', [ofBen.status, ofBen.body.postCount], [200, 6])
  check('the newest first', slugsOf(ofBen), ['log-9', 'log-7'])
  check('says that its writers are followed', ofBen.body.posts[0]?.author, {
    penName: 'ben',
    about: null,
    portrait: null,
    following: true,
  })
  check('the next page', slugsOf(await read('?limit=2&offset=2')), ['log-5', 'log-3'])
  await send('POST', '/writers/ada/follow', { token: cleo })
  check('a feed of two', (await read()).body.postCount, 12)
  check('of another reader', (await read('', ada)).body.postCount, 0)
  await send('DELETE', '/writers/ben/follow', { token: cleo })
  const ofAda = await read()
  const names = new Set(ofAda.body.posts.map(({ author }) => author.penName))
  check('without whom is followed no longer', [[...names], ofAda.body.postCount], [['ada'], 6])
  const invalid = await read('?limit=51')
  check('a page that is too large', [invalid.status, problems(invalid)], [422, ['limit']])
}

async function changes({ send, check }: Suite, { ada, ben, cleo }: Members): Promise<void> {
  const slug = 'a-quiet-morning'
  const change = (post: object, token = ada, at = slug) =>
    send('PUT', `/posts/${at}`, { token, body: { post } })
  check(
    'to change without a token',
    (await send('PUT', `/posts/${slug}`, { body: { post: {} } })).status,
    401,
  )
  check('to change what is of another', (await change({ text: 'Mine' }, ben)).status, 403)
  check('to change nothing', (await change({ text: 'x' }, ada, 'nowhere')).status, 404)
  const empty = await change({ title: '' })
  check('to empty', [empty.status, problems(empty)], [422, ['title']])
  const text = await change({ text: 'The boats are back.' })
  check('to change', [text.status, text.body.post.text], [200, 'The boats are back.'])
  check('keeps the rest', [text.body.post.slug, text.body.post.tags], [slug, ['sea', 'fog']])
  const { createdAt, updatedAt } = text.body.post
  check('with its time', Date.parse(updatedAt) > Date.parse(createdAt), true)
  check('the same title', (await change({ title: 'A Quiet  Morning!' })).body.post.slug, slug)
  const moved = await change({ title: 'A loud evening' })
  check('a new title', [moved.status, moved.body.post.slug], [200, 'a-loud-evening'])
  check('the old slug is gone', (await send('GET', `/posts/${slug}`)).status, 404)
  const kept = await send('GET', '/posts/a-loud-evening', { token: cleo })
  check('it is the same post', [kept.body.post.favourite, kept.body.post.favouriteCount], [true, 1])
  check('with its tags', kept.body.post.tags, ['sea', 'fog'])
  const tags = await change({ tags: ['night', 'sea'] }, ada, 'a-loud-evening')
  check('new tags', tags.body.post.tags, ['night', 'sea'])
  check('are listed', (await send('GET', '/tags')).body.tags, ['log', 'night', 'sea'])
  const back = await change({ title: 'A quiet morning' }, ada, 'a-loud-evening')
  check('a slug that is free again', back.body.post.slug, slug)
}

async function comments(
  { send, check }: Suite,
  { ada, ben, cleo }: Members,
  [slug = '', other = '']: readonly string[],
): Promise<void> {
  const path = `/posts/${slug}/comments`
  const write = (text: unknown, token = ben) => send('POST', path, { token, body: { comment: { text } } })
  check('no comments', (await send('GET', path)).body, { comments: [] })
  check(
    'to comment without a token',
    (await send('POST', path, { body: { comment: { text: 'x' } } })).status,
    401,
  )
  const lost = await send('POST', '/posts/nowhere/comments', { token: ben, body: { comment: { text: 'x' } } })
  check('to comment on nothing', lost.status, 404)
  const invalid = await write('')
  check('an empty comment', [invalid.status, problems(invalid)], [422, ['text']])
  const first = await write('I remember that fog.')
  const { id, createdAt, ...comment } = first.body.comment
  check('a comment', [first.status, Number.isInteger(id), isTime(createdAt)], [201, true, true])
  check('answers it', comment, {
    text: 'I remember that fog.',
    author: { penName: 'ben', about: null, portrait: null, following: false },
  })
  const second = await write('So do I.', ada)
  const listed = await send('GET', path, { token: cleo })
  const all = listed.body.comments
  check(
    'all comments, the oldest first',
    [listed.status, all.map((one) => one.text)],
    [200, ['I remember that fog.', 'So do I.']],
  )
  check(
    'say whom the reader follows',
    all.map((one) => one.author.following),
    [false, true],
  )
  const anybody = (await send('GET', path)).body.comments
  check(
    'to anybody',
    anybody.map((one) => one.author.following),
    [false, false],
  )
  check('comments on nothing', (await send('GET', '/posts/nowhere/comments')).status, 404)
  const remove = (at: string, token?: string) => send('DELETE', at, token === undefined ? {} : { token })
  check('to remove without a token', (await remove(`${path}/${id}`)).status, 401)
  check('to remove what is of another', (await remove(`${path}/${id}`, ada)).status, 403)
  check('to remove from another post', (await remove(`/posts/${other}/comments/${id}`, ben)).status, 404)
  check('to remove nothing', (await remove(`${path}/999999`, ben)).status, 404)
  const removed = await remove(`${path}/${id}`, ben)
  check('to remove', [removed.status, removed.body], [204, {}])
  check('once', (await remove(`${path}/${id}`, ben)).status, 404)
  const left = (await send('GET', path)).body.comments
  check(
    'leaves the others',
    left.map((one) => one.id),
    [second.body.comment.id],
  )
}

async function removal(
  { send, check }: Suite,
  { ada, ben, cleo }: Members,
  [slug = '']: readonly string[],
): Promise<void> {
  const remove = (at: string, token?: string) =>
    send('DELETE', `/posts/${at}`, token === undefined ? {} : { token })
  check('to remove a post without a token', (await remove(slug)).status, 401)
  check('to remove the post of another', (await remove(slug, ben)).status, 403)
  check('it is still there', (await send('GET', `/posts/${slug}`)).status, 200)
  check('to remove no post', (await remove('nowhere', ada)).status, 404)
  const removed = await remove(slug, ada)
  check('to remove a post', [removed.status, removed.body], [204, {}])
  check('it is gone', (await send('GET', `/posts/${slug}`)).status, 404)
  check('with its comments', (await send('GET', `/posts/${slug}/comments`)).status, 404)
  check(
    'with its favourites',
    (await send('GET', '/posts?favouriteOf=cleo', { token: cleo })).body.postCount,
    0,
  )
  check('with its tags', (await send('GET', '/tags')).body.tags, ['log'])
  check('from the list', (await send('GET', '/posts')).body.postCount, 11)
  check('from the feed', (await send('GET', '/posts/feed', { token: cleo })).body.postCount, 5)
}
