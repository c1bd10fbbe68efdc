import { div, escape, span } from '../escape.ts'
import type { Shown } from '../shown.ts'
import { componentsHtml } from './components.ts'

/** A message or a form as Discord shows it in its light theme, at whatever width it has. */
export function drawDiscord({ as, content, file }: Shown, time = 'Today at 10:24'): string {
  const body = componentsHtml(content['components'], file)
  if (as === 'modal') return div('discord', modal(content, body))
  if (as === 'home') throw new Error('Discord has no home')
  return div(
    'discord',
    div(
      `message ${as}`,
      div('avatar', '{ }'),
      div(
        'column',
        div('who', span('name', 'Backend Generator'), span('badge', 'APP'), span('time', time)),
        div('body', body),
        as === 'ephemeral' ? div('only-you', 'Only you can see this • <a>Dismiss message</a>') : '',
      ),
    ),
  )
}

const modal = (content: Shown['content'], body: string): string =>
  div(
    'modal',
    div('modal-head', escape(content['title'] as string)),
    div('modal-body body', body),
    div('modal-foot', div('button Secondary', 'Cancel'), div('button Primary', 'Submit')),
  )

export const DISCORD_CSS = `
.discord { font: 16px/22px 'Open Sans', 'Noto Color Emoji', sans-serif; color: #2f3035; background: #fff; }
.discord .message { display: flex; gap: 16px; padding: 8px 16px; }
.discord .message.ephemeral { background: #5865f20d; }
.discord .avatar { flex: none; width: 40px; height: 40px; border-radius: 50%; background: #1d3557; color: #fff;
  font: 700 15px/40px 'DejaVu Sans Mono', monospace; text-align: center; }
.discord .column { min-width: 0; flex: 1; max-width: 620px; }
.discord .who { white-space: nowrap; }
.discord .name { font-weight: 600; }
.discord .badge { margin-left: 4px; padding: 0 4px; border-radius: 4px; background: #5865f2; color: #fff;
  font: 600 10px/15px 'Open Sans'; vertical-align: 2px; }
.discord .time { margin-left: 8px; font-size: 12px; color: #6a6b73; }
.discord .only-you { margin-top: 4px; font-size: 12px; line-height: 16px; color: #6a6b73; }
.discord a, .discord .file-name { color: #006ce7; text-decoration: none; }
.discord .body { overflow-wrap: anywhere; }
.discord .body > * + *, .discord .container > * + * { margin-top: 8px; }
.discord .container { padding: 12px; border: 1px solid #e3e3e8; border-radius: 8px; background: #fbfbfb; }
.discord .container.accent { border-left-width: 4px; }
.discord .mention { padding: 0 2px; border-radius: 3px; background: #5865f226; color: #454fbf; font-weight: 500; }
.discord b { font-weight: 600; }
.discord h3 { margin: 0; font: 700 17px/22px 'Open Sans'; }
.discord .sub { font-size: 13px; line-height: 18px; color: #6a6b73; }
.discord code { padding: 1px 4px; border: 1px solid #e3e3e8; border-radius: 4px; background: #f2f3f5;
  font: 13px/18px 'DejaVu Sans Mono', monospace; }
.discord pre { margin: 4px 0; padding: 8px; border: 1px solid #e3e3e8; border-radius: 4px; background: #f2f3f5;
  font: 13px/18px 'DejaVu Sans Mono', monospace; white-space: pre-wrap; }
.discord blockquote { margin: 0; padding-left: 12px; border-left: 4px solid #c9cbd1; }
.discord ul { margin: 0; padding-left: 22px; }
.discord .actions { display: flex; flex-wrap: wrap; gap: 8px; }
.discord .button { padding: 0 14px; border-radius: 8px; font: 500 14px/32px 'Open Sans'; white-space: nowrap; }
.discord .Primary { background: #5865f2; color: #fff; }
.discord .Secondary { background: #e6e6ea; color: #2f3035; }
.discord .Danger { background: #d22d39; color: #fff; }
.discord .Success { background: #00863a; color: #fff; }
.discord .file { display: flex; gap: 10px; align-items: center; max-width: 340px; padding: 10px 12px;
  border: 1px solid #e3e3e8; border-radius: 8px; background: #fff; line-height: 18px; }
.discord .file-icon { width: 24px; height: 32px; border-radius: 4px 12px 4px 4px; background: #8e9099; }
.discord .picture { display: grid; place-items: center; height: 180px; border-radius: 8px; background: #eef0f4; color: #6a6b73; }
.discord .file-size { font-size: 12px; color: #6a6b73; }
.discord .modal { max-width: 460px; border: 1px solid #e3e3e8; border-radius: 12px; margin: 0 auto; }
.discord .modal-head { padding: 20px 24px 8px; font: 700 20px/26px 'Open Sans'; }
.discord .modal-body { padding: 8px 24px 16px; }
.discord .modal-foot { display: flex; justify-content: flex-end; gap: 8px; padding: 12px 24px;
  border-top: 1px solid #e3e3e8; }
.discord .label-text { font-weight: 600; }
.discord .required { color: #d22d39; }
.discord .hint { font-size: 14px; line-height: 18px; color: #6a6b73; }
.discord .label + .label { margin-top: 16px; }
.discord .textbox, .discord .select, .discord .upload { margin-top: 6px; padding: 8px 12px; border: 1px solid #d0d1d8;
  border-radius: 8px; }
.discord .select { display: flex; justify-content: space-between; }
.discord .textbox.tall { min-height: 66px; }
.discord .textbox.empty { color: #8e9099; }
.discord .upload { border-style: dashed; text-align: center; color: #6a6b73; }
.discord .thread { margin: 0 16px 0 72px; padding: 8px 12px; border-radius: 8px; background: #f2f3f5; font-weight: 600; }
`
