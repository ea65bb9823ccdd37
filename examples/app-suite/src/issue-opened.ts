import { githubDelivery, type SignedDelivery } from '@patchbay/testing';

/** The secret that the tests enter on both sides. */
export const webhookSecret = 'secret-of-the-test';

const account = { login: 'octocat', id: 1 };

/** A signed `issues.opened` delivery of octocat/hello, as short as the connector takes it. */
export function issueOpened(number: number): SignedDelivery {
  const url = 'https://github.com/octocat/hello';
  const issue = {
    number,
    title: 'It is slow',
    body: null,
    html_url: `${url}/issues/${number}`,
    user: account,
    created_at: '2026-01-02T03:04:05Z',
  };
  const repository = { name: 'hello', full_name: 'octocat/hello', html_url: url, owner: account };
  return githubDelivery({ event: 'issues', payload: { action: 'opened', issue, repository, sender: account }, secret: webhookSecret });
}
