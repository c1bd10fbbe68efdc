import { COMMAND_NAME } from '../core/commands.ts'
import type { CommandExamples } from '../core/job-messages.ts'

/** How the commands of `definitions.ts` are typed. */
export const DISCORD_COMMANDS: CommandExamples = {
  generate: `${COMMAND_NAME} prompt: a todo app with projects and due dates`,
  form: COMMAND_NAME,
  list: '/backend list',
  status: '/backend status',
  cancel: '/backend cancel',
  retry: '/backend retry',
  settings: '/backend settings',
  notes: [
    'Status, cancel and retry take a job; without one, they mean your latest. When you mention the bot, the words “list”, “status”, ' +
      '“cancel” and “retry” do the same. To send a description that is one of these words, put it in quotation marks.',
  ],
}
