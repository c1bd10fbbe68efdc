import type { PlausibleProject } from '../plausible-project.ts'
import { bookings } from './bookings.ts'
import { payments } from './payments.ts'
import { projects } from './projects.ts'
import { shop } from './shop.ts'
import { subscriptions } from './subscriptions.ts'
import { teams } from './teams.ts'
import { wallets } from './wallets.ts'

export const PROJECTS: readonly PlausibleProject[] = [
  shop,
  bookings,
  wallets,
  teams,
  projects,
  subscriptions,
  payments,
]
