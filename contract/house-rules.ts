import { z } from 'zod'

/** The layers where people set preferences, as opposed to options of a request and settings of the installation. */
export const PreferenceLayer = z.enum(['person', 'channel', 'workspace'])
export type PreferenceLayer = z.infer<typeof PreferenceLayer>

/** House rules as a plan and a report show them, with whose they are. */
export const HouseRules = z.object({ words: z.string(), from: PreferenceLayer })
export type HouseRules = z.infer<typeof HouseRules>
