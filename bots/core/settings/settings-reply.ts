import {
  definitionOf,
  describePreference,
  kindOfHolder,
  namesFor,
  type PreferenceHolder,
  type PreferenceName,
  type PreferencesView,
} from '#contract'
import {
  item,
  makeReply,
  small,
  text,
  title,
  truncateLine,
  type Line,
  type Piece,
  type Reply,
} from '../reply.ts'
import { settingsFields } from './settings-form.ts'

/** The longest line of house rules, in UTF-16 code units. */
const RULE_LINE = 300

/**
 * What a channel, a server or workspace, or a person prefers, for everybody who may look. Pure.
 *
 * @param inherited what the server or workspace of a channel prefers; null where there is none
 * @param refusal why this person may not change it; null if they may
 */
export function settingsReply(
  view: PreferencesView,
  { inherited, refusal }: { readonly inherited: PreferencesView | null; readonly refusal: string | null },
): Reply {
  const { holder, preferences } = view
  const names = namesFor(kindOfHolder(holder)).filter((name) => name !== 'houseRules')
  const shown = names.filter((name) => name !== 'model' || view.models.length > 1 || preferences.model)
  const rules = preferences.houseRules ?? inherited?.preferences.houseRules
  return makeReply(
    [
      title(...nameOf(holder, true)),
      ...shown.map((name) => item(lineOf(view, inherited, name))),
      ...(kindOfHolder(holder) === 'person' ? [] : [item(spentText(view))]),
      ...(rules === undefined
        ? []
        : [
            text(`House rules${preferences.houseRules === undefined ? from(inherited) : ''}:`),
            ...rules.split('\n').map((rule) => item(truncateLine(rule, RULE_LINE) || ' ')),
          ]),
      ...setBy(view),
      ...(refusal === null
        ? [small('Changes apply to backends that are requested from then on.')]
        : [small(refusal)]),
    ],
    refusal === null
      ? [
          { action: 'change_settings', holder },
          ...(settingsFields(view, 'house_rules').length > 0
            ? [{ action: 'change_house_rules' as const, holder }]
            : []),
        ]
      : [],
  )
}

/** "Settings of #backend", "settings of this workspace". */
export function nameOf(holder: PreferenceHolder, isTitle = false): Piece[] {
  const lead = isTitle ? 'Settings of ' : ''
  const parts = holder.split(':')
  switch (kindOfHolder(holder)) {
    case 'channel':
      return [lead, { channel: parts.at(-1)! }]
    case 'workspace':
      return [`${lead}this ${placeWord(holder)}`]
    case 'person':
      return [isTitle ? 'Your settings' : 'you']
  }
}

const placeWord = (holder: PreferenceHolder): string =>
  holder.split(':')[1] === 'discord' ? 'server' : 'workspace'

const from = (inherited: PreferencesView | null): string =>
  inherited === null ? '' : ` of this ${placeWord(inherited.holder)}`

function lineOf(view: PreferencesView, inherited: PreferencesView | null, name: PreferenceName): string {
  const { label } = definitionOf(name)
  const own = view.preferences[name]
  const others = inherited?.preferences[name]
  if (own !== undefined) return `${label}: ${describePreference(name, own)}${impossible(view, name)}`
  if (others !== undefined)
    return `${label}: ${describePreference(name, others)}, set for${from(inherited).slice(3)}`
  return `${label}: not set`
}

const impossible = ({ preferences, models }: PreferencesView, name: PreferenceName): string =>
  name === 'model' && preferences.model !== undefined && !models.includes(preferences.model)
    ? ' (can’t be used any more)'
    : ''

function spentText({ spent }: PreferencesView): string {
  if (spent === null) return 'Spent this month: nothing'
  const more = spent.isIncomplete ? ', and more of unknown cost' : ''
  return `Spent this month: $${spent.usd.toFixed(2)}${more}`
}

function setBy({ updatedAt, updatedBy }: PreferencesView): Line[] {
  if (updatedAt === null) return []
  const [platform, ...ids] = (updatedBy ?? '').split(':')
  const who: Piece = platform === 'slack' || platform === 'discord' ? { user: ids.at(-1)! } : 'an admin'
  return [text('Last changed by ', who, ` on ${updatedAt.slice(0, 10)}.`)]
}
