import { Blueprint } from '#contract'
import { pages, todoWithComplete } from './operations.ts'

/** Two pages of which each says the same, by a helper. */
export const pagesWithHelper = Blueprint.parse({
  ...todoWithComplete,
  operations: pages.slice(0, 2),
  helpers: [
    {
      id: 'describeTodos',
      description: 'Says how many to-dos there are.',
      rules: [
        'Is given a limit or none, and answers how many to-dos there are of how many: 1 of 5, 1 of all.',
      ],
      usedBy: ['htmlReport', 'textReport'],
    },
  ],
})

const caller = (id: string, type: string) => `import type { OperationContext } from '../operation-context.ts';
import type { ${type}Input, ${type}Result } from '../schemas/operations/${id}.ts';
import { describeTodos } from '../shared/describe-todos.ts';

export function ${type[0]!.toLowerCase()}${type.slice(1)}({ query }: ${type}Input, { repositories }: OperationContext): ${type}Result {
  return \`<p>\${describeTodos(repositories, query.limit)}</p>\`;
}
`

/** What a model would write. */
export const handlersWithHelper = {
  describeTodos: `import type { Repositories } from '../database/repositories.ts';

/** Takes a limit, or none; answers how many to-dos there are of how many. */
export function describeTodos(repositories: Repositories, limit: number | undefined): string {
  const { pagination } = repositories.todos.page({ limit: 1, offset: 0, sort: 'createdAt', order: 'asc' });
  return \`\${pagination.total} of \${limit ?? 'all'}\`;
}
`,
  htmlReport: caller('html-report', 'HtmlReport'),
  textReport: caller('text-report', 'TextReport'),
} satisfies Record<string, string>
