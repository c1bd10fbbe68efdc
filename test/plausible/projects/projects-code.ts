import type { Mistake } from '../plausible-project.ts'

const allTasks = `const everything = { limit: 1000, offset: 0, sort: 'createdAt', order: 'asc' } as const;`
const found = `const project = repositories.projects.find(params.id);
  if (!project) throw new ApiError(404, 'not_found', 'There is no such project.');`
const head = (name: string, type: string, isRefusing = true) =>
  `${isRefusing ? `import { ApiError } from '../errors.ts';\n` : ''}import type { OperationContext } from '../operation-context.ts';
import type { ${type}Input, ${type}Result } from '../schemas/operations/${name}.ts';
`

export const projectHandlers = {
  projectStats: `${head('project-stats', 'ProjectStats')}
export function projectStats({ params, query }: ProjectStatsInput, { repositories }: OperationContext): ProjectStatsResult {
  ${found}
  ${allTasks}
  const { data: tasks } = repositories.tasks.page({ ...everything, where: { projectId: project.id } });
  const open = tasks.filter(({ done }) => !done);
  const estimates = tasks.flatMap(({ estimate }) => (estimate === null ? [] : [estimate]));
  const days = open.flatMap(({ dueOn }) => (dueOn === null ? [] : [dueOn])).sort();
  return {
    open: open.length,
    done: tasks.length - open.length,
    overdue: days.filter((day) => day < query.on).length,
    averageEstimate: estimates.length === 0 ? null : estimates.reduce((sum, one) => sum + one, 0) / estimates.length,
    nextDueOn: days[0] ?? null,
  };
}
`,
  exportTasks: `${head('export-tasks', 'ExportTasks')}
export function exportTasks({ params }: ExportTasksInput, { repositories }: OperationContext): ExportTasksResult {
  ${found}
  ${allTasks}
  const { data } = repositories.tasks.page({ ...everything, where: { projectId: project.id } });
  const key = (task: (typeof data)[number]) => \`\${task.dueOn ?? '9999-99-99'} \${task.title}\`;
  const tasks = [...data].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const lines = tasks.map(({ title, dueOn, estimate }) => \`"\${title.replaceAll('"', '""')}",\${dueOn ?? ''},\${estimate ?? ''}\`);
  return ['title,dueOn,estimate', ...lines].join('\\n');
}
`,
  copyProject: `${head('copy-project', 'CopyProject')}
export function copyProject({ params, body }: CopyProjectInput, { repositories, transaction }: OperationContext): CopyProjectResult {
  ${found}
  return transaction(() => {
    const copy = repositories.projects.insert({ name: body.name ?? \`\${project.name} (copy)\` });
    ${allTasks}
    const { data } = repositories.tasks.page({ ...everything, where: { projectId: project.id, done: false } });
    for (const { title, dueOn, estimate, priority, done } of data)
      repositories.tasks.insert({ title, dueOn, estimate, priority, done, projectId: copy.id });
    return { project: copy, tasks: data.length };
  });
}
`,
  closeProject: `${head('close-project', 'CloseProject')}
export function closeProject({ params }: CloseProjectInput, { repositories, transaction }: OperationContext): CloseProjectResult {
  ${found}
  transaction(() => {
    if (repositories.tasks.findBy({ projectId: project.id, done: false }))
      throw new ApiError(409, 'still_open', 'A task of the project is open.');
    repositories.projects.remove(project.id);
  });
}
`,
  findTasks: `${head('find-tasks', 'FindTasks', false)}
export function findTasks({ query }: FindTasksInput, { repositories }: OperationContext): FindTasksResult {
  ${allTasks}
  const text = query.q.toLowerCase();
  const items = repositories.tasks.page(everything).data
    .filter(({ title }) => title.toLowerCase().includes(text))
    .sort((a, b) => (a.title < b.title ? -1 : 1));
  return { items, total: items.length };
}
`,
  finishTasks: `${head('finish-tasks', 'FinishTasks')}
export function finishTasks({ params }: FinishTasksInput, { repositories, transaction }: OperationContext): FinishTasksResult {
  ${found}
  return transaction(() => {
    ${allTasks}
    const { data } = repositories.tasks.page({ ...everything, where: { projectId: project.id, done: false } });
    for (const { id } of data) repositories.tasks.update(id, { done: true });
    return { finished: data.length };
  });
}
`,
}

export const projectMistakes: readonly Mistake[] = [
  {
    name: 'an average of nothing',
    in: 'projectStats',
    instead: [['estimates.length === 0 ? null : ', '']],
    by: 'tests',
  },
  {
    name: 'what has no value counts as zero',
    in: 'projectStats',
    instead: [['(estimate === null ? [] : [estimate])', '[estimate ?? 0]']],
    by: 'tests',
  },
  {
    name: 'the day itself is counted as over',
    in: 'projectStats',
    instead: [['day < query.on', 'day <= query.on']],
    by: 'tests',
  },
  {
    name: 'rows that are done count as open',
    in: 'projectStats',
    instead: [['const days = open.flatMap', 'const days = tasks.flatMap']],
    by: 'tests',
  },
  {
    name: 'all rows instead of those of the parent',
    in: 'projectStats',
    instead: [['page({ ...everything, where: { projectId: project.id } })', 'page(everything)']],
    by: 'tests',
  },
  {
    name: 'a number is answered as text',
    in: 'projectStats',
    instead: [['    open: open.length,', '    open: String(open.length),']],
    by: 'types',
  },
  {
    name: 'what has no value comes first',
    in: 'exportTasks',
    instead: [[`task.dueOn ?? '9999-99-99'`, `task.dueOn ?? ''`]],
    by: 'tests',
  },
  {
    name: 'null stands in a text',
    in: 'exportTasks',
    instead: [[`\${dueOn ?? ''},`, '${dueOn},']],
    by: 'tests',
  },
  {
    name: 'a mark of the format is not escaped',
    in: 'exportTasks',
    instead: [[`title.replaceAll('"', '""')`, 'title']],
    by: 'tests',
  },
  {
    name: 'a missing row is an answer without rows',
    in: 'exportTasks',
    instead: [
      [`\n  if (!project) throw new ApiError(404, 'not_found', 'There is no such project.');`, ''],
      [`import { ApiError } from '../errors.ts';\n`, ''],
      ['where: { projectId: project.id }', `where: { projectId: project?.id ?? '' }`],
    ],
    by: 'tests',
  },
  {
    name: 'a value is not copied',
    in: 'copyProject',
    instead: [
      [
        'estimate, priority, done, projectId: copy.id',
        `estimate, priority: 'normal', done, projectId: copy.id`,
      ],
      ['estimate, priority, done }', 'estimate, done }'],
    ],
    by: 'tests',
  },
  {
    name: 'the input is changed instead of a copy',
    in: 'copyProject',
    instead: [
      [
        'const copy = repositories.projects.insert({ name: body.name ?? `${project.name} (copy)` });',
        'const copy = repositories.projects.update(project.id, { name: body.name ?? `${project.name} (copy)` }) ?? project;',
      ],
    ],
    by: 'tests',
  },
  {
    name: 'the wrong default',
    in: 'copyProject',
    instead: [['body.name ?? `${project.name} (copy)`', 'body.name ?? project.name']],
    by: 'tests',
  },
  {
    name: 'it removes before it refuses',
    in: 'closeProject',
    instead: [
      ['  transaction(() => {', '  {'],
      ['  });\n}', '  }\n}'],
      ['{ repositories, transaction }', '{ repositories }'],
      [
        `    if (repositories.tasks.findBy({ projectId: project.id, done: false }))
      throw new ApiError(409, 'still_open', 'A task of the project is open.');
    repositories.projects.remove(project.id);\n`,
        `    const open = repositories.tasks.findBy({ projectId: project.id, done: false });
    repositories.projects.remove(project.id);
    if (open) throw new ApiError(409, 'still_open', 'A task of the project is open.');\n`,
      ],
    ],
    by: 'tests',
  },
  {
    name: 'only the first row is looked at',
    in: 'closeProject',
    instead: [
      [
        'if (repositories.tasks.findBy({ projectId: project.id, done: false }))',
        'if (repositories.tasks.findBy({ projectId: project.id })?.done === false)',
      ],
    ],
    by: 'tests',
  },
  {
    name: 'a search by case',
    in: 'findTasks',
    instead: [
      ['title.toLowerCase().includes(text)', 'title.includes(query.q)'],
      ['  const text = query.q.toLowerCase();\n', ''],
    ],
    by: 'tests',
  },
  {
    name: 'a search for the beginning alone',
    in: 'findTasks',
    instead: [['.includes(text)', '.startsWith(text)']],
    by: 'tests',
  },
  {
    name: 'only the first row is changed',
    in: 'finishTasks',
    instead: [
      ['for (const { id } of data) repositories', 'for (const { id } of data.slice(0, 1)) repositories'],
    ],
    by: 'tests',
  },
  {
    name: 'rows of other parents are changed',
    in: 'finishTasks',
    instead: [['where: { projectId: project.id, done: false }', 'where: { done: false }']],
    by: 'further examples',
  },
]
