import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandSubcommandOption,
  type RESTPostAPIApplicationCommandsJSONBody,
} from 'discord.js'
import { LIMITS } from './limits.ts'
import { authChoices } from './modal.ts'

/** On servers, in direct messages with the app, and wherever a person brings it along. */
const EVERYWHERE = {
  integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
  contexts: [
    InteractionContextType.Guild,
    InteractionContextType.BotDM,
    InteractionContextType.PrivateChannel,
  ],
}

const JOB: APIApplicationCommandBasicOption = {
  type: ApplicationCommandOptionType.String,
  name: 'job',
  description: 'The id of a job; without it, the one that is meant',
  required: false,
  autocomplete: true,
}

const subcommand = (
  name: string,
  description: string,
  options: APIApplicationCommandBasicOption[] = [],
): APIApplicationCommandSubcommandOption => ({
  type: ApplicationCommandOptionType.Subcommand,
  name,
  description,
  options,
})

/** In the menu of a message; a name has at most 32 characters. */
const MESSAGE_COMMAND = 'Generate backend from message'

/** The commands as Discord registers them. */
export const COMMANDS: readonly RESTPostAPIApplicationCommandsJSONBody[] = [
  {
    type: ApplicationCommandType.ChatInput,
    name: 'generate-backend',
    description: 'A backend from a description: minutes later its zip is in the thread',
    ...EVERYWHERE,
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: 'prompt',
        description: 'What it should do, in your own words; without it, a form asks',
        required: false,
        max_length: LIMITS.option.prompt,
      },
      {
        type: ApplicationCommandOptionType.String,
        name: 'name',
        description: 'The name of the project',
        required: false,
        max_length: LIMITS.option.name,
      },
      {
        type: ApplicationCommandOptionType.String,
        name: 'auth',
        description: 'How people sign in to it',
        required: false,
        choices: authChoices(),
      },
      {
        type: ApplicationCommandOptionType.Attachment,
        name: 'spec',
        description: 'An OpenAPI document or SQL definitions, at most 1 MB',
        required: false,
      },
    ],
  },
  {
    type: ApplicationCommandType.ChatInput,
    name: 'backend',
    description: 'Your backends: list, status, cancel, retry, help',
    ...EVERYWHERE,
    options: [
      subcommand('list', 'Your jobs, newest first'),
      subcommand('status', 'How a job is doing', [JOB]),
      subcommand('cancel', 'Stop a job', [JOB]),
      subcommand('retry', 'Run a failed or cancelled job again', [JOB]),
      subcommand('help', 'What can be said to the bot'),
    ],
  },
  { type: ApplicationCommandType.Message, name: MESSAGE_COMMAND, ...EVERYWHERE },
]
