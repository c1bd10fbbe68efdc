import {
  definitionOf,
  describePreference,
  type ChatOrigin,
  type JobPreferences,
  type PreferenceLayer,
  type PreferenceName,
} from '#contract'
import type { Piece } from '../reply.ts'

/** How a job was changed by settings, one line for each place that they are from: "Plan: always, set for #backend". Pure. */
export function settingLines(preferences: JobPreferences | undefined, origin: ChatOrigin): Piece[][] {
  if (preferences === undefined) return []
  const applied = Object.entries(preferences.applied).flatMap(([name, one]) =>
    // It only decides whether a job may start.
    one === undefined || name === 'monthCostUsd' ? [] : [{ name: name as PreferenceName, ...one }],
  )
  const layers: PreferenceLayer[] = ['person', 'channel', 'workspace']
  return [
    ...layers.flatMap((layer) => {
      const said = applied.filter(({ from }) => from === layer).map(({ name, value }) => textOf(name, value))
      return said.length === 0 ? [] : [[said.join(' · '), ...whose(layer, origin)]]
    }),
    ...preferences.ignored.map(({ why, from }): Piece[] => [why.replace(/\.$/, ''), ...whose(from, origin)]),
  ]
}

function textOf(name: PreferenceName, value: string | number): string {
  const { label, input } = definitionOf(name)
  return input.kind === 'words' ? label : `${label}: ${describePreference(name, value)}`
}

/** The place of a layer: a channel by its name, so that the line is right in direct messages too. */
function whose(layer: PreferenceLayer, origin: ChatOrigin): Piece[] {
  switch (layer) {
    case 'person':
      return [', as you prefer']
    case 'channel':
      return [', set for ', { channel: origin.channelId }]
    case 'workspace':
      return [`, set for this ${origin.kind === 'discord' ? 'server' : 'workspace'}`]
  }
}
