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
  it('follow renames of entities, fields and relations', () => {
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

  it('are removed with their entity, and lose removed properties', () => {
    const less = removeEntity(startedMagazine, 'Section')
    expect(less.seeds.map(({ name }) => name)).toEqual(['first', 'boss'])
    expect(seed(less, 'first')).toMatchObject({ values: { authorId: '$boss.id' }, links: [] })
    expect(seed(less, 'first')!.values).not.toHaveProperty('sectionId')
    expect(isSound(less)).toBe(true)
    expect(seed(removeProperty(startedMagazine, 'Section', 'name'), 'ideas')!.values).toEqual({})
  })

  it('that are no longer valid are dropped with those that refer to them, with a reason', () => {
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
      expect.stringMatching(/^The seed news .* has no code/),
      expect.stringMatching(/^The seed ideas .* has no code/),
      expect.stringMatching(/^The seed first .* not a seed/),
    ])
  })

  it('stay valid through a change in plain words', () => {
    const { blueprint } = refineOffline({ prompt: 'rename sections to topics', present: startedMagazine })
    expect(isSound(blueprint)).toBe(true)
    expect(seed(blueprint, 'ideas')!.entity).toBe('Topic')
  })

  it('change as a model says, and are reported like the configuration', () => {
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
      'configuration: MAIL_KEY added (required in production)',
      'configuration: OLD_LIMIT removed',
      'seeds: Post first changed',
      'seeds: Section news changed',
      'seeds: Section ideas changed',
    ])
  })
})
