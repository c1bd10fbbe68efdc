import type { Stack } from '../stack.ts'
import { requiredEnvironment } from './config-values.ts'
import { handlerInstructions } from './handler-instructions.ts'
import { handlerSpecs } from './handler-specs.ts'
import { kitDirectory, nodeEngines } from './kit.ts'
import { layout } from './layout.ts'
import { makeModel } from './model.ts'
import { projectFiles } from './project.ts'
import { replay } from './replay.ts'
import { upgrade } from './upgrade.ts'
import { verifyEnvironment } from './verify-environment.ts'

/** Fastify on Node's own SQLite. */
export const fastify: Stack = {
  name: 'fastify',
  kitDirectory,
  nodeEngines,
  layout,
  requiredEnvironment,
  verifyEnvironment,
  replay,
  render: (blueprint, options) =>
    projectFiles(makeModel(blueprint, new Set(Object.keys(options.handlers))), options),
  handlerSpecs,
  handlerInstructions,
  upgrade,
}
