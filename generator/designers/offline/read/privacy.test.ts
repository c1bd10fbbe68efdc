import { describe, expect, it } from 'vitest'
import { policyOf, type Blueprint } from '#contract'
import { lintBlueprint } from '../../../blueprint/lint-blueprint.ts'
import { designOffline } from '../design-offline.ts'

/** Who may list, read, change and delete the rows of an entity, as one word each. */
function accessOf({ blueprint }: { blueprint: Blueprint }, name: string): string {
  const entity = blueprint.entities.find((one) => one.name === name)
  if (entity === undefined) return 'no such entity'
  return (['list', 'read', 'update', 'delete'] as const)
    .map((operation) => policyOf(entity, operation).who)
    .filter((who, at, all) => all.indexOf(who) === at)
    .join('/')
}

const after = (sentence: string, before = 'Project API with login. Projects have a name.') =>
  designOffline({ prompt: `${before} ${sentence}` })

const PRIVATE = [
  'Users can only see and change their own projects.',
  'A user can see and edit only their own projects.',
  'Users can only view, edit and delete their own projects.',
  'User A must not see the projects of user B.',
  'Projects are private.',
  'Nobody else may see my projects.',
  'Everyone manages their own stuff.',
  'Only the creator may see or edit a project.',
  "Users should not be able to see each other's projects.",
  'Users should not be able to see each other’s projects.',
  'Each user has their own projects.',
  'My projects are mine alone.',
  'Nobody else can access my projects.',
  'No one but the owner can read a project.',
  'No other user may read, change or delete them.',
  'Projects can only be viewed and edited by their owner.',
  'A project is visible only to the user who created it.',
  'Projects must never be visible to other users.',
  'Projects of other users are hidden.',
  'Every tenant only sees its own projects.',
  'It is a multi-tenant system.',
  "Tenants must not see each other's projects.",
  'Users cannot access projects that belong to someone else.',
  "Don't let users read one another's projects.",
  "Prevent users from accessing other users' projects.",
  "Accessing another user's project returns 404.",
  'Projects are strictly confidential.',
  'Projects are kept secret from everyone else.',
  'All projects are personal.',
  'Users manage their own projects.',
  'Users can view, edit, and delete only the projects they created.',
  'A user may only list, read, update and remove projects that they own.',
  'Users see just their projects.',
  'Users only have access to their own data.',
  'Access to a project is restricted to its owner.',
  'Projects are scoped to the signed-in user.',
  'Everything is private to the user.',
  'Everybody sees only what is theirs.',
  "I don't want anyone else to see my projects.",
  "Projects are for the owner's eyes only.",
  "Alice can't see Bob's projects.",
  'Alice can’t see Bob’s projects.',
  'A project can only be accessed by the person who created it.',
  'Only I can see my projects.',
  'Projects belong to users and only they can see them.',
  'Each user should see only his or her own projects, not those of others.',
  "Other people's projects are off limits.",
  'The projects of one user are never shown to another.',
  'Users are isolated from each other.',
  'Keep projects private.',
  "Privacy matters: no user may read another user's projects.",
  "Projects shouldn't be public.",
  'Data is isolated per user.',
  'Projects are invisible to everyone except the owner.',
  'Whoever created a project is the only one who can see it.',
  'Projects are owner-only.',
  'Users keep their projects to themselves.',
  "A user's projects are visible to that user alone.",
  'Users can create, read, update and delete their own projects.',
  'Only the owner can edit a project.',
  'Each user has their own projects with a name and a due date, and nobody else may see them.',
  'Users can only zorble their own projects.',
  'Only members of a project can see it.',
]

describe('words of privacy', () => {
  it.each(PRIVATE)('close the projects: %s', (sentence) => {
    const design = after(sentence)
    expect(accessOf(design, 'Project')).toBe('owner')
    expect(design.blueprint.auth.kind).toBe('jwt')
    expect(design.blueprint.entities.map(({ name }) => name)).toEqual(['Project', 'User'])
    expect(lintBlueprint(design.blueprint).diagnostics).toEqual([])
  })

  it.each(PRIVATE)('add the sign-in that they need: %s', (sentence) => {
    const design = after(sentence, 'Project API. Projects have a name.')
    expect(design.blueprint.auth.kind).toBe('jwt')
    expect(accessOf(design, 'Project')).toBe('owner')
  })

  it('close every entity that a sentence names, and all if it names none', () => {
    const before = 'API with login. Projects have a name. Notes have a text. Widgets have a name.'
    const some = after('Projects and notes are private.', before)
    expect(['Project', 'Note', 'Widget'].map((name) => accessOf(some, name))).toEqual([
      'owner',
      'owner',
      'authenticated/owner',
    ])
    const all = after('Nobody else may see my stuff.', before)
    expect(['Project', 'Note', 'Widget'].map((name) => accessOf(all, name))).toEqual([
      'owner',
      'owner',
      'owner',
    ])
  })

  it('close other entities than projects', () => {
    expect(accessOf(after('', 'A personal recipe API with login.'), 'Recipe')).toBe('owner')
    const orders = after('', 'Customers place orders. They can only see their own. Products have a name.')
    expect(['Order', 'Product'].map((name) => accessOf(orders, name))[0]).toBe('owner')
    expect(accessOf(orders, 'Product')).not.toBe('owner')
  })

  it('say what was closed because it could not be read', () => {
    const { assumptions, notUnderstood } = after('Only members of a project can see it.')
    expect(assumptions).toContain(
      'Projects are closed to everyone but their owner where “Only members of a project can see it” could not be read in full.',
    )
    expect(notUnderstood).toEqual(['Only members of a project can see it'])
  })

  it('say what was closed beyond what is said', () => {
    expect(after('Only the owner can edit a project.').assumptions).toContain(
      'Projects are visible to their owner only, since the prompt speaks of privacy.',
    )
  })

  it.each(PRIVATE.slice(0, 58))('are not reported as not understood: %s', (sentence) => {
    const { notUnderstood } = after(sentence)
    expect(notUnderstood.filter((phrase) => phrase !== 'matters')).toEqual([])
  })
})

describe('words of openness', () => {
  it.each([
    ['Everyone can read projects, only the owner can edit them.', 'public/owner'],
    ['Anyone can read projects but only the creator can change or delete them.', 'public/owner'],
    ['Users can read all projects but only edit their own.', 'authenticated/owner'],
    ['Users manage their own projects. Everyone can read projects.', 'public/owner'],
    ["Users can see other users' projects.", 'authenticated/owner'],
    ['All users can edit all projects.', 'authenticated'],
    ["Users can see and edit each other's projects.", 'authenticated'],
    ['Projects can be edited by any user.', 'authenticated'],
    ['Projects are public.', 'public/owner'],
    ['Logged in users can see projects.', 'authenticated/owner'],
  ])('open what they name: %s', (sentence, expected) => {
    expect(accessOf(after(sentence), 'Project')).toBe(expected)
  })

  it.each([
    'Guests cannot see projects.',
    'Not everyone may see projects.',
    "Admins can see other users' projects.",
    'Only logged-in users can create projects.',
    'Users cannot delete projects.',
  ])('never open what is refused: %s', (sentence) => {
    expect(accessOf(after(sentence), 'Project')).toMatch(/^(authenticated\/)?owner$/)
  })

  it('leave roles to the reader of roles', () => {
    const { blueprint } = after('Users can only see their own projects but admins can see all projects.')
    expect(blueprint.entities[0]).toMatchObject({
      access: { read: 'owner', write: 'owner' },
      policies: { list: { who: 'owner', orRoles: ['admin'] }, read: { who: 'owner', orRoles: ['admin'] } },
    })
  })

  it.each([
    'Users can comment on each other’s projects.',
    'Projects have a title and a private flag.',
    'Each project has its own cover.',
    'Passwords must never be returned.',
    'Each project belongs to only one category.',
    'No two users can have the same email.',
    'Users can choose their own username.',
    'Projects belong to users.',
  ])('are not taken for privacy: %s', (sentence) => {
    expect(accessOf(after(sentence), 'Project')).toBe('authenticated/owner')
  })
})

describe('what belongs to something private', () => {
  it('is private too, over several steps', () => {
    const design = after(
      'Milestones belong to a project and have a title. Remarks belong to a milestone and have a text. Projects are private.',
      'Project API with login. Projects have a name.',
    )
    expect(['Project', 'Milestone', 'Remark'].map((name) => accessOf(design, name))).toEqual([
      'owner',
      'owner',
      'owner',
    ])
    expect(design.assumptions).toContain(
      'Milestones are visible to their owner only, like the projects that they belong to.',
    )
  })

  it('is open where that is said', () => {
    const design = after('Projects are private. Tasks belong to a project. Everyone can read tasks.')
    expect(accessOf(design, 'Task')).toBe('public/owner')
  })
})
