/** The database that definitions are written for; undefined if nothing tells, as in standard SQL. */
export type Dialect = 'postgres' | 'mysql' | 'sqlite' | 'sqlserver' | undefined

/** In this order: the first that a document has decides. Each pattern begins at a word, so that it costs the length of a text. */
const SIGNS: readonly (readonly [Exclude<Dialect, undefined>, RegExp])[] = [
  [
    'sqlserver',
    /^[ \t]*go[ \t]*\r?$|\[dbo\]|\bidentity ?\( ?\d|\b(nvarchar|varbinary|varchar)\]? ?\( ?max\b|\b(non)?clustered\b/im,
  ],
  [
    'mysql',
    /\bengine ?=|\bauto_increment\b|^delimiter\b|\bunlock tables\b|\bcharset ?=|\bcharacter set\b|\b(medium|tiny)int\b|\b(int|bigint) ?\(\d+\)|\bint unsigned\b/im,
  ],
  [
    'sqlite',
    /\bautoincrement\b|\bwithout rowid\b|^pragma\b|\bdatetime ?\( ?'now|\bsub_type\b|\bnew\.rowid\b|\) ?strict\b|\bunsigned big int\b|\bnative character\b/im,
  ],
  [
    'postgres',
    /\b((big|small)?serial|bytea|jsonb|timestamptz|int[248]|float[48]|character varying|plpgsql|gen_random_uuid|regclass|tsvector|with(out)? time zone|owner to|as enum|create domain|inherits|partition of|partition by|attach partition|as identity|alter table only|user-defined)\b|['")\w]::[a-z"]|\b(text|integer|uuid)\[\]|^copy .{1,2000} from stdin/im,
  ],
]

export const dialectOf = (sql: string): Dialect => SIGNS.find(([, sign]) => sign.test(sql))?.[0]
