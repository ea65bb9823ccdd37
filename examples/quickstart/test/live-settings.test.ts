import { describe, expect, it } from 'vitest';
import { readLiveSettings } from '../src/live-settings.ts';

const complete = {
  PATCHBAY_GITHUB_TOKEN: 'ghp_1',
  PATCHBAY_JIRA_SITE: 'acme',
  PATCHBAY_JIRA_EMAIL: 'bot@acme.example',
  PATCHBAY_JIRA_TOKEN: 'jira-1',
  PATCHBAY_JIRA_PROJECT: 'OPS',
  PATCHBAY_SLACK_TOKEN: 'xoxb-1',
  PATCHBAY_SLACK_CHANNEL: '#ops',
};

describe('the settings of --live', () => {
  it('are read where all are there', () => expect(readLiveSettings({ ...complete, HOME: '/x' })).toEqual({ settings: complete }));

  it.each(['acme', 'acme.atlassian.net', 'https://acme.atlassian.net/'])('take %s for the site acme', (site) =>
    expect(readLiveSettings({ ...complete, PATCHBAY_JIRA_SITE: site })).toMatchObject({ settings: { PATCHBAY_JIRA_SITE: 'acme' } }),
  );

  it('name what is missing or empty', () =>
    expect(readLiveSettings({ ...complete, PATCHBAY_JIRA_SITE: ' ', PATCHBAY_SLACK_TOKEN: undefined })).toEqual({
      missing: ['PATCHBAY_JIRA_SITE', 'PATCHBAY_SLACK_TOKEN'],
    }));
});
