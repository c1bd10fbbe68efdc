import { z } from 'zod'
import { parseCompose } from './compose-file.ts'
import { USERS } from './image/base-image.ts'
import type { Image } from './image/build-images.ts'
import type { Container } from './image/container.ts'

const Service = z.looseObject({
  build: z.object({ target: z.string() }).optional(),
  command: z.array(z.string()).optional(),
  user: z.string(),
  read_only: z.literal(true),
  tmpfs: z.array(z.string()),
  volumes: z.array(z.string()).default([]),
  env_file: z.unknown().optional(),
  environment: z.record(z.string(), z.string()).default({}),
  depends_on: z.record(z.string(), z.object({ condition: z.literal('service_healthy') })).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
})

export type ComposeService = {
  readonly name: string
  readonly dependsOn: readonly string[]
  readonly container: Container
  /** Command of the health check. */
  readonly healthcheck: readonly string[]
  /** Mount paths of named volumes, by name. */
  readonly mounts: Readonly<Record<string, string>>
}

/** The container options of every service in a compose file, in start order. */
export function composeServices(options: {
  readonly text: string
  /** By build target, or by service name if nothing is built. */
  readonly images: ReadonlyMap<string, Image>
  /** Contents of `.env`. */
  readonly dotEnv: Readonly<Record<string, string>>
  /** Folders of named volumes. */
  readonly volume: (name: string) => string
}): ComposeService[] {
  const { services } = z
    .looseObject({ services: z.record(z.string(), Service) })
    .parse(parseCompose(options.text))
  const started: ComposeService[] = []
  const start = (name: string): void => {
    if (started.some((service) => service.name === name)) return
    const service = services[name]!
    const dependsOn = Object.keys(service.depends_on)
    for (const other of dependsOn) start(other)
    const image = options.images.get(service.build?.target ?? name)
    if (image === undefined) throw new Error(`${name} has no image`)
    const [user, group] = service.user.split(':').map(Number)
    const mounts = Object.fromEntries(service.volumes.map((mount) => mount.split(':') as [string, string]))
    started.push({
      name,
      dependsOn,
      mounts,
      healthcheck: healthcheckOf(service.healthcheck?.test) ?? image.healthcheck,
      container: {
        root: image.root,
        readOnly: true,
        user: user!,
        group: group!,
        workdir: image.workdir,
        env: {
          HOME: homeOf(user!),
          ...image.env,
          ...(service.env_file !== undefined && options.dotEnv),
          ...service.environment,
        },
        volumes: Object.entries(mounts).map(([volume, path]) => [options.volume(volume), path]),
        memoryDisks: service.tmpfs.map(memoryDisk),
        argv: service.command ?? image.cmd,
      },
    })
  }
  for (const name of Object.keys(services)) start(name)
  return started
}

const homeOf = (user: number): string => (user === USERS['node'] ? '/home/node' : '/')

/** `/tmp:size=256m,mode=1777` */
function memoryDisk(setting: string): Container['memoryDisks'][number] {
  const [, path, size, mode] = /^(\S+):size=(\d+)m,mode=(\d+)$/.exec(setting) ?? []
  if (path === undefined || mode === undefined) throw new Error(`tmpfs ${setting} is not understood`)
  return { path, bytes: Number(size) * 2 ** 20, mode }
}

function healthcheckOf(test: readonly string[] | undefined): readonly string[] | undefined {
  if (test === undefined) return undefined
  const [kind, ...words] = test
  return kind === 'CMD-SHELL' ? ['/bin/sh', '-c', ...words] : words
}
