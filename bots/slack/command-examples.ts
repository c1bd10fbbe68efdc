import { COMMAND_NAME } from '../core/commands.ts'
import type { CommandExamples } from '../core/job-messages.ts'

/** How the commands are typed in Slack. */
export const SLACK_COMMANDS: CommandExamples = {
  generate: `${COMMAND_NAME} a todo app with projects and due dates`,
  form: COMMAND_NAME,
  list: `${COMMAND_NAME} list`,
  status: `${COMMAND_NAME} status [id]`,
  cancel: `${COMMAND_NAME} cancel [id]`,
  retry: `${COMMAND_NAME} retry [id]`,
  settings: `${COMMAND_NAME} settings [workspace | me]`,
  notes: [
    'These words are commands only on their own or followed by a job ID: “list of books api” is a description. ' +
      'To be sure, put a description in quotation marks.',
  ],
}
