import { expect, it } from 'vitest'
import { Blueprint } from '#contract'
import { todo } from '../../../codegen/testing/blueprints.ts'
import { renderProject } from '../../../stages/render-project.ts'

it('quotes the name of a reference once, where nothing else of a row can change', async () => {
  const [made] = todo.entities
  const parent = { name: 'parent', label: 'Parent', target: made!.name, required: false, unique: true }
  const extra = {
    kind: 'json',
    shape: { kind: 'array', items: { kind: 'date', nullable: false }, nullable: false },
  }
  const blueprint = Blueprint.parse({
    ...todo,
    entities: [
      {
        ...made!,
        fields: [{ name: 'extra', label: 'Extra', type: extra, required: true, unique: false }],
        belongsTo: [{ ...parent, onDelete: 'setNull', property: 'parent ID' }],
      },
    ],
    seeds: [],
  })
  const files = await renderProject(blueprint)
  const tests = files.filter(({ path }) => path.startsWith('tests/')).map(({ content }) => content)
  expect(tests.join('\n')).toContain(`{ 'parent ID': insert`)
  expect(tests.join('\n')).not.toContain(`"parent ID"`)
})
