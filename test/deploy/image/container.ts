/**
 * Local folders that replace those of the base image, read-only: shared libraries, and certificates for builds.
 */
export const LENT = ['/usr/lib', '/usr/lib64', '/etc/ssl', '/etc/alternatives']

/** Options of a container. */
export type Container = {
  /** Root folder. */
  readonly root: string
  /** Whether the root is read-only. */
  readonly readOnly: boolean
  readonly user: number
  readonly group: number
  readonly workdir: string
  readonly env: Readonly<Record<string, string>>
  /** Writable local folders by mount path. */
  readonly volumes: readonly (readonly [from: string, to: string])[]
  readonly memoryDisks: readonly { readonly path: string; readonly bytes: number; readonly mode: string }[]
  readonly argv: readonly string[]
}

/**
 * The bubblewrap command for a container without an engine: isolated processes, host name and files, no new privileges, and
 * the caller's network. Root keeps its capabilities, which builds need; other users have none and can create namespaces.
 */
export function containerCommand(container: Container): string[] {
  const { root, readOnly, user, group, workdir, env, volumes, memoryDisks, argv } = container
  return [
    user === 0 ? [] : ['setpriv', `--reuid=${user}`, `--regid=${group}`, '--clear-groups', '--'],
    ['bwrap', '--die-with-parent', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--clearenv'],
    user === 0 ? ['--cap-add', 'ALL'] : [],
    [readOnly ? '--ro-bind' : '--bind', root, '/', '--proc', '/proc', '--dev', '/dev'],
    ...LENT.map((path) => ['--ro-bind-try', path, path]),
    ...memoryDisks.map(({ path, bytes, mode }) => [
      '--perms',
      mode,
      '--size',
      String(bytes),
      '--tmpfs',
      path,
    ]),
    ...volumes.map(([from, to]) => ['--bind', from, to]),
    ...Object.entries(env).map(([name, value]) => ['--setenv', name, value]),
    ['--chdir', workdir, '--', ...argv],
  ].flat()
}
