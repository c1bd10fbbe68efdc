import { describe, expect, it } from 'vitest'
import { designOffline } from './design-offline.ts'
import { outline } from './testing/outline.ts'

/** Postings, briefs, e-mails and lists of requirements, as people write them. */

const read = (prompt: string): string[] =>
  outline(designOffline({ prompt }))
    .filter((line) => !/^User( |$)/.test(line))
    .toSorted()

describe('nothing is lost in silence', () => {
  it.each([
    [
      'We need to track volunteers (name, email), shifts (date, start time) and posts.',
      'Shift /shifts: date! date, startTime datetime',
    ],
    [
      'hey we got players, characters (name, class, level), campaigns and sessions',
      'Character /characters: name!, class, level integer',
    ],
    [
      'For each parcel we note treatments (date, product, dose). Parcels have a name.',
      'Treatment /treatments: date date, product, dose, parcel! → Parcel cascade',
    ],
    ['For every repair, I write down the date and the hours.', 'Repair /repairs: date! date, hours integer'],
    [
      'As the head of the choir I want to keep singers with voice (soprano, alto, tenor) and phone.',
      'Singer /singers: voice soprano|alto|tenor, phone!',
    ],
    [
      'Donors have a name. A blood type (A+, A-, AB+, O-) is part of each donor. Samples have a type (A+, B-).',
      'Sample /samples: type A+|B-',
    ],
    ['Hives have a name and a location (lat, long).', 'Hive /hives: name!, lat number, long number'],
    [
      'Nurses record donations with volume and hemoglobin value.',
      'Donation /donations: volume number, hemoglobinValue, nurse! → Nurse cascade',
    ],
  ])('%s', (prompt, line) => {
    expect(read(prompt)).toContain(line)
  })
})

describe('nothing is built that nobody meant', () => {
  it.each([
    ['Dishes have a name. You like good food and short meetings.', ['Dish']],
    [
      "We're building Paws & Co, a marketplace for sitters. Sitters have a name. Pets have a name.",
      ['Pet', 'Sitter'],
    ],
    ['Permits have a number. Clerks shall be able to approve or reject applications.', ['Permit']],
    ['Employees have a name, an email and a salary. Only HR can see salaries.', ['Employee']],
    ['Players have a rating. Matches between two teams (home, away) with date and result, too.', ['Player']],
  ])('%s', (prompt, names) => {
    const { blueprint } = designOffline({ prompt })
    expect(blueprint.entities.map(({ name }) => name).toSorted()).toEqual(names)
    expect(blueprint.entities.flatMap(({ fields }) => fields.map(({ name }) => name)).join()).not.toMatch(
      /clerks|date|result/,
    )
  })

  it('leaves salaries closed, where roles of a field cannot be built', () => {
    const { blueprint, notUnderstood } = designOffline({
      prompt: 'Employees have a name, an email and a salary. Only HR can see salaries.',
    })
    expect(blueprint.entities[0]?.access).toEqual({ read: 'owner', write: 'owner' })
    expect(notUnderstood).toContain('Only HR can see salaries')
  })

  it('takes the name before what a program is', () => {
    expect(
      designOffline({ prompt: "We're building Paws & Co, a marketplace for pets. Pets have a name." })
        .blueprint.title,
    ).toBe('Paws & Co')
  })
})

describe('what speaks of accounts is not open to everybody', () => {
  it.each([
    'Bookings have a date. The manager signs in and sees all bookings.',
    'Rooms have a name. The receptionist logs in and edits rooms.',
    'Photos have a title. Admins can delete photos. Everyone can see photos.',
    'Posts have a title. Moderators can remove posts.',
  ])('%s', (prompt) => {
    const { blueprint } = designOffline({ prompt })
    expect(blueprint.auth.kind).toBe('jwt')
    expect(blueprint.entities.map(({ name }) => name).join()).not.toMatch(/Sign|Log/)
    expect(blueprint.entities.find(({ name }) => name !== 'User')?.access.write).toBe('owner')
  })
})

describe('who asks does not decide', () => {
  it.each([
    'Leave requests: employee, from, to, status. Employees can submit leave requests. With login.',
    'Claims have an amount and a decision. With login.',
  ])('about a free text either: %s', (prompt) => {
    const fields = designOffline({ prompt }).blueprint.entities.flatMap((one) => one.fields)
    expect(fields.find(({ name }) => /status|decision/.test(name))?.setBy).toEqual(['admin'])
  })

  it('but states the type of what is asked for', () => {
    const { blueprint } = designOffline({
      prompt: 'Leave requests have a type (vacation, sick, unpaid). With login.',
    })
    expect(blueprint.entities[0]?.fields[0]).not.toHaveProperty('setBy')
  })
})
