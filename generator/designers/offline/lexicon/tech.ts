/** Technology that every generated project uses. */
export const PROVIDED = new Set(
  `typescript ts node nodejs node.js fastify sqlite sqlite3 zod rest restful json http openapi swagger docs documentation docker dockerfile
  docker-compose compose pagination paginated paging sorting sortable filtering validation validated validate tests test testing tested
  unit integration readme error errors handling handler health healthcheck health-check check logging logs log structured rate limit
  limiting rate-limiting rate-limited cors helmet migrations migration seed seeds seeded sample data ci endpoint endpoints env
  environment config configuration codes status proper uuid ids id timestamps createdat updatedat created_at updated_at input inputs
  backend server api apis rest-api responses response request requests body bodies schema schemas best practices clean code
  graceful shutdown bcrypt scrypt hashing hashed hash`.split(/\s+/),
)

/** Requested technology → its replacement. */
export const REPLACED: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    'SQLite through node:sqlite':
      'postgresql postgres postgre psql mysql mariadb mongodb mongo mongoose dynamodb firebase firestore supabase mssql oracle cassandra prisma drizzle typeorm sequelize knex redis',
    Fastify: 'express express.js expressjs nestjs nest.js nest koa hono hapi next.js nextjs',
    'Node with TypeScript':
      'python django flask fastapi java spring springboot spring-boot kotlin go golang gin rust actix axum php laravel ruby rails c# dotnet .net asp.net elixir phoenix deno bun scala javascript',
    'a REST API': 'graphql grpc trpc soap',
  }).flatMap(([instead, names]) => names.split(' ').map((name) => [name, instead])),
)

/** Technology whose name is also an everyday word: only the words around it show which is meant. */
export const EVERYDAY = new Set(
  'go express spring nest rails gin rust flask oracle ruby bun soap java python phoenix elixir scala swift cassandra mongo hapi koa prisma hono drizzle axum dart deno'.split(
    ' ',
  ),
)

export const AROUND_TECH = new Set(
  `use using with in on via and or the a an as for by be is should must please written build built made want need i we it based
  database db stack framework language runtime orm support include add also my our through auto automatic automatically good
  generated version latest backed sql nosql all everything have has persist persisted persistence store stored save saved
  storage into to code of make sure that`.split(/\s+/),
)
