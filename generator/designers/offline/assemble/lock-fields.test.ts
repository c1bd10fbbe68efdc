import { describe, expect, it } from 'vitest'
import { designOffline } from '../design-offline.ts'
import { refineOffline } from '../refine/refine-offline.ts'

/** Who sets each field of an entity that some roles set. */
function setters(prompt: string, name: string): Record<string, readonly string[]> {
  const entity = designOffline({ prompt }).blueprint.entities.find((one) => one.name === name)
  return Object.fromEntries(
    (entity?.fields ?? []).flatMap(({ name: field, setBy }) => (setBy ? [[field, setBy]] : [])),
  )
}

const SHOP =
  'Products have a name and a price. Customers have a name. Orders have a total, a note and a status (pending, paid, shipped). With login.'

describe('a total that nothing computes', () => {
  const said = (prompt: string) =>
    designOffline({ prompt }).assumptions.filter((one) => one.includes('is empty until'))

  it('is said to be empty, with the lines that it might follow from', () => {
    expect(
      said(
        'A shop with login. Products have a name and a price. Orders have a total. Order items have a product, an order and a quantity.',
      ),
    ).toEqual([
      'The total of orders is empty until an admin sets it, since nothing computes it from the quantities and prices of order items.',
    ])
  })

  it('is said where there are no lines, too', () => {
    expect(said(SHOP)).toEqual([
      'The total of orders is empty until an admin sets it, since nothing computes it.',
    ])
  })

  it('is not, where everybody sets it', () => {
    expect(said(`${SHOP} Users set the total and the status.`)).toEqual([])
  })
})

describe('what customers do not decide', () => {
  it.each([
    ['totals and states of payment', SHOP, 'Order', { total: ['admin'], status: ['admin'] }],
    [
      'whether they paid, and when',
      'Bookings have a date, paid (boolean), a paid at and a discount. With login.',
      'Booking',
      { paid: ['admin'], paidAt: ['admin'], discount: ['admin'] },
    ],
    [
      'whether they are accepted',
      'Job board with login. Candidates apply to jobs.',
      'Application',
      { status: ['admin'] },
    ],
    [
      'what a role of the prompt decides',
      'Rentals have a total. Customers have a name. Managers can see all rentals. Customers see only their own rentals.',
      'Rental',
      { total: ['manager'] },
    ],
  ])('%s', (_what, prompt, name, expected) => {
    expect(setters(prompt, name)).toEqual(expected)
  })

  it.each([
    [
      'what they only state',
      'Bookings have a date, a status (booked, cancelled) and a note. With login.',
      'Booking',
    ],
    [
      'their own records',
      'Expenses have an amount, a total and a status (open, paid), with login.',
      'Expense',
    ],
    ['what the writer keeps', 'Keep my orders: total, status (pending, paid). With login.', 'Order'],
    [
      'what they pay or ask for',
      'Purchase requests have an item and a cost. Payments have an amount. With login.',
      'PurchaseRequest',
    ],
    ['without sign-in', 'Orders have a total and a status (pending, paid).', 'Order'],
    ['a personal log', 'job application tracker, private to each user', 'JobApplication'],
  ])('leaves open %s', (_what, prompt, name) => {
    expect(setters(prompt, name)).toEqual({})
  })

  it('is said, and a row begins without it', () => {
    const { blueprint, assumptions } = designOffline({ prompt: SHOP })
    const order = blueprint.entities.find(({ name }) => name === 'Order')!
    expect(order.fields.find(({ name }) => name === 'total')).toMatchObject({ required: false })
    expect(order.fields.find(({ name }) => name === 'status')).toMatchObject({ default: 'pending' })
    expect(order.policies?.update).toEqual({ who: 'owner', orRoles: ['admin'] })
    expect(assumptions).toContain(
      'Only admin accounts set the total and status of orders, since the person who makes one does not decide about it. The words "users set the total" change that.',
    )
    expect(assumptions).toContain('The status of a new order is pending, since only admin accounts set it.')
  })

  it.each([
    'Customers set the total.',
    'Users can set the total of an order.',
    'The total is set by customers.',
  ])('is lifted by words: %s', (words) => {
    const { notUnderstood } = designOffline({ prompt: `${SHOP} ${words}` })
    expect(setters(`${SHOP} ${words}`, 'Order')).toEqual({ status: ['admin'] })
    expect(notUnderstood).toEqual([])
  })
})

describe('who sets a field, in words', () => {
  it.each([
    'Only staff may change the status of a claim.',
    'The status of a claim is set by staff.',
    'The status of claims can only be changed by staff.',
    'Staff update the status of claims.',
  ])('%s', (words) => {
    const prompt = `Claims have a message and a status (open, closed). With login. ${words}`
    expect(setters(prompt, 'Claim')).toEqual({ status: ['staff'] })
    expect(designOffline({ prompt }).notUnderstood).toEqual([])
  })

  it('is about every such field where no table is named', () => {
    const prompt =
      'Mugs have a name and a price. Bowls have a size and a price. With login. Only admins can change prices.'
    expect([setters(prompt, 'Mug'), setters(prompt, 'Bowl')]).toEqual([
      { price: ['admin'] },
      { price: ['admin'] },
    ])
  })

  it('lets who sets it reach the rows', () => {
    const { blueprint } = designOffline({
      prompt:
        'Claims have a message and a status (open, closed). Only editors can edit claims. Only staff may change the status of a claim.',
    })
    expect(blueprint.entities.find(({ name }) => name === 'Claim')?.policies?.update).toEqual({
      who: 'roles',
      roles: ['editor', 'staff'],
    })
  })

  it('is no rule about whole rows', () => {
    expect(setters('Books have a title. Only admins can change books.', 'Book')).toEqual({})
  })

  it.each([
    [
      'without sign-in, which the option refuses',
      'none' as const,
      'Only staff may change the status of a claim',
    ],
    ['for a field that is not there', undefined, 'Only staff may change the weight of a claim'],
  ])('is reported %s', (_what, auth, words) => {
    const { notUnderstood } = designOffline({
      prompt: `Claims have a message and a status (open, closed). ${words}.`,
      ...(auth && { auth }),
    })
    expect(notUnderstood).toEqual([words])
  })

  it('is reported where a backend is refined, whose rights stay', () => {
    const { blueprint } = designOffline({ prompt: SHOP })
    const words = 'Only staff may change the status of an order'
    const refined = refineOffline({ prompt: `Add comments to products. ${words}.`, present: blueprint })
    expect(refined.notUnderstood.join()).toContain(words)
  })
})
