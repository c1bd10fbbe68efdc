import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Blueprint, Entity } from '#contract'
import { lintBlueprint } from '../../../blueprint/lint-blueprint.ts'
import { designOffline } from '../design-offline.ts'
import { refineOffline } from './refine-offline.ts'
import { runs } from '../../../../test/support/random.ts'

const { blueprint: tasks } = designOffline({
  prompt:
    'An API for tasks and users. A task has a title, notes and a due date. A user has a name and an email.',
})
const refine = (prompt: string, present: Blueprint = tasks) => refineOffline({ prompt, present })
const entity = ({ entities }: Blueprint, name: string): Entity => {
  const found = entities.find((one) => one.name === name)
  if (!found) throw new Error(`no ${name} among ${entities.map((one) => one.name).join(', ')}`)
  return found
}
const fieldsOf = (blueprint: Blueprint, name: string) =>
  entity(blueprint, name).fields.map((field) => field.name)

describe('changes in plain words', () => {
  it('add an entity with its relation and typical fields', () => {
    const { blueprint, notUnderstood } = refine('add comments to tasks')
    expect(entity(blueprint, 'Comment').belongsTo).toMatchObject([{ target: 'Task', required: true }])
    expect(fieldsOf(blueprint, 'Comment')).toContain('body')
    expect(notUnderstood).toEqual([])
    // To the letter: nothing usual comes to what is there.
    for (const one of tasks.entities) expect(blueprint.entities).toContainEqual(one)
  })

  it('add fields with their types and values, optional for existing rows', () => {
    const { blueprint, notUnderstood } = refine(
      'Please add a startDate and a priority (low, medium, high) to tasks.',
    )
    expect(entity(blueprint, 'Task').fields.slice(-2)).toMatchObject([
      { name: 'startDate', type: { kind: 'date' }, required: false },
      { name: 'priority', type: { kind: 'enum', values: ['low', 'medium', 'high'] }, required: false },
    ])
    expect(notUnderstood).toEqual([])
  })

  it('add entities with named fields, shared ones, and several at once', () => {
    const { blueprint } = refine('add projects with a name and a deadline, and add tags to tasks')
    expect(fieldsOf(blueprint, 'Project')).toEqual(['name', 'deadline'])
    expect(blueprint.manyToMany).toEqual([{ left: 'Task', right: 'Tag' }])
  })

  it.each([
    ['remove the notes', 'Task', 'notes'],
    ['remove the field email from users', 'User', 'email'],
    ['Drop the due date of tasks', 'Task', 'dueDate'],
    ['delete the notes column from the tasks table', 'Task', 'notes'],
  ])('remove a field: %s', (prompt, name, field) => {
    const { blueprint } = refine(prompt)
    expect(fieldsOf(blueprint, name)).toEqual(fieldsOf(tasks, name).filter((one) => one !== field))
  })

  it('remove an entity with everything that refers to it', () => {
    const { blueprint: tagged } = refine('add tags to tasks and add comments to tasks')
    const { blueprint } = refine('remove the tags and comments', tagged)
    expect(blueprint).toEqual(tasks)
    const { blueprint: without } = refine('remove the tasks', tagged)
    expect(without.entities.map(({ name }) => name).sort()).toEqual(['Comment', 'Tag', 'User'])
    expect(without.manyToMany).toEqual([])
    expect(lintBlueprint(without).diagnostics).toEqual([])
  })

  it('rename entities and fields, and record the renames', () => {
    const { blueprint, renames } = refine(
      'rename tasks to to-do items and rename the notes of tasks to details',
    )
    expect(blueprint.entities.map(({ name }) => name)).toContain('ToDoItem')
    expect(renames.entities).toEqual([{ from: 'Task', to: 'ToDoItem' }])
    const field = refine('rename notes to details')
    expect(field.renames.properties).toEqual([{ entity: 'Task', from: 'notes', to: 'details' }])
    expect(fieldsOf(field.blueprint, 'Task')).toContain('details')
  })

  it('make a field required, optional or unique', () => {
    const { blueprint } = refine('make the notes of tasks required and make the title unique')
    expect(entity(blueprint, 'Task').fields).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'notes', required: true }),
        expect.objectContaining({ name: 'title', unique: true }),
      ]),
    )
  })

  it('report what was not understood, and apply the rest', () => {
    const { blueprint, notUnderstood } = refine('add tags to tasks and remove the blockchain')
    expect(blueprint.manyToMany).toHaveLength(1)
    expect(notUnderstood).toEqual(['remove the blockchain'])
  })

  it('keep the email of accounts, which sign-in needs', () => {
    const { blueprint: present } = designOffline({
      prompt: 'Tasks with a title. Users sign in.',
      auth: 'jwt',
    })
    expect(() => refine('remove the email from users', present)).toThrow(/No change could be read/)
    const { blueprint } = refine('add comments to tasks', present)
    expect(lintBlueprint(blueprint).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(entity(blueprint, 'Comment').access).toEqual(entity(present, 'Task').access)
  })

  it.each(['make it faster', 'hello', 'remove everything that is blue', 'add', 'rename tasks'])(
    'are refused with examples where nothing can be read: %s',
    (prompt) => {
      expect(() => refine(prompt)).toThrow(/"add comments to tasks"/)
    },
  )

  it('never fail on any words, and give a valid Blueprint', () => {
    const word = fc.constantFrom(
      ...'add remove rename make drop the a tasks task users comments tags email title notes to from of and , with unique required (low, high) field 7 . é 🚀'.split(
        ' ',
      ),
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 14 }), (words) => {
        expect(outcomeOf(words.join(' '))).toMatch(/^(sound|nothing_readable)$/)
      }),
      { numRuns: runs(120) },
    )
  })
})

/** `sound`, the faults of what came out, or the code of the refusal. */
function outcomeOf(prompt: string): string {
  try {
    const errors = lintBlueprint(refine(prompt).blueprint).diagnostics.filter(
      ({ severity }) => severity === 'error',
    )
    return errors.length === 0 ? 'sound' : errors.map(({ what }) => what).join(' ')
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
}
