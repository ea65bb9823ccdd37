import { type ConnectionCall, defineConnector, path } from '@patchbay/core';
import { z } from 'zod';
import { checkWebhook } from './actions/check-webhook.ts';
import { fileHost } from './actions/upload-file.ts';
import { messages } from './content/messages.ts';
import { methodLimits } from './formats/method-limits.ts';
import { channels } from './options/channels.ts';
import { usergroups } from './options/usergroups.ts';
import { users } from './options/users.ts';
import { appActions, userActions, webhookActions } from './slack-actions.ts';
import { type ActsAs, slackAuth } from './slack-auth.ts';
import { mapSlackError, mapWebhookError } from './slack-error.ts';
import { slackResources } from './slack-resources.ts';
import { identitySchema } from './slack-schemas.ts';
import { slackTriggers } from './slack-triggers.ts';
import { slackWebhook } from './webhook.ts';

/** Where Slack is. */
export interface SlackOptions {
  /** @default 'https://slack.com' */
  readonly origin?: string;
  /** Where bytes of files go. @default 'https://files.slack.com' */
  readonly filesOrigin?: string;
}

const slackVersion = '0.1.0';

/** What the app's connector and that of a person have in common. */
const webApi = ({ origin = 'https://slack.com', filesOrigin = 'https://files.slack.com' }: SlackOptions, actsAs: ActsAs) => ({
  docsUrl: 'https://docs.slack.dev/apis/web-api/',
  version: slackVersion,
  category: 'communication' as const,
  auth: slackAuth(origin, actsAs),
  origin,
  basePath: '/api',
  hosts: { [fileHost]: { origin: filesOrigin } },
  resources: slackResources,
  requestIdHeader: 'x-slack-req-id',
  options: { channels, users, usergroups },
  content: { messages },
  mapError: mapSlackError,
  errorsInSuccess: true,
  limits: methodLimits,
  healthCheck,
});

/** The Slack connector: what an app does with its bot token, and what Slack sends to the app. */
export const slack = (options: SlackOptions = {}) =>
  defineConnector({
    ...webApi(options, 'app'),
    id: 'slack',
    name: 'Slack',
    description: 'Messages, channels, people, files and views of Slack workspaces, and what happens there.',
    actions: appActions,
    triggers: slackTriggers,
    webhook: slackWebhook,
  });

/** Slack with the token of a person: the same in their name, and what apps cannot do, such as searching. Events come to the app's connector. */
export const slackUser = (options: SlackOptions = {}) => {
  const { content: _, ...shared } = webApi(options, 'person');
  return defineConnector({
    ...shared,
    id: 'slack-user',
    name: 'Slack (as a person)',
    description: 'Slack in the name of a person: messages, channels, files, search and status.',
    actions: userActions,
    triggers: {},
  });
};

/** Where incoming webhooks of Slack are. */
export interface SlackIncomingWebhookOptions {
  /** @default 'https://hooks.slack.com' */
  readonly origin?: string;
}

/** One channel, by the URL of an incoming webhook. */
export const slackIncomingWebhook = ({ origin = 'https://hooks.slack.com' }: SlackIncomingWebhookOptions = {}) =>
  defineConnector({
    id: 'slack-webhook',
    name: 'Slack (incoming webhook)',
    description: 'Posts to one channel of Slack, by the URL of an incoming webhook.',
    docsUrl: 'https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks',
    version: slackVersion,
    category: 'communication',
    auth: [
      {
        type: 'secret_url',
        // Of workflows too, which have a trigger in place of a service.
        pattern: '/services/[A-Z0-9]+/[A-Z0-9]+/[A-Za-z0-9]+',
        description:
          'The URL of the incoming webhook, from Incoming Webhooks at https://api.slack.com/apps. Whoever knows it may post there.',
      },
    ],
    origin,
    settings: z.strictObject({ channel: z.string().min(1).max(80).describe('What it posts to, as Slack shows it beside the URL: #ops.') }),
    resources: slackResources,
    actions: webhookActions,
    triggers: {},
    mapError: mapWebhookError,
    healthCheck: checkWebhook,
  });

async function healthCheck({ http }: Pick<ConnectionCall, 'http'>) {
  const { team, team_id, user, enterprise_id, is_enterprise_install } = await http.get(path`/auth.test`, { response: identitySchema });
  // The id by which deliveries name this account: the organisation where the app is installed for all of it.
  const id = is_enterprise_install === true && enterprise_id ? enterprise_id : team_id;
  return { healthy: true, message: `Signed in as ${user} in ${team}.`, account: { id, name: team } };
}
