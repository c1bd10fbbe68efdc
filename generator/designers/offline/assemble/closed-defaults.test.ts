import { describe, expect, it } from 'vitest'
import type { Entity } from '#contract'
import { lintBlueprint } from '../../../blueprint/lint-blueprint.ts'
import { designOffline } from '../design-offline.ts'
import { refineOffline } from '../refine/refine-offline.ts'

const design = (prompt: string) => {
  const made = designOffline({ prompt })
  expect(lintBlueprint(made.blueprint).diagnostics).toEqual([])
  const entity = (name: string): Entity => made.blueprint.entities.find((one) => one.name === name)!
  return { ...made, entity }
}

describe('what the prompt does not open', () => {
  it('is changed and deleted only by whoever made it', () => {
    const { entity, assumptions } = design(
      'Recipe API with login. Recipes have a title. Reviews belong to a recipe and have a text.',
    )
    expect(entity('Review')).toMatchObject({ access: { write: 'owner' }, owner: 'owner' })
    expect(entity('Recipe')).toMatchObject({ access: { write: 'owner' }, owner: 'owner' })
    expect(assumptions.join(' ')).toMatch(
      /changed by their owner, since the prompt does not say who has access\./,
    )
  })

  it('is opened by words', () => {
    const { entity } = design(
      'Task API with login. Tasks have a title. Everyone who is signed in can change any task.',
    )
    expect(entity('Task').access.write).toBe('authenticated')
    expect(entity('Task').owner).toBeUndefined()
  })

  it.each([
    ['Everyone can read posts; only admins can create, edit and delete them.'],
    ['Everyone can read posts. Only admins can create, edit and delete them.'],
    ['Posts can be read by everyone. Admins alone may create, edit and delete them.'],
  ])('follows a rule about them: %s', (rule) => {
    const { entity, assumptions, notUnderstood } = design(`A blog with login. Posts have a title. ${rule}`)
    const byAdmins = { who: 'roles', roles: ['admin'] }
    expect(entity('Post').policies).toEqual({ create: byAdmins, update: byAdmins, delete: byAdmins })
    expect(assumptions.join(' ')).not.toContain('does not say who changes them')
    expect(notUnderstood).toEqual([])
  })

  it('is not opened by a rule about something else', () => {
    const { entity } = design(
      'A blog with login. Posts have a title. Notes have a text. Posts can be read by everyone.',
    )
    expect(entity('Post').access.read).toBe('public')
    expect(entity('Note').access.read).toBe('owner')
  })

  it('follows a rule about several things, each of which is read', () => {
    const { entity, notUnderstood } = design(
      'Product API. Products have a name. Categories have a name. Anyone can view products and categories. Only editors can manage them.',
    )
    for (const name of ['Product', 'Category'])
      expect(entity(name)).toMatchObject({
        access: { read: 'public' },
        policies: { delete: { who: 'roles', roles: ['editor'] } },
      })
    expect(notUnderstood).toEqual([])
  })

  it('closes where a rule is about them, and nothing was spoken of', () => {
    const { blueprint, entity } = design(
      'Products and categories. Anyone may read them; admins alone may change them.',
    )
    expect(blueprint.auth.kind).toBe('jwt')
    expect(entity('Product')).toMatchObject({
      access: { read: 'public', write: 'authenticated' },
      policies: {
        create: { who: 'roles', roles: ['admin'] },
        update: { who: 'roles', roles: ['admin'] },
        delete: { who: 'roles', roles: ['admin'] },
      },
    })
  })

  it('is not opened by who may add something', () => {
    const { entity } = design(
      'Project API with login. Projects have a name. Logged-in users can create projects.',
    )
    expect(entity('Project').access.write).toBe('owner')
  })
})

describe('a shop', () => {
  const admins = { who: 'roles', roles: ['admin'] }

  it('leaves its catalogue to an admin', () => {
    const { entity, blueprint, assumptions } = design('A shop with products and orders, with login')
    expect(entity('Product').policies).toEqual({ create: admins, update: admins, delete: admins })
    expect(entity('Order').access).toEqual({ read: 'owner', write: 'owner' })
    expect(blueprint.auth).toMatchObject({ roles: { names: ['user', 'admin'], initial: 'user' } })
    expect(assumptions).toContain(
      'Only an admin changes products, since customers do not set prices or stock.',
    )
  })

  it('leaves it to whom the prompt names', () => {
    const { entity } = design(
      'A shop with products and orders, with login. Only managers can create, edit and delete products.',
    )
    const managers = { who: 'roles', roles: ['manager'] }
    expect(entity('Product').policies).toEqual({ create: managers, update: managers, delete: managers })
    const market = design(
      'A marketplace with login. Users sell products. Products have a name and a price. Customers place orders.',
    )
    expect(market.entity('Product').access.write).toBe('owner')
    expect(market.entity('Product').policies).toBeUndefined()
  })

  it('stays closed when an entity is added to it', () => {
    const { blueprint } = design('A shop with products and orders, with login')
    const refined = refineOffline({ prompt: 'add photos to products', present: blueprint }).blueprint
    expect(refined.entities.find(({ name }) => name === 'Photo')?.policies).toMatchObject({ create: admins })
    const other = refineOffline({ prompt: 'add an entity Voucher with a code', present: blueprint }).blueprint
    expect(other.entities.find(({ name }) => name === 'Voucher')).toMatchObject({
      access: { read: 'authenticated', write: 'owner' },
      owner: 'owner',
    })
  })
})

describe('accounts', () => {
  it('see only themselves', () => {
    const { entity, assumptions } = design(
      'Task API. Users have a name, an email and a password. Tasks have a title.',
    )
    expect(entity('User').access).toEqual({ read: 'owner', write: 'owner' })
    expect(assumptions).toContain(
      'Users see only their own account, so that nobody can list email addresses.',
    )
  })

  it('can be read by id, but not listed, where rows refer to them', () => {
    const { entity } = design(
      'Task API. Users have a name, an email and a password. Tasks have a title. Tasks are assigned to users.',
    )
    expect(entity('User')).toMatchObject({
      access: { read: 'authenticated' },
      policies: { list: { who: 'owner' } },
    })
  })

  it.each([
    ['a role (admin, member)', { names: ['member', 'admin'], initial: 'member' }],
    ['a role (admin, editor)', { names: ['user', 'admin', 'editor'], initial: 'user' }],
  ])('do not choose their role: %s', (role, roles) => {
    const { entity, blueprint } = design(
      `API with login. Users have an email, a name and ${role}. Tasks have a title.`,
    )
    expect(blueprint.auth).toMatchObject({ roles })
    expect(entity('User').fields.map(({ name }) => name)).toEqual(['email', 'name'])
  })

  it('do not make themselves admins', () => {
    const { entity, assumptions } = design(
      'API with login. Users have an email, a name and isAdmin: boolean. Tasks have a title.',
    )
    expect(entity('User').fields.map(({ name }) => name)).not.toContain('isAdmin')
    expect(assumptions.join(' ')).toContain('Left out isAdmin of users')
  })
})

describe('ratings and prices', () => {
  const type = (prompt: string, name: string) =>
    design(prompt)
      .blueprint.entities.flatMap(({ fields }) => fields)
      .find((field) => field.name === name)?.type

  it('have the bounds that everybody expects', () => {
    expect(type('Reviews have a text and a rating.', 'rating')).toMatchObject({ min: 1, max: 5 })
    expect(type('Products have a name and a price.', 'price')).toMatchObject({ min: 0 })
    expect(type('Items have a name and a unit price.', 'unitPrice')).toMatchObject({ min: 0 })
  })

  it('have those of the prompt, and other numbers have none', () => {
    expect(type('Reviews have a text and a rating (1-10).', 'rating')).toMatchObject({ min: 1, max: 10 })
    expect(type('Films have a title and an average rating.', 'averageRating')).toEqual({ kind: 'number' })
    expect(type('Trips have a title and a budget.', 'budget')).toEqual({ kind: 'number' })
  })
})

describe('parts', () => {
  const relation = (prompt: string, name: string) => design(prompt).entity(name).belongsTo[0]

  it('go only into what belongs to the same account', () => {
    const prompt = 'Project API with login. Projects have a name. Tasks belong to a project and have a title.'
    expect(relation(prompt, 'Task')).toMatchObject({ name: 'project', ownOnly: true })
    expect(design(prompt).assumptions).toContain('Tasks can be added only to projects of one’s own.')
  })

  it('are added by others where that is their use, or is said', () => {
    const prompt = 'Project API with login. Projects have a name.'
    expect(
      relation(`${prompt} Comments belong to a project and have a text.`, 'Comment')?.ownOnly,
    ).toBeUndefined()
    const said = `${prompt} Tasks belong to a project and have a title. Logged in users can create tasks.`
    expect(relation(said, 'Task')?.ownOnly).toBeUndefined()
  })
})
