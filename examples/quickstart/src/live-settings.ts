import { z } from 'zod';

const text = (meaning: string) => z.string().trim().min(1).describe(meaning);

const nameOfSite = (address: string): string => address.replace(/^https:\/\//, '').replace(/\.atlassian\.net\/?$/, '');

const schema = z.object({
  PATCHBAY_GITHUB_TOKEN: text('a token of GitHub; all it is used for is to ask whose it is'),
  PATCHBAY_JIRA_SITE: text('the name of the Jira site: acme for https://acme.atlassian.net').transform(nameOfSite),
  PATCHBAY_JIRA_EMAIL: text('the e-mail address of the Jira account'),
  PATCHBAY_JIRA_TOKEN: text('an API token of that account'),
  PATCHBAY_JIRA_PROJECT: text('the key of a project that has the issue type Task, such as OPS'),
  PATCHBAY_SLACK_TOKEN: text('a bot token (xoxb-…) with the scope chat:write'),
  PATCHBAY_SLACK_CHANNEL: text('a channel that the bot is in, such as #ops or C0123456789'),
});

/** What `--live` needs. */
export type LiveSettings = z.output<typeof schema>;

/** The settings, or the names of the variables that are missing. */
export function readLiveSettings(
  environment: Readonly<Record<string, string | undefined>>,
): { readonly settings: LiveSettings } | { readonly missing: readonly string[] } {
  const parsed = schema.safeParse(environment);
  return parsed.success ? { settings: parsed.data } : { missing: parsed.error.issues.map(({ path }) => String(path[0])) };
}

/** A line for each variable: its name, and what it is. */
export function describeVariables(names: readonly string[] = Object.keys(schema.shape)): string {
  const lines = Object.entries(schema.shape).filter(([name]) => names.includes(name));
  return lines.map(([name, { description }]) => `  ${name.padEnd(24)}${description}`).join('\n');
}
