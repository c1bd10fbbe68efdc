import { execFile } from 'node:child_process'
import { chown, cp, mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { addNode, addPackages, makeDebian, USERS } from './base-image.ts'
import { buildContext } from './build-context.ts'
import { containerCommand } from './container.ts'
import type { Stage, Step } from './read-dockerfile.ts'

const run = promisify(execFile)

export type Image = {
  /** Folder with its file system. */
  readonly root: string
  readonly user: string
  readonly workdir: string
  readonly env: Readonly<Record<string, string>>
  readonly cmd: readonly string[]
  readonly healthcheck: readonly string[]
}

type Input = {
  /** The folder with the Dockerfile and .dockerignore. */
  readonly context: string
  readonly stages: readonly Stage[]
  /** An empty folder. */
  readonly into: string
  /** Replaces the Node of the base image. */
  readonly node: string
  readonly hosts: readonly string[]
  /** For RUN lines: npm cache and registry settings. */
  readonly npm: { readonly cache: string; readonly env: Readonly<Record<string, string>> }
}

/** Builds every stage of a Dockerfile in its own folder. Requires root and bubblewrap. */
export async function buildImages(input: Input): Promise<Map<string, Image>> {
  const { stages, into } = input
  const files = await buildContext(input.context)
  const images = new Map<string, Image>()
  for (const { name, from, steps } of stages) {
    const root = join(into, name)
    let image = await startFrom(input, images.get(from), from, root)
    for (const step of steps) image = await take(step, image, { ...input, files, images })
    images.set(name, image)
  }
  return images
}

async function startFrom(
  { node, hosts }: Input,
  parent: Image | undefined,
  from: string,
  root: string,
): Promise<Image> {
  if (parent !== undefined) {
    // Existing files are never modified, so hard links suffice.
    await run('cp', ['--archive', '--link', parent.root, root])
    return { ...parent, root }
  }
  if (!from.startsWith('node:')) throw new Error(`${from} is no image of Node`)
  await makeDebian(root, hosts)
  await addNode(root, node)
  const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' }
  return { root, user: 'root', workdir: '/', env, cmd: ['node'], healthcheck: [] }
}

type Building = Input & { readonly files: readonly string[]; readonly images: ReadonlyMap<string, Image> }

async function take(step: Step, image: Image, building: Building): Promise<Image> {
  switch (step.kind) {
    case 'env':
      return { ...image, env: { ...image.env, ...step.values } }
    case 'user':
      return { ...image, user: step.value }
    case 'cmd':
      return { ...image, cmd: step.argv }
    case 'healthcheck':
      return { ...image, healthcheck: step.argv }
    case 'workdir':
      await mkdir(join(image.root, step.value), { recursive: true })
      return { ...image, workdir: step.value }
    case 'copy':
      await copy(step, image, building)
      return image
    case 'run':
      await runStep(step, image, building)
      return image
  }
}

async function copy(
  { from, sources, to }: Extract<Step, { kind: 'copy' }>,
  { root, workdir }: Image,
  { context, files, images }: Building,
): Promise<void> {
  const target = join(root, resolve(workdir, to))
  const intoFolder = to.endsWith('/')
  for (const source of sources) {
    if (from !== null) {
      const stage = images.get(from)
      if (stage === undefined) throw new Error(`COPY --from=${from}: there is no such stage before this one`)
      await mkdir(dirname(target), { recursive: true })
      await run('cp', ['--archive', '--link', join(stage.root, source), target])
      continue
    }
    const wanted = files.filter((path) => path === source || path.startsWith(`${source}/`))
    if (wanted.length === 0)
      throw new Error(`COPY ${source}: not in the build context; .dockerignore may hold it back`)
    for (const path of wanted) {
      const below =
        path === source ? (intoFolder ? path.replace(/^.*\//, '') : '') : path.slice(source.length + 1)
      const at = join(target, below)
      await mkdir(dirname(at), { recursive: true })
      await cp(join(context, path), at)
      await chown(at, 0, 0)
    }
  }
}

const APT =
  /^apt-get update\s+&& apt-get install --yes --no-install-recommends ([a-z0-9 .+-]+?)\s+&& rm -rf \/var\/lib\/apt\/lists\/\*$/

async function runStep(
  { command, caches }: Extract<Step, { kind: 'run' }>,
  image: Image,
  { npm }: Building,
): Promise<void> {
  if (command.startsWith('apt-get')) {
    const packages = APT.exec(command)?.[1]
    if (packages === undefined) throw new Error(`not the usual form of an apt-get line: ${command}`)
    return addPackages(image.root, packages.split(/\s+/))
  }
  const user = USERS[image.user]!
  for (const path of caches) await mkdir(join(image.root, path), { recursive: true })
  const [file, ...args] = containerCommand({
    ...image,
    readOnly: false,
    user,
    group: user,
    env: { HOME: '/root', ...npm.env, ...image.env },
    volumes: caches.map((path) => [npm.cache, path]),
    memoryDisks: [],
    argv: ['/bin/sh', '-c', command],
  })
  await run(file!, args, { maxBuffer: 1e7, timeout: 300_000 })
}
