export type Architecture = 'x64' | 'arm64'

const both = (number: number) => ({ x64: number, arm64: number })
const each = (x64: number, arm64: number | null) => ({ x64, arm64 })

/** Denied system calls, by number for each architecture; null when the architecture has no such call. */
export const DENIED_SYSCALLS: Readonly<
  Record<string, { readonly x64: number; readonly arm64: number | null }>
> = {
  // Key rings, which a process shares with its parent.
  add_key: each(248, 217),
  request_key: each(249, 218),
  keyctl: each(250, 219),
  // Memory that belongs to no process, so that no limit on processes counts it.
  memfd_create: each(319, 279),
  memfd_secret: both(447),
  shmget: each(29, 194),
  semget: each(64, 190),
  msgget: each(68, 186),
  mq_open: each(240, 180),
  // Access to other processes.
  ptrace: each(101, 117),
  process_vm_readv: each(310, 270),
  process_vm_writev: each(311, 271),
  kcmp: each(312, 272),
  pidfd_getfd: both(438),
  // Namespaces and mounts.
  unshare: each(272, 97),
  setns: each(308, 268),
  mount: each(165, 40),
  umount2: each(166, 39),
  pivot_root: each(155, 41),
  open_tree: both(428),
  move_mount: both(429),
  fsopen: both(430),
  fsconfig: both(431),
  fsmount: both(432),
  fspick: both(433),
  mount_setattr: both(442),
  // Access to devices and files other than by name.
  mknod: each(133, null),
  mknodat: each(259, 33),
  name_to_handle_at: each(303, 264),
  open_by_handle_at: each(304, 265),
  fanotify_init: each(300, 262),
  // Interfaces of the kernel with a long history of holes.
  io_uring_setup: both(425),
  io_uring_enter: both(426),
  io_uring_register: both(427),
  bpf: each(321, 280),
  perf_event_open: each(298, 241),
  userfaultfd: each(323, 282),
  // The machine itself.
  syslog: each(103, 116),
  acct: each(163, 89),
  quotactl: each(179, 60),
  swapon: each(167, 224),
  swapoff: each(168, 225),
  reboot: each(169, 142),
  init_module: each(175, 105),
  finit_module: each(313, 273),
  delete_module: each(176, 106),
  kexec_load: each(246, 104),
  kexec_file_load: each(320, 294),
}

type Everywhere = { readonly [architecture in Architecture]: number }

export const IOCTL = each(16, 29) as Everywhere
/** `socket` and `socketpair`, whose first argument is a family. */
export const SOCKET_SYSCALLS: readonly Everywhere[] = [
  each(41, 198) as Everywhere,
  each(53, 199) as Everywhere,
]
