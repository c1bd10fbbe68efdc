import { oneLine } from '../../../codegen/encode/text.ts'
import { pruneLockfile, type Lockfile, type RootPackage } from '../lockfile.ts'
import type { ProjectModel } from '../model.ts'
import { allowedDependencies, allowedDevDependencies, nodeEngines } from '../kit.ts'

/** Optional packages, by feature. */
const OPTIONAL: Readonly<Record<string, string>> = {
  '@fastify/jwt': 'auth',
  '@fastify/multipart': 'uploads',
  croner: 'schedules',
}

const version = '0.1.0'

function rootPackage(model: ProjectModel, features: ReadonlySet<string>): RootPackage {
  const used = Object.entries(allowedDependencies).filter(([name]) => {
    const feature = OPTIONAL[name]
    return feature === undefined || features.has(feature)
  })
  return {
    name: model.name,
    version,
    engines: { node: nodeEngines },
    dependencies: Object.fromEntries(used),
    devDependencies: { ...allowedDevDependencies },
  }
}

export function packageJson(model: ProjectModel, features: ReadonlySet<string>): string {
  const { engines, dependencies, devDependencies } = rootPackage(model, features)
  const node = 'node --disable-warning=ExperimentalWarning'
  const guard = 'node scripts/check-node.mjs'
  const env = '--import ./scripts/load-env.mjs'
  return JSON.stringify({
    name: model.name,
    version,
    description: oneLine(model.description) || model.title,
    private: true,
    type: 'module',
    engines,
    scripts: {
      prestart: guard,
      start: `${node} ${env} src/index.ts`,
      predev: guard,
      dev: `${node} ${env} --watch src/index.ts`,
      pretest: guard,
      test: `${node} --test --test-isolation=none "tests/**/*.test.ts"`,
      precheck: guard,
      check: 'tsc --singleThreaded',
      preseed: guard,
      seed: `${node} ${env} src/seed.ts`,
      ...(features.has('schedules') && { pretask: guard, task: `${node} ${env} src/run-task.ts` }),
      ...(features.has('apiKey') && { prekey: guard, key: `${node} src/auth/make-key.ts` }),
      ...(features.has('roles') && { pregrant: guard, grant: `${node} ${env} src/auth/grant.ts` }),
    },
    dependencies,
    devDependencies,
  })
}

export function packageLock(model: ProjectModel, features: ReadonlySet<string>, lockfile: Lockfile): string {
  return `${JSON.stringify(pruneLockfile(lockfile, rootPackage(model, features)), null, 2)}\n`
}
