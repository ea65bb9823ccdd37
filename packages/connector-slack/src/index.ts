export {
  type SlackIncomingWebhookOptions,
  type SlackOptions,
  slack,
  slackIncomingWebhook,
  slackUser,
} from './slack.ts';
