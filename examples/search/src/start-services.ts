import { type FakeGithub, type FakeSlack, fakeGithub, fakeSlack, slackDelivery } from '@patchbay/testing';

/** What lets the host in. */
export const tokens = { github: 'ghp_of_the_example', slack: 'xoxb-of-the-example' };

/** The secret that the Slack app signs with. */
export const signingSecret = 'a signing secret of the example';

/** Where issues and messages are. */
export const places = { repository: 'octocat/Hello-World', team: 'T00000001' };

/** Stand-ins of GitHub and Slack on this machine. */
export interface Services {
  readonly github: FakeGithub;
  readonly slack: FakeSlack;
  /** Another program edits an issue. */
  editIssue(number: number, text: string): Promise<void>;
  /** The app's message is deleted; answers the webhook that Slack sends of it. */
  deleteMessage(message: { readonly channel: string; readonly ts: string }): Promise<RequestInit>;
  close(): Promise<void>;
}

export async function startServices(): Promise<Services> {
  const github = await fakeGithub({ token: tokens.github, repositories: [places.repository] });
  const slack = await fakeSlack({ token: tokens.slack });
  const ask = async (url: string, method: string, token: string, body: object): Promise<void> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'user-agent': 'another-program' };
    const { ok, status } = await fetch(url, { method, headers, body: JSON.stringify(body) });
    if (!ok) throw new Error(`The service answered ${status}.`);
  };
  return {
    github,
    slack,
    editIssue: (number, text) =>
      ask(`${github.origin}/repos/${places.repository}/issues/${number}`, 'PATCH', tokens.github, { body: text }),
    async deleteMessage({ channel, ts }) {
      await ask(`${slack.origin}/api/chat.delete`, 'POST', tokens.slack, { channel, ts });
      const event = { type: 'message', subtype: 'message_deleted', hidden: true, channel, ts, deleted_ts: ts };
      const payload = { type: 'event_callback', team_id: places.team, api_app_id: 'A00000001', event_id: `Ev${ts}`, event_time: 0, event };
      return { method: 'POST', ...slackDelivery({ payload, secret: signingSecret }) };
    },
    async close() {
      await github.close();
      await slack.close();
    },
  };
}
