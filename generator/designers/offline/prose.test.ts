import { describe, expect, it } from 'vitest'
import { Blueprint } from '#contract'
import { lintBlueprint } from '../../blueprint/lint-blueprint.ts'
import { DesignError } from './design-error.ts'
import { designOffline, type OfflineDesign } from './design-offline.ts'
import { outline } from './testing/outline.ts'
import { readCorpus } from './testing/read-corpus.ts'

/** Prose: what is no data is refused or reported, and never becomes a table. */

function refusalOf(prompt: string): DesignError {
  try {
    designOffline({ prompt })
  } catch (error) {
    if (error instanceof DesignError) return error
    throw error
  }
  throw new Error('the prompt was read')
}

/** The tables and what was not understood; the account that sign-in adds is left out. */
function told(prompt: string): string[] {
  return outline(designOffline({ prompt })).filter((line) => !/^User( |$)/.test(line))
}

const tablesOf = ({ blueprint }: OfflineDesign) => {
  const account = blueprint.auth.kind === 'jwt' ? blueprint.auth.account : null
  return new Map(
    blueprint.entities
      .filter(({ name }) => name !== 'User' || name !== account)
      .map(({ name, fields }) => [name, fields.map((field) => field.name)]),
  )
}

const CORPUS = readCorpus()
const REFUSED = CORPUS.filter(({ tables }) => tables === null)
const READABLE = CORPUS.flatMap((prose) =>
  prose.tables === null ? [] : [{ ...prose, tables: prose.tables }],
)

describe('the corpus of prose', () => {
  it.each(READABLE)('$name becomes what its writer meant', ({ prompt, tables }) => {
    const design = designOffline({ prompt })
    const built = tablesOf(design)
    expect([...built.keys()].toSorted()).toEqual([...tables.keys()].toSorted())
    for (const [name, fields] of tables) expect(built.get(name)).toEqual(expect.arrayContaining([...fields]))
    expect(lintBlueprint(Blueprint.parse(design.blueprint)).diagnostics).toEqual([])
  })

  it.each(REFUSED)('$name is refused, with a hint that helps', ({ prompt }) => {
    const refusal = refusalOf(prompt)
    expect(refusal.code).toBe('nothing_readable')
    expect(refusal.message).toMatch(/^(No data could be read|Most of the prompt could not be read)/)
    expect(refusal.hint).toMatch(/for example: "An API for .+" With a model key/)
  })
})

describe('the examples of a refusal', () => {
  it.each(REFUSED)('can be read: $name', ({ prompt }) => {
    const refusal = refusalOf(prompt)
    const example = /for example: "([^"]+)"/.exec(refusal.hint ?? '')?.[1] ?? ''
    const design = designOffline({ prompt: example })
    expect(design.notUnderstood).toEqual([])
    expect(design.coverage).toBe(1)
  })
})

describe('a refusal', () => {
  it('says what was read and what was not', () => {
    const many = Array.from(
      { length: 20 },
      (_, at) => `Clause ${at} remains rather mysterious to historians.`,
    )
    const refusal = refusalOf(`Books have a title. ${many.join(' ')}`)
    expect(refusal).toMatchObject({
      code: 'nothing_readable',
      message: expect.stringMatching(
        /^Most of the prompt could not be read: only \d+ % of the words that carry meaning\. Read: books\. Not read: "Clause 0 remains rather mysterious to historians", .* and 15 more parts\.$/,
      ),
      hint: expect.stringContaining('An API for books'),
    })
  })

  it('is not for a short prompt, whose few unread parts are listed', () => {
    expect(told('Create a tasks API. Completed tasks are archived after 30 days.')).toContain(
      '? Completed tasks are archived after 30 days',
    )
  })
})

describe('coverage', () => {
  it.each([
    ['Books have a title.', 1],
    ['Books have a title. Kindly consider gravity.', 0.4],
  ])('%s', (prompt, share) => {
    expect(designOffline({ prompt }).coverage).toBeCloseTo(share, 2)
  })
})

describe('a default of a typical field', () => {
  it.each([
    [
      'Projects. Tasks belong to a project: title, status (To Do, In Progress, Done).',
      'Task /tasks: title!, status To Do|In Progress|Done, project! → Project cascade',
    ],
    [
      'API for orders: status (New, Paid, Sent)',
      'Order /orders: status New|Paid|Sent, total number, notes text',
    ],
    [
      'API for orders: status (pending, gone)',
      'Order /orders: status pending|gone = pending, total number, notes text',
    ],
    [
      'Tickets belong to a customer: subject, priority (P1, P2), status (On, Off)',
      'Ticket /tickets: subject!, priority P1|P2, status On|Off, customer! → Customer restrict',
    ],
    ['A ticket has a status. Status: New, Waiting, Solved.', 'Ticket /tickets: status New|Waiting|Solved'],
  ])('fits the list of values in %s', (prompt, line) => {
    const design = designOffline({ prompt })
    expect(outline(design)).toContain(line)
    expect(design.assumptions.join(' ')).not.toContain('does not match its type')
  })
})

describe('sharing with others', () => {
  it.each([
    [
      'a notes api with login. notes have title. Users can share a note with another user.',
      'Users can share a note with another user',
    ],
    [
      'Recipes have a title, with login. Users can send recipes to friends.',
      'Users can send recipes to friends',
    ],
    [
      'Photos have a title, with login. Users can share photos with their family.',
      'Users can share photos with their family',
    ],
  ])('is listed as not understood: %s', (prompt, phrase) => {
    const design = designOffline({ prompt })
    expect(design.notUnderstood).toEqual([phrase])
    const [main] = design.blueprint.entities
    expect(main!.belongsTo.filter(({ name }) => name !== 'owner')).toEqual([])
  })
})

describe('everyday words that are also technology', () => {
  it.each([
    'Accounts have a balance. Keep the balance; it must never go below zero.',
    'Trips have a date. Drivers go to work in spring.',
    'Orders have a total. Express orders are shipped first.',
    'Birds have a name. They nest in May and rest at night.',
    'Bridges have a name. Rust is removed every year.',
  ])('name none in: %s', (prompt) => {
    expect(designOffline({ prompt }).assumptions.join(' ')).not.toContain('the prompt names')
  })

  it.each([
    ['A todo API in Go', 'Go'],
    ['Use express for the todo API', 'express'],
    ['A todo API written in rust', 'rust'],
    ['A books API with Spring Boot', 'Spring'],
    ['Todo API. Python, Flask and PostgreSQL.', 'Flask'],
  ])('name it in: %s', (prompt, word) => {
    expect(designOffline({ prompt }).assumptions.join(' ')).toContain(`the prompt names ${word}`)
  })
})

describe('short forms', () => {
  it.each([
    ['a notes api w/ login', 'jwt'],
    ['a notes api w/o login', 'none'],
    ['todo api, w/ login', 'jwt'],
  ])('%s', (prompt, kind) => {
    const design = designOffline({ prompt })
    expect(design.blueprint.auth.kind).toBe(kind)
    expect(design.notUnderstood).toEqual([])
  })
})

describe('a list of fields that ends in a verb', () => {
  it.each([
    ['members with email and password book classes; classes have a capacity', ['Booking', 'Class', 'Member']],
    [
      'Patients with a name and phone book appointments; appointments have a date',
      ['Appointment', 'Patient'],
    ],
    ['customers with a name and email rent bikes. bikes have a number', ['Bike', 'Customer', 'Rental']],
    ['Members with an email and a phone can borrow books. Books have a title.', ['Book', 'Loan', 'Member']],
    ['Students with a name and email attend courses. Courses have a title.', ['Course', 'Student']],
  ])('%s', (prompt, names) => {
    const design = designOffline({ prompt })
    expect(design.blueprint.entities.map(({ name }) => name).toSorted()).toEqual(names)
  })

  it('makes a booking for each class that a member books, and says what it does not check', () => {
    const design = designOffline({
      prompt: 'Members have a name. Classes have a title and a capacity. Members book classes.',
    })
    expect(outline(design)).toContain(
      'Booking /bookings: status booked|cancelled = booked, class! → Class cascade, member! → Member restrict',
    )
    expect(design.assumptions).toContain('Added bookings, since members book classes.')
    expect(design.notUnderstood).toEqual(['checking bookings against the capacity of a class'])
  })

  it('keeps the fields of bookings that the prompt describes', () => {
    expect(
      told('Members have a name. Classes have a title. Members book classes. A booking has a price.'),
    ).toContain('Booking /bookings: price number 0.., class! → Class cascade, member! → Member restrict')
  })
})

describe('lists of plain values', () => {
  it.each([
    ['Books have a title and tags (a list of strings)', 'Book', 'tags', 'string'],
    ['Recipes have a title and steps (a list of texts).', 'Recipe', 'steps', 'string'],
    ['Runs have a name and splits (list of numbers).', 'Run', 'splits', 'number'],
    ['Product: name, tags: string[]', 'Product', 'tags', 'string'],
    ['Tickets: title, labels: array of strings.', 'Ticket', 'labels', 'string'],
    ['Products: name, sizes: list of integers', 'Product', 'sizes', 'integer'],
  ])('%s', (prompt, entity, field, kind) => {
    const design = designOffline({ prompt })
    expect(design.blueprint.entities.map(({ name }) => name)).toEqual([entity])
    expect(design.blueprint.entities[0]!.fields.find(({ name }) => name === field)?.type).toEqual({
      kind: 'json',
      shape: { kind: 'array', items: { kind, nullable: false }, nullable: false },
    })
    expect(design.notUnderstood).toEqual([])
  })
})

describe('words that are no tables', () => {
  it.each([
    ['gerunds', 'Books have a title. Reporting, caching and pair programming.'],
    ['technology', 'Books have a title. Docker images and Kubernetes.'],
    ['prepositions', 'Books have a title. Under concurrent requests.'],
    ['what the writer does', 'Books have a title. We make mugs and bowls.'],
    ['the perfect tense', 'Books have a title. The library has been closed twice.'],
    ['what may come later', 'Books have a title. Gift cards and labels may come later.'],
    [
      'a heading of skills',
      'Books have a title.\n\n# Your profile\n- React\n- analytical thinking\n- fluent German',
    ],
    ['names of people', 'Books have a title.\n\nPresent: Anna, Boris, Chidi'],
    ['what is postponed', 'Books have a title.\n\n# Out of scope\n- Loans: due date\n- Fines: amount'],
  ])('%s', (_kind, prompt) => {
    const design = designOffline({ prompt })
    expect(design.blueprint.entities.map(({ name }) => name)).toEqual(['Book'])
    expect(design.notUnderstood).not.toEqual([])
  })
})

describe('user stories', () => {
  it('give tables and relations, and nothing to report where all is built', () => {
    expect(
      told(
        'As a team lead I want to create projects so that my team knows what to do. As a member, I want to add tasks to a project. Projects have a name. Tasks have a title.',
      ),
    ).toEqual(['Project /projects: name!', 'Task /tasks: title!, project → Project setNull'])
  })

  it('stay whole where the wish cannot be read', () => {
    const wish = 'As a merchant, I want to see which campaigns convert so that I spend wisely'
    expect(told(`Books have a title. ${wish}.`).at(-1)).toBe(`? ${wish}`)
  })
})

describe('nothing that is built is listed, and nothing is dropped', () => {
  it.each([
    ['The food bank needs a backend for volunteers. Volunteers have a name.', ['Volunteer']],
    ['Assignment 3: a REST API for books. Books have a title.', ['Book']],
    ['# Weather stations\n\n## Sensor\n- location\n- active: boolean', ['Sensor']],
    [
      'Customer(id, name), Payment(id, amount, date). A payment belongs to a customer.',
      ['Customer', 'Payment'],
    ],
  ])('%s', (prompt, names) => {
    const design = designOffline({ prompt })
    expect(design.blueprint.entities.map(({ name }) => name).toSorted()).toEqual(names)
    expect(design.notUnderstood).toEqual([])
  })

  it('builds both relations of `belongs to a guest and to a table`', () => {
    expect(
      told(
        'Tables have a number. Guests have a name. Reservations have a date and number of guests. A reservation belongs to a guest and to a table.',
      ),
    ).toContain(
      'Reservation /reservations: date date, numberOfGuests integer, guest! → Guest cascade, table! → Table cascade',
    )
  })
})

describe('who and what a sentence is about', () => {
  it.each([
    ['the program', 'The system stores tickets. A ticket has a subject.', ['Ticket']],
    [
      'what the program does',
      '1) The application manages vehicles. A vehicle has a plate.\n2) Each vehicle has a year.',
      ['Vehicle'],
    ],
    ['who is registered', 'Librarians register members. Members have a name.', ['Member']],
    ['an entity named field', 'Entities:\n- Farm: name\n- Field: name, area (number)', ['Farm', 'Field']],
    ['who asks', 'The school office wants to record absences. An absence has a date.', ['Absence']],
    ['a greeting', 'Cars have a plate. Regards, Helen', ['Car']],
    ['a limit of time', 'Cars have a plate. Response times stay below 200 ms.', ['Car']],
    ['a pronoun', 'movies w/ title. screenings w/ hall, they belong to a movie', ['Movie', 'Screening']],
    [
      'a field before a verb',
      'Movies have a title. tickets with seat and price belong to a movie',
      ['Movie', 'Ticket'],
    ],
    [
      'a row for each entity',
      '| Entity | Fields |\n|---|---|\n| Employee | name, email |\n| Department | name |\n\nAn employee belongs to a department.',
      ['Department', 'Employee'],
    ],
    [
      'JSON',
      '{\n  "Artist": { "name": "string" },\n  "Album": { "title": "string", "artist": "Artist" }\n}',
      ['Album', 'Artist'],
    ],
  ])('%s', (_kind, prompt, names) => {
    const { blueprint } = designOffline({ prompt })
    expect(blueprint.entities.map(({ name }) => name).toSorted()).toEqual(names)
    expect(blueprint.auth.kind).toBe('none')
  })

  it('reads the role of a story as the entity that the prompt describes', () => {
    expect(
      told('As a student I want to enroll in courses. Courses have a title. Students have a name.'),
    ).toEqual(['Student /students: name!', 'Course /courses: title!', 'Student ↔ Course'])
  })

  it('asks nobody to sign in for a trip log', () => {
    expect(
      designOffline({ prompt: 'Please build the trip log. Cars have a plate.' }).blueprint.auth.kind,
    ).toBe('none')
  })
})

it('links songs and playlists once, in whichever words', () => {
  const { blueprint } = designOffline({
    prompt:
      'Playlists have a name. Songs have a title. Songs can be in many playlists and playlists have many songs.',
  })
  expect(blueprint.entities.flatMap(({ belongsTo }) => belongsTo)).toEqual([])
  expect(blueprint.manyToMany).toHaveLength(1)
})
