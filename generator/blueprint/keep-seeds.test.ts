import { describe, expect, it } from 'vitest'
import { lintBlueprint } from './lint-blueprint.ts'
import { refineOffline } from '../designers/offline/refine/refine-offline.ts'
import { readRefinement } from '../designers/model/read-refinement.ts'
import { startedMagazine } from '../codegen/testing/blueprints.ts'
import { describeChanges } from './describe-changes.ts'
import { removeEntity, removeProperty, renameEntity, renameProperty } from './edit-blueprint.ts'
import { keepSeeds } from './keep-seeds.ts'
import { noRenames } from './renames.ts'
import { emptyRefinement } from './testing/empty-refinement.ts'

const seed = (blueprint: typeof startedMagazine, name: string) =>
  blueprint.seeds.find((one) => one.name === name)
const isSound = (blueprint: typeof startedMagazine) => lintBlueprint(blueprint).diagnostics.length === 0

describe('the seeds of a next version', () => {
  it('follow another name of an entity, a field and a relation', () => {
    const [, section] = startedMagazine.entities
    const topic = renameEntity(startedMagazine, 'Section', { ...section!, name: 'Topic', plural: 'Topics' })
    const renamed = renameProperty(
      renameProperty(topic, 'Topic', 'name', 'title'),
      'Post',
      'section',
      'topic',
    )
    expect(seed(renamed, 'ideas')).toMatchObject({ entity: 'Topic', values: { title: 'Ideas' } })
    expect(seed(renamed, 'first')!.values).toMatchObject({ topicId: '$news.id' })
    expect(isSound(renamed)).toBe(true)
  })

  it('go with their entity, and lose what is gone', () => {
    const less = removeEntity(startedMagazine, 'Section')
    expect(less.seeds.map(({ name }) => name)).toEqual(['first', 'boss'])
    expect(seed(less, 'first')).toMatchObject({ values: { authorId: '$boss.id' }, links: [] })
    expect(seed(less, 'first')!.values).not.toHaveProperty('sectionId')
    expect(isSound(less)).toBe(true)
    expect(seed(removeProperty(startedMagazine, 'Section', 'name'), 'ideas')!.values).toEqual({})
  })

  it('that no longer fit are dropped with those that refer to them, and it is said why', () => {
    const entities = startedMagazine.entities.map((entity) =>
      entity.name === 'Section'
        ? {
            ...entity,
            fields: [
              ...entity.fields,
              {
                name: 'code',
                label: 'code',
                type: { kind: 'string' as const },
                required: true,
                unique: false,
              },
            ],
          }
        : entity,
    )
    const { blueprint, dropped } = keepSeeds({ ...startedMagazine, entities })
    expect(blueprint.seeds.map(({ name }) => name)).toEqual(['boss'])
    expect(dropped).toEqual([
      expect.stringMatching(/^The row news .* has no code/),
      expect.stringMatching(/^The row ideas .* has no code/),
      expect.stringMatching(/^The row first .* no row among the seeds/),
    ])
  })

  it('stay sound through a wish in plain words', () => {
    const { blueprint } = refineOffline({ prompt: 'rename sections to topics', present: startedMagazine })
    expect(isSound(blueprint)).toBe(true)
    expect(seed(blueprint, 'ideas')!.entity).toBe('Topic')
  })

  it('change by what a model says of them, and are told of like the configuration', () => {
    const present = {
      ...startedMagazine,
      config: [{ name: 'OLD_LIMIT', type: 'integer' as const, description: 'Gone.', default: 1 }],
    }
    const reading = readRefinement(
      {
        ...emptyRefinement,
        seeds: [{ name: 'ideas', entity: 'Section', values: '{"name":"Better ideas"}', links: [] }],
        config: [
          {
            name: 'MAIL_KEY',
            type: 'secret',
            description: 'To send mail.',
            defaultValue: null,
            example: null,
          },
        ],
        removedConfig: ['OLD_LIMIT'],
        removedLinks: [{ left: 'Post', right: 'Section' }],
      },
      present,
    )
    expect(reading.kind).toBe('sound')
    const { blueprint } = (reading as Extract<typeof reading, { kind: 'sound' }>).refinement
    expect(seed(blueprint, 'ideas')!.values).toEqual({ name: 'Better ideas' })
    expect(seed(blueprint, 'first')!.links).toEqual([])
    expect(describeChanges(present, blueprint, noRenames).other).toEqual([
      'no longer linked: Post and Section',
      'configuration: MAIL_KEY is new (has to be set in production)',
      'configuration: OLD_LIMIT is no longer read',
      'seeds: Post first is another one',
      'seeds: Section news is another one',
      'seeds: Section ideas is another one',
    ])
  })
})
