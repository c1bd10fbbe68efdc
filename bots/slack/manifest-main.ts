import { readOptions, UsageError } from '#lib/read-options'
import { describeStartError } from '#lib/run-main'
import { installLink, slackManifest } from './manifest.ts'

const HELP = `Usage: npm run slack:manifest -- [--http <public address> [--workspaces]] [--admin-groups]

Prints the manifest of the Slack app, and a link that creates the app from it.

Options:
  --http <address>   deliveries go to this https address instead of over Socket Mode
  --workspaces       many workspaces can install the app; needs --http
  --admin-groups     adds usergroups:read, which SLACK_ADMIN_GROUPS needs`

try {
  const { values, positionals } = readOptions(process.argv.slice(2), {
    http: { type: 'string' },
    workspaces: { type: 'boolean' },
    'admin-groups': { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  })
  if (values.help) console.log(HELP)
  else if (positionals.length > 0)
    throw new UsageError(`This command takes no arguments: remove ${JSON.stringify(positionals.join(' '))}.`)
  else if (values.http !== undefined && !/^https:\/\/./.test(values.http))
    throw new UsageError(`--http is "${values.http}", but it must be an address that begins with https://.`)
  else if (values.workspaces && values.http === undefined)
    throw new UsageError(
      '--workspaces needs --http: Slack redirects back to that address after the installation.',
    )
  else {
    const manifest = slackManifest({
      ...(values.http !== undefined && { publicUrl: values.http }),
      adminGroups: values['admin-groups'] ?? false,
      workspaces: values.workspaces ?? false,
    })
    console.log(JSON.stringify(manifest, null, 2))
    console.log(
      `\nCreate the app from it (nothing is installed before you confirm):\n${installLink(manifest)}`,
    )
  }
} catch (error) {
  console.error(`${describeStartError(error).split('\n', 1)[0]}\n\n${HELP}`)
  process.exitCode = 2
}
