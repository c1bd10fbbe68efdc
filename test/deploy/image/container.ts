/**
 * Folders of this machine that stand in for those of the base image, read-only: shared libraries, and the certificates that
 * building takes.
 */
export const LENT = ['/usr/lib', '/usr/lib64', '/etc/ssl', '/etc/alternatives']

/** A program in a container: what an engine would be told. */
export type Container = {
  /** The folder that is its root. */
  readonly root: string
  /** Whether nothing of that can be written. */
  readonly readOnly: boolean
  readonly user: number
  readonly group: number
  readonly workdir: string
  readonly env: Readonly<Record<string, string>>
  /** Folders of this machine that it may write to, and where. */
  readonly volumes: readonly (readonly [from: string, to: string])[]
  readonly memoryDisks: readonly { readonly path: string; readonly bytes: number; readonly mode: string }[]
  readonly argv: readonly string[]
}

/**
 * The command that runs it on this machine without an engine: bubblewrap, with processes, host name and files of its own,
 * no privileges to gain, and the network of whoever starts it. Root keeps its rights, which building an image takes;
 * every other user has none, and can make namespaces of its own as in a container that allows it.
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
