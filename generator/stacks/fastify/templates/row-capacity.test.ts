import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Blueprint } from '#contract'
import { lintBlueprint } from '../../../blueprint/lint-blueprint.ts'
import { fastify } from '../stack.ts'
import { belongsTo, blueprint, entity, field } from '../../../codegen/testing/blueprints.ts'
import { makeModel } from '../model.ts'
import { kitDirectory } from '../kit.ts'
import { requiredTargets, hasUniqueOwner, canCoexist, isScarce, rowCapacity } from './row-capacity.ts'

const few = (...values: string[]) => field('name', { kind: 'enum', values }, { required: true, unique: true })
const unique = { unique: true } as const
const privately = { read: 'owner', write: 'owner' } as const

/** Every way in which rows can be short that the generated tests have to get by with. */
const scarce = blueprint(
  'scarce',
  [
    entity('User', {
      fields: [field('email', 'email', { required: true, unique: true })],
      // A registration needs a team and a country, so both lists have a row from the start.
      belongsTo: [belongsTo('team', 'Team', { onDelete: 'restrict' }), belongsTo('country', 'Country')],
      operations: ['list', 'read', 'update', 'delete'],
      access: privately,
    }),
    entity('Team', {
      fields: [
        field('name', 'string', { required: true }),
        field('size', 'integer', { required: true, unique: true }),
      ],
    }),
    entity('Country', { plural: 'Countries', fields: [few('Kenya', 'Japan', 'Peru')] }),
    entity('Weekday', { fields: [few('Sat', 'Sun', 'Mon')] }),
    entity('Shift', {
      belongsTo: [
        belongsTo('day', 'Weekday', unique),
        belongsTo('from', 'Weekday'),
        belongsTo('until', 'Weekday'),
      ],
    }),
    entity('Rota', { plural: 'Rotas', belongsTo: [belongsTo('early', 'Shift'), belongsTo('late', 'Shift')] }),
    entity('Profile', { belongsTo: [belongsTo('owner', 'User', unique)], owner: 'owner', access: privately }),
    entity('Photo', {
      belongsTo: [belongsTo('profile', 'Profile'), belongsTo('owner', 'User')],
      owner: 'owner',
      access: privately,
    }),
    entity('Cover', {
      belongsTo: [belongsTo('profile', 'Profile', unique), belongsTo('owner', 'User')],
      owner: 'owner',
      access: { read: 'owner', write: 'authenticated' },
    }),
    // What happens to it when its account goes is up to three relations.
    entity('Page', {
      belongsTo: [
        belongsTo('assignee', 'User', { onDelete: 'restrict' }),
        belongsTo('default', 'User', unique),
        belongsTo('owner', 'User'),
      ],
      owner: 'owner',
      access: { read: 'owner', write: 'authenticated' },
    }),
    entity('Column', { belongsTo: [belongsTo('group', 'User', { ...unique, required: false })] }),
    {
      ...entity('Seat', {
        fields: ['room', 'number', 'position'].map((name) => field(name, 'integer', { required: true })),
      }),
      // Both share the room: a row that is alike in one must differ in the other.
      indexes: [
        { properties: ['room', 'number'], unique: true },
        { properties: ['position', 'room'], unique: true },
      ],
    },
    entity('Sensor', {
      fields: [
        field('least', { kind: 'number', min: 0, max: 2e-323 }, { required: true, unique: true }),
        field('code', { kind: 'string', maxLength: 6 }, { required: true, unique: true, example: 'a🚀🚀' }),
        field('most', { kind: 'number', min: 1e20 }, { required: true, unique: true }),
        field('any', { kind: 'number', min: -Number.MAX_VALUE }, { required: true, unique: true }),
      ],
    }),
  ],
  {
    auth: { kind: 'jwt', account: 'User' },
    manyToMany: [
      { left: 'Photo', right: 'Profile' },
      { left: 'Shift', right: 'Weekday' },
    ],
  },
)

describe('room for rows', () => {
  const byName = new Map(makeModel(scarce).resources.map((resource) => [resource.entity.name, resource]))
  const named = (name: string) => byName.get(name)!

  it('is what unique fields leave, and is handed on by one-to-one relations only', () => {
    expect(rowCapacity(named('Weekday'))).toBe(3)
    expect(rowCapacity(named('Shift'))).toBe(3)
    expect(rowCapacity(named('Rota'))).toBe(Infinity)
    expect(rowCapacity(named('Sensor'))).toBe(5)
    // As many as there are numbers for teams.
    expect(rowCapacity(named('User'))).toBeGreaterThan(1000)
  })

  it('is for one where a row refers to the account that makes it, or to what that account has once', () => {
    expect(rowCapacity(named('Page'))).toBe(1)
    expect(rowCapacity(named('Cover'))).toBe(1)
    expect(hasUniqueOwner(named('Profile'))).toBe(true)
    expect(rowCapacity(named('Profile'))).toBe(Infinity)
  })

  it('is shared by those that refer to few', () => {
    const shared = [...byName.values()].filter(isScarce).map(({ entity: { name } }) => name)
    expect(shared).toEqual(['Country', 'Weekday', 'Shift', 'Profile', 'Cover', 'Page', 'Sensor'])
  })

  it('is taken by what rows bring along, too', () => {
    const [shift, weekday] = [named('Shift'), named('Weekday')]
    expect([...requiredTargets(named('Rota'))]).toEqual([shift, weekday])
    // One for the day of the shift, one that its other relations share.
    expect(canCoexist(shift)).toBe(true)
    expect(canCoexist(shift, weekday)).toBe(true)
    expect(canCoexist(shift, weekday, weekday)).toBe(false)
    expect(canCoexist(shift, shift, weekday)).toBe(false)
  })
})

const installed = existsSync(join(kitDirectory, 'node_modules/typescript'))

describe.skipIf(!installed)('a project with little room for rows (needs the installed kit)', () => {
  it('comes from a Blueprint that the linter has nothing against', () => {
    expect(lintBlueprint(scarce)).toEqual({ blueprint: scarce, diagnostics: [] })
  })

  it('type-checks and passes its own tests', { timeout: 120_000 }, async () => {
    expect(await check(scarce)).toEqual({ types: '', tests: '' })
  })
})

async function check(given: Blueprint) {
  const folder = mkdtempSync(join(tmpdir(), 'scarce-'))
  try {
    for (const { path, content } of await fastify.render(given, { handlers: {}, extra: [] })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), content)
    }
    symlinkSync(join(kitDirectory, 'node_modules'), join(folder, 'node_modules'), 'junction')
    const run = (...args: string[]) => {
      const result = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
      return result.status === 0 ? '' : result.stdout + result.stderr
    }
    return {
      types: run('node_modules/typescript/bin/tsc', '--singleThreaded'),
      tests: run('--test', '--test-isolation=none', 'tests/**/*.test.ts'),
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
