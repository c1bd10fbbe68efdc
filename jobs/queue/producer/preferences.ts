import {
  kindOfHolder,
  type PreferenceChanges,
  type PreferenceHolder,
  type Preferences,
  type PreferencesView,
  type StoredPreferences,
} from '#contract'
import { possibleModels } from './apply-preferences.ts'
import { ModelNotAllowedError } from './errors.ts'
import type { JobsContext } from './jobs-context.ts'

export const viewPreferences = async (
  context: JobsContext,
  holder: PreferenceHolder,
): Promise<PreferencesView> => toView(context, holder, await context.store.readPreferences(holder))

/** Applies changes to the newest preferences; null clears one. */
export async function changePreferences(
  context: JobsContext,
  holder: PreferenceHolder,
  { changes, by }: { readonly changes: PreferenceChanges; readonly by: string | null },
): Promise<PreferencesView> {
  await context.ready()
  const { model } = changes
  if (model) {
    const models = await possibleModels(context)
    if (!models.includes(model)) throw new ModelNotAllowedError(model, models)
  }
  const updatedAt = new Date().toISOString()
  const stored = await context.store.changePreferences(holder, (newest) => ({
    preferences: withChanges(newest?.preferences ?? {}, changes),
    updatedAt,
    updatedBy: by,
  }))
  return toView(context, holder, stored)
}

const withChanges = (before: Preferences, changes: PreferenceChanges): Preferences =>
  Object.fromEntries(
    Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null && value !== undefined),
  )

async function toView(
  context: JobsContext,
  holder: PreferenceHolder,
  stored: StoredPreferences | null,
): Promise<PreferencesView> {
  await context.ready()
  const isPerson = kindOfHolder(holder) === 'person'
  return {
    holder,
    preferences: stored?.preferences ?? {},
    updatedAt: stored?.updatedAt ?? null,
    updatedBy: stored?.updatedBy ?? null,
    models: await possibleModels(context),
    spent: isPerson ? null : await context.quota.spentInMonth(holder),
  }
}
