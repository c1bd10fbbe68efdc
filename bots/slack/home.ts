import type { JobList } from '#contract'
import type { types } from '@slack/bolt'
import { truncateLine, buttonsFor, small, text, title, type Reply } from '../core/reply.ts'
import { COMMAND_NAME } from '../core/commands.ts'
import { stateText } from '../core/job-messages.ts'
import { LIMITS } from './limits.ts'
import { renderReply } from './render-reply.ts'

/**
 * The App Home of one person: how to start, and their jobs with buttons. `list` is null when the API is unavailable;
 * `notice` is the reply to the last button. Pure.
 */
export function homeView(list: JobList | null, notice: Reply | null): types.HomeView {
  const blocksOf = (answer: Reply) => renderReply(answer).blocks
  const blocks: types.KnownBlock[] = [
    { type: 'header', text: { type: 'plain_text', text: 'Describe a backend, get the code', emoji: false } },
    ...blocksOf({
      lines: [
        text(
          'Type ',
          { code: `${COMMAND_NAME} a todo app with projects` },
          ' in any channel I’m in, mention me there, or write to me under Messages.',
        ),
      ],
      buttons: [],
    }),
    {
      type: 'actions',
      elements: [
        { ...button('New backend', 'new_backend'), style: 'primary' },
        button('Refresh', 'refresh_home'),
      ],
    },
    {
      type: 'actions',
      elements: [
        // One action ID may stand once in a block.
        { ...button('Workspace settings', 'home_settings'), value: 'workspace' },
      ],
    },
    { type: 'actions', elements: [{ ...button('My settings', 'home_settings'), value: 'person' }] },
    ...blocksOf({
      lines: [small('The settings of a channel are set there: ', { code: `${COMMAND_NAME} settings` })],
      buttons: [],
    }),
    ...(notice ? [divider, ...blocksOf(notice)] : []),
    divider,
  ]
  const jobs: types.KnownBlock[][] =
    list === null
      ? [
          blocksOf({
            lines: [text('Can’t load your jobs: the service is not responding.')],
            buttons: [],
          }),
        ]
      : list.jobs.length === 0
        ? [blocksOf({ lines: [text('You have no jobs yet.')], buttons: [] })]
        : [
            blocksOf({ lines: [title('Your jobs')], buttons: [] }),
            ...list.jobs.map((job) =>
              blocksOf({
                lines: [text(`${truncateLine(job.prompt, 150)} · ${stateText(job)}`)],
                buttons: buttonsFor(job),
              }),
            ),
          ]
  // Only whole jobs, never text without its buttons or the reverse.
  for (const group of jobs) if (blocks.length + group.length <= LIMITS.home.blocks) blocks.push(...group)
  return { type: 'home', blocks }
}

const divider: types.DividerBlock = { type: 'divider' }

const button = (label: string, actionId: string): types.Button => ({
  type: 'button',
  text: { type: 'plain_text', text: label },
  action_id: actionId,
})
