import type { GithubOptions } from '@patchbay/connector-github';
import type { JiraOptions } from '@patchbay/connector-jira';
import type { SlackOptions } from '@patchbay/connector-slack';
import { fakeGithub, fakeJira, fakeSlack } from '@patchbay/testing';
import type { LiveSettings } from './live-settings.ts';

/** Where the three services are, and how to sign in. */
export interface Services {
  readonly live: boolean;
  readonly github: { readonly options: GithubOptions; readonly token: string };
  readonly jira: {
    readonly options: JiraOptions;
    readonly settings: Readonly<Record<string, string>>;
    readonly email: string;
    readonly token: string;
    readonly project: string;
  };
  readonly slack: { readonly options: SlackOptions; readonly token: string; readonly channel: string };
  /** Lets the next two requests for a ticket fail: 429 with `Retry-After: 1`, then 503. The true Jira cannot be asked for that. */
  makeJiraBusy(): void;
  /** What the services themselves have: keys of tickets and texts of messages. `null` where only their owners can look. */
  seen(): { readonly tickets: readonly string[]; readonly messages: readonly string[] } | null;
  close(): Promise<void>;
}

/** The true services where there are settings for them, else stand-ins over sockets of 127.0.0.1. */
export async function openServices(settings: LiveSettings | null): Promise<Services> {
  return settings === null ? await standIns() : trueServices(settings);
}

async function standIns(): Promise<Services> {
  const token = 'only-the-stand-in-knows-this-token';
  const email = 'bot@acme.example';
  const [github, jira, slack] = await Promise.all([fakeGithub({ token }), fakeJira({ email, token }), fakeSlack({ token })]);
  return {
    live: false,
    github: { options: { origin: github.origin }, token },
    jira: { options: { origin: jira.origin }, settings: {}, email, token, project: 'OPS' },
    slack: { options: { origin: slack.origin }, token, channel: '#ops' },
    makeJiraBusy() {
      const match = /^POST .*\/issue$/;
      jira.failNext(1, { kind: 'rate_limit', status: 429, retryAfter: 1, match });
      jira.failNext(1, { kind: 'answer', status: 503, match });
    },
    seen: () => ({ tickets: jira.issues().map(({ key }) => key), messages: slack.messages().map(({ text }) => text) }),
    async close() {
      await Promise.all([github.close(), jira.close(), slack.close()]);
    },
  };
}

function trueServices(settings: LiveSettings): Services {
  return {
    live: true,
    github: { options: {}, token: settings.PATCHBAY_GITHUB_TOKEN },
    jira: {
      options: {},
      settings: { site: settings.PATCHBAY_JIRA_SITE },
      email: settings.PATCHBAY_JIRA_EMAIL,
      token: settings.PATCHBAY_JIRA_TOKEN,
      project: settings.PATCHBAY_JIRA_PROJECT,
    },
    slack: { options: {}, token: settings.PATCHBAY_SLACK_TOKEN, channel: settings.PATCHBAY_SLACK_CHANNEL },
    makeJiraBusy: () => undefined,
    seen: () => null,
    close: async () => undefined,
  };
}
