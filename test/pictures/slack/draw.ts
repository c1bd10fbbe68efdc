import { div, escape, span } from '../escape.ts'
import type { Shown } from '../shown.ts'
import { blocksHtml, mrkdwn } from './blocks.ts'

/** A message, modal or App Home as Slack shows it in light mode, at whatever width it has. */
export function drawSlack({ as, content, file }: Shown, time = '10:24 AM'): string {
  const { text, blocks } = content as { text?: string; blocks?: unknown[] }
  const body =
    blocks !== undefined && blocks.length > 0 ? blocksHtml(blocks) : div('rich', mrkdwn(text ?? ''))
  switch (as) {
    case 'modal':
      return div('slack', modal(content, body))
    case 'home':
      return div('slack', div('home', div('body', body)))
    case 'message':
    case 'ephemeral':
      return div(
        'slack',
        div(
          'message',
          div('avatar', '{ }'),
          div(
            'column',
            as === 'ephemeral' ? div('only-you', 'Only visible to you') : '',
            div('who', span('name', 'backend-generator'), span('badge', 'APP'), span('time', time)),
            div('body', body, file === undefined ? '' : fileHtml(file)),
          ),
        ),
      )
  }
}

const plain = (value: unknown) => escape(((value as { text?: string } | undefined)?.text ?? '') as string)

const modal = (view: Shown['content'], body: string): string =>
  div(
    'modal',
    div('modal-head', span('', plain(view['title'])), span('x', '✕')),
    div('modal-body body', body),
    div(
      'modal-foot',
      span('button', plain(view['close']) || 'Close'),
      view['submit'] === undefined ? '' : span('button primary', plain(view['submit'])),
    ),
  )

const fileHtml = ({ name, bytes }: { name: string; bytes: number }): string =>
  div(
    'file',
    div('file-icon', 'ZIP'),
    div('', div('file-name', escape(name)), div('file-kind', `Zip · ${Math.round(bytes / 1024)} kB`)),
  )

export const SLACK_CSS = `
.slack { font: 15px/22px Lato, 'Noto Color Emoji', sans-serif; color: #1d1c1d; background: #fff; }
.slack .message { display: flex; gap: 8px; padding: 8px 16px; }
.slack .avatar { flex: none; width: 36px; height: 36px; border-radius: 8px; background: #1d3557; color: #fff;
  font: 700 15px/36px 'DejaVu Sans Mono', monospace; text-align: center; }
.slack .column { min-width: 0; flex: 1; }
.slack .who { line-height: 20px; white-space: nowrap; }
.slack .name { font-weight: 900; }
.slack .badge { margin-left: 4px; padding: 1px 3px; border-radius: 2px; background: #eaeaea; color: #616061;
  font: 700 10px/14px Lato; vertical-align: 1px; }
.slack .time { margin-left: 8px; font-size: 12px; color: #616061; }
.slack .only-you { font-size: 12px; line-height: 18px; color: #616061; }
.slack .body > * + * { margin-top: 8px; }
.slack .body { overflow-wrap: anywhere; }
.slack .header { font-size: 18px; font-weight: 900; line-height: 24px; }
.slack .context { font-size: 13px; line-height: 18px; color: #616061; }
.slack .mention { padding: 0 2px; border-radius: 3px; background: #1d9bd11a; color: #1264a3; }
.slack a { color: #1264a3; text-decoration: none; }
.slack b { font-weight: 700; }
.slack code { padding: 2px 3px 1px; border: 1px solid #1d1c1d21; border-radius: 3px; background: #1d1c1d0a;
  color: #c01343; font: 12px/17px 'DejaVu Sans Mono', monospace; }
.slack pre { margin: 4px 0; padding: 8px; border: 1px solid #1d1c1d21; border-radius: 4px; background: #1d1c1d0a;
  font: 12px/18px 'DejaVu Sans Mono', monospace; white-space: pre-wrap; }
.slack blockquote { margin: 4px 0 0; padding-left: 12px; border-left: 4px solid #ddd; }
.slack ul { margin: 0; padding-left: 26px; }
.slack hr { border: 0; border-top: 1px solid #1d1c1d21; margin: 16px 0; }
.slack .actions { display: flex; flex-wrap: wrap; gap: 8px; }
.slack .button { display: inline-block; padding: 0 12px; border: 1px solid #1d1c1d4d; border-radius: 8px;
  background: #fff; font: 700 13px/26px Lato; white-space: nowrap; }
.slack .button.primary { background: #007a5a; border-color: #007a5a; color: #fff; }
.slack .button.danger { border-color: #e01e5a; color: #e01e5a; }
.slack .select { display: flex; justify-content: space-between; padding: 6px 12px; border: 1px solid #1d1c1d4d;
  border-radius: 8px; }
.slack .plan { padding: 12px; border: 1px solid #1d1c1d21; border-radius: 12px; }
.slack .plan-title { font-weight: 700; margin-bottom: 4px; }
.slack .task { display: flex; gap: 8px; padding: 2px 0; }
.slack .task.pending { color: #616061; }
.slack .task .rich { font-size: 13px; line-height: 18px; color: #616061; }
.slack .task-text { min-width: 0; }
.slack .mark { flex: none; width: 16px; height: 16px; margin-top: 3px; border-radius: 50%; border: 1.5px solid #868686;
  box-sizing: border-box; font: 900 10px/13px Lato; text-align: center; color: #fff; }
.slack .in_progress .mark { border-color: #1264a3 #1264a3 #1264a344 #1264a344; }
.slack .complete .mark { background: #007a5a; border-color: #007a5a; }
.slack .error .mark { background: #e01e5a; border-color: #e01e5a; }
.slack .file { display: flex; gap: 10px; align-items: center; max-width: 340px; padding: 10px 12px;
  border: 1px solid #1d1c1d21; border-radius: 12px; line-height: 18px; }
.slack .file-icon { width: 36px; height: 36px; border-radius: 8px; background: #616061; color: #fff;
  font: 700 11px/36px Lato; text-align: center; }
.slack .file-name { font-weight: 700; }
.slack .file-kind { font-size: 13px; color: #616061; }
.slack .modal { max-width: 520px; border: 1px solid #1d1c1d21; border-radius: 8px; margin: 0 auto; }
.slack .modal-head { display: flex; justify-content: space-between; padding: 16px 24px; font: 900 22px/28px Lato; }
.slack .modal-head .x { font-size: 16px; color: #616061; }
.slack .modal-body { padding: 0 24px 16px; }
.slack .modal-foot { display: flex; justify-content: flex-end; gap: 8px; padding: 14px 24px;
  border-top: 1px solid #1d1c1d21; }
.slack .home { padding: 16px 24px; }
.slack .picture { display: grid; place-items: center; height: 180px; border-radius: 8px; background: #eef0f4; color: #616061; }
.slack .hint { margin-top: 4px; }
.slack .input + .input { margin-top: 16px; }
.slack .label { font-weight: 700; }
.slack .optional, .slack .hint { font-weight: 400; color: #616061; }
.slack .hint { font-size: 13px; line-height: 18px; }
.slack .textbox { padding: 6px 12px; border: 1px solid #1d1c1d4d; border-radius: 8px; }
.slack .textbox.tall { min-height: 66px; }
.slack .textbox.empty { color: #1d1c1d99; }
.slack .replies { display: flex; align-items: center; gap: 8px; margin: 0 16px; font-size: 13px; color: #616061; }
.slack .replies::after { content: ''; flex: 1; border-top: 1px solid #1d1c1d21; }
`
