import type { Form, HandlerResult } from '../core/handler-result.ts'
import type { SlackDestination } from './destination.ts'
import { showDetails } from './details-modal.ts'
import { formView } from './form.ts'
import type { SlackInbound } from './inbound.ts'
import type { Target } from './send-reply.ts'
import { settingsView } from './settings-modal.ts'
import type { Trigger } from './to-payload.ts'

/** Applies a handler's result. `trigger` is null where no form can be opened. */
export async function applyResult(
  slack: SlackInbound,
  handled: HandlerResult<SlackDestination>,
  target: Target,
  trigger: Trigger | null,
): Promise<void> {
  switch (handled.kind) {
    case 'deny':
      if (handled.reply !== null) await slack.reply({ ...target, home: false }, handled.reply)
      return
    case 'reply':
      return slack.reply(target, handled.reply)
    case 'form':
      return openForm(slack, handled.form, trigger)
    case 'checked_form': {
      const loaded = await handled.load()
      return 'reply' in loaded ? slack.reply(target, loaded.reply) : openForm(slack, loaded.form, trigger)
    }
    case 'settings': {
      if (trigger === null) throw new Error('a form can only be opened from a command or a button')
      const { view, form } = handled
      await slack.web.views.open({ trigger_id: trigger.id, view: settingsView(view, form, target) })
      return
    }
    case 'details':
      return trigger === null ? handled.work() : showDetails(slack, trigger, handled)
    case 'work':
      return handled.work()
  }
}

async function openForm(
  slack: SlackInbound,
  form: Form<SlackDestination>,
  trigger: Trigger | null,
): Promise<void> {
  if (trigger === null) throw new Error('a form can only be opened from a command or a button')
  await slack.web.views.open({ trigger_id: trigger.id, view: formView(form, trigger.responseUrl) })
}
