import { PlanMode } from '#contract'

/** The modes as forms offer them; none chosen means the setting of the installation. */
export const PLAN_LABELS: Readonly<Record<PlanMode, string>> = {
  auto: 'When it helps',
  always: 'Always',
  never: 'Never: build at once',
}
export const PLAN_MODES = PlanMode.options
