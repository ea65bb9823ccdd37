import { defineConnector, path } from '@patchbay/core';
import { addReaction } from './actions/add-reaction.ts';
import { replyInThread } from './actions/reply-in-thread.ts';
import { sendMessage } from './actions/send-message.ts';
import { slackAuth } from './slack-auth.ts';
import { mapSlackError } from './slack-error.ts';
import { slackResources } from './slack-resources.ts';
import { identitySchema } from './slack-schemas.ts';
import { appMentioned } from './triggers/app-mentioned.ts';
import { messagePosted } from './triggers/message-posted.ts';
import { reactionAdded } from './triggers/reaction-added.ts';
import { slackWebhook } from './webhook.ts';

const minute = 60_000;

// What Slack allows each method of a workspace, by its tiers (https://docs.slack.dev/apis/web-api/rate-limits/, 2026). Posting has no figure: there
// Slack says with Retry-After what it takes.
const limits = [
  { name: 'tier-2', per: 'method', requests: 20, windowMs: minute, paths: ['/conversations.list'] },
  {
    name: 'tier-3',
    per: 'method',
    requests: 50,
    windowMs: minute,
    paths: ['/conversations.history', '/conversations.replies', '/reactions.add'],
  },
] as const;

/** Where Slack is. */
export interface SlackOptions {
  /** @default 'https://slack.com' */
  readonly origin?: string;
}

/** The Slack connector: messages, threads and reactions over the Web API, events over the Events API. */
export const slack = ({ origin = 'https://slack.com' }: SlackOptions = {}) =>
  defineConnector({
    id: 'slack',
    name: 'Slack',
    description: 'Messages, threads and reactions of Slack workspaces.',
    docsUrl: 'https://docs.slack.dev/apis/web-api/',
    version: '0.1.0',
    category: 'communication',
    auth: slackAuth(origin),
    origin,
    basePath: '/api',
    resources: slackResources,
    requestIdHeader: 'x-slack-req-id',
    actions: { send_message: sendMessage, reply_in_thread: replyInThread, add_reaction: addReaction },
    triggers: { 'message.posted': messagePosted, 'app.mentioned': appMentioned, 'reaction.added': reactionAdded },
    webhook: slackWebhook,
    mapError: mapSlackError,
    errorsInSuccess: true,
    limits,
    async healthCheck({ http }) {
      const { team, team_id, user, enterprise_id, is_enterprise_install } = await http.get(path`/auth.test`, { response: identitySchema });
      // The id by which deliveries name this account: the organisation where the app is installed for all of it.
      const id = is_enterprise_install === true && enterprise_id ? enterprise_id : team_id;
      return { healthy: true, message: `Signed in as ${user} in ${team}.`, account: { id, name: team } };
    },
  });
