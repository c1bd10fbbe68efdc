// Longer than most files: a design with its examples.
import { Blueprint } from '#contract'
import { belongsTo, blueprint, entity, field } from '../../../generator/codegen/testing/blueprints.ts'
import {
  changed,
  created,
  example,
  json,
  listOf,
  NOT_FOUND,
  object,
  operation,
  optional,
  orNull,
  plain,
  propertiesOf,
  refusal,
  removed,
  row,
  text,
  whole,
} from '../design.ts'
import type { PlausibleProject } from '../plausible-project.ts'
import { projectHandlers, projectMistakes } from './projects-code.ts'

/** Tasks of projects, for anyone: what has no value, lists that are empty, texts for machines. */

const design = blueprint('task-board', [
  entity('Project', { fields: [field('name', 'string', { required: true })] }),
  entity('Task', {
    fields: [
      field('title', 'string', { required: true }),
      field('dueOn', 'date'),
      field('estimate', { kind: 'number', min: 0 }),
      field(
        'priority',
        { kind: 'enum', values: ['low', 'normal', 'high'] },
        { required: true, default: 'normal' },
      ),
      field('done', 'boolean', { required: true, default: false }),
    ],
    belongsTo: [belongsTo('project', 'Project')],
  }),
])

const project = ['Project', { name: 'House' }] as const
const task = (title: string, values: Record<string, string | number | boolean> = {}) =>
  ['Task', { title, projectId: '$project.id', ...values }] as const
const besides = {
  elsewhere: ['Project', { name: 'Garden' }],
  other: ['Task', { title: 'Hedge', projectId: '$elsewhere.id' }],
} as const
const ofProject = { params: { id: '$project.id' } }
const nowhere = { params: { id: '00000000-0000-4000-8000-000000000000' } }

const projectStats = operation({
  id: 'projectStats',
  entity: 'Project',
  method: 'GET',
  path: '/projects/:id/stats',
  summary: 'Figures of a project',
  rules: [
    'open and done count its tasks; overdue counts the open ones that were due before the day on.',
    'averageEstimate is the average of the estimates of the tasks that have one, null if none has.',
    'nextDueOn is the earliest day that an open task is due, null if there is none.',
  ],
  access: 'public',
  query: propertiesOf({ on: plain('date') }),
  success: json(
    object({
      open: whole,
      done: whole,
      overdue: whole,
      averageEstimate: orNull(plain('number')),
      nextDueOn: orNull(plain('date')),
    }),
  ),
  errors: [NOT_FOUND],
  examples: [
    example(
      'counts and averages',
      {
        project,
        late: task('Paint', { dueOn: '2024-05-01', estimate: 3 }),
        today: task('Roof', { dueOn: '2024-05-02', estimate: 4.5 }),
        done: task('Door', { dueOn: '2024-04-01', done: true }),
        open: task('Wall'),
      },
      { ...ofProject, query: { on: '2024-05-02' } },
      {
        status: 200,
        body: { open: 3, done: 1, overdue: 1, averageEstimate: 3.75, nextDueOn: '2024-05-01' },
      },
    ),
    example(
      'has no average of nothing',
      {
        project,
        elsewhere: ['Project', { name: 'Garden' }],
        other: ['Task', { title: 'Hedge', estimate: 2, dueOn: '2024-05-01', projectId: '$elsewhere.id' }],
      },
      { ...ofProject, query: { on: '2024-05-02' } },
      { status: 200, body: { open: 0, done: 0, overdue: 0, averageEstimate: null, nextDueOn: null } },
    ),
    example(
      'knows no such project',
      {},
      { ...nowhere, query: { on: '2024-05-02' } },
      { status: 404, code: 'not_found' },
    ),
  ],
})

const exportTasks = operation({
  id: 'exportTasks',
  entity: 'Project',
  method: 'GET',
  path: '/projects/:id/export',
  summary: 'The tasks as CSV',
  rules: [
    'A line title,dueOn,estimate and then a line for each task, with what has no value left empty.',
    'Sorted by dueOn, those without one last, and by title where these are equal.',
    'A title stands in double quotes, and a double quote in it is doubled.',
  ],
  access: 'public',
  success: { kind: 'text', status: 200, mediaType: 'text/csv' },
  errors: [NOT_FOUND],
  examples: [
    example(
      'has a line for each',
      {
        project,
        open: task('The "big" wall'),
        late: task('Roof', { dueOn: '2024-05-02', estimate: 4.5 }),
        first: task('Paint', { dueOn: '2024-05-01' }),
      },
      ofProject,
      {
        status: 200,
        headers: { 'content-type': 'text/csv' },
        body: 'title,dueOn,estimate\n"Paint",2024-05-01,\n"Roof",2024-05-02,4.5\n"The ""big"" wall",,',
      },
    ),
    example('has a head alone', { project }, ofProject, { status: 200, body: 'title,dueOn,estimate' }),
  ],
})

const copyProject = operation({
  id: 'copyProject',
  entity: 'Project',
  method: 'POST',
  path: '/projects/:id/copies',
  summary: 'Copy a project with what is open',
  rules: [
    'Creates a project with the name that is sent, or else the name of the copied one followed by (copy).',
    'Its tasks are the open ones of the copied project, with all their values.',
  ],
  access: 'public',
  body: { kind: 'object', nullable: false, properties: [optional('name', text)] },
  success: json(object({ project: row('Project'), tasks: whole }), 201),
  errors: [NOT_FOUND],
  examples: [
    example(
      'copies what is open',
      {
        project,
        wall: task('Wall', { dueOn: '2024-05-01', estimate: 2, priority: 'high' }),
        door: task('Door', { done: true }),
      },
      { ...ofProject, body: {} },
      { status: 201, body: { project: { name: 'House (copy)' }, tasks: 1 } },
      [
        created('Project', { name: 'House (copy)' }),
        created('Task', {
          title: 'Wall',
          dueOn: '2024-05-01',
          estimate: 2,
          priority: 'high',
          done: false,
          projectId: '$any',
        }),
      ],
    ),
    example(
      'takes the name that is sent',
      { project },
      { ...ofProject, body: { name: 'Barn' } },
      { status: 201, body: { project: { name: 'Barn' }, tasks: 0 } },
    ),
  ],
})

const closeProject = operation({
  id: 'closeProject',
  entity: 'Project',
  method: 'POST',
  path: '/projects/:id/close',
  summary: 'Close a project',
  rules: ['Refused while a task is open.', 'Removes the project with its tasks.'],
  access: 'public',
  success: { kind: 'none', status: 204 },
  errors: [NOT_FOUND, refusal(409, 'still_open', 'A task of the project is open.')],
  examples: [
    example(
      'removes all of it, and no more',
      {
        project,
        door: task('Door', { done: true }),
        elsewhere: ['Project', { name: 'Garden' }],
        other: ['Task', { title: 'Hedge', projectId: '$elsewhere.id' }],
      },
      ofProject,
      { status: 204 },
      [removed('project'), removed('door')],
    ),
    example(
      'refuses while a task is open',
      { project, door: task('Door', { done: true }), wall: task('Wall') },
      ofProject,
      { status: 409, code: 'still_open' },
      [],
    ),
  ],
})

const findTasks = operation({
  id: 'findTasks',
  entity: 'Task',
  method: 'GET',
  path: '/task-search',
  summary: 'Find tasks by words',
  rules: ['Tasks whose title contains the text q, in any case of letters, sorted by title.'],
  access: 'public',
  query: propertiesOf({ q: plain('string', { min: 1 }) }),
  success: json(object({ items: listOf(row('Task')), total: whole })),
  examples: [
    example(
      'finds in any case',
      { project, wall: task('Red wall'), door: task('WALL door'), roof: task('Roof') },
      { query: { q: 'Wall' } },
      { status: 200, body: { items: [{ id: '$wall.id' }, { id: '$door.id' }], total: 2 } },
    ),
    example(
      'finds nothing',
      { project, roof: task('Roof') },
      { query: { q: 'x' } },
      { status: 200, body: { items: [], total: 0 } },
    ),
  ],
})

const finishTasks = operation({
  id: 'finishTasks',
  entity: 'Project',
  method: 'POST',
  path: '/projects/:id/finish',
  summary: 'Finish all tasks of a project',
  rules: ['All open tasks of the project become done. The answer says how many these were.'],
  access: 'public',
  success: json(object({ finished: whole })),
  errors: [NOT_FOUND],
  examples: [
    example(
      'finishes what is open',
      { project, wall: task('Wall'), roof: task('Roof'), door: task('Door', { done: true }) },
      ofProject,
      { status: 200, body: { finished: 2 } },
      [changed('wall', { done: true }), changed('roof', { done: true })],
    ),
  ],
})

export const projects: PlausibleProject = {
  blueprint: Blueprint.parse({
    ...design,
    operations: [projectStats, exportTasks, copyProject, closeProject, findTasks, finishTasks],
  }),
  handlers: projectHandlers,
  mistakes: projectMistakes,
  further: {
    copyProject: [
      example(
        'copies nothing of other projects',
        { project, ...besides },
        { ...ofProject, body: {} },
        { status: 201, body: { tasks: 0 } },
        [created('Project', {})],
      ),
      example('knows no such project', {}, { ...nowhere, body: {} }, { status: 404, code: 'not_found' }, []),
    ],
    exportTasks: [
      example('has no line of other projects', { project, ...besides }, ofProject, {
        status: 200,
        headers: { 'content-length': '20' },
      }),
      example('knows no such project', {}, nowhere, { status: 404, code: 'not_found' }),
    ],
    closeProject: [example('knows no such project', {}, nowhere, { status: 404, code: 'not_found' }, [])],
    finishTasks: [
      example('knows no such project', {}, nowhere, { status: 404, code: 'not_found' }, []),
      example(
        'leaves other projects alone',
        { project, ...besides },
        ofProject,
        { status: 200, body: { finished: 0 } },
        [],
      ),
    ],
    projectStats: [
      example(
        'counts all that is overdue',
        {
          project,
          first: task('Paint', { dueOn: '2024-04-30' }),
          second: task('Wall', { dueOn: '2024-05-01' }),
          later: task('Roof', { dueOn: '2024-05-03' }),
        },
        { ...ofProject, query: { on: '2024-05-02' } },
        { status: 200, body: { open: 3, overdue: 2 } },
      ),
    ],
    findTasks: [],
  },
  wrongExamples: [
    {
      name: 'an example counts what is due today as overdue',
      in: 'projectStats',
      title: 'counts and averages',
      expect: { status: 200, body: { overdue: 2 } },
      why: 'By the rules, what is due on the day itself is not overdue.',
    },
  ],
}
