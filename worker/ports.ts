import type { Blueprint } from '#contract'

/** One file of a generated project, complete and formatted. */
export type ProjectFile = {
  /** Relative, with `/`; checked by the packer. */
  readonly path: string
  readonly content: string
  /** `model` marks the only files that a repair may change. */
  readonly origin: 'kit' | 'template' | 'model'
  readonly executable?: boolean
}

/** Turns a linted Blueprint into every file of a working project. Equal Blueprints give equal bytes. */
export type RenderProject = (blueprint: Blueprint) => Promise<ProjectFile[]>
