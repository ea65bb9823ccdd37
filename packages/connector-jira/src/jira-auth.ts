import type { AuthMethod } from '@patchbay/core';

/** The ways in: the e-mail address and an API token of one account, sent as Basic. */
export const jiraAuth: readonly [AuthMethod] = [
  {
    type: 'basic',
    description:
      "The account's e-mail address as user name and an API token from https://id.atlassian.com/manage-profile/security/api-tokens as password. For your own account or a service account: Atlassian does not allow an app to collect its users' tokens.",
  },
];
