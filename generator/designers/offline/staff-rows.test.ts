import { describe, expect, it } from 'vitest'
import { lintBlueprint } from '../../blueprint/lint-blueprint.ts'
import { designOffline } from './design-offline.ts'
import { outline } from './testing/outline.ts'

/** Rows that staff make for others: who sees them, and who changes what they refer to. */

/** The lines of the tables, without fields. */
function access(prompt: string): string[] {
  const design = designOffline({ prompt })
  expect(lintBlueprint(design.blueprint).diagnostics).toEqual([])
  return outline(design)
    .filter((line) => line.includes(' /') && !line.startsWith('User '))
    .map((line) => line.replace(/:.*$/, '').replace(/ \/\S+/, ''))
    .toSorted()
}

const all = (role: string, ...operations: string[]) =>
  operations.map((operation) => ` <${operation} by ${role}>`).join('')
const EVERY = ['list', 'create', 'read', 'update', 'delete']
const WRITES = ['create', 'update', 'delete']

describe('what only some roles create', () => {
  it.each([
    [
      'Cars have a plate and a model. Customers have a name. Rentals have a start and an end date. Only employees can create rentals.',
      [
        `Car [public/authenticated]${all('employee', ...WRITES)}`,
        'Customer {list read update delete} [owner/owner] <list by owner|employee> <read by owner|employee>',
        `Rental [authenticated/authenticated]${all('employee', ...EVERY)}`,
      ],
    ],
    [
      '- Bikes: number, model\n- Bookings: bike, from, to\n- Only staff can add bookings',
      [
        `Bike [authenticated/authenticated]${all('staff', ...WRITES)}`,
        `Booking [authenticated/authenticated]${all('staff', ...EVERY)}`,
      ],
    ],
    [
      'Library with login. Books have a title. Members have a name. Loans have a due date, a book and a member. Only librarians can add loans.',
      [
        `Book [public/authenticated]${all('librarian', ...WRITES)}`,
        `Loan [authenticated/authenticated]${all('librarian', ...EVERY)}`,
        'Member {list read update delete} [owner/owner] <list by owner|librarian> <read by owner|librarian>',
      ],
    ],
    [
      'A clinic with login. Patients have a name and email. Appointments have a date and a patient. Only receptionists may record appointments.',
      [
        `Appointment [authenticated/authenticated]${all('receptionist', ...EVERY)}`,
        'Patient {list read update delete} [owner/owner] <list by owner|receptionist> <read by owner|receptionist>',
      ],
    ],
    [
      'Rooms have a number. Guests have a name. Reservations have a room, a guest, from and to. Reservations can only be created by front desk staff.',
      [
        `Guest [authenticated/authenticated]${all('front-desk-staff', ...EVERY)}`,
        `Reservation [authenticated/authenticated]${all('front-desk-staff', ...EVERY)}`,
        `Room [authenticated/authenticated]${all('front-desk-staff', ...WRITES)}`,
      ],
    ],
    [
      'Invoices have a number and a total. Clients have a name. Only accountants may create and edit invoices. Clients see their own invoices.',
      [
        `Client [authenticated/authenticated]${all('accountant', ...EVERY)}`,
        `Invoice [authenticated/authenticated]${all('accountant', ...EVERY)}`,
      ],
    ],
  ])('%s', (prompt, lines) => {
    expect(access(prompt)).toEqual(lines)
  })

  it('is a role, where IT is a department', () => {
    expect(access('Laptops have a model. Only IT can add laptops.')).toEqual([
      'Laptop [authenticated/owner by owner] <create by it>',
    ])
  })

  it('is closed, where people see only their own', () => {
    expect(
      access(
        'Parents have a name. Meetings have a room. Only secretaries can create meetings. Parents see only their own meetings.',
      ).find((line) => line.startsWith('Meeting ')),
    ).toBe(`Meeting [authenticated/authenticated]${all('secretary', ...EVERY)}`)
  })

  it('says whose rows cannot be shown to them', () => {
    const { notUnderstood } = designOffline({
      prompt:
        'Invoices have a number. Clients have a name. Only accountants may create invoices. Clients see their own invoices.',
    })
    expect(notUnderstood).toEqual([
      'showing people their own invoices: accountant accounts make them, and a row belongs to the account that makes it',
    ])
  })

  it('is read as before where it is published', () => {
    expect(access('A blog with login. Posts have a title. Only editors can create posts.')).toEqual([
      'Post [public/owner by owner] <create by editor>',
    ])
  })

  it('is seen by those whom the prompt names', () => {
    expect(
      access('Rentals have a date. With login. Only employees can create rentals. Anyone can read rentals.'),
    ).toEqual([`Rental [public/authenticated]${all('employee', ...WRITES)}`])
  })
})

describe('what belongs to another person', () => {
  it.each([
    [
      'is not changed by who rents it',
      'Cars with plate and model. Customers rent cars. With login.',
      'Car',
      `Car [public/authenticated]${all('admin', ...WRITES)}`,
    ],
    [
      'is not changed by who borrows it',
      'Tools have a name. Members borrow tools. With login.',
      'Tool',
      `Tool [authenticated/authenticated]${all('admin', ...WRITES)}`,
    ],
    [
      'is changed by who lends it',
      'Members add tools. Tools have a name. Members borrow tools. With login.',
      'Tool',
      'Tool [authenticated/owner by owner]',
    ],
    [
      'is not read by other patients',
      'Patients have a name and an email. Appointments have a date, a time and a patient. With login.',
      'Appointment',
      'Appointment [owner/owner by patient]',
    ],
    [
      'is no public list of guests',
      'A hotel with login. Guests have a name and a passport number. Rooms have a number.',
      'Guest',
      'Guest [authenticated/owner by owner]',
    ],
  ])('%s', (_what, prompt, name, line) => {
    expect(access(prompt).find((one) => one.startsWith(`${name} `))).toBe(line)
  })

  it.each([
    'Expenses have an amount. Only managers can approve expenses.',
    'Documents have a title. Only lawyers may sign documents.',
  ])('is not open without sign-in, where a rule cannot be read: %s', (prompt) => {
    const { blueprint, notUnderstood } = designOffline({ prompt })
    expect(blueprint.auth.kind).toBe('jwt')
    expect(notUnderstood.join()).toContain('Only ')
  })

  it('asks for no sign-in, where a rule is about things', () => {
    expect(
      designOffline({ prompt: 'Orders have a total. Only paid orders can be shipped.' }).blueprint.auth.kind,
    ).toBe('none')
  })
})
