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
import { authChoices, planChoices } from './modal.ts'

/** On servers, in direct messages with the app, and wherever a user who installed it is. */
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
  description: 'Job ID (defaults to your latest)',
  required: false,
  autocomplete: true,
}

const FOR: APIApplicationCommandBasicOption = {
  type: ApplicationCommandOptionType.String,
  name: 'for',
  description: 'Whose settings (defaults to this channel)',
  required: false,
  choices: [
    { name: 'this channel', value: 'channel' },
    { name: 'the server', value: 'workspace' },
    { name: 'me', value: 'person' },
  ],
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

/** Shown in a message's menu; a name has at most 32 characters. */
const MESSAGE_COMMAND = 'Build a backend from this'

/** The commands to register. */
export const COMMANDS: readonly RESTPostAPIApplicationCommandsJSONBody[] = [
  {
    type: ApplicationCommandType.ChatInput,
    name: 'generate-backend',
    description: 'Describe a backend, get the code as a zip in a thread',
    ...EVERYWHERE,
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: 'prompt',
        description: 'What it should do (leave empty to open a form)',
        required: false,
        max_length: LIMITS.option.prompt,
      },
      {
        type: ApplicationCommandOptionType.String,
        name: 'name',
        description: 'Project name',
        required: false,
        max_length: LIMITS.option.name,
      },
      {
        type: ApplicationCommandOptionType.String,
        name: 'auth',
        description: 'Authentication',
        required: false,
        choices: authChoices(),
      },
      {
        type: ApplicationCommandOptionType.String,
        name: 'plan',
        description: 'Show a plan first, to approve or change',
        required: false,
        choices: planChoices(),
      },
      {
        type: ApplicationCommandOptionType.Attachment,
        name: 'spec',
        description: 'OpenAPI document or SQL schema, up to 1 MB',
        required: false,
      },
    ],
  },
  {
    type: ApplicationCommandType.ChatInput,
    name: 'backend',
    description: 'Your backends: list, status, cancel, retry, settings, help',
    ...EVERYWHERE,
    options: [
      subcommand('list', 'List your jobs, newest first'),
      subcommand('status', 'Show the status of a job', [JOB]),
      subcommand('cancel', 'Cancel a job', [JOB]),
      subcommand('retry', 'Retry a failed or cancelled job', [JOB]),
      subcommand('settings', 'Show or change settings and house rules', [FOR]),
      subcommand('help', 'Show how to use the bot'),
    ],
  },
  { type: ApplicationCommandType.Message, name: MESSAGE_COMMAND, ...EVERYWHERE },
]
