import { describe, expect, it } from 'vitest'
import { Blueprint } from '#contract'
import { designOffline } from './design-offline.ts'
import { outline } from './testing/outline.ts'

/** How people write who does what: in sentences, requirements and tickets. */

/** The tables without fields that nobody named, links, roles, and what was not understood. */
function read(prompt: string): string[] {
  const design = designOffline({ prompt })
  expect(Blueprint.parse(design.blueprint)).toEqual(design.blueprint)
  return outline(design).filter((line) => !/^User( |$)/.test(line))
}

const entityOf = (prompt: string, name: string) =>
  designOffline({ prompt }).blueprint.entities.find((entity) => entity.name === name)

describe('what people do to rows leaves records', () => {
  it.each([
    [
      'Posts have a title. Readers can comment on posts.',
      ['Post /posts: title!', 'Comment /comments: body! text, post! → Post cascade'],
    ],
    [
      'Recipes have a title. Visitors can rate recipes from 1 to 10.',
      ['Recipe /recipes: title!', 'Rating /ratings: stars! integer 1..10, recipe! → Recipe cascade'],
    ],
    [
      'Jobs have a title. Candidates with a name apply to jobs with a cover letter and a salary.',
      [
        'Job /jobs: title!',
        'Candidate /candidates: name!',
        'Application /applications: coverLetter text, salary number, job! → Job cascade, candidate! → Candidate cascade',
      ],
    ],
    [
      'Laptops have a number. Employees have a name. Employees can request laptops.',
      [
        'Laptop /laptops: number! integer',
        'Employee /employees: name!',
        'Request /requests: note text, status requested|approved|rejected = requested, laptop! → Laptop cascade, employee! → Employee restrict',
      ],
    ],
    [
      'Paintings have a title. Buyers have a name. Buyers bid on paintings. A bid has an amount.',
      [
        'Painting /paintings: title!',
        'Buyer /buyers: name!',
        'Bid /bids: amount number, painting! → Painting cascade, buyer! → Buyer cascade',
      ],
    ],
  ])('%s', (prompt, lines) => {
    expect(read(prompt).toSorted()).toEqual(lines.toSorted())
  })

  it('uses the prompt’s own word for the record', () => {
    expect(read('Tables have a number. Guests book tables. A reservation has a date.')).toEqual([
      'Table /tables: number! integer',
      'Reservation /reservations: date date, table! → Table cascade',
    ])
  })

  it('reads guests of a hotel as people, and not as access without sign-in', () => {
    expect(read('Rooms have a number. Guests make reservations for rooms.').join('\n')).toContain(
      'room → Room setNull',
    )
  })

  it('does not take what applies to something for an application', () => {
    const { blueprint } = designOffline({
      prompt: 'Products have a name. Discounts have a percentage. Discounts apply to products.',
    })
    expect(blueprint.entities.map(({ name }) => name)).not.toContain('Application')
  })

  it('links an order with what is ordered, which customers do not change', () => {
    const prompt =
      'Customers order pizzas. Pizza: name, size (S, M, L), price. Order: customer, pizzas, address. Customers see only their own orders.'
    const { blueprint, notUnderstood } = designOffline({ prompt })
    expect(blueprint.manyToMany).toEqual([{ left: 'Order', right: 'Pizza' }])
    expect(entityOf(prompt, 'Pizza')).toMatchObject({
      access: { read: 'public' },
      policies: { create: { who: 'roles', roles: ['admin'] } },
    })
    expect(entityOf(prompt, 'Order')).toMatchObject({ access: { read: 'owner', write: 'owner' } })
    expect(notUnderstood).toEqual([])
  })

  it('keeps orders from others, whatever is ordered', () => {
    expect(
      entityOf('Pizzas have a name and a price. Orders have an address. With login.', 'Order')?.access,
    ).toEqual({ read: 'owner', write: 'owner' })
  })
})

describe('people in charge', () => {
  it('are a role and no table, and others do not change what they manage', () => {
    const prompt = 'Members sign in. Books have a title. Librarians manage books and members.'
    expect(read(prompt)).toEqual([
      'Book /books [public/authenticated] <create by librarian> <update by librarian> <delete by librarian>: title!',
      expect.stringMatching(
        /^Member .*<read by owner\|librarian> <update by owner\|librarian> <delete by owner\|librarian>/,
      ),
      'Member signs in as member|librarian',
    ])
  })

  it('see all rows, where others see their own', () => {
    expect(
      entityOf(
        'Reports have a title, with login. Users can only see their own reports, shift supervisors see all reports.',
        'Report',
      )?.policies?.list,
    ).toEqual({ who: 'owner', orRoles: ['shift-supervisor'] })
  })

  it('delete what others wrote, who still delete it themselves', () => {
    expect(
      entityOf('Posts have a title, with login. Moderators can delete posts.', 'Post')?.policies?.delete,
    ).toEqual({ who: 'owner', orRoles: ['moderator'] })
  })

  it('add no sign-in', () => {
    expect(read('Books have a title. Librarians manage books.')).toEqual(['Book /books: title!'])
  })

  it('may be a person whom the writer knows', () => {
    const prompt = 'Dishes have a name and a price. Customers have a name. Only my uncle can change dishes.'
    expect(entityOf(prompt, 'Dish')?.policies).toEqual({
      create: { who: 'roles', roles: ['uncle'] },
      update: { who: 'roles', roles: ['uncle'] },
      delete: { who: 'roles', roles: ['uncle'] },
    })
  })

  it('who make rows for others leave open whose they are', () => {
    expect(
      designOffline({
        prompt:
          'Rentals have a date. Customers have a name. Only employees can create rentals. Customers see only their own rentals.',
      }).notUnderstood,
    ).toEqual([
      'showing customers their own rentals: employee accounts make them, and a row belongs to the account that makes it',
    ])
  })
})

describe('what nobody or not everybody may do', () => {
  it('is no table and no operation', () => {
    expect(read('Bids have an amount. Nobody can delete a bid.')).toEqual([
      'Bid /bids {list create read update}: amount! number',
    ])
    expect(read('Votes have a value. No one may update or delete votes.')).toEqual([
      'Vote /votes {list create read}: value!',
    ])
  })

  it('with their own rows keeps others from nothing', () => {
    const prompt =
      'Items have a title. Bids have an amount. With login. Sellers cannot bid on their own items. Anyone can see items.'
    const design = designOffline({ prompt })
    expect(entityOf(prompt, 'Item')?.access.read).toBe('public')
    expect(design.notUnderstood.join()).toContain('cannot bid on their own items')
  })

  it('asks for sign-in, where rows belong to a person', () => {
    const { blueprint } = designOffline({
      prompt: 'Items have a title. Sellers cannot bid on their own items.',
    })
    expect(blueprint.auth.kind).toBe('jwt')
    expect(blueprint.entities[0]?.access).toMatchObject({ write: 'owner' })
  })

  it('is closed, also between people with an unknown noun', () => {
    const prompt =
      'Experiments have a title. Researchers may read each other’s experiments, but must not change them.'
    expect(entityOf(prompt, 'Experiment')?.access).toEqual({ read: 'authenticated', write: 'owner' })
  })

  it('is not given to who only looks', () => {
    const prompt = 'Grades have a value, with login. Parents can see the grades of their children.'
    const { blueprint, notUnderstood } = designOffline({ prompt })
    expect(blueprint.entities.map(({ name }) => name)).toEqual(['Grade', 'User'])
    expect(notUnderstood.join()).toContain('Parents can see')
  })

  it('closes what is seen, and not what it is of', () => {
    const prompt =
      'Job board. Companies post jobs. Candidates apply to jobs. A company can only see applications for its own jobs.'
    expect(entityOf(prompt, 'Job')?.access.read).toBe('public')
    expect(entityOf(prompt, 'Application')?.access.read).toBe('owner')
  })
})

describe('requirements', () => {
  it.each([
    'FR1 The system shall allow users to create recipes.\nFR2 A recipe shall have a title.',
    'REQ-1: Users shall be able to create recipes.\nREQ-2: A recipe shall have a title.',
    '1.1 The application must let users create recipes.\n1.2 A recipe must have a title.',
  ])('%s', (prompt) => {
    expect(read(prompt)).toEqual(['Recipe /recipes: title!'])
  })

  it('of a bullet say who does what', () => {
    expect(read('Recipes have a title.\n- users to rate recipes\n- users can add recipes')).toContain(
      'Rating /ratings: stars! integer 1..5, recipe! → Recipe cascade',
    )
  })

  it('name no table by what they count', () => {
    expect(
      read(
        'Pets have a name. Visits have a date. Support creating, reading and deleting of all two resources.',
      ),
    ).toEqual([
      'Pet /pets: name!',
      'Visit /visits: date! date, pet → Pet setNull',
      expect.stringMatching(/^\? Support creating/),
    ])
  })

  it('list the fields of what staff register', () => {
    expect(read('Staff can register found items: description, place, date found.')).toEqual([
      'FoundItem /found-items: description! text, place, dateFound',
    ])
  })
})

describe('who a text is by', () => {
  it.each([
    ['I log expenses with amount and date.', ['Expense /expenses: amount! number, date date']],
    [
      'My wife breeds dogs. She wants to note each dog (name, breed), vaccinations with date and vaccine, and litters.',
      [
        'Dog /dogs: name!, breed',
        'Vaccination /vaccinations: date! date, vaccine, dog → Dog setNull',
        'Litter /litters: name!, description text, dog! → Dog cascade',
        '? My wife breeds dogs',
      ],
    ],
    [
      'i want make app for my uncle bakery. i need save customer name, phone. also the menu with price and photo',
      ['Menu /menus: price! number 0.., photo', 'Customer /customers: name!, phone'],
    ],
    [
      'An API for our football club. Players have a name and a number.',
      ['Player /players: name!, number integer'],
    ],
    [
      'A service to store feedback from our kiosk devices. Each feedback has a score and the id of the kiosk. Kiosks have a name.',
      ['Feedback /feedback: score! integer, kiosk → Kiosk setNull', 'Kiosk /kiosks: name!'],
    ],
  ])('%s', (prompt, lines) => {
    expect(
      read(prompt)
        .filter((line) => !line.includes('kiosk devices'))
        .toSorted(),
    ).toEqual(lines.toSorted())
  })
})

describe('which noun a list is about', () => {
  it.each([
    [
      'Each hotel has rooms with a number, type and price per night.',
      [
        'Hotel /hotels: name!, address, stars integer 1..5',
        'Room /rooms: number! integer, type, pricePerNight number, hotel! → Hotel cascade',
      ],
    ],
    [
      'Each experiment has many samples, which have a unit and a weight. Experiments have a title.',
      [
        'Experiment /experiments: title!',
        'Sample /samples: unit, weight number, experiment! → Experiment cascade',
      ],
    ],
    [
      'Courses have a title.\n- Lessons belong to a course (title, video url, order)',
      [
        'Course /courses: title!',
        'Lesson /lessons: title!, videoUrl url, order integer, course! → Course cascade',
      ],
    ],
    [
      'Cars: plate, year\nRentals: which car, from, to, deposit',
      [
        'Car /cars: plate!, year integer',
        'Rental /rentals: from! date, to date, deposit number, car → Car setNull',
      ],
    ],
    [
      'Trips have a check in date, a check out date, max guests, monthly rent and last cleaned.',
      [
        'Trip /trips: checkInDate! date, checkOutDate date, maxGuests integer, monthlyRent number, lastCleaned date',
      ],
    ],
  ])('%s', (prompt, lines) => {
    expect(read(prompt).toSorted()).toEqual(lines.toSorted())
  })
})
